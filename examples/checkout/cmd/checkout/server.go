package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"checkout/faults"
	"checkout/inventory"
	"checkout/truth"
)

var (
	checkoutTruth = truth.Of("main.(*Server).Checkout")
	cartTruth     = truth.Of("main.validateCart")
	receiptTruth  = truth.Of("main.renderReceipt")
)

const (
	mostItems    = 100
	garbageParts = 20_000
)

var faultsHere = faults.Serve

// Server sells.
type Server struct {
	client   *http.Client
	payments string
	stock    *inventory.Store
	orders   orderNumbers
}

// Checkout answers /checkout?user=U&card=C&items=N. A card that begins with 0000 makes a function panic, which is caught here.
//
//go:noinline
func (s *Server) Checkout(w http.ResponseWriter, r *http.Request) {
	defer checkoutTruth.Exit(checkoutTruth.Enter())
	defer answerPanic(w)
	user := r.FormValue("user")
	items, err := validateCart(r.FormValue("items"))
	if err == nil {
		err = validateCard(user, r.FormValue("card"))
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	order, err := s.buy(r.Context(), user, items)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	w.Write(renderReceipt(order, len(items)))
}

func (s *Server) buy(ctx context.Context, user string, items []string) (int64, error) {
	if err := processPayment(ctx, s, user, items); err != nil {
		return 0, err
	}
	return s.orders.next(), nil
}

// validateCart turns the number of items into their names.
//
//go:noinline
func validateCart(count string) ([]string, error) {
	defer cartTruth.Exit(cartTruth.Enter())
	n, err := strconv.Atoi(count)
	if err != nil || n < 1 || n > mostItems {
		return nil, fmt.Errorf("items=%q is no number from 1 to %d", count, mostItems)
	}
	items := make([]string, n)
	for i := range items {
		items[i] = "sku-" + strconv.Itoa(i)
	}
	return items, nil
}

//go:noinline
func renderReceipt(order int64, items int) []byte {
	defer receiptTruth.Exit(receiptTruth.Enter())
	if faults.GCPressure.On() {
		litter()
	}
	return []byte(fmt.Sprintf("order %d: %d items\n", order, items))
}

// litter makes some ten megabytes of garbage with pointers in it, which the collector has to follow.
//
//go:noinline
func litter() {
	type part struct {
		next *part
		text [56]*byte
	}
	var list *part
	for range garbageParts {
		list = &part{next: list}
	}
	_ = list
}

func answerPanic(w http.ResponseWriter) {
	if panicked := recover(); panicked != nil {
		http.Error(w, fmt.Sprint(panicked), http.StatusInternalServerError)
	}
}
