package main

import (
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// What `run` can do; each is called with its turn, and turns are dealt out over the goroutines.
var works = map[string]func(turn int){
	"plain":   func(turn int) { Plain(turn) },
	"recurse": func(turn int) { Recurse(turn % 100) },
	"grow":    func(turn int) { inNewGoroutine(func() { Grow(turn%64 + 1) }) },
	"panic":   func(turn int) { Guard(turn) },
	"goexit":  func(turn int) { inNewGoroutine(func() { Leave(turn) }) },
	"migrate": func(turn int) { Migrate(turn) },
	"rescue":  func(turn int) { Rescue(turn) },
	"order":   func(turn int) { Checkout(turn) },
	"shapes":  shapes,
	"mixed":   mixed,
}

func run(work string, count, goroutines int) map[string]interface{} {
	if work == "wait" {
		return waitAll(count, goroutines)
	}
	do, known := works[work]
	if !known {
		return map[string]interface{}{"error": "unknown work " + work}
	}
	deal(count, goroutines, do)
	return truth()
}

// Deals `count` turns out over the goroutines and waits for all of them.
func deal(count, goroutines int, do func(turn int)) {
	var next int64 = -1
	var all sync.WaitGroup
	for i := 0; i < goroutines; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for turn := int(atomic.AddInt64(&next, 1)); turn < count; turn = int(atomic.AddInt64(&next, 1)) {
				do(turn)
			}
		}()
	}
	all.Wait()
}

func inNewGoroutine(do func()) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		do()
	}()
	<-done
}

// Every behaviour in turn, mostly the cheap ones.
func mixed(turn int) {
	switch turn % 16 {
	case 0:
		Guard(turn / 16)
	case 1:
		Recurse(turn % 100)
	case 2:
		Migrate(turn)
	case 3:
		Checkout(turn)
	case 4:
		inNewGoroutine(func() { Grow(turn%64 + 1) })
	case 5:
		inNewGoroutine(func() { Leave(turn / 16) })
	default:
		Plain(turn)
	}
}

// Latencies spread evenly over the decades from 50 us to 50 ms.
func waitAll(count, goroutines int) map[string]interface{} {
	deal(count, goroutines, func(turn int) {
		Wait(time.Duration(50e3 * math.Pow(1000, float64(turn)/float64(count-1))))
	})
	return truth()
}

var churning int32

// Garbage, collections and goroutine hand-overs beside the work.
func churn(on bool) {
	if !on {
		atomic.StoreInt32(&churning, 0)
		return
	}
	if !atomic.CompareAndSwapInt32(&churning, 0, 1) {
		return
	}
	go func() {
		for atomic.LoadInt32(&churning) == 1 {
			garbage := make([][]byte, 0, 64)
			for i := 0; i < 64; i++ {
				garbage = append(garbage, make([]byte, 4096))
			}
			runtime.KeepAlive(garbage)
			runtime.GC()
			time.Sleep(2 * time.Millisecond)
		}
	}()
}
