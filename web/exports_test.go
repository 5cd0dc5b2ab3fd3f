package web

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// One person's exports do not keep others waiting, all together do, and whoever ends one makes room.
func TestExportsAreHeldToANumber(t *testing.T) {
	var x exports
	person := func(n int) crm.User { return crm.User{Tenant: "t", Object: strconv.Itoa(n)} }
	want := func(n int, kind fault.Kind, status int) {
		t.Helper()
		leave, err := x.enter(person(n))
		if f := fault.Of(err); leave != nil || f == nil || f.Kind != kind || f.RetryAfter <= 0 || statuses[f.Kind] != status {
			t.Errorf("%v", err)
		}
	}
	var leaves []func()
	for n := range exportsInAll {
		leave, err := x.enter(person(n / exportsEach))
		if err != nil {
			t.Fatal(err)
		}
		leaves = append(leaves, leave)
	}
	want(0, fault.Busy, http.StatusTooManyRequests)
	want(exportsInAll, fault.Unreachable, http.StatusServiceUnavailable)
	leaves[0]()
	want(1, fault.Busy, http.StatusTooManyRequests)
	leave, err := x.enter(person(exportsInAll))
	if err != nil {
		t.Fatal(err)
	}
	leaves[0] = leave
	for _, leave := range leaves {
		leave()
	}
	if x.running != 0 || len(x.of) != 0 {
		t.Errorf("%d run of %v", x.running, x.of)
	}
}
