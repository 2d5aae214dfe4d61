package main

import (
	"runtime"

	"steady/lowlevel"
)

// One function for each way in which the compiler begins and ends a call. `shapes` calls each once a turn.
var (
	frameless = newTally("main.Frameless")
	nilBranch = newTally("main.NilBranch")
	nosplit   = newTally("main.Nosplit")
	huge      = newTally("main.Huge")
	many      = newTally("main.Many")
	generic   = newTally("main.Generic[...]")
	promoted  = newTally("main.(*inner).Get")
	wrapper   = newTally("main.(*outer).Get")
	byValue   = newTally("main.adder.Add")
	method    = newTally("main.adder.Add-fm")
	closure   = newTally("main.makeClosure.func1")
	tailCall  = newTally("main.Tail")
	parked    = newTally("main.Parked")
	assembly  = newTally("steady/lowlevel.Add")
	framed    = newTally("steady/lowlevel.AddFramed")
)

// Frameless has no frame and no stack check: it is probed at its first instruction.
//
//go:noinline
func Frameless(n int) int { return n*n + 1 }

// NilBranch begins with a comparison and a branch.
//
//go:noinline
func NilBranch(p *int) int {
	if p == nil {
		return 0
	}
	return *p * 3
}

// Nosplit has a frame and no stack check.
//
//go:nosplit
//go:noinline
func Nosplit(n int) int { return Frameless(n) + 1 }

// Huge has a frame over four kilobytes: its stack check is the long one.
//
//go:noinline
func Huge(n int) byte {
	huge.begin()
	var room [9000]byte
	for i := range room {
		room[i] = byte(n + i)
	}
	huge.end()
	return room[n%9000]
}

// isEven has no body of its own: the compiler copies it wherever it is called.
func isEven(n int) bool { return n%2 == 0 }

// Many returns at many places.
//
//go:noinline
func Many(n int) string {
	many.begin()
	many.end()
	switch n & 7 {
	case 0:
		return "a"
	case 1:
		return "bb" + string(rune('a'+n%26))
	case 2:
		return "ccc"
	case 3:
		return string(rune('a' + n%20))
	case 4:
		return "e"
	}
	if isEven(n) {
		return "even"
	}
	return "z"
}

// Generic has one body a shape; all of them are one row.
//
//go:noinline
func Generic[T int | float64 | string](x T, n int) T {
	generic.begin()
	sum := x
	for i := 0; i < n; i++ {
		sum += x
	}
	generic.end()
	return sum
}

type inner struct{ n int }

//go:noinline
func (i *inner) Get(k int) int {
	promoted.begin()
	promoted.end()
	return i.n + k
}

type outer struct {
	a, b int
	*inner
}

type getter interface{ Get(int) int }

//go:noinline
func callGet(g getter, n int) int { return g.Get(n) }

type adder struct{ n int }

//go:noinline
func (a adder) Add(n int) int {
	byValue.begin()
	byValue.end()
	return a.n + n
}

//go:noinline
func callFunction(f func(int) int, n int) int { return f(n) }

//go:noinline
func makeClosure(n int) func(int) int {
	return func(k int) int {
		closure.begin()
		closure.end()
		return Frameless(n) + k
	}
}

// Tail ends with the call of another function.
//
//go:noinline
func Tail(n int) int {
	tailCall.begin()
	tailCall.end()
	return Frameless(n + 1)
}

// Parked waits in mid-call, and goes on on whatever thread there is.
//
//go:noinline
func Parked(c chan int, n int) int {
	parked.begin()
	go func() { c <- n }()
	n = <-c
	parked.end()
	return n
}

var (
	getters = getter(outer{inner: &inner{3}})
	adders  = adder{4}.Add
	closed  = makeClosure(5)
)

func shapes(turn int) {
	callAll(turn, 1, &turn)
	runtime.KeepAlive(turn)
}

func callAll(turn, times int, p *int) {
	for i := 0; i < times; i++ {
		frameless.times(4)
		Frameless(turn)
		nilBranch.times(2)
		NilBranch(p)
		NilBranch(nil)
		nosplit.times(1)
		Nosplit(turn)
		Huge(turn)
		Many(turn)
		Generic(turn, 3)
		Generic(1.5, 2)
		Generic("s", 2)
		wrapper.times(1)
		callGet(getters, turn)
		method.times(1)
		callFunction(adders, turn)
		callFunction(closed, turn)
		Tail(turn)
		Parked(make(chan int), turn)
		assembly.times(1)
		lowlevel.Add(turn, 2)
		framed.times(1)
		lowlevel.AddFramed(turn, 2)
	}
}
