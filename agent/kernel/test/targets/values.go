// A program whose calls have arguments and results that a test can work out again: call number n of an exercise is
// pay("u_0000n", 3n, note(n)). Each line on stdin names an exercise; it prints what it counted as one line of JSON.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"
)

var errRefused = errors.New("refused")

// long is how long a call takes that a test takes for a slow one. A call that does not sleep may be one of them too, where
// its thread was preempted: within counts them by clocks inside of the call, which may be too few.
const long = time.Millisecond

var within atomic.Int64

//go:noinline
func pay(user string, amount int64, note string) (receipt string, err error) {
	began := time.Now()
	if amount%7 == 0 {
		time.Sleep(long)
	}
	if time.Since(began) >= long {
		within.Add(1)
	}
	if amount%2 == 1 {
		return "", errRefused
	}
	return "r_" + user, nil
}

//go:noinline
func peek(word *int64, follow bool) int64 {
	if follow {
		return *word
	}
	return 0
}

//go:noinline
func hold(name string, gate chan struct{}) int {
	<-gate
	return len(name)
}

//go:noinline
func small(a int8, b uint8, c int16) int8 {
	return a
}

func payAll(count int) map[string]int64 {
	truth := map[string]int64{"calls": int64(count)}
	var lock sync.Mutex
	var group sync.WaitGroup
	within.Store(0)
	for part := 0; part < 4; part++ {
		group.Add(1)
		go func() {
			defer group.Done()
			for n := part; n < count; n += 4 {
				user, note := fmt.Sprintf("u_%05d", n), strings.Repeat("x", n%200)
				began := time.Now()
				_, err := pay(user, int64(3*n), note)
				took := time.Since(began)
				lock.Lock()
				if err != nil {
					truth["errors"]++
				}
				if 3*n > 1000 {
					truth["over1000"]++
				}
				if 3*n > 1000 && err != nil {
					truth["over1000errors"]++
				}
				if took >= long {
					truth["longAround"]++
				}
				lock.Unlock()
			}
		}()
	}
	group.Wait()
	truth["longWithin"] = within.Load()
	return truth
}

var gate = make(chan struct{})
var held sync.WaitGroup

var exercises = map[string]func() map[string]int64{
	"pay": func() map[string]int64 { return payAll(1000) },
	"peek": func() map[string]int64 {
		number := int64(-5)
		gone, _ := syscall.Mmap(-1, 0, 4096, syscall.PROT_NONE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
		for i := 0; i < 100; i++ {
			peek(&number, true)
			peek(nil, false)
			peek((*int64)(unsafe.Pointer(&gone[0])), false)
		}
		return map[string]int64{"readable": 100, "null": 100, "absent": 100}
	},
	"hold": func() map[string]int64 {
		for i := 0; i < 40; i++ {
			held.Add(1)
			go func() {
				defer held.Done()
				hold(fmt.Sprintf("holder_%d", i), gate)
			}()
		}
		time.Sleep(20 * time.Millisecond)
		return map[string]int64{"hold": 40}
	},
	"letGo": func() map[string]int64 {
		close(gate)
		held.Wait()
		return map[string]int64{"hold": 40}
	},
	"small": func() map[string]int64 {
		truth := map[string]int64{}
		for i := -100; i < 100; i++ {
			small(int8(i), uint8(i), int16(i))
			if i < -3 {
				truth["below"]++
			}
			if uint8(i) >= 200 {
				truth["high"]++
			}
		}
		return truth
	},
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	fmt.Println("{}")
	for lines.Scan() {
		answer, _ := json.Marshal(exercises[lines.Text()]())
		fmt.Println(string(answer))
	}
}
