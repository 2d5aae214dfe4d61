//go:build shared

package main

import "C"

// SteadyServe is main for the C program that has loaded this library.
//
//export SteadyServe
func SteadyServe() { main() }
