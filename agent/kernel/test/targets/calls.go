// A program that knows the truth about its own calls. Each line on stdin names an exercise; it runs it and prints its
// counts as one line of JSON. Nothing else calls the probed functions.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

var sink atomic.Int64

//go:noinline
func work(n int) int {
	if n == -1 {
		return n
	}
	return n*n + 1
}

//go:noinline
func outer(n int) int {
	return work(n) + middle(n)
}

//go:noinline
func middle(n int) int {
	return work(n) + work(n+1)
}

//go:noinline
func recurse(depth int) int {
	if depth == 0 {
		return 1
	}
	return recurse(depth-1) + 1
}

//go:noinline
func abyss(depth int) int {
	if depth == 0 {
		return 1
	}
	return abyss(depth-1) + 1
}

// Every second call panics; the panic crosses explode and carry and ends in shelter.
//
//go:noinline
func shelter(n int) (result int) {
	defer func() {
		if recover() != nil {
			result = -1
		}
	}()
	return carry(n)
}

//go:noinline
func carry(n int) int { return explode(n) + 1 }

//go:noinline
func explode(n int) int {
	if n%2 == 1 {
		panic("odd")
	}
	return n
}

//go:noinline
func leaveByGoexit(n int) int {
	if n >= 0 {
		runtime.Goexit()
	}
	return n
}

// Grows the goroutine's stack from a small one, again and again.
//
//go:noinline
func grow(depth int) int {
	var page [512]byte
	page[depth%512] = byte(depth)
	if depth == 0 {
		return int(page[0])
	}
	return grow(depth-1) + int(page[depth%512])
}

//go:noinline
func sleepy(d time.Duration) int {
	time.Sleep(d)
	return int(d)
}

//go:noinline
func wait(release chan struct{}) int {
	<-release
	return 1
}

// Goes down, waits at the bottom, comes back up.
//
//go:noinline
func descend(depth int, release chan struct{}) int {
	if depth == 0 {
		held.Add(1)
		<-release
		return 1
	}
	return descend(depth-1, release) + 1
}

func onGoroutines(n int, body func(i int)) {
	var group sync.WaitGroup
	for i := 0; i < n; i++ {
		group.Add(1)
		go func() {
			defer group.Done()
			body(i)
		}()
	}
	group.Wait()
}

type truth map[string]int64

var release = make(chan struct{})

var (
	held    atomic.Int64
	letGo   = make(chan struct{})
	holders sync.WaitGroup
)

var exercises = map[string]func() truth{
	"many": func() truth {
		onGoroutines(8, func(i int) {
			for n := 0; n < 1500; n++ {
				sink.Add(int64(outer(n)))
				if n%64 == 0 {
					runtime.Gosched()
				}
			}
		})
		return truth{"outer": 12000, "middle": 12000, "work": 36000}
	},
	"crowd": func() truth {
		gate := make(chan struct{})
		var come atomic.Int64
		go func() {
			for come.Load() < 10_000 {
				time.Sleep(time.Millisecond)
			}
			time.Sleep(100 * time.Millisecond)
			close(gate)
		}()
		onGoroutines(10_000, func(i int) {
			come.Add(1)
			sink.Add(int64(wait(gate)))
		})
		return truth{"wait": 10_000}
	},
	"deep": func() truth {
		onGoroutines(4, func(i int) { sink.Add(int64(recurse(2000))) })
		return truth{"recurse": 4 * 2001}
	},
	"abyss": func() truth {
		sink.Add(int64(abyss(19_999)))
		return truth{"abyss": 20_000}
	},
	"panics": func() truth {
		onGoroutines(4, func(i int) {
			for n := 0; n < 500; n++ {
				sink.Add(int64(shelter(n)))
			}
		})
		return truth{"shelter": 2000, "carry": 2000, "explode": 2000, "unwound": 1000}
	},
	"goexit": func() truth {
		onGoroutines(50, func(i int) { sink.Add(int64(leaveByGoexit(i))) })
		return truth{"leaveByGoexit": 50}
	},
	"grow": func() truth {
		for round := 0; round < 20; round++ {
			onGoroutines(8, func(i int) { sink.Add(int64(grow(200))) })
			runtime.GC()
		}
		return truth{"grow": 20 * 8 * 201}
	},
	"migrate": func() truth {
		stop := make(chan struct{})
		go func() {
			for {
				select {
				case <-stop:
					return
				default:
					runtime.GC()
				}
			}
		}()
		var slowest, total atomic.Int64
		onGoroutines(40, func(i int) {
			for n := 0; n < 5; n++ {
				started := time.Now()
				sink.Add(int64(sleepy(time.Duration(1+i%5) * time.Millisecond)))
				took := time.Since(started).Nanoseconds()
				total.Add(took)
				for seen := slowest.Load(); took > seen && !slowest.CompareAndSwap(seen, took); seen = slowest.Load() {
				}
			}
		})
		close(stop)
		return truth{"sleepy": 200, "totalNs": total.Load(), "slowestNs": slowest.Load()}
	},
	"open": func() truth {
		for i := 0; i < 12; i++ {
			go func() { sink.Add(int64(wait(release))) }()
		}
		time.Sleep(20 * time.Millisecond)
		return truth{"wait": 12}
	},
	"hold": func() truth {
		for i := 0; i < 600; i++ {
			holders.Add(1)
			go func() {
				defer holders.Done()
				sink.Add(int64(descend(19, letGo)))
			}()
		}
		for held.Load() < 600 {
			time.Sleep(time.Millisecond)
		}
		return truth{"descend": 600 * 20, "goroutines": 600}
	},
	"letGo": func() truth {
		close(letGo)
		holders.Wait()
		return truth{}
	},
	"release": func() truth {
		close(release)
		time.Sleep(20 * time.Millisecond)
		return truth{"wait": 12}
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
