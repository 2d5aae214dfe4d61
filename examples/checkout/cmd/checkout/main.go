// Command checkout is a sample service to look into: it sells, slowly when told to (POST /debug/fault), and knows the truth about
// its own calls (GET /debug/truth).
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coral-io/coral-go"

	"checkout/inventory"
	"checkout/truth"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8080", "address of this service; port 0 takes a free one")
	payments := flag.String("payments", "http://127.0.0.1:8081", "address of the payments service")
	agent := flag.String("agent", "localhost:9091", "address of the Coral agent")
	flag.Parse()

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	coral.RegisterService("checkout", coral.Options{Port: port, HealthEndpoint: "/health", AgentAddr: *agent})
	coral.EnableRuntimeMonitoring()

	fmt.Printf("checkout listens on http://%s\n", listener.Addr())
	log.Fatal(http.Serve(listener, routes(newServer(*payments), *payments)))
}

func newServer(payments string) *Server {
	client := &http.Client{Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}
	return &Server{
		client:   client,
		payments: payments,
		stock:    &inventory.Store{URL: payments + "/stock", Client: client},
	}
}

func routes(server *Server, payments string) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/checkout", server.Checkout)
	mux.HandleFunc("/health", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/debug/truth", truth.Serve)
	mux.HandleFunc("/debug/fault", func(w http.ResponseWriter, r *http.Request) { switchFault(w, r, server.client, payments) })
	return mux
}

// switchFault switches a fault here and in payments, so that one request does for both.
func switchFault(w http.ResponseWriter, r *http.Request, client *http.Client, payments string) {
	if r.Method == http.MethodPost {
		query := url.Values{"name": {r.FormValue("name")}, "on": {r.FormValue("on")}}
		response, err := client.Post(payments+"/debug/fault?"+query.Encode(), "", nil)
		if err != nil {
			http.Error(w, "payments: "+err.Error(), http.StatusBadGateway)
			return
		}
		response.Body.Close()
	}
	faultsHere(w, r)
}
