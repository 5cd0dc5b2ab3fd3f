package entra

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// jointTimeout bounds work that several callers wait for.
const jointTimeout = 25 * time.Second

// joint lets callers who want the same thing at the same time share one piece of work and its outcome. The work outlives a
// caller who leaves, because the others wait for it, but never jointTimeout.
type joint[K comparable, V any] struct {
	mu      sync.Mutex
	running map[K]*work[V]
}

type work[V any] struct {
	done  chan struct{}
	value V
	err   error
}

func newJoint[K comparable, V any]() *joint[K, V] { return &joint[K, V]{running: map[K]*work[V]{}} }

func (j *joint[K, V]) do(ctx context.Context, key K, f func(context.Context) (V, error)) (V, error) {
	j.mu.Lock()
	w := j.running[key]
	if w == nil {
		w = &work[V]{done: make(chan struct{})}
		j.running[key] = w
		go j.run(context.WithoutCancel(ctx), key, w, f)
	}
	j.mu.Unlock()
	select {
	case <-w.done:
		return w.value, w.err
	case <-ctx.Done():
		var none V
		return none, unreachable(ctx.Err())
	}
}

func (j *joint[K, V]) run(ctx context.Context, key K, w *work[V], f func(context.Context) (V, error)) {
	ctx, cancel := context.WithTimeout(ctx, jointTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			w.err = fault.Wrap(fmt.Errorf("panic: %v", p), fault.Internal, "internal")
		}
		j.mu.Lock()
		delete(j.running, key)
		j.mu.Unlock()
		close(w.done)
	}()
	w.value, w.err = f(ctx)
}

// gates admit one piece of work for each person at a time in this process: a refresh token rotates, so that even tokens
// for different resources are redeemed one after the other.
type gates struct {
	mu   sync.Mutex
	open map[crm.User]*gate
}

type gate struct {
	turn    chan struct{}
	waiting int
}

func newGates() *gates { return &gates{open: map[crm.User]*gate{}} }

// enter waits for the person's turn; leave must be called once it has come.
func (g *gates) enter(ctx context.Context, user crm.User) (leave func(), err error) {
	g.mu.Lock()
	own := g.open[user]
	if own == nil {
		own = &gate{turn: make(chan struct{}, 1)}
		g.open[user] = own
	}
	own.waiting++
	g.mu.Unlock()
	select {
	case own.turn <- struct{}{}:
		return func() { <-own.turn; g.left(user, own) }, nil
	case <-ctx.Done():
		g.left(user, own)
		return nil, unreachable(ctx.Err())
	}
}

func (g *gates) left(user crm.User, own *gate) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if own.waiting--; own.waiting == 0 {
		delete(g.open, user)
	}
}
