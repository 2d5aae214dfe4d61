package main

import (
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// Counts of one function, kept by the function itself.
type tally struct {
	calls, returns, unwound uint64
}

func (t *tally) begin()  { atomic.AddUint64(&t.calls, 1) }
func (t *tally) end()    { atomic.AddUint64(&t.returns, 1) }
func (t *tally) unwind() { atomic.AddUint64(&t.unwound, 1) }

// For functions that a counter inside would give another shape: their caller counts.
func (t *tally) times(n uint64) {
	atomic.AddUint64(&t.calls, n)
	atomic.AddUint64(&t.returns, n)
}

var tallies = map[string]*tally{}

func newTally(name string) *tally {
	t := &tally{}
	tallies[name] = t
	return t
}

// Durations of main.Wait, as it measured them itself.
var durations struct {
	sync.Mutex
	ns []int64
}

func recordDuration(d time.Duration) {
	durations.Lock()
	durations.ns = append(durations.ns, int64(d))
	durations.Unlock()
}

func truth() map[string]interface{} {
	functions := map[string]map[string]uint64{}
	for name, t := range tallies {
		functions[name] = map[string]uint64{
			"calls":   atomic.LoadUint64(&t.calls),
			"returns": atomic.LoadUint64(&t.returns),
			"unwound": atomic.LoadUint64(&t.unwound),
		}
	}
	durations.Lock()
	defer durations.Unlock()
	sorted := append([]int64{}, durations.ns...)
	sort.Slice(sorted, func(a, b int) bool { return sorted[a] < sorted[b] })
	return map[string]interface{}{"functions": functions, "durations_ns": sorted}
}

func reset() {
	for _, t := range tallies {
		atomic.StoreUint64(&t.calls, 0)
		atomic.StoreUint64(&t.returns, 0)
		atomic.StoreUint64(&t.unwound, 0)
	}
	durations.Lock()
	durations.ns = nil
	durations.Unlock()
}
