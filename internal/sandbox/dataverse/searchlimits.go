package dataverse

import (
	"fmt"
	"math"
	"sync"
	"time"
)

// The limits of Dataverse search, which are lower than those of the Web API (Microsoft Learn, "Search for Dataverse
// records"): one request a second for each person, 150 a minute for each organization.
const (
	searchPause  = time.Second
	searchWindow = time.Minute
	searchesMost = 150
)

// searchLimits count the searches of an organization.
type searchLimits struct {
	now func() time.Time

	mu     sync.Mutex
	off    bool
	last   map[string]time.Time // by person
	recent []time.Time          // admitted within the window
}

// admit lets a search pass, or tells how many seconds to wait and why.
func (l *searchLimits) admit(person string) (wait int, why string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.off {
		return 0, ""
	}
	now := l.now()
	for len(l.recent) > 0 && now.Sub(l.recent[0]) >= searchWindow {
		l.recent = l.recent[1:]
	}
	if since := now.Sub(l.last[person]); since >= 0 && since < searchPause {
		return seconds(searchPause - since), "Number of search requests exceeded the limit of 1 over time window of 1 second for each user."
	}
	if len(l.recent) >= searchesMost {
		return seconds(searchWindow - now.Sub(l.recent[0])), fmt.Sprintf("Number of search requests exceeded the limit of %d over time window of 60 seconds for the organization.", searchesMost)
	}
	if l.last == nil || len(l.last) >= limitedPeople {
		l.last = map[string]time.Time{}
	}
	l.last[person] = now
	l.recent = append(l.recent, now)
	return 0, ""
}

// enforce switches the limits on and off.
func (l *searchLimits) enforce(on bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.off = !on
}

func seconds(d time.Duration) int { return max(1, int(math.Ceil(d.Seconds()))) }
