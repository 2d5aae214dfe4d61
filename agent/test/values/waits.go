// waits spends its calls' time on the processor and in waits of known kinds, and times both.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// Its other end answers each byte after 14 ms.
var connection net.Conn

func dial() {
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	go func() {
		other, _ := listener.Accept()
		for ask := []byte{0}; ; other.Write(ask) {
			other.Read(ask)
			time.Sleep(14 * time.Millisecond)
		}
	}()
	connection, _ = net.Dial("tcp", listener.Addr().String())
}

var spent = map[string]time.Duration{}

func timed(reason string, wait func()) {
	start := time.Now()
	wait()
	spent[reason] += time.Since(start)
}

//go:noinline
func burn(until time.Duration) (n int) {
	for start := time.Now(); time.Since(start) < until; n++ {
	}
	return n
}

//go:noinline
func work(round int) int {
	queue := make(chan int)
	timed("sleep", func() { time.Sleep(20 * time.Millisecond) })
	timed("channel", func() {
		go func() { time.Sleep(15 * time.Millisecond); queue <- 1 }()
		<-queue
	})
	timed("select", func() {
		go func() { time.Sleep(10 * time.Millisecond); queue <- 1 }()
		select {
		case <-queue:
		case <-time.After(time.Second):
		}
	})
	timed("mutex", func() {
		var lock sync.Mutex
		lock.Lock()
		go func() { time.Sleep(12 * time.Millisecond); lock.Unlock() }()
		lock.Lock()
	})
	timed("waitgroup", func() {
		var group sync.WaitGroup
		group.Add(1)
		go func() { time.Sleep(8 * time.Millisecond); group.Done() }()
		group.Wait()
	})
	connection.Write([]byte{1})
	timed("network", func() { connection.Read(make([]byte, 1)) })
	timed("cpu", func() { burn(10 * time.Millisecond) })
	return round
}

//go:noinline
func nap(wait time.Duration) {
	span := syscall.NsecToTimespec(int64(wait))
	syscall.Nanosleep(&span, nil)
}

//go:noinline
func hold(queue chan int) int { return <-queue }

func main() {
	dial()
	fmt.Println("{}")
	lines := bufio.NewScanner(os.Stdin)
	held := make(chan int)
	for lines.Scan() {
		switch lines.Text() {
		case "work":
			clear(spent)
			start := time.Now()
			for round := range 10 {
				work(round)
			}
			spent["total"] = time.Since(start)
			answer, _ := json.Marshal(spent)
			fmt.Println(string(answer))
		case "nap":
			clear(spent)
			timed("syscall", func() {
				for range 20 {
					nap(5 * time.Millisecond)
				}
			})
			time.Sleep(time.Millisecond)
			answer, _ := json.Marshal(spent)
			fmt.Println(string(answer))
		case "hold":
			go hold(held)
			time.Sleep(10 * time.Millisecond)
			fmt.Println(`{"hold":1}`)
		case "none":
			fmt.Println("{}")
		case "release":
			held <- 1
			fmt.Println("{}")
		}
	}
}
