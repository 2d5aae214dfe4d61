package coral

import (
	"context"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"

	sdkv1 "github.com/coral-io/coral-go/internal/gen/coral/sdk/v1"
)

const patience = 10 * time.Second

// fakeAgent takes registrations; refuses them while reason is not empty.
type fakeAgent struct {
	sdkv1.UnimplementedSdkServer
	addr   string
	reason string
	heard  chan *sdkv1.RegisterRequest
	server *grpc.Server
}

func startAgent(t *testing.T, addr, reason string) *fakeAgent {
	t.Helper()
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	agent := &fakeAgent{addr: listener.Addr().String(), reason: reason, heard: make(chan *sdkv1.RegisterRequest, 16), server: grpc.NewServer()}
	sdkv1.RegisterSdkServer(agent.server, agent)
	go agent.server.Serve(listener)
	t.Cleanup(agent.server.Stop)
	return agent
}

func (a *fakeAgent) Register(_ context.Context, request *sdkv1.RegisterRequest) (*sdkv1.RegisterResponse, error) {
	a.heard <- request
	return &sdkv1.RegisterResponse{Accepted: a.reason == "", Reason: a.reason}, nil
}

func (a *fakeAgent) next(t *testing.T) *sdkv1.RegisterRequest {
	t.Helper()
	select {
	case request := <-a.heard:
		return request
	case <-time.After(patience):
		t.Fatal("the agent was not called")
		return nil
	}
}

func startLink(addr string) *agentLink {
	link := newAgentLink(addr, &sdkv1.RegisterRequest{Service: "shop", Pid: 7}, logger{})
	link.retry = 20 * time.Millisecond
	go link.run()
	return link
}

func TestWhatIsAnnouncedLaterIsRegisteredAnew(t *testing.T) {
	agent := startAgent(t, "127.0.0.1:0", "")
	link := startLink(agent.addr)
	if first := agent.next(t); first.Service != "shop" || first.MonitoringAddr != "" {
		t.Errorf("got %v", first)
	}
	link.announce("127.0.0.1:5", "secret")
	if second := agent.next(t); second.MonitoringAddr != "127.0.0.1:5" || second.Token != "secret" {
		t.Errorf("got %v", second)
	}
}

func TestAnAgentThatComesBackHearsAgain(t *testing.T) {
	first := startAgent(t, "127.0.0.1:0", "")
	startLink(first.addr)
	first.next(t)
	first.server.Stop()
	startAgent(t, first.addr, "").next(t)
}

func TestAProgramMayStartBeforeItsAgent(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	free.Close()
	startLink(free.Addr().String())
	startAgent(t, free.Addr().String(), "").next(t)
}

func TestARefusedProgramTriesAgain(t *testing.T) {
	agent := startAgent(t, "127.0.0.1:0", "there is no process 7 here")
	startLink(agent.addr)
	agent.next(t)
	agent.next(t)
}
