package botframework

import (
	"context"
	"sync"
	"time"
)

// limits are how many messages a bot may send to one conversation within a time (Microsoft's page "Optimize your bot with
// rate limiting"). The last one is the hour's.
var limits = []struct {
	count int
	in    time.Duration
}{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}

// idleAfter is when a conversation that nothing is sent to is forgotten: when its longest limit no longer counts anything.
const idleAfter = time.Hour

// pacer keeps each conversation to the limits, and to one request at a time, in the order in which they were wanted.
type pacer struct {
	now   func() time.Time
	sleep func(ctx context.Context, d time.Duration) error

	mu    sync.Mutex
	lines map[string]*line
	swept time.Time
}

// line is one conversation: who is at the front, and when something was sent. Sent is a ring, so a quiet conversation costs
// little memory.
type line struct {
	turn    chan struct{}
	waiting int
	sent    []time.Time // the latest last, no older than the longest limit
	until   time.Time   // the connector asked to wait until then
}

func newPacer(now func() time.Time, sleep func(context.Context, time.Duration) error) *pacer {
	return &pacer{now: now, sleep: sleep, lines: map[string]*line{}}
}

// enter waits for the conversation's turn; leave must be called once it has come.
func (p *pacer) enter(ctx context.Context, conversation string) (own *line, leave func(), err error) {
	p.mu.Lock()
	p.sweep()
	own = p.lines[conversation]
	if own == nil {
		own = &line{turn: make(chan struct{}, 1)}
		p.lines[conversation] = own
	}
	own.waiting++
	p.mu.Unlock()
	left := func() {
		p.mu.Lock()
		own.waiting--
		p.mu.Unlock()
	}
	select {
	case own.turn <- struct{}{}:
		return own, func() { <-own.turn; left() }, nil
	case <-ctx.Done():
		left()
		return nil, nil, unreachable(ctx.Err())
	}
}

// slot waits until one more message fits into the limits, and counts it. The caller is at the front of the line.
func (p *pacer) slot(ctx context.Context, l *line) error {
	for {
		wait := l.wait(p.now())
		if wait <= 0 {
			l.sent = append(l.sent, p.now())
			return nil
		}
		if err := p.sleep(ctx, wait); err != nil {
			return unreachable(err)
		}
	}
}

// hold lets nobody send to the conversation for a while.
func (p *pacer) hold(l *line, d time.Duration) {
	if until := p.now().Add(d); until.After(l.until) {
		l.until = until
	}
}

// wait is how long the next message has to wait.
func (l *line) wait(now time.Time) time.Duration {
	longest := limits[len(limits)-1].in
	drop := 0
	for drop < len(l.sent) && now.Sub(l.sent[drop]) >= longest {
		drop++
	}
	l.sent = l.sent[drop:]
	wait := l.until.Sub(now)
	for _, limit := range limits {
		if n := len(l.sent) - limit.count; n >= 0 {
			wait = max(wait, l.sent[n].Add(limit.in).Sub(now))
		}
	}
	return wait
}

// sweep forgets, once a minute, conversations that nothing was sent to for long. It is called with the lock held.
func (p *pacer) sweep() {
	now := p.now()
	if now.Sub(p.swept) < time.Minute {
		return
	}
	p.swept = now
	for name, l := range p.lines {
		if l.waiting == 0 && (len(l.sent) == 0 || now.Sub(l.sent[len(l.sent)-1]) >= idleAfter) {
			delete(p.lines, name)
		}
	}
}

// sleep waits, or ends with the context.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
