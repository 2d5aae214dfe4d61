// Package inventory reserves what is bought. Stock is kept by another process, asked over HTTP.
package inventory

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"checkout/faults"
	"checkout/truth"
)

const auditTime = 12 * time.Millisecond

var (
	reserveTruth = truth.Of("checkout/inventory.Reserve")
	queryTruth   = truth.Of("checkout/inventory.(*Store).Query")
	auditTruth   = truth.Of("checkout/inventory.writeAudit")
)

// Store asks for stock at an address, such as http://127.0.0.1:8081/stock.
type Store struct {
	URL    string
	Client *http.Client

	mu       sync.Mutex
	reserved map[string]int
}

// Reserve takes one of each item.
//
//go:noinline
func Reserve(ctx context.Context, store *Store, items []string) error {
	defer reserveTruth.Exit(reserveTruth.Enter())
	batches := [][]string{items}
	if faults.NPlusOne.On() {
		batches = oneByOne(items)
	}
	for _, batch := range batches {
		if err := store.Query(ctx, batch); err != nil {
			return err
		}
	}
	store.mu.Lock()
	defer store.mu.Unlock()
	store.count(items)
	if faults.LockContention.On() {
		writeAudit()
	}
	return nil
}

// Query asks whether items are in stock.
//
//go:noinline
func (s *Store) Query(ctx context.Context, items []string) error {
	defer queryTruth.Exit(queryTruth.Enter())
	address := s.URL + "?items=" + url.QueryEscape(strings.Join(items, ","))
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	response, err := s.Client.Do(request)
	if err != nil {
		return fmt.Errorf("stock of %d items: %w", len(items), err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("stock of %d items: %s", len(items), response.Status)
	}
	return nil
}

// writeAudit stands for a slow disk; it is called with the lock held.
//
//go:noinline
func writeAudit() {
	defer auditTruth.Exit(auditTruth.Enter())
	time.Sleep(auditTime)
}

func (s *Store) count(items []string) {
	if s.reserved == nil {
		s.reserved = map[string]int{}
	}
	for _, item := range items {
		s.reserved[item]++
	}
}

func oneByOne(items []string) [][]string {
	batches := make([][]string, len(items))
	for i, item := range items {
		batches[i] = []string{item}
	}
	return batches
}
