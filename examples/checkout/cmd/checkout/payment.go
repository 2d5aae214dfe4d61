package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"checkout/inventory"
	"checkout/truth"
)

const (
	mostAttempts = 5
	retryPause   = 5 * time.Millisecond
)

var (
	paymentTruth = truth.Of("main.processPayment")
	chargeTruth  = truth.Of("main.charge")
	postTruth    = truth.Of("main.postCharge")
)

var errUnavailable = errors.New("payments is unavailable")

// processPayment reserves the items and charges the user.
//
//go:noinline
func processPayment(ctx context.Context, s *Server, user string, items []string) error {
	defer paymentTruth.Exit(paymentTruth.Enter())
	if err := inventory.Reserve(ctx, s.stock, items); err != nil {
		return err
	}
	return charge(ctx, s, user, 100*len(items))
}

// charge tries again while payments is unavailable.
//
//go:noinline
func charge(ctx context.Context, s *Server, user string, cents int) error {
	defer chargeTruth.Exit(chargeTruth.Enter())
	var err error
	for attempt := 1; attempt <= mostAttempts; attempt++ {
		if err = postCharge(ctx, s, user, cents); !errors.Is(err, errUnavailable) {
			return err
		}
		time.Sleep(retryPause)
	}
	return fmt.Errorf("%w after %d attempts", err, mostAttempts)
}

//go:noinline
func postCharge(ctx context.Context, s *Server, user string, cents int) error {
	defer postTruth.Exit(postTruth.Enter())
	query := url.Values{"user": {user}, "cents": {fmt.Sprint(cents)}}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.payments+"/charge?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return fmt.Errorf("charge %s: %w", user, err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	switch response.StatusCode {
	case http.StatusOK:
		return nil
	case http.StatusServiceUnavailable:
		return errUnavailable
	default:
		return fmt.Errorf("charge %s: %s", user, response.Status)
	}
}

// orderNumbers counts up.
type orderNumbers struct{ last atomic.Int64 }

func (o *orderNumbers) next() int64 { return o.last.Add(1) }
