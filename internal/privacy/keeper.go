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
	// StoppedTenants gives the tenants that are switched off.
	StoppedTenants(ctx context.Context) ([]crm.StoppedTenant, error)
	// Sweep removes what has expired, in every table, and sessions unused for idle. It gives the number of rows.
	Sweep(ctx context.Context, idle time.Duration) (int64, error)
}

// Keeper runs beside a server: it removes what has expired, and empties memory of people who were erased
// elsewhere or whose tenant was switched off.
type Keeper struct {
	Rows   Watched
	Memory []Memory
	Idle   time.Duration    // sessions unused for so long are over
	Now    func() time.Time // decides how long an erasure is recent
	Log    *slog.Logger
	// Watch and Sweep replace how often it looks, for tests; zero means the usual.
	Watch, Sweep time.Duration

	seen map[int64]*sighting  // by epoch
	off  map[string]*sighting // by tenant that is switched off
	ill  bool                 // the database did not answer the last time
}

// sighting is when this process saw something first, whether memory is to be emptied now, and whether that has been done the
// second time.
type sighting struct {
	at        time.Time
	due, done bool
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

// watch empties memory of everybody who was erased or switched off, at once and again after dropAgain.
func (k *Keeper) watch(ctx context.Context) {
	marks, err := k.Rows.Marks(ctx)
	var stopped []crm.StoppedTenant
	if err == nil {
		stopped, err = k.Rows.StoppedTenants(ctx)
	}
	k.tell(ctx, "watch", err)
	if err != nil {
		return
	}
	now := k.Now()
	epochs, tenants := map[int64]*sighting{}, map[string]*sighting{}
	var people [][]byte
	var companies []string
	for _, m := range marks {
		epochs[m.Epoch] = k.seen[m.Epoch].again(now)
		if epochs[m.Epoch].due {
			people = append(people, m.Person)
		}
	}
	for _, t := range stopped {
		tenants[t.Tenant] = k.off[t.Tenant].again(now)
		if tenants[t.Tenant].due {
			companies = append(companies, t.Tenant)
		}
	}
	k.seen, k.off = epochs, tenants
	k.drop(people, companies)
}

// again is the sighting of something at now; s is the one before, nil for the first.
func (s *sighting) again(now time.Time) *sighting {
	switch {
	case s == nil:
		return &sighting{at: now, due: true}
	case !s.done && now.Sub(s.at) >= dropAgain:
		return &sighting{at: s.at, due: true, done: true}
	}
	return &sighting{at: s.at, done: s.done}
}

// drop empties memory of people with these marks and of these tenants.
func (k *Keeper) drop(people [][]byte, tenants []string) {
	if len(people)+len(tenants) == 0 {
		return
	}
	for _, m := range k.Memory {
		m.Drop(func(u crm.User) bool {
			mark := u.Mark()
			return slices.Contains(tenants, u.Tenant) || slices.ContainsFunc(people, func(p []byte) bool { return bytes.Equal(mark, p) })
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
