// recovered has workers that recover panics, call on deeper in their stacks at once, and then run without ever waiting.
package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync/atomic"
)

const workers = 4

var failed, again, below, left int64

//go:noinline
func fail(n int, at *int) int {
	atomic.AddInt64(&failed, 1)
	switch n {
	case 0:
		panic("a fault")
	case 1:
		return *at // a signal's panic
	case 2:
		defer refail()
		panic("a first fault")
	default:
		defer attempt(0, 0) // recovers one of its own within the panic
		return []int{}[n]
	}
}

//go:noinline
func refail() {
	atomic.AddInt64(&again, 1)
	panic("a second fault")
}

//go:noinline
func attempt(n, turns int) (ok bool) {
	for range turns {
		defer func() {}() // not open-coded
	}
	defer func() { ok = recover() == nil }()
	fail(n, nil)
	return true
}

// descend needs more stack than attempt and fail together.
//
//go:noinline
func descend(n int) int {
	var room [4096]byte
	room[n] = byte(n)
	return callBelow(n) + int(room[n])
}

//go:noinline
func callBelow(n int) int {
	atomic.AddInt64(&below, 1)
	return n * 2
}

//go:noinline
func leave(n int) {
	defer atomic.AddInt64(&left, 1)
	defer attempt(n, n) // recovers within Goexit
	runtime.Goexit()
}

//go:noinline
func work(n int, done *int64) {
	for range 50 {
		attempt(n, n)
		descend(n)
	}
	go leave(n)
	atomic.AddInt64(done, 1)
	for {
		if atomic.LoadInt64(done) < 0 {
			return
		}
	}
}

func main() {
	fmt.Println("{}")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var done int64
		for n := range workers {
			go work(n, &done)
		}
		for atomic.LoadInt64(&done) < workers || atomic.LoadInt64(&left) < workers {
			runtime.Gosched()
		}
		fmt.Printf("{\"fail\":%d,\"refail\":%d,\"callBelow\":%d}\n", failed, again, below)
	}
}
