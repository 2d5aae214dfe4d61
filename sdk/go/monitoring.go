package coral

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"regexp"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	sdkv1 "github.com/coral-io/coral-go/internal/gen/coral/sdk/v1"
	"github.com/coral-io/coral-go/internal/symbols"
)

const (
	tokenKey    = "coral-token"
	tokenBytes  = 32
	maxRequest  = 64 << 10
	maxStreams  = 4
	paramsUpTo  = 256 // functions whose parameters are looked up in one answer: DWARF is slow
	readBuffers = 4 << 10
)

// monitoring is the running RuntimeMonitoring server.
type monitoring struct {
	sdkv1.UnimplementedRuntimeMonitoringServer
	addr    string
	token   string
	log     logger
	symbols symbolCache
}

// serveMonitoring listens on a loopback port of the kernel's choice.
func serveMonitoring(log logger) (*monitoring, error) {
	token := make([]byte, tokenBytes)
	if _, err := rand.Read(token); err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	m := &monitoring{addr: listener.Addr().String(), token: hex.EncodeToString(token), log: log}
	server := grpc.NewServer(
		grpc.UnaryInterceptor(m.guard),
		grpc.MaxRecvMsgSize(maxRequest),
		grpc.MaxConcurrentStreams(maxStreams),
		grpc.ReadBufferSize(readBuffers),
		grpc.WriteBufferSize(readBuffers),
	)
	sdkv1.RegisterRuntimeMonitoringServer(server, m)
	go func() {
		if err := server.Serve(listener); err != nil {
			log.infof("runtime monitoring ended: %v", err)
		}
	}()
	log.infof("runtime monitoring enabled on %s", m.addr)
	return m, nil
}

// guard lets through who shows the agent's token, and keeps panics from the program.
func (m *monitoring) guard(ctx context.Context, request any, _ *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (answer any, err error) {
	defer recovered(m.log, &err)
	shown, _ := metadata.FromIncomingContext(ctx)
	tokens := shown.Get(tokenKey)
	if len(tokens) != 1 || subtle.ConstantTimeCompare([]byte(tokens[0]), []byte(m.token)) != 1 {
		return nil, status.Errorf(codes.Unauthenticated, "metadata %s does not hold this program's token", tokenKey)
	}
	return handle(ctx, request)
}

// ListFunctions lists the functions whose names fit a regular expression; all for an empty one.
func (m *monitoring) ListFunctions(_ context.Context, request *sdkv1.ListFunctionsRequest) (*sdkv1.ListFunctionsResponse, error) {
	pattern, err := regexp.Compile(request.Pattern)
	if err != nil {
		return nil, status.Errorf(codes.InvalidArgument, "pattern %q: %v", request.Pattern, err)
	}
	table, err := m.symbols.get()
	if err != nil {
		return nil, status.Errorf(codes.FailedPrecondition, "this program's functions: %v", err)
	}
	found := table.Match(pattern)
	params := m.paramsOf(found)
	answer := &sdkv1.ListFunctionsResponse{Functions: make([]*sdkv1.FunctionInfo, len(found))}
	for i, fn := range found {
		answer.Functions[i] = &sdkv1.FunctionInfo{Name: fn.Name, Offset: fn.Offset, File: fn.File, Line: uint32(fn.Line), Params: params[fn.Name]}
	}
	return answer, nil
}

// paramsOf is best effort, as the contract says: nothing without DWARF or for many functions.
func (m *monitoring) paramsOf(functions []symbols.Function) map[string][]string {
	if len(functions) > paramsUpTo {
		return nil
	}
	params, err := symbols.Params(functions)
	if err != nil {
		m.log.debugf("no names of parameters: %v", err)
	}
	return params
}

// GetFunctionOffset gives the file offset of a function's first byte.
func (m *monitoring) GetFunctionOffset(_ context.Context, request *sdkv1.GetFunctionOffsetRequest) (*sdkv1.GetFunctionOffsetResponse, error) {
	table, err := m.symbols.get()
	if err != nil {
		return nil, status.Errorf(codes.FailedPrecondition, "this program's functions: %v", err)
	}
	fn, found := table.Lookup(request.FunctionName)
	return &sdkv1.GetFunctionOffsetResponse{Offset: fn.Offset, Found: found}, nil
}

// NotifyDebugSession writes to the program's log that somebody is looking.
func (m *monitoring) NotifyDebugSession(_ context.Context, request *sdkv1.NotifyDebugSessionRequest) (*sdkv1.NotifyDebugSessionResponse, error) {
	m.log.infof("debug session %q probes %q for %v", request.SessionId, request.FunctionName, request.Duration.AsDuration())
	return &sdkv1.NotifyDebugSessionResponse{}, nil
}
