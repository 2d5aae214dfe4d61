//go:build ccalls

#include "_cgo_export.h"

__attribute__((noinline)) int c_double(int n) { return n * 2; }

/* Calls Go, and so goes on on a goroutine's stack and comes back. */
__attribute__((noinline)) int c_back(int n) { return Back(n) + c_double(n); }
