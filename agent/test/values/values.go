// values calls functions with arguments of every kind and says, as JSON, what it passed.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"
	"unsafe"
)

type Order struct {
	ID     string
	Amount int64
	Paid   bool
	Token  string
}

type PayError struct{ Code int }

func (e *PayError) Error() string { return fmt.Sprint("pay ", e.Code) }

//go:noinline
func charge(userID string, amount int64, small int8, ok bool) (int64, error) {
	if amount < 0 {
		return 0, errors.New("negative amount")
	}
	return amount * 2, nil
}

//go:noinline
func place(order *Order, tags []string, raw []byte) error {
	if order == nil {
		return &PayError{Code: 42}
	}
	return nil
}

//go:noinline
func mixed(any any, numbers []int, counts map[string]int, queue chan int, run func()) int {
	return len(numbers) + len(counts)
}

//go:noinline
func login(user string, password string, cardNumber string) bool { return len(password) > 3 }

//go:noinline
func slow(wait time.Duration) { time.Sleep(wait) }

//go:noinline
func ratio(half float64, whole int) float64 { return half / float64(whole) }

//go:noinline
func area(width, height float64) float64 { return width * height }

type Box[K comparable, V any] struct {
	Key   K
	Value V
}

//go:noinline
func (b *Box[K, V]) put(key K, value V) K {
	b.Key, b.Value = key, value
	return key
}

//go:noinline
func pick[V any](values []V, at int) V { return values[at] }

type Level int
type Password string

//go:noinline
func hold(value any) {}

// Large is of more bytes than one operation copies.
type Holder struct {
	Map   map[string]int
	Call  func()
	Queue chan int
	None  map[string]int
}

//go:noinline
func holds(held Holder) int { return len(held.Map) + len(held.None) }

type Large struct {
	Head [20]int64
	Name string
	Last time.Duration
}

//go:noinline
func large(inline Large, behind *Large) int64 { return inline.Head[0] }

// Chain reaches a string, and the innermost struct, further down than types are described.
type (
	Chain     struct{ Next *Link }
	Link      struct{ Inner Innermost }
	Innermost struct{ Text string }
)

// Nested is three structs deep.
type Nested struct {
	Middle struct{ Inner struct{ Number int } }
}

//go:noinline
func follow(chain *Chain, prefix string, number int) (string, int, Innermost) {
	return prefix + chain.Next.Inner.Text, number, chain.Next.Inner
}

//go:noinline
func carry(done *sync.WaitGroup) { done.Done() }

func spawnFew() {
	var done sync.WaitGroup
	for range 3 {
		done.Add(1)
		go carry(&done)
	}
	done.Wait()
}

func spawnMany() {
	var done sync.WaitGroup
	for range 5 {
		done.Add(1)
		go func() { carry(&done) }()
	}
	done.Add(1)
	carry(&done)
	done.Wait()
}

func named() {}

func exercise(name string) any {
	switch name {
	case "charge":
		for i := int64(0); i < 100; i++ {
			charge(fmt.Sprint("u_", i%10), i, int8(-i), i%2 == 0)
		}
		charge("u_error", -7, -1, true)
		return map[string]int{"charge": 101}
	case "place":
		place(&Order{"o-1", 250, true, "tok-very-secret"}, []string{"a", "b\xff"}, []byte{1, 2, 254})
		place(nil, nil, nil)
		return map[string]int{"place": 2}
	case "holds":
		holds(Holder{map[string]int{"a": 1}, named, make(chan int), nil})
	case "mixed":
		mixed(errors.New("inner"), []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, map[string]int{"x": 1, "y": 2}, make(chan int, 3), named)
		mixed(nil, nil, nil, nil, nil)
		mixed("text", []int{-1}, nil, nil, nil)
		mixed(Order{}, nil, nil, nil, nil)
		return map[string]int{"mixed": 4}
	case "login":
		login("ann", "hunter2", "4111 1111 1111 1111")
		return map[string]int{"login": 1}
	case "slow":
		for _, ms := range []int{1, 5, 200, 400} {
			slow(time.Duration(ms) * time.Millisecond)
		}
		return map[string]int{"slow": 4}
	case "ratio":
		ratio(0.5, 4)
		area(0.5, 4)
		return map[string]int{"ratio": 1}
	case "hold":
		var none *PayError
		for _, value := range []any{
			-7, uint8(200), 2.5, float32(0.25), true, Level(3), 2 - 3i, "text", Password("hunter2"), []byte{1, 2},
			none, &PayError{Code: 42}, Order{"o-1", 250, true, "tok-very-secret"},
			map[string]int{"x": 1}, named, [2]int{4, 5},
		} {
			hold(value)
		}
		return map[string]int{"hold": 16}
	case "large":
		l := Large{Head: [20]int64{1, 2, 3}, Name: "large", Last: time.Second}
		large(l, &l)
		return map[string]int{"large": 1}
	case "follow":
		follow(&Chain{&Link{Innermost{"deep"}}}, "very ", 42)
		return map[string]int{"follow": 1}
	case "nested":
		hold(&Nested{})
		hold(struct{ None struct{} }{})
		return map[string]int{"hold": 2}
	case "spawn":
		spawnFew()
		spawnMany()
		return map[string]int{"spawnFew": 3, "spawnMany": 5, "carry": 9}
	case "generic":
		(&Box[string, int]{}).put("left", 7)
		pick([]string{"a", "b"}, 1)
		pick([]int{4, 5, 6}, 2)
		return map[string]int{"put": 1, "pick": 2}
	}
	return types()
}

// types gives the addresses of type descriptors by name.
func types() map[string]uintptr {
	addresses := map[string]uintptr{}
	for _, value := range []any{1, "", errors.New(""), &Order{}, Order{}, []string{}, map[string]int{}, &PayError{}, io.EOF} {
		addresses[fmt.Sprintf("%T", value)] = uintptr(*(*unsafe.Pointer)(unsafe.Pointer(&value)))
	}
	return addresses
}

func main() {
	fmt.Println("{}")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		answer, _ := json.Marshal(exercise(lines.Text()))
		fmt.Println(string(answer))
	}
}
