// Package truth counts the calls of functions from inside, so that what a prober says can be compared with it.
package truth

import (
	"encoding/json"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

// Function counts the calls of one function.
type Function struct {
	calls, returns, panics, totalNs, maxNs atomic.Int64
}

var functions = map[string]*Function{}

// Of makes the counter of a function, by its name in the symbol table. Only for package-level variables: it is not synchronised.
func Of(name string) *Function {
	function := &Function{}
	functions[name] = function
	return function
}

// Enter is the function's first act: defer f.Exit(f.Enter()).
func (f *Function) Enter() time.Time {
	f.calls.Add(1)
	return time.Now()
}

// Exit is deferred. It counts a panic and lets it go on.
func (f *Function) Exit(entered time.Time) {
	if panicked := recover(); panicked != nil {
		f.panics.Add(1)
		panic(panicked)
	}
	took := time.Since(entered).Nanoseconds()
	f.totalNs.Add(took)
	for max := f.maxNs.Load(); took > max && !f.maxNs.CompareAndSwap(max, took); max = f.maxNs.Load() {
	}
	f.returns.Add(1)
}

// Counts of one function so far; calls = returns + panics + in flight.
type Counts struct {
	Calls   int64 `json:"calls"`
	Returns int64 `json:"returns"`
	Panics  int64 `json:"panics"`
	TotalNs int64 `json:"total_ns"`
	MaxNs   int64 `json:"max_ns"`
}

// Read gives the counts of all functions by name.
func Read() map[string]Counts {
	counts := make(map[string]Counts, len(functions))
	for name, f := range functions {
		counts[name] = Counts{f.calls.Load(), f.returns.Load(), f.panics.Load(), f.totalNs.Load(), f.maxNs.Load()}
	}
	return counts
}

// Serve answers GET /debug/truth.
func Serve(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(map[string]any{"pid": os.Getpid(), "functions": Read()})
}
