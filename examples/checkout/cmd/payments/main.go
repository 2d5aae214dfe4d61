// Command payments is the dependency of the sample service: it charges cards and knows the stock.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/coral-io/coral-go"

	"checkout/faults"
	"checkout/truth"
)

const (
	chargeTime = 2 * time.Millisecond
	slowTime   = 80 * time.Millisecond
	stockTime  = 300 * time.Microsecond
)

var (
	chargeTruth = truth.Of("main.(*Gateway).Charge")
	stockTruth  = truth.Of("main.(*Gateway).Stock")
)

// Gateway charges cards.
type Gateway struct{ charges atomic.Int64 }

func main() {
	listen := flag.String("listen", "127.0.0.1:8081", "address of this service; port 0 takes a free one")
	agent := flag.String("agent", "localhost:9091", "address of the Coral agent")
	flag.Parse()

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	coral.RegisterService("payments", coral.Options{Port: listener.Addr().(*net.TCPAddr).Port, AgentAddr: *agent})
	coral.EnableRuntimeMonitoring()

	gateway := &Gateway{}
	http.HandleFunc("/charge", gateway.Charge)
	http.HandleFunc("/stock", gateway.Stock)
	http.HandleFunc("/debug/truth", truth.Serve)
	http.HandleFunc("/debug/fault", faults.Serve)
	fmt.Printf("payments listens on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, nil))
}

// Charge answers 503 to three of four charges during a retry storm.
//
//go:noinline
func (g *Gateway) Charge(w http.ResponseWriter, _ *http.Request) {
	defer chargeTruth.Exit(chargeTruth.Enter())
	time.Sleep(chargeTime)
	if faults.SlowDependency.On() {
		time.Sleep(slowTime)
	}
	if charge := g.charges.Add(1); faults.RetryStorm.On() && charge%4 != 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
}

// Stock has everything, after a while.
//
//go:noinline
func (g *Gateway) Stock(http.ResponseWriter, *http.Request) {
	defer stockTruth.Exit(stockTruth.Enter())
	time.Sleep(stockTime)
}
