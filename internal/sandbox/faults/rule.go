package faults

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Rule is one fault as a tester posts it. Only Path is needed to choose requests; at least one of Status, DelayMS,
// CutAfterBytes and AfterEffect says what happens to them.
type Rule struct {
	Path          string `json:"path"`            // substring of the request's path and query, as sent or unescaped; "" matches every request
	Method        string `json:"method"`          // "" matches every method
	Status        int    `json:"status"`          // answered instead of the real answer; 0 keeps the real one
	RetryAfter    int    `json:"retry_after"`     // seconds in the Retry-After header; 0 sends none
	Times         int    `json:"times"`           // how many requests; 0 means 1, negative means until cleared
	DelayMS       int    `json:"delay_ms"`        // wait before anything else
	CutAfterBytes *int   `json:"cut_after_bytes"` // break the connection after so many bytes of body; absent or negative: do not
	AfterEffect   bool   `json:"after_effect"`    // let the request take effect, then lose its answer
	Body          string `json:"body"`            // body of the refusal; "" leaves it to Injector.Answer
}

func (r Rule) cut() (limit int, ok bool) {
	if r.CutAfterBytes == nil || *r.CutAfterBytes < 0 {
		return 0, false
	}
	return *r.CutAfterBytes, true
}

func (r Rule) delay() time.Duration { return time.Duration(r.DelayMS) * time.Millisecond }

// check says in one sentence what is wrong with a rule.
func (r Rule) check() error {
	_, cuts := r.cut()
	switch {
	case r.Status != 0 && (r.Status < 200 || r.Status > 599):
		return fmt.Errorf("status %d is not between 200 and 599", r.Status)
	case r.DelayMS < 0 || r.DelayMS > 600_000:
		return fmt.Errorf("delay_ms %d is not between 0 and 600000", r.DelayMS)
	case r.Status == 0 && r.DelayMS == 0 && !cuts && !r.AfterEffect:
		return errors.New("the fault does nothing: give status, delay_ms, cut_after_bytes or after_effect")
	}
	return nil
}

func (r Rule) matches(req *http.Request) bool {
	if r.Method != "" && !strings.EqualFold(r.Method, req.Method) {
		return false
	}
	return strings.Contains(req.URL.RequestURI(), r.Path) || strings.Contains(req.URL.Path, r.Path)
}
