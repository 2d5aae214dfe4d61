package coral

import (
	"context"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	sdkv1 "github.com/coral-io/coral-go/internal/gen/coral/sdk/v1"
)

//go:noinline
func validateCard(card string) bool { return len(card) > 3 }

// asAgent connects to a fresh monitoring server and shows this token; "": the right one.
func asAgent(t *testing.T, token string) (sdkv1.RuntimeMonitoringClient, context.Context) {
	t.Helper()
	served, err := serveMonitoring(logger{})
	if err != nil {
		t.Fatal(err)
	}
	conn, err := grpc.NewClient(served.addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	if token == "" {
		token = served.token
	}
	ctx, cancel := context.WithTimeout(metadata.AppendToOutgoingContext(context.Background(), tokenKey, token), patience)
	t.Cleanup(cancel)
	return sdkv1.NewRuntimeMonitoringClient(conn), ctx
}

func TestTheAgentFindsAFunctionByPatternAndName(t *testing.T) {
	validateCard("1234")
	client, ctx := asAgent(t, "")
	listed, err := client.ListFunctions(ctx, &sdkv1.ListFunctionsRequest{Pattern: `validateCard$`})
	if err != nil {
		t.Fatal(err)
	}
	if len(listed.Functions) != 1 || !strings.HasSuffix(listed.Functions[0].File, "monitoring_test.go") || listed.Functions[0].Line == 0 {
		t.Fatalf("got %v", listed.Functions)
	}
	fn := listed.Functions[0]
	if len(fn.Params) > 0 && fn.Params[0] != "card" {
		t.Errorf("parameters %q", fn.Params)
	}
	answer, err := client.GetFunctionOffset(ctx, &sdkv1.GetFunctionOffsetRequest{FunctionName: fn.Name})
	if err != nil || !answer.Found || answer.Offset != fn.Offset || answer.Offset == 0 {
		t.Errorf("got %v, %v for %v", answer, err, fn)
	}
}

func TestAFunctionThatIsNotThereIsNotFound(t *testing.T) {
	client, ctx := asAgent(t, "")
	answer, err := client.GetFunctionOffset(ctx, &sdkv1.GetFunctionOffsetRequest{FunctionName: "main.nothing"})
	if err != nil || answer.Found {
		t.Errorf("got %v, %v", answer, err)
	}
}

func TestABadPatternIsTheCallersFault(t *testing.T) {
	client, ctx := asAgent(t, "")
	_, err := client.ListFunctions(ctx, &sdkv1.ListFunctionsRequest{Pattern: "("})
	if status.Code(err) != codes.InvalidArgument {
		t.Errorf("got %v", err)
	}
}

func TestWithoutTheTokenNothingIsAnswered(t *testing.T) {
	client, ctx := asAgent(t, "guessed")
	_, list := client.ListFunctions(ctx, &sdkv1.ListFunctionsRequest{})
	_, offset := client.GetFunctionOffset(ctx, &sdkv1.GetFunctionOffsetRequest{})
	_, notify := client.NotifyDebugSession(ctx, &sdkv1.NotifyDebugSessionRequest{})
	for _, err := range []error{list, offset, notify} {
		if status.Code(err) != codes.Unauthenticated {
			t.Errorf("got %v", err)
		}
	}
}

func TestASessionIsNoted(t *testing.T) {
	client, ctx := asAgent(t, "")
	request := &sdkv1.NotifyDebugSessionRequest{SessionId: "dbg-1", FunctionName: "main.f", Duration: durationpb.New(time.Minute)}
	if _, err := client.NotifyDebugSession(ctx, request); err != nil {
		t.Error(err)
	}
}
