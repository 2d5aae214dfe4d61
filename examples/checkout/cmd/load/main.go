// Command load sends requests at a fixed rate, whatever becomes of them, for a limited time, and says how long they took.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const longest = time.Hour

func main() {
	target := flag.String("target", "http://127.0.0.1:8080", "address of the checkout service")
	rate := flag.Float64("rate", 50, "requests a second")
	duration := flag.Duration("duration", time.Minute, "how long, at most 1h")
	panics := flag.Float64("panics", 0.01, "share of requests that make the service panic")
	flag.Parse()
	if *rate <= 0 || *rate > 100_000 || *duration <= 0 || *duration > longest || *panics < 0 || *panics > 1 {
		fmt.Fprintln(os.Stderr, "load: -rate above 0 to 100000, -duration above 0 to 1h, -panics 0 to 1")
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	run := newRun(*target, *panics)
	run.send(ctx, *rate, *duration)
	fmt.Println(run.summary())
}
