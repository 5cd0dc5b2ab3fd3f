package dataverse

import (
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// protection are the service protection limits of one person: requests and execution time within a sliding window, and
// requests at once.
type protection struct {
	enforced   bool
	window     time.Duration
	requests   int
	time       time.Duration
	concurrent int
}

// published are the limits as Microsoft publishes them (Microsoft Learn, "Service protection API limits"). They are told in
// headers, and enforced when somebody asks for it at /_sandbox/limits: measurements are not to run into them unasked.
var published = protection{window: 300 * time.Second, requests: 6000, time: 20 * time.Minute, concurrent: 52}

const (
	windowParts   = 60   // a window slides in steps of this part of it
	limitedPeople = 4096 // are counted at most
)

// limits count what each person uses.
type limits struct {
	now func() time.Time

	mu     sync.Mutex
	rules  protection
	people map[string]*usage
}

// usage is what one person has used of the window, in its parts, and how long they have to wait.
type usage struct {
	parts [windowParts]struct {
		step     int64 // which part of time this is
		requests int
		time     time.Duration
	}
	running int
	blocked time.Time // nothing is answered before
	refused int       // requests since then
	why     *Error
}

func newLimits(now func() time.Time) *limits {
	return &limits{now: now, rules: published, people: map[string]*usage{}}
}

// of finds a person's usage; memory is bounded by forgetting everybody, which a person at work gains little by.
func (l *limits) of(person string) *usage {
	u := l.people[person]
	if u == nil {
		if len(l.people) >= limitedPeople {
			clear(l.people)
		}
		u = &usage{}
		l.people[person] = u
	}
	return u
}

func (l *limits) step() (length time.Duration, now int64) {
	length = max(l.rules.window/windowParts, time.Millisecond)
	return length, l.now().UnixNano() / int64(length)
}

// used sums up the window.
func (l *limits) used(u *usage) (requests int, spent time.Duration) {
	_, now := l.step()
	for i := range u.parts {
		if p := &u.parts[i]; p.step > now-windowParts && p.step <= now {
			requests, spent = requests+p.requests, spent+p.time
		}
	}
	return requests, spent
}

// admit lets a request begin, or refuses it and says how many seconds to wait. Whoever goes on sending waits longer.
func (l *limits) admit(person string) (wait int, why *Error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u, now := l.of(person), l.now()
	if why = l.exceeded(u, now); why == nil {
		u.running++
		u.refused = 0
		l.count(u, 1, 0)
		return 0, nil
	}
	if u.blocked.Before(now) {
		u.blocked, u.why = now.Add(l.pause()), why
	}
	u.blocked = u.blocked.Add(time.Duration(u.refused) * l.pause())
	if latest := now.Add(l.rules.window); u.blocked.After(latest) {
		u.blocked = latest
	}
	u.refused++
	return seconds(u.blocked.Sub(now)), u.why
}

// pause is the shortest wait: a twentieth of the window, 15 seconds as published.
func (l *limits) pause() time.Duration { return max(l.rules.window/20, time.Second) }

// exceeded is the limit that a person is beyond; nil when there is none.
func (l *limits) exceeded(u *usage, now time.Time) *Error {
	r := l.rules
	if !r.enforced {
		return nil
	}
	requests, spent := l.used(u)
	window := strconv.Itoa(int(r.window.Seconds()))
	switch {
	case now.Before(u.blocked):
		return u.why
	case u.running >= r.concurrent:
		return &Error{http.StatusTooManyRequests, codeConcurrency, fmt.Sprintf("Number of concurrent requests exceeded the limit of %d.", r.concurrent)}
	case requests >= r.requests:
		return &Error{http.StatusTooManyRequests, codeThrottled, fmt.Sprintf("Number of requests exceeded the limit of %d over time window of %s seconds.", r.requests, window)}
	case spent >= r.time:
		return &Error{http.StatusTooManyRequests, codeExecutionTime, "Combined execution time of incoming requests exceeded limit of " + grouped(r.time.Milliseconds()) + " milliseconds over time window of " + window + " seconds. Decrease number of concurrent requests or reduce the duration of requests and try again later."}
	}
	return nil
}

func (l *limits) count(u *usage, requests int, spent time.Duration) {
	_, now := l.step()
	p := &u.parts[now%windowParts]
	if p.step != now {
		p.step, p.requests, p.time = now, 0, 0
	}
	p.requests, p.time = p.requests+requests, p.time+spent
}

// spend ends a request that was admitted.
func (l *limits) spend(person string, took time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.of(person)
	u.running = max(u.running-1, 0)
	l.count(u, 0, took)
}

// remaining is what the headers say: requests, and seconds as "1,199.97".
func (l *limits) remaining(person string) (requests int, seconds string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	used, spent := l.used(l.of(person))
	left := max(l.rules.time-spent, 0)
	whole := left / time.Second
	requests = max(l.rules.requests-used, 0)
	if !l.rules.enforced {
		requests = max(requests, 1) // nobody is to wait for what does not happen
	}
	return requests, grouped(int64(whole)) + fmt.Sprintf(".%02d", (left%time.Second)/(10*time.Millisecond))
}

// enforce changes the rules; what was counted is forgotten.
func (l *limits) enforce(change func(*protection)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	change(&l.rules)
	for _, u := range l.people {
		*u = usage{running: u.running}
	}
}

// grouped writes a number with a comma before each three digits.
func grouped(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
