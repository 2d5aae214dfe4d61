// hot calls a function as fast as it can, and says how often it has, in all and per tenth of a second.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync/atomic"
	"time"
)

var calls atomic.Int64

//go:noinline
func step(n int) int {
	if n%1000 == 0 {
		calls.Add(1000)
	}
	return n + 1
}

//go:noinline
func steady(n int) int {
	time.Sleep(0)
	return n + 1
}

func run() {
	for n := 1; ; {
		n = step(n)
	}
}

func main() {
	fmt.Println("{}")
	lines := bufio.NewScanner(os.Stdin)
	var tenths []int64
	started := false
	for lines.Scan() {
		switch lines.Text() {
		case "start":
			if !started {
				go run()
				go func() {
					for {
						before := calls.Load()
						time.Sleep(100 * time.Millisecond)
						tenths = append(tenths, calls.Load()-before)
					}
				}()
			}
			started = true
			fmt.Println("{}")
		case "calls":
			fmt.Println(fmt.Sprintf(`{"step":%d}`, calls.Load()))
		default:
			text, _ := json.Marshal(tenths)
			fmt.Println(fmt.Sprintf(`{"tenths":%s}`, text))
		}
	}
}
