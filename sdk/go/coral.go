// Package coral tells the Coral agent of this host who this program is, so that people find it by its name and the agent can ask it
// about its functions. It measures nothing itself: the agent's probes do, and they work without this package too.
//
// Nothing here blocks the program, fails it or panics into it. Without an agent it retries quietly.
package coral

import (
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"sync"

	sdkv1 "github.com/coral-io/coral-go/internal/gen/coral/sdk/v1"
)

// Version of this SDK, as the agent is told.
const Version = "0.1.0"

const defaultAgentAddr = "localhost:9091"

// Options of a service.
type Options struct {
	Port           int    // application listen port
	HealthEndpoint string // health check endpoint
	AgentAddr      string // agent gRPC address, on loopback; default localhost:9091
	LogLevel       string // debug, info (default), warn or off
	Environment    string // such as "staging"
}

var serviceName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$`)

// program is what this process has told of itself.
var program struct {
	sync.Mutex
	link       *agentLink
	monitoring *monitoring
	log        logger
}

// RegisterService registers this program with the agent, in the background. It returns an error only for options that cannot be right.
func RegisterService(name string, opts Options) error {
	program.Lock()
	defer program.Unlock()
	if program.link != nil {
		return errors.New("coral: this program is registered already")
	}
	if err := check(name, &opts); err != nil {
		return err
	}
	program.log = newLogger(opts.LogLevel)
	program.link = newAgentLink(opts.AgentAddr, registration(name, opts), program.log)
	go program.link.run()
	return nil
}

// EnableRuntimeMonitoring lets the agent ask about this program's functions, on a loopback port with a token that only the agent gets.
// Symbols are read when the agent first asks. Call it after RegisterService.
func EnableRuntimeMonitoring() error {
	program.Lock()
	defer program.Unlock()
	if program.link == nil {
		return errors.New("coral: call RegisterService before EnableRuntimeMonitoring")
	}
	if program.monitoring != nil {
		return nil
	}
	served, err := serveMonitoring(program.log)
	if err != nil {
		return fmt.Errorf("coral: runtime monitoring: %w", err)
	}
	program.monitoring = served
	program.link.announce(served.addr, served.token)
	return nil
}

func check(name string, opts *Options) error {
	if !serviceName.MatchString(name) {
		return fmt.Errorf("coral: %q is no service name: letters, digits, dots, dashes and underscores, at most 128", name)
	}
	if opts.Port < 0 || opts.Port > 65535 {
		return fmt.Errorf("coral: port %d is none", opts.Port)
	}
	if opts.AgentAddr == "" {
		opts.AgentAddr = defaultAgentAddr
	}
	if !onLoopback(opts.AgentAddr) {
		return fmt.Errorf("coral: agent address %q is not HOST:PORT on loopback; the agent runs on the program's own host", opts.AgentAddr)
	}
	return nil
}

// onLoopback does not resolve names, which could block.
func onLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}

func registration(name string, opts Options) *sdkv1.RegisterRequest {
	return &sdkv1.RegisterRequest{
		Service:        name,
		Pid:            uint32(os.Getpid()),
		Port:           uint32(opts.Port),
		HealthEndpoint: opts.HealthEndpoint,
		Environment:    opts.Environment,
		SdkVersion:     Version,
	}
}
