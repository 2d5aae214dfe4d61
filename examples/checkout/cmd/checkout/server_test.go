package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"checkout/faults"
	"checkout/truth"
)

// shop is the service before payments that answer at once.
func shop(t *testing.T) *httptest.Server {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("/charge", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/stock", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/debug/fault", faults.Serve)
	payments := httptest.NewServer(mux)
	t.Cleanup(payments.Close)
	served := httptest.NewServer(routes(newServer(payments.URL), payments.URL))
	t.Cleanup(served.Close)
	return served
}

func visit(t *testing.T, address string) int {
	t.Helper()
	response, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response.StatusCode
}

// since counts what was called after an earlier reading.
func since(before map[string]truth.Counts, name string) truth.Counts {
	now := truth.Read()[name]
	return truth.Counts{Calls: now.Calls - before[name].Calls, Returns: now.Returns - before[name].Returns, Panics: now.Panics - before[name].Panics}
}

func TestTheTruthCountsReturnsAndPanicsApart(t *testing.T) {
	served, before := shop(t), truth.Read()
	for address, status := range map[string]int{
		"/checkout?user=u&card=4539578763621486&items=3": 200,
		"/checkout?user=u&card=0000000000000000&items=3": 500,
		"/checkout?user=u&card=1234&items=3":             400,
		"/checkout?user=u&card=1234&items=0":             400,
	} {
		if got := visit(t, served.URL+address); got != status {
			t.Errorf("%s: %d, want %d", address, got, status)
		}
	}
	for name, want := range map[string]truth.Counts{
		"main.(*Server).Checkout":    {Calls: 4, Returns: 4},
		"main.validateCard":          {Calls: 3, Returns: 2, Panics: 1},
		"checkout/inventory.Reserve": {Calls: 1, Returns: 1},
	} {
		if got := since(before, name); got != want {
			t.Errorf("%s: %+v, want %+v", name, got, want)
		}
	}
}

func TestAFaultIsSwitchedWhileTheServiceRuns(t *testing.T) {
	served := shop(t)
	queries := func(on string) int64 {
		response, err := http.Post(served.URL+"/debug/fault?name=n_plus_one&on="+on, "", nil)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatal(response, err)
		}
		response.Body.Close()
		before := truth.Read()
		visit(t, served.URL+"/checkout?user=u&card=4539578763621486&items=7")
		return since(before, "checkout/inventory.(*Store).Query").Calls
	}
	for _, step := range []struct {
		on   string
		want int64
	}{{"0", 1}, {"1", 7}, {"0", 1}} {
		if got := queries(step.on); got != step.want {
			t.Errorf("on=%s: %d queries, want %d", step.on, got, step.want)
		}
	}
}

func TestAFaultThatIsNoneIsRefused(t *testing.T) {
	response, err := http.Post(shop(t).URL+"/debug/fault?name=gremlins&on=1", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusNotFound {
		t.Errorf("got %s", response.Status)
	}
}
