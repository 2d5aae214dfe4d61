package main

import (
	"runtime"
	"time"
)

var (
	plain    = newTally("main.Plain")
	recurse  = newTally("main.Recurse")
	grow     = newTally("main.Grow")
	guard    = newTally("main.Guard")
	mayPanic = newTally("main.MayPanic")
	leave    = newTally("main.Leave")
	migrate  = newTally("main.Migrate")
	wait     = newTally("main.Wait")
	checkout = newTally("main.Checkout")
	validate = newTally("main.Validate")
	pay      = newTally("main.Pay")
	reserve  = newTally("main.Reserve")
	rescue   = newTally("main.Rescue")
	fragile  = newTally("main.Fragile")
	deep     = newTally("main.Deep")
)

var sink int

//go:noinline
func Plain(n int) int {
	plain.begin()
	n = n*31 + 7
	plain.end()
	return n
}

//go:noinline
func Recurse(n int) int {
	recurse.begin()
	if n > 0 {
		n += Recurse(n - 1)
	}
	recurse.end()
	return n
}

// Grow needs a kilobyte a call: in a new goroutine the stack is moved several times.
//
//go:noinline
func Grow(n int) byte {
	grow.begin()
	var room [1024]byte
	room[n] = byte(n)
	if n > 1 {
		room[0] = Grow(n - 1)
	}
	grow.end()
	return room[0] + room[n]
}

// Guard returns always: it recovers what MayPanic throws at it.
//
//go:noinline
func Guard(n int) (caught bool) {
	guard.begin()
	defer func() {
		caught = recover() != nil
		guard.end()
	}()
	MayPanic(n, 3)
	return false
}

// MayPanic goes three frames down; for every fourth turn all of them are unwound.
//
//go:noinline
func MayPanic(n, depth int) {
	mayPanic.begin()
	if depth > 1 {
		defer countPanic()
		MayPanic(n, depth-1)
	} else if n%4 == 0 {
		mayPanic.unwind()
		panic("every fourth")
	}
	mayPanic.end()
}

func countPanic() {
	if thrown := recover(); thrown != nil {
		mayPanic.unwind()
		panic(thrown)
	}
}

// Rescue calls on after a panic, deeper in its stack than the call that the panic left.
//
//go:noinline
func Rescue(n int) int {
	rescue.begin()
	recovering(n)
	n = descend(n)
	rescue.end()
	return n
}

//go:noinline
func recovering(n int) {
	defer func() { _ = recover() }()
	Fragile(n, nil)
}

// Fragile panics itself, or by a signal, or in a deferred function of its own panic.
//
//go:noinline
func Fragile(n int, nothing *int) {
	fragile.begin()
	switch n % 4 {
	case 0:
		fragile.unwind()
		panic("of its own")
	case 1:
		fragile.unwind()
		*nothing = n
	case 2:
		fragile.unwind()
		defer func() { panic("once more") }()
		panic("and again")
	}
	fragile.end()
}

//go:noinline
func descend(n int) int {
	var room [4096]byte
	room[n%4096] = 1
	return Deep(n) + int(room[0])
}

//go:noinline
func Deep(n int) int {
	deep.begin()
	n++
	deep.end()
	return n
}

// Leave ends its goroutine from two frames down, every second turn.
//
//go:noinline
func Leave(n int) {
	leave.begin()
	if n%2 == 0 {
		leave.unwind()
		runtime.Goexit()
	}
	leave.end()
}

// Migrate gives its thread away in mid-call.
//
//go:noinline
func Migrate(n int) int {
	migrate.begin()
	runtime.Gosched()
	n = Plain(n)
	runtime.Gosched()
	migrate.end()
	return n
}

// Wait takes as long as it is told, and records how long that really was.
//
//go:noinline
func Wait(d time.Duration) {
	started := time.Now()
	wait.begin()
	if d > 200*time.Microsecond {
		time.Sleep(d)
	}
	for time.Since(started) < d {
	}
	wait.end()
	recordDuration(time.Since(started))
}

// Checkout is a small tree with exact edges: two Validates, one Pay, and in it three Reserves.
//
//go:noinline
func Checkout(n int) int {
	checkout.begin()
	n += Validate(n) + Validate(n+1)
	n += Pay(n)
	checkout.end()
	return n
}

//go:noinline
func Validate(n int) int {
	validate.begin()
	n ^= 5
	validate.end()
	return n
}

//go:noinline
func Pay(n int) int {
	pay.begin()
	for i := 0; i < 3; i++ {
		n += Reserve(n + i)
	}
	pay.end()
	return n
}

//go:noinline
func Reserve(n int) int {
	reserve.begin()
	n ^= 3
	reserve.end()
	return n
}

// Framed is an ordinary small function with a frame, and no counter: what its calls cost is measured.
//
//go:noinline
func Framed(n int) int {
	return framedInner(n) + 1
}

//go:noinline
func framedInner(n int) int { return n ^ 9 }

// timeFramed gives the time that so many calls in a row take, ns.
func timeFramed(count int) int64 {
	started := time.Now()
	for i := 0; i < count; i++ {
		sink += Framed(i)
	}
	return time.Since(started).Nanoseconds()
}
