package web

import (
	"sync"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// exportsEach and exportsInAll are how many exports run at once on this server: of one person, and of everybody.
	exportsEach  = 2
	exportsInAll = 12
	// exportWait is when somebody who was refused may try again.
	exportWait = 30 * time.Second
)

// exports counts the exports that run. Each holds a connection, and asks Dataverse for page after page.
type exports struct {
	mu      sync.Mutex
	running int
	of      map[crm.User]int
}

// enter begins an export, unless too many run; leave ends it.
func (x *exports) enter(user crm.User) (leave func(), err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	var f *fault.Error
	switch {
	case x.of[user] >= exportsEach:
		f = fault.New(fault.Busy, "view.exports-own")
	case x.running >= exportsInAll:
		f = fault.New(fault.Unreachable, "view.exports-all")
	}
	if f != nil {
		f.RetryAfter = exportWait
		return nil, f
	}
	if x.of == nil {
		x.of = map[crm.User]int{}
	}
	x.running++
	x.of[user]++
	return func() { x.leave(user) }, nil
}

func (x *exports) leave(user crm.User) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.running--
	if x.of[user]--; x.of[user] == 0 {
		delete(x.of, user)
	}
}
