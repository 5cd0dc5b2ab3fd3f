package privacy

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

const (
	// watchEvery is how often a replica looks for erasures elsewhere: a person is forgotten everywhere within a second.
	watchEvery = 400 * time.Millisecond
	// sweepEvery is how often what has expired is removed.
	sweepEvery = 10 * time.Minute
	// dropAgain is when memory is emptied a second time: a request that had read a row before the erasure may have put
	// something there afterwards, but none lasts as long.
	dropAgain = time.Minute
)

// Mark is one erasure that another replica has to know of.
type Mark struct {
	Person []byte // crm.User.Mark
	Epoch  int64
}

// Watched is what a Keeper needs from the database.
type Watched interface {
	// Marks gives the erasures that are still marked.
	Marks(ctx context.Context) ([]Mark, error)
	// Sweep removes what has expired, in every table, and sessions unused for idle. It gives the number of rows.
	Sweep(ctx context.Context, idle time.Duration) (int64, error)
}

// Keeper runs beside a server: it removes what has expired, and empties memory of people who were erased elsewhere.
type Keeper struct {
	Rows   Watched
	Memory []Memory
	Idle   time.Duration    // sessions unused for so long are over
	Now    func() time.Time // decides how long an erasure is recent
	Log    *slog.Logger
	// Watch and Sweep replace how often it looks, for tests; zero means the usual.
	Watch, Sweep time.Duration

	seen map[int64]*sighting // by epoch
	ill  bool                // the database did not answer the last time
}

// sighting is when this process saw an erasure first, and whether memory has been emptied the second time.
type sighting struct {
	at   time.Time
	done bool
}

// Run works until the context ends: a sweep at once, and then everything in its turn.
func (k *Keeper) Run(ctx context.Context) {
	watch, sweep := time.NewTicker(usual(k.Watch, watchEvery)), time.NewTicker(usual(k.Sweep, sweepEvery))
	defer watch.Stop()
	defer sweep.Stop()
	k.sweep(ctx)
	for {
		k.watch(ctx)
		select {
		case <-ctx.Done():
			return
		case <-sweep.C:
			k.sweep(ctx)
		case <-watch.C:
		}
	}
}

func usual(d, otherwise time.Duration) time.Duration {
	if d <= 0 {
		return otherwise
	}
	return d
}

func (k *Keeper) sweep(ctx context.Context) {
	n, err := k.Rows.Sweep(ctx, k.Idle)
	k.tell(ctx, "sweep", err)
	if n > 0 {
		k.Log.Info("expired", "rows", n)
	}
}

// watch empties memory of everybody who was erased, at once and again after dropAgain.
func (k *Keeper) watch(ctx context.Context) {
	marks, err := k.Rows.Marks(ctx)
	k.tell(ctx, "watch", err)
	if err != nil {
		return
	}
	now, seen := k.Now(), map[int64]*sighting{}
	var due [][]byte
	for _, m := range marks {
		s := k.seen[m.Epoch]
		switch {
		case s == nil:
			s = &sighting{at: now}
			due = append(due, m.Person)
		case !s.done && now.Sub(s.at) >= dropAgain:
			s.done = true
			due = append(due, m.Person)
		}
		seen[m.Epoch] = s
	}
	k.seen = seen
	if len(due) == 0 {
		return
	}
	for _, m := range k.Memory {
		m.Drop(func(u crm.User) bool {
			mark := u.Mark()
			return slices.ContainsFunc(due, func(d []byte) bool { return bytes.Equal(mark, d) })
		})
	}
}

// tell logs the first of a row of failures: a database that is away for a while needs one line, not thousands.
func (k *Keeper) tell(ctx context.Context, what string, err error) {
	if err != nil && !k.ill && ctx.Err() == nil {
		k.Log.Error("keeper", "task", what, "cause", err.Error())
	}
	k.ill = err != nil
}
