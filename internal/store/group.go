package store

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// groupTime is how long one common transaction may take.
const groupTime = 10 * time.Second

// group lets statements that arrive at the same time share one transaction, since a commit costs more than all of them: it
// waits for the disk. Who comes while a transaction runs is in the next one.
type group struct {
	db *database

	mu      sync.Mutex
	waiting []*member
	running bool
}

// member is one caller's part of a transaction.
type member struct {
	do   func(ctx context.Context, tx *sql.Tx) error
	done chan error
}

// run does something in a transaction that others may share. Do may be called twice: when another part of the transaction
// fails, each is tried again by itself. The error of a caller who leaves is not known to anybody.
func (g *group) run(ctx context.Context, do func(ctx context.Context, tx *sql.Tx) error) error {
	m := &member{do: do, done: make(chan error, 1)}
	g.mu.Lock()
	g.waiting = append(g.waiting, m)
	if !g.running {
		g.running = true
		go g.work(context.WithoutCancel(ctx))
	}
	g.mu.Unlock()
	select {
	case err := <-m.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// work commits what waits until nothing does.
func (g *group) work(ctx context.Context) {
	for {
		g.mu.Lock()
		members := g.waiting
		g.waiting = nil
		if len(members) == 0 {
			g.running = false
			g.mu.Unlock()
			return
		}
		g.mu.Unlock()
		if err := g.commit(ctx, members); err == nil || len(members) == 1 {
			for _, m := range members {
				m.done <- err
			}
			continue
		}
		for _, m := range members {
			m.done <- g.commit(ctx, []*member{m})
		}
	}
}

func (g *group) commit(ctx context.Context, members []*member) error {
	ctx, cancel := context.WithTimeout(ctx, groupTime)
	defer cancel()
	return g.db.atomically(ctx, func(tx *sql.Tx) error {
		for _, m := range members {
			if err := m.do(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
}
