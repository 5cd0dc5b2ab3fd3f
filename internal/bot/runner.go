package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/privacy"
)

const (
	// leaseTime is how long a turn is held without a sign of life: as long as a turn waits when its process has died.
	leaseTime = 20 * time.Second
	renewTime = leaseTime / 3
	// turnTime is how long one turn may take.
	turnTime = 50 * time.Second
	// shutdownTime is how long turns that have begun may still take when the process is told to end.
	shutdownTime = 8 * time.Second
	// lookTime is how often turns are looked for that others have left.
	lookTime = time.Second
	// sideBySide is how many turns of a process run at once; of one conversation there is only ever one.
	sideBySide = 128
	// mostTries is how often a turn is begun before it is given up: a turn that ends its process must not do so for ever.
	mostTries = 3
)

// runner runs turns.
type runner struct {
	bot   *Service
	slots chan struct{}

	mu      sync.Mutex
	running map[string]bool // conversations
	behind  map[string]bool // conversations of which more waits in the database
	ctx     context.Context // of turns; nil while Run does not run
	leaving bool            // turns are being broken off; others take them over
	all     sync.WaitGroup
}

func newRunner(s *Service) *runner {
	return &runner{bot: s, slots: make(chan struct{}, sideBySide), running: map[string]bool{}, behind: map[string]bool{}}
}

// Run answers until the context ends, and then lets the turns that have begun come to their end. What waits is left to others.
func (s *Service) Run(ctx context.Context) {
	r := s.runner
	turns, breakOff := context.WithCancel(context.WithoutCancel(ctx))
	defer breakOff()
	r.mu.Lock()
	r.ctx = turns
	r.mu.Unlock()
	look := time.NewTicker(lookTime)
	defer look.Stop()
	ill := false
	for ctx.Err() == nil {
		err := r.take(ctx)
		if err != nil && !ill && ctx.Err() == nil {
			s.cfg.Log.Error("bot", "task", "look for turns", "cause", err.Error())
		}
		ill = err != nil
		select {
		case <-ctx.Done():
		case <-look.C:
		}
	}
	r.mu.Lock()
	r.ctx = nil
	r.mu.Unlock()
	late := time.AfterFunc(shutdownTime, func() {
		r.mu.Lock()
		r.leaving = true
		r.mu.Unlock()
		breakOff()
	})
	r.all.Wait()
	late.Stop()
	release, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	_ = s.cfg.Queue.ReleaseTurns(release, s.holder)
}

// later notes that a turn waits behind others of its conversation.
func (r *runner) later(conversation []byte) {
	r.mu.Lock()
	busy := r.running[string(conversation)]
	if busy {
		r.behind[string(conversation)] = true
	}
	ctx := r.ctx
	r.mu.Unlock()
	if !busy && ctx != nil {
		_ = r.take(ctx)
	}
}

// take begins turns that nobody holds.
func (r *runner) take(ctx context.Context) error {
	free := cap(r.slots) - len(r.slots)
	if free == 0 {
		return nil
	}
	turns, err := r.bot.cfg.Queue.NextTurns(ctx, r.bot.holder, r.bot.cfg.Now().Add(leaseTime), free)
	for _, t := range turns {
		a, err := r.bot.reading(t)
		if err != nil {
			// The key is gone, or the row was made elsewhere: nobody can ever answer it.
			r.bot.cfg.Log.Error("bot", "task", "open a turn", "cause", err.Error())
			_ = r.bot.cfg.Queue.EndTurn(ctx, t.ID)
			continue
		}
		r.begin(t, a)
	}
	return err
}

// begin runs a turn that this process holds.
func (r *runner) begin(t crm.Turn, a *botframework.Activity) {
	r.mu.Lock()
	ctx := r.ctx
	if ctx != nil {
		r.running[string(t.Conversation)] = true
		r.all.Add(1)
	}
	r.mu.Unlock()
	if ctx == nil {
		return // shutting down, or not up yet: the lease ends, and another takes it
	}
	go func() {
		defer r.all.Done()
		r.run(ctx, t, a)
	}()
}

// run answers one turn and begins those that waited for it.
func (r *runner) run(ctx context.Context, t crm.Turn, a *botframework.Activity) {
	held, lost := context.WithCancel(privacy.WithEpoch(ctx, t.Epoch))
	kept := r.keep(held, lost, t)
	r.slots <- struct{}{}
	turn, cancel := context.WithTimeout(held, turnTime)
	err := r.bot.guarded(turn, t, a)
	cancel()
	<-r.slots
	stillMine := kept()
	lost()
	r.mu.Lock()
	stillMine = stillMine && !(r.leaving && err != nil)
	r.mu.Unlock()
	if err != nil {
		f := fault.Of(err)
		r.bot.cfg.Log.Error("bot", "task", "turn", "fault", f.Key, "cause", f.Error())
	}
	if stillMine {
		if err := r.bot.cfg.Queue.EndTurn(ctx, t.ID); err != nil {
			r.bot.cfg.Log.Error("bot", "task", "end a turn", "cause", err.Error())
		}
	}
	r.mu.Lock()
	delete(r.running, string(t.Conversation))
	more := r.behind[string(t.Conversation)]
	delete(r.behind, string(t.Conversation))
	up := r.ctx != nil
	r.mu.Unlock()
	if more && up {
		_ = r.take(ctx)
	}
}

// keep renews the lease while the turn lasts, and ends the turn when somebody else has it. The result stops that and tells
// whether the turn is still this process's.
func (r *runner) keep(ctx context.Context, cancel context.CancelFunc, t crm.Turn) (stop func() bool) {
	done, ended, mine := make(chan struct{}), make(chan struct{}), true
	go func() {
		defer close(ended)
		tick := time.NewTicker(renewTime)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			ok, err := r.bot.cfg.Queue.KeepTurn(context.WithoutCancel(ctx), t.ID, r.bot.holder, r.bot.cfg.Now().Add(leaseTime))
			if err == nil && !ok {
				mine = false
				cancel()
				return
			}
		}
	}()
	return func() bool { close(done); <-ended; return mine }
}

// guarded is turn, with a panic turned into an error.
func (s *Service) guarded(ctx context.Context, t crm.Turn, a *botframework.Activity) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(p)
		}
	}()
	if t.Tries > mostTries {
		return fault.Wrap(errors.New("turn was begun too often"), fault.Internal, "internal")
	}
	return s.turn(ctx, a)
}

// panicked keeps the stack for the log. The value itself may quote anything, so only a run-time error's is kept.
func panicked(value any) error {
	reason := fmt.Sprintf("panic of type %T", value)
	if err, ok := value.(interface{ RuntimeError() }); ok {
		reason = fmt.Sprint("panic: ", err)
	}
	return fault.Wrap(errors.New(reason+"\n"+string(debug.Stack())), fault.Internal, "internal")
}

// aside does something beside the turns, within the time of one: Run waits for it. Soon is closed when it is done, late when a
// client should not be kept waiting any longer; both are nil when Run does not run.
func (r *runner) aside(do func(context.Context), epoch int64) (soon <-chan struct{}, late <-chan time.Time) {
	r.mu.Lock()
	ctx := r.ctx
	if ctx != nil {
		r.all.Add(1)
	}
	r.mu.Unlock()
	if ctx == nil {
		return nil, nil
	}
	done := make(chan struct{})
	go func() {
		defer r.all.Done()
		defer close(done)
		ctx, cancel := context.WithTimeout(privacy.WithEpoch(ctx, epoch), turnTime)
		defer cancel()
		do(ctx)
	}()
	return done, time.After(soonTime)
}
