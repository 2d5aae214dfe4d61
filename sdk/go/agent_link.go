package coral

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/proto"

	sdkv1 "github.com/coral-io/coral-go/internal/gen/coral/sdk/v1"
)

const (
	firstRetry      = time.Second
	longestRetry    = 5 * time.Minute
	registerTimeout = 5 * time.Second
)

// agentLink keeps this program registered: it registers, waits until the agent is gone or there is something new to say, and begins anew.
type agentLink struct {
	addr    string
	log     logger
	retry   time.Duration
	changed chan struct{}

	mu      sync.Mutex
	request *sdkv1.RegisterRequest
}

func newAgentLink(addr string, request *sdkv1.RegisterRequest, log logger) *agentLink {
	return &agentLink{addr: addr, log: log, retry: firstRetry, changed: make(chan struct{}, 1), request: request}
}

// announce tells the agent where monitoring listens.
func (l *agentLink) announce(addr, token string) {
	l.mu.Lock()
	l.request.MonitoringAddr, l.request.Token = addr, token
	l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// run never returns. The first failure is logged, later ones only at debug level, until a registration succeeds again.
func (l *agentLink) run() {
	wait, silent := l.retry, false
	for {
		registered, err := l.stayRegistered()
		if registered {
			wait, silent = l.retry, false
		}
		if err != nil {
			l.logFailure(err, silent)
			silent = true
			time.Sleep(wait + rand.N(wait/4))
			wait = min(2*wait, longestRetry)
		}
	}
}

// stayRegistered returns when the connection is lost (an error), or at once with nil after registering anew what has changed.
func (l *agentLink) stayRegistered() (registered bool, err error) {
	defer recovered(l.log, &err)
	conn, err := grpc.NewClient(l.addr, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithNoProxy(), grpc.WithIdleTimeout(0))
	if err != nil {
		return false, err
	}
	defer conn.Close()
	if err := l.register(conn); err != nil {
		return false, err
	}
	l.log.debugf("registered with the agent at %s", l.addr)
	return true, l.waitForNews(conn)
}

func (l *agentLink) register(conn *grpc.ClientConn) error {
	ctx, cancel := context.WithTimeout(context.Background(), registerTimeout)
	defer cancel()
	l.mu.Lock()
	request := proto.Clone(l.request).(*sdkv1.RegisterRequest)
	l.mu.Unlock()
	response, err := sdkv1.NewSdkClient(conn).Register(ctx, request)
	if err != nil {
		return errors.New(status.Convert(err).Message())
	}
	if !response.Accepted {
		return errors.New("the agent refuses: " + response.Reason)
	}
	return nil
}

// waitForNews sleeps until the agent is gone or announce was called.
func (l *agentLink) waitForNews(conn *grpc.ClientConn) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lost := make(chan struct{})
	go func() {
		if conn.WaitForStateChange(ctx, connectivity.Ready) {
			close(lost)
		}
	}()
	select {
	case <-l.changed:
		return nil
	case <-lost:
		return errors.New("the agent has gone")
	}
}

func (l *agentLink) logFailure(err error, silent bool) {
	if silent {
		l.log.debugf("not registered: %v", err)
		return
	}
	l.log.infof("not registered with the agent at %s (%v); retrying quietly", l.addr, err)
}
