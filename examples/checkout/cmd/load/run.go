package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

const mostInFlight = 2000

// run is one load: every request's outcome.
type run struct {
	target   string
	panics   float64
	client   *http.Client
	inFlight chan struct{}
	waiting  sync.WaitGroup

	ok, failed, skipped atomic.Int64
	mu                  sync.Mutex
	took                []time.Duration
}

func newRun(target string, panics float64) *run {
	return &run{
		target:   target,
		panics:   panics,
		client:   &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: mostInFlight}},
		inFlight: make(chan struct{}, mostInFlight),
	}
}

// send starts every request at a random moment of its own period, the same in every run, so that requests meet as real ones do. What
// is late is made up for. It returns when all have been answered.
func (r *run) send(ctx context.Context, rate float64, duration time.Duration) {
	defer r.waiting.Wait()
	began := time.Now()
	jitter := rand.New(rand.NewPCG(1, 2))
	for sent := range int(rate * duration.Seconds()) {
		due := time.Duration((float64(sent) + jitter.Float64()) / rate * float64(time.Second))
		select {
		case <-ctx.Done():
			return
		case <-time.After(due - time.Since(began)):
			r.start(sent)
		}
	}
}

// start skips the request, counted, when too many are unanswered.
func (r *run) start(number int) {
	select {
	case r.inFlight <- struct{}{}:
	default:
		r.skipped.Add(1)
		return
	}
	r.waiting.Add(1)
	go func() {
		defer r.waiting.Done()
		defer func() { <-r.inFlight }()
		r.request(number)
	}()
}

func (r *run) request(number int) {
	began := time.Now()
	response, err := r.client.Get(r.address(number))
	if err != nil {
		r.failed.Add(1)
		return
	}
	defer response.Body.Close()
	io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusOK {
		r.failed.Add(1)
		return
	}
	r.ok.Add(1)
	r.mu.Lock()
	r.took = append(r.took, time.Since(began))
	r.mu.Unlock()
}

// address gives every request its user; panics are spread evenly.
func (r *run) address(number int) string {
	card := "4539578763621486"
	if int(float64(number+1)*r.panics) > int(float64(number)*r.panics) {
		card = "0000000000000000"
	}
	return fmt.Sprintf("%s/checkout?user=u_%05d&card=%s&items=%d", r.target, number%100_000, card, 1+number%15)
}

func (r *run) summary() string {
	slices.Sort(r.took)
	at := func(q float64) time.Duration {
		if len(r.took) == 0 {
			return 0
		}
		return r.took[int(q*float64(len(r.took)-1))].Round(time.Microsecond)
	}
	return fmt.Sprintf("ok %d, failed %d, skipped %d; P50 %v, P95 %v, P99 %v, max %v",
		r.ok.Load(), r.failed.Load(), r.skipped.Load(), at(0.5), at(0.95), at(0.99), at(1))
}
