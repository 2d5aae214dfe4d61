// Package lowlevel is written in assembly: no registers are promised there, the goroutine is found in thread-local storage.
package lowlevel

// Add gives a + b.
func Add(a, b int) int

// AddFramed gives a + b, with a frame of its own.
func AddFramed(a, b int) int
