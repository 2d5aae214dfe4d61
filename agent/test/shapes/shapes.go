// One function a shape that the compiler gives calls and returns: each counts its own calls. A line on stdin runs a round, which
// is answered with the counts as JSON.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
)

var nLeaf, nDeep, nPanics, nRecovers, nSwitch, nGen, nWrap, nClosure, nBig, nFails, nSurvives atomic.Int64

//go:noinline
func leaf(p *int) int { // its entry is the branch of the nil check
	if p == nil {
		return 0
	}
	return *p * 3
}

//go:noinline
func deep(n int) int {
	nDeep.Add(1)
	var buf [128]byte
	if n == 0 {
		return int(buf[0])
	}
	buf[n%128] = 1
	return deep(n-1) + int(buf[n%128])
}

//go:noinline
func panics(n int) int {
	nPanics.Add(1)
	if n%2 == 0 {
		panic("x")
	}
	return n
}

//go:noinline
func recovers(n int) (r int) {
	nRecovers.Add(1)
	defer func() {
		if recover() != nil {
			r = -1
		}
	}()
	return panics(n)
}

//go:noinline
func fails(n int) { // it has no RET
	nFails.Add(1)
	panic(n)
}

//go:noinline
func survives(n int) (r any) {
	nSurvives.Add(1)
	defer func() { r = recover() }()
	fails(n)
	return nil
}

//go:noinline
func switches(n int) string {
	nSwitch.Add(1)
	switch n & 15 {
	case 0:
		return fmt.Sprint(n)
	case 1:
		return "a"
	case 2:
		return "bb"
	case 3:
		return "c" + fmt.Sprint(n)
	case 4:
		return "d"
	case 5:
		return "e"
	case 6:
		return "f"
	case 7:
		return "g"
	case 8:
		return "h"
	case 9:
		return "iii"
	}
	return "z"
}

//go:noinline
func generic[T int | float64 | string](x T, n int) T {
	nGen.Add(1)
	t := x
	for i := 0; i < n; i++ {
		t += x
	}
	return t
}

type inner struct{ n int }

//go:noinline
func (i *inner) Get(k int) int { nWrap.Add(1); return i.n + k }

type outer struct {
	a, b int
	*inner
}
type getter interface{ Get(int) int }

//go:noinline
func big(n int) int {
	nBig.Add(1)
	var a [9000]int
	for i := range a {
		a[i] = n + i
	}
	return a[n%9000]
}

//go:noinline
func closure(n int) func(int) int {
	return func(k int) int { nClosure.Add(1); return n + k + len(os.Args) }
}

//go:noinline
func callGet(g getter, i int) int { return g.Get(i) }

func round() {
	var g getter = outer{inner: &inner{3}}
	var wg sync.WaitGroup
	for w := 0; w < 4; w++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			f := closure(3)
			for i := 0; i < 500; i++ {
				x := i
				leaf(&x)
				nLeaf.Add(1)
				recovers(i)
				survives(i)
				switches(i)
				generic(i, 3)
				generic(1.5, 2)
				generic("s", 2)
				callGet(g, i)
				f(i)
				if i%50 == 0 {
					deep(i)
					big(i)
				}
			}
		}()
	}
	wg.Wait()
}

func main() {
	fmt.Println("{}")
	s := bufio.NewScanner(os.Stdin)
	for s.Scan() {
		all := map[string]*atomic.Int64{"main.leaf": &nLeaf, "main.deep": &nDeep, "main.panics": &nPanics, "main.recovers": &nRecovers, "main.switches": &nSwitch, "main.generic": &nGen, "main.(*inner).Get": &nWrap, "main.(*outer).Get": &nWrap, "main.closure.func1": &nClosure, "main.big": &nBig, "main.fails": &nFails, "main.survives": &nSurvives}
		for _, c := range all {
			c.Store(0)
		}
		round()
		out := map[string]int64{}
		for k, c := range all {
			out[k] = c.Load()
		}
		b, _ := json.Marshal(out)
		fmt.Println(string(b))
	}
}
