// pool has workers that recover panics of the jobs they do and wait deeper in their stacks afterwards, and jobs that wait.
package main

import (
	"bufio"
	"fmt"
	"os"
	"time"
)

const workers, rounds = 3, 3

var quiet = make(chan int)

//go:noinline
func fail(n int) int {
	if n >= 0 {
		panic("a fault")
	}
	return n
}

//go:noinline
func hold(n int) int { return deeper(n) + <-quiet }

//go:noinline
func attempt(n int) (ok bool) {
	defer func() { ok = recover() == nil }()
	fail(n)
	return true
}

// deeper needs more stack than attempt and fail together.
//
//go:noinline
func deeper(n int) int {
	var room [512]byte
	room[n] = byte(n)
	return wait(&room, n)
}

//go:noinline
func wait(room *[512]byte, n int) int {
	switch n {
	case 0:
		<-quiet
	case 1:
		select {
		case <-quiet:
		case <-time.After(time.Hour):
		}
	default:
		time.Sleep(time.Hour)
	}
	return int(room[n])
}

func work(n int, done chan<- int) {
	for range rounds {
		attempt(n)
	}
	done <- n
	deeper(n)
}

func main() {
	fmt.Println("{}")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		done := make(chan int)
		for n := range workers {
			go work(n, done)
			go hold(n)
		}
		for range workers {
			<-done
		}
		time.Sleep(100 * time.Millisecond) // all of them wait by then
		fmt.Printf("{\"fail\":%d,\"hold\":%d}\n", workers*rounds, workers)
	}
}
