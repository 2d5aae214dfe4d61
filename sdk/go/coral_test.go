package coral

import (
	"os"
	"strings"
	"testing"
)

func TestTheProgramRegistersOnceAndThenWithItsMonitoring(t *testing.T) {
	if err := EnableRuntimeMonitoring(); err == nil || !strings.Contains(err.Error(), "RegisterService before") {
		t.Errorf("got %v", err)
	}
	agent := startAgent(t, "127.0.0.1:0", "")
	if err := RegisterService("shop", Options{Port: 8080, HealthEndpoint: "/health", AgentAddr: agent.addr, Environment: "test", LogLevel: "off"}); err != nil {
		t.Fatal(err)
	}
	first := agent.next(t)
	if first.Service != "shop" || first.Port != 8080 || first.HealthEndpoint != "/health" || first.Environment != "test" || int(first.Pid) != os.Getpid() {
		t.Errorf("got %v", first)
	}
	if err := RegisterService("shop", Options{}); err == nil {
		t.Error("a second registration was taken")
	}
	for range 2 {
		if err := EnableRuntimeMonitoring(); err != nil {
			t.Fatal(err)
		}
	}
	if second := agent.next(t); second.MonitoringAddr == "" || len(second.Token) != 2*tokenBytes {
		t.Errorf("got %v", second)
	}
}

func TestOptionsThatCannotBeRightAreRefused(t *testing.T) {
	for name, opts := range map[string]Options{
		"a b":   {},
		"port":  {Port: 70000},
		"away":  {AgentAddr: "192.0.2.1:9091"},
		"noTcp": {AgentAddr: "localhost"},
	} {
		if err := check(name, &opts); err == nil {
			t.Errorf("%s: %+v was taken", name, opts)
		}
	}
}
