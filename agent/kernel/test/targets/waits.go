// A program that knows how long its functions wait. Each line on stdin names an exercise; it prints what it measured, in
// ns, as one line of JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

var waited, whole atomic.Int64
var sink int64

func timed(wait func()) {
	started := time.Now()
	wait()
	waited.Add(time.Since(started).Nanoseconds())
}

//go:noinline
func spin(d time.Duration) int64 {
	var n int64
	started := time.Now()
	for time.Since(started) < d {
		n++
	}
	return n
}

//go:noinline
func sleeper(d time.Duration) int64 {
	started := time.Now()
	n := spin(d / 4)
	timed(func() { time.Sleep(d) })
	whole.Add(time.Since(started).Nanoseconds())
	return n
}

//go:noinline
func receiver(from chan int64) int64 {
	var n int64
	timed(func() { n = <-from })
	return n
}

//go:noinline
func locker(lock *sync.Mutex) int64 {
	timed(lock.Lock)
	defer lock.Unlock()
	return 1
}

//go:noinline
func reader(fd int) int64 {
	var byte1 [1]byte
	var n int
	timed(func() { n, _ = syscall.Read(fd, byte1[:]) })
	return int64(n)
}

// A call inside a call, both waiting.
//
//go:noinline
func outer(d time.Duration) int64 {
	return sleeper(d) + sleeper(d)
}

//go:noinline
func nested(depth int, d time.Duration) int64 {
	if depth == 0 {
		timed(func() { time.Sleep(d) })
		return 1
	}
	return nested(depth-1, d) + 1
}

//go:noinline
func stuck(gate chan int64) int64 {
	return <-gate
}

var gate = make(chan int64)

func concurrently(count int, body func(i int)) map[string]int64 {
	waited.Store(0)
	whole.Store(0)
	var group sync.WaitGroup
	for i := 0; i < count; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			body(i)
		}()
	}
	group.Wait()
	return map[string]int64{"waitedNs": waited.Load(), "wholeNs": whole.Load(), "calls": int64(count)}
}

var exercises = map[string]func() map[string]int64{
	"sleep": func() map[string]int64 {
		asked := func(i int) time.Duration { return time.Duration(2+i%5) * time.Millisecond }
		truth := concurrently(20, func(i int) { outer(asked(i)) })
		for i := 0; i < 20; i++ {
			truth["leastNs"] += 2 * asked(i).Nanoseconds()
		}
		return truth
	},
	"nested": func() map[string]int64 {
		return concurrently(10, func(i int) { nested(19, 5*time.Millisecond) })
	},
	"channel": func() map[string]int64 {
		from := make(chan int64)
		go func() {
			for i := 0; i < 20; i++ {
				time.Sleep(3 * time.Millisecond)
				from <- 1
			}
		}()
		return concurrently(20, func(i int) { receiver(from) })
	},
	"mutex": func() map[string]int64 {
		var lock sync.Mutex
		lock.Lock()
		go func() {
			time.Sleep(30 * time.Millisecond)
			lock.Unlock()
		}()
		return concurrently(20, func(i int) { locker(&lock) })
	},
	"syscall": func() map[string]int64 {
		var ends [2]int
		syscall.Pipe(ends[:])
		go func() {
			for i := 0; i < 10; i++ {
				time.Sleep(5 * time.Millisecond)
				syscall.Write(ends[1], []byte{1})
			}
		}()
		return concurrently(10, func(i int) { reader(ends[0]) })
	},
	"panics": func() map[string]int64 {
		return concurrently(10, func(i int) {
			func() {
				defer func() { recover() }()
				leave()
			}()
			time.Sleep(10 * time.Millisecond)
		})
	},
	"stuck": func() map[string]int64 {
		for i := 0; i < 5; i++ {
			go func() { sink += stuck(gate) }()
		}
		time.Sleep(20 * time.Millisecond)
		return map[string]int64{"stuck": 5}
	},
	"release": func() map[string]int64 {
		for i := 0; i < 5; i++ {
			gate <- 1
		}
		time.Sleep(20 * time.Millisecond)
		return map[string]int64{}
	},
	"switches": func() map[string]int64 {
		there, back := make(chan int64), make(chan int64)
		go func() {
			for n := range there {
				back <- n
			}
		}()
		started := time.Now()
		for i := int64(0); i < 5000; i++ {
			there <- i
			<-back
		}
		close(there)
		return map[string]int64{"ns": time.Since(started).Nanoseconds(), "parks": 5000}
	},
}

//go:noinline
func leave() {
	panic("left")
}

func main() {
	runtime.GOMAXPROCS(4)
	lines := bufio.NewScanner(os.Stdin)
	fmt.Println("{}")
	for lines.Scan() {
		answer, _ := json.Marshal(exercises[lines.Text()]())
		fmt.Println(string(answer))
	}
}
