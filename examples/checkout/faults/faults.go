// Package faults holds what can go wrong here on request.
package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync/atomic"
)

// Fault is switched while the program runs.
type Fault struct{ on atomic.Bool }

// On says whether the fault is switched on.
func (f *Fault) On() bool { return f.on.Load() }

// The faults, each with the function that it makes slow.
var (
	SlowDependency Fault // payments: main.(*Gateway).Charge waits
	LockContention Fault // inventory.Reserve holds its lock while it writes the audit log
	HotLoop        Fault // main.luhn is computed thousands of times
	NPlusOne       Fault // inventory.Reserve asks for each item alone
	RetryStorm     Fault // payments answers 503 to most charges, main.charge retries
	GCPressure     Fault // main.renderReceipt allocates megabytes
)

var byName = map[string]*Fault{
	"slow_dependency": &SlowDependency,
	"lock_contention": &LockContention,
	"hot_loop":        &HotLoop,
	"n_plus_one":      &NPlusOne,
	"retry_storm":     &RetryStorm,
	"gc_pressure":     &GCPressure,
}

// Serve answers POST /debug/fault?name=N&on=1 (or 0), and any request with the state of all.
func Serve(w http.ResponseWriter, r *http.Request) {
	if name := r.FormValue("name"); r.Method == http.MethodPost {
		fault, known := byName[name]
		if !known {
			http.Error(w, fmt.Sprintf("no fault %q; GET this address for the names", name), http.StatusNotFound)
			return
		}
		fault.on.Store(r.FormValue("on") == "1")
	}
	states := make(map[string]bool, len(byName))
	for name, fault := range byName {
		states[name] = fault.On()
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(states)
}
