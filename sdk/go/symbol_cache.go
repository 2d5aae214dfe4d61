package coral

import (
	"sync"
	"time"

	"github.com/coral-io/coral-go/internal/symbols"
)

// forgetAfter is how long the table is kept after the last question: it takes megabytes in a large program.
const forgetAfter = time.Minute

// symbolCache reads the function table when it is first asked for, and forgets it when nobody asks any more.
type symbolCache struct {
	mu    sync.Mutex
	table *symbols.Table
	timer *time.Timer
}

func (c *symbolCache) get() (*symbols.Table, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.table == nil {
		table, err := symbols.Load()
		if err != nil {
			return nil, err
		}
		c.table = table
		c.timer = time.AfterFunc(forgetAfter, c.forget)
	}
	c.timer.Reset(forgetAfter)
	return c.table, nil
}

func (c *symbolCache) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.table = nil
}
