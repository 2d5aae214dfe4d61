//go:build ccalls

package main

/*
extern int c_double(int n);
extern int c_back(int n);
*/
import "C"

var (
	cDouble = newTally("c_double")
	cBack   = newTally("c_back")
	back    = newTally("main.Back")
	doubled = newTally("main.doubleInC")
)

// Back is called by C.
//
//go:noinline
//export Back
func Back(n C.int) C.int {
	back.begin()
	back.end()
	return n + 1
}

// doubleInC calls C in its middle: the compiler takes g back behind the call.
//
//go:noinline
func doubleInC(n int) int {
	doubled.begin()
	cDouble.times(1)
	twice := int(C.c_double(C.int(n)))
	doubled.end()
	return twice
}

func init() {
	works["ccalls"] = func(turn int) {
		doubleInC(turn)
		cDouble.times(2)
		C.c_double(C.int(turn))
		cBack.times(1)
		C.c_back(C.int(turn))
	}
}
