package checkup

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// upstreams answer at once and well, unless a test says otherwise.
type upstreams struct {
	login, date   crm.Exchange
	organizations int
	leftOut       []crm.LeftOut
	discovery     error
	version       func(ctx context.Context, org crm.Organization) error
	rights        map[string]crm.Right
	now, most     atomic.Int32
}

func (u *upstreams) TestRenewal(context.Context, crm.User) (crm.Exchange, error) {
	return crm.Exchange{}, nil
}
func (u *upstreams) TestLogin(context.Context, crm.User) (crm.Exchange, error) { return u.login, nil }

func (u *upstreams) TestDiscovery(context.Context, crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, x crm.Exchange, err error) {
	for i := range u.organizations {
		listed = append(listed, crm.Organization{ID: fmt.Sprint("o", i), Name: fmt.Sprint("Organization ", i)})
	}
	return listed, u.leftOut, u.date, u.discovery
}

func (u *upstreams) TestVersion(ctx context.Context, _ crm.Caller, org crm.Organization) (string, crm.Exchange, error) {
	if n := u.now.Add(1); n > u.most.Load() {
		u.most.Store(n)
	}
	defer u.now.Add(-1)
	if u.version != nil {
		if err := u.version(ctx, org); err != nil {
			return "", crm.Exchange{}, err
		}
	}
	return "9.2", crm.Exchange{}, nil
}

func (u *upstreams) TestMember(context.Context, crm.Caller, crm.Organization) (string, crm.Exchange, error) {
	return "me", crm.Exchange{}, nil
}

func (u *upstreams) TestApps(context.Context, crm.Caller, crm.Organization) ([]crm.App, []crm.LeftOut, crm.Exchange, error) {
	return []crm.App{{ID: "a"}}, nil, crm.Exchange{Took: 3 * time.Second}, nil
}

func (u *upstreams) TestRights(_ context.Context, _ crm.Caller, _ crm.Organization, user string, asked []string) (map[string]crm.Right, crm.Exchange, error) {
	rights := map[string]crm.Right{}
	for _, name := range asked {
		rights[name] = crm.RightHeld
		if user != "me" {
			rights[name] = crm.RightMissing
		}
	}
	for name, right := range u.rights {
		rights[name] = right
	}
	return rights, crm.Exchange{}, nil
}

func (u *upstreams) TestSearch(context.Context, crm.Caller, crm.Organization) (crm.Search, crm.Exchange, error) {
	return crm.SearchOn, crm.Exchange{}, nil
}

// told is what a run found, one line for each step in order, the organizations in between.
func told(u *upstreams, most int) string {
	var lines []string
	for e := range (Service{Login: u, Dataverse: u}).Run(context.Background(), crm.Caller{}) {
		switch {
		case e.Finding == nil:
			lines = append(lines, fmt.Sprint(len(e.Organizations), " organizations"))
		default:
			f := e.Finding
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s %s %s %s", f.Organization, f.Step, f.Verdict, f.Outcome, f.Cause)))
		}
		if len(lines) == most {
			break
		}
	}
	return strings.Join(lines, "\n")
}

func wants(t *testing.T, got string, want ...string) {
	t.Helper()
	for _, line := range want {
		if !strings.Contains("\n"+got+"\n", "\n"+line+"\n") {
			t.Errorf("no %q in\n%s", line, got)
		}
	}
}

var dated = crm.Exchange{Dated: true}

// What is general comes before the organizations are known, and every announced step is found once.
func TestEveryStepIsFoundOnce(t *testing.T) {
	u := &upstreams{login: dated, date: dated, organizations: 2, leftOut: []crm.LeftOut{{ID: "old", Reason: crm.ReasonVersion}}}
	got := told(u, -1)
	if i := strings.Index(got, "3 organizations"); i < 0 || strings.Contains(got[:i], "o0") || strings.Count(got[:i], "\n") != len(General()) {
		t.Errorf("the order is\n%s", got)
	}
	wants(t, got, "old offer note left-out", "o0 answer fine good", "o1 apps note slow", "o1 rights fine good", "login-clock fine good")
	if n := strings.Count(got, "\n") + 1; n != len(General())+1+2*5+1 {
		t.Errorf("%d lines:\n%s", n, got)
	}
}

func TestClocks(t *testing.T) {
	for ahead, want := range map[time.Duration]string{
		0: "fine good", 9 * time.Second: "fine good", -30 * time.Second: "note differs", 61 * time.Second: "failed differs", -time.Hour: "failed differs",
	} {
		u := &upstreams{login: crm.Exchange{Dated: true, Ahead: ahead}, date: crm.Exchange{Dated: true, Ahead: ahead}, organizations: 1}
		wants(t, told(u, -1), "login-clock "+want, "dataverse-clock "+want)
	}
	wants(t, told(&upstreams{}, -1), "login-clock note unknown", "dataverse-clock note untested")
}

// A failed discovery is not an empty list, and its answer may still tell the time.
func TestDiscoveryFailsAndIsEmpty(t *testing.T) {
	wants(t, told(&upstreams{date: dated, discovery: fault.New(fault.Consent, "dataverse.claims")}, -1), "discovery failed broken consent", "dataverse-clock fine good", "0 organizations")
	wants(t, told(&upstreams{date: dated}, -1), "discovery failed none", "0 organizations")
}

func TestMissingRights(t *testing.T) {
	for privilege, want := range map[string]string{"prvReadQuery": "o0 rights failed missing", "prvReadUserSettings": "o0 rights note missing"} {
		wants(t, told(&upstreams{organizations: 1, rights: map[string]crm.Right{privilege: crm.RightMissing}}, -1), want)
	}
	wants(t, told(&upstreams{organizations: 1, rights: map[string]crm.Right{"prvReadQuery": crm.RightUnknown}}, -1), "o0 rights note unknown")
}

// Some organizations never answer: each costs no more than its time, a few are asked at once, all are told of in the end.
func TestManyOrganizationsOfWhichSomeAreSilent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstreams{organizations: most + 6, version: func(ctx context.Context, org crm.Organization) error {
			if !strings.HasSuffix(org.ID, "3") {
				return nil
			}
			<-ctx.Done()
			return fault.Wrap(ctx.Err(), fault.Unreachable, "dataverse.slow")
		}}
		start := time.Now()
		got := told(u, -1)
		wants(t, got, "o3 answer failed broken slow", "o3 search note untested", "o13 answer failed broken slow", "o4 search fine good", "o24 offer note too-many", "o29 offer note too-many")
		if took := time.Since(start); took > 12*time.Second || u.most.Load() > parallel {
			t.Errorf("took %v, %d at once", took, u.most.Load())
		}
	})
}

// When the time is over, what is left is still told of.
func TestTheTimeIsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstreams{organizations: 24, version: func(ctx context.Context, _ crm.Organization) error {
			<-ctx.Done()
			return ctx.Err()
		}}
		start := time.Now()
		if got := told(u, -1); strings.Count(got, "answer failed broken slow") != 24 || strings.Count(got, "search note untested") != 24 {
			t.Error(got)
		}
		if took := time.Since(start); took != 20*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

func TestAPanicIsAFindingAndAReaderMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		u := &upstreams{organizations: 9, version: func(_ context.Context, org crm.Organization) error {
			if org.ID == "o1" {
				panic("a defect")
			}
			return nil
		}}
		wants(t, told(u, -1), "o1 answer failed broken ours", "o2 answer fine good")
		for n := range 12 {
			told(u, n+1) // synctest fails when something goes on running
		}
	})
}

func TestEveryFaultHasACause(t *testing.T) {
	for want, err := range map[Cause]error{
		CauseSignIn: fault.New(fault.SignedOut, "x"), CauseConsent: fault.New(fault.Consent, "x"), CauseForbidden: fault.New(fault.Forbidden, "x"),
		CauseNotMember: fault.New(fault.Forbidden, "dataverse.not_member"), CauseDisabled: fault.New(fault.Forbidden, "dataverse.organization_disabled"),
		CauseBusy: fault.New(fault.Busy, "x"), CauseSlow: fault.Wrap(context.DeadlineExceeded, fault.Unreachable, "entra.unreachable"),
		CauseUnreachable: fault.New(fault.Unreachable, "dataverse.unreachable"), CauseStrange: fault.New(fault.Unreachable, "dataverse.not_understood"),
		CauseOurs: errors.New("anything"),
	} {
		if got := causeOf(err); got != want {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
}
