package faults

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Path is where testers post faults.
const Path = "/_sandbox/faults"

const maxRuleBytes = 1 << 20

// Injector holds the rules in the order in which they were posted; the first that matches a request is spent on it.
type Injector struct {
	// Answer writes a refusal of this status in the stand-in's own protocol, for rules without a body. Nil answers a short
	// plain text. Retry-After has already been set.
	Answer func(w http.ResponseWriter, r *http.Request, status int)

	mu    sync.Mutex
	rules []Rule
}

// New gives an injector without rules.
func New() *Injector { return &Injector{} }

// Add appends a rule.
func (in *Injector) Add(rule Rule) error {
	if err := rule.check(); err != nil {
		return err
	}
	if rule.Times == 0 {
		rule.Times = 1
	}
	in.mu.Lock()
	defer in.mu.Unlock()
	in.rules = append(in.rules, rule)
	return nil
}

// Clear forgets every rule.
func (in *Injector) Clear() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.rules = nil
}

// Rules lists what is still to happen.
func (in *Injector) Rules() []Rule {
	in.mu.Lock()
	defer in.mu.Unlock()
	return append([]Rule{}, in.rules...)
}

// take spends the first matching rule.
func (in *Injector) take(r *http.Request) (Rule, bool) {
	in.mu.Lock()
	defer in.mu.Unlock()
	for i, rule := range in.rules {
		if !rule.matches(r) {
			continue
		}
		if rule.Times > 0 {
			in.rules[i].Times--
			if in.rules[i].Times == 0 {
				in.rules = append(in.rules[:i:i], in.rules[i+1:]...)
			}
		}
		return rule, true
	}
	return Rule{}, false
}

// Handler serves Path itself and carries out the rules on everything else under /, except other controls
// (/_sandbox/...), which never misbehave.
func (in *Injector) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == Path {
			in.control(w, r)
			return
		}
		if strings.HasPrefix(r.URL.Path, "/_sandbox/") {
			next.ServeHTTP(w, r)
			return
		}
		rule, ok := in.take(r)
		if !ok {
			next.ServeHTTP(w, r)
			return
		}
		in.carryOut(rule, next, w, r)
	})
}

func (in *Injector) carryOut(rule Rule, next http.Handler, w http.ResponseWriter, r *http.Request) {
	if rule.DelayMS > 0 {
		timer := time.NewTimer(rule.delay())
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return
		}
	}
	limit, cuts := rule.cut()
	if rule.AfterEffect {
		next.ServeHTTP(newDiscard(), r)
		if rule.Status == 0 {
			panic(http.ErrAbortHandler)
		}
	}
	out := w
	var cutter *cutWriter
	if cuts {
		cutter = &cutWriter{ResponseWriter: w, left: limit}
		out = cutter
	}
	switch {
	case rule.Status != 0:
		in.refuse(rule, out, r)
	default:
		next.ServeHTTP(out, r)
	}
	if cutter != nil {
		cutter.abort()
	}
}

func (in *Injector) refuse(rule Rule, w http.ResponseWriter, r *http.Request) {
	if rule.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(rule.RetryAfter))
	}
	switch {
	case rule.Body != "":
		w.Header().Set("Content-Type", contentType(rule.Body))
		w.WriteHeader(rule.Status)
		io.WriteString(w, rule.Body)
	case in.Answer != nil:
		in.Answer(w, r, rule.Status)
	default:
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(rule.Status)
		fmt.Fprintf(w, "%d %s, as asked for at %s\n", rule.Status, http.StatusText(rule.Status), Path)
	}
}

func contentType(body string) string {
	switch trimmed := strings.TrimSpace(body); {
	case strings.HasPrefix(trimmed, "{"), strings.HasPrefix(trimmed, "["):
		return "application/json; charset=utf-8"
	case strings.HasPrefix(trimmed, "<"):
		return "text/html; charset=utf-8"
	}
	return "text/plain; charset=utf-8"
}

// control answers the tester: POST adds one rule, GET lists, DELETE clears.
func (in *Injector) control(w http.ResponseWriter, r *http.Request) {
	if CrossSite(r) {
		http.Error(w, "a web page of another site may not use this control", http.StatusForbidden)
		return
	}
	switch r.Method {
	case http.MethodGet:
		in.list(w)
	case http.MethodPost:
		rule, err := readRule(r)
		if err == nil {
			err = in.Add(rule)
		}
		if err != nil {
			http.Error(w, "fault not understood: "+err.Error(), http.StatusBadRequest)
			return
		}
		in.list(w)
	case http.MethodDelete:
		in.Clear()
		w.WriteHeader(http.StatusNoContent)
	default:
		w.Header().Set("Allow", "GET, POST, DELETE")
		http.Error(w, "use POST to add a fault, DELETE to clear them", http.StatusMethodNotAllowed)
	}
}

func (in *Injector) list(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(map[string]any{"faults": in.Rules()})
}

func readRule(r *http.Request) (Rule, error) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		return Rule{}, fmt.Errorf("send the fault as JSON")
	}
	dec := json.NewDecoder(io.LimitReader(r.Body, maxRuleBytes))
	dec.DisallowUnknownFields()
	var rule Rule
	return rule, dec.Decode(&rule)
}

// CrossSite reports whether a browser says that a page of another site sent the request. Controls refuse those, so that
// no web page a developer happens to visit can change the sandbox; programs send no such header.
func CrossSite(r *http.Request) bool { return r.Header.Get("Sec-Fetch-Site") == "cross-site" }
