// callbacks calls C code that sleeps, calls back into Go and sleeps again.
package main

/*
#include <unistd.h>
extern void back(void);
static void there(void) { usleep(2000); back(); usleep(6000); }
*/
import "C"

import (
	"bufio"
	"fmt"
	"os"
	"time"
)

//export back
func back() { time.Sleep(time.Millisecond) }

//go:noinline
func across() { C.there() }

func main() {
	fmt.Println("{}")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		start := time.Now()
		for range 20 {
			across()
		}
		fmt.Printf("{\"total\":%d}\n", time.Since(start))
	}
}
