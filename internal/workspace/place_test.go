package workspace

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

var reader = crm.Caller{User: crm.User{Tenant: "t", Object: "o"}}

// catalog has organizations a, b, c ...; apps says what each answers: names of apps, or an error.
type catalog struct {
	names   string
	leftOut []crm.LeftOut
	err     error
	apps    map[string]any
	most    atomic.Int32
	running atomic.Int32
	asked   func(name string)
}

func org(name string) crm.Organization {
	return crm.Organization{ID: "id-" + name, Name: name, URL: "https://" + name}
}

func (c *catalog) Organizations(context.Context, crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, err error) {
	for _, name := range strings.Fields(c.names) {
		listed = append(listed, org(name))
	}
	return listed, c.leftOut, c.err
}

func (c *catalog) Apps(ctx context.Context, _ crm.Caller, o crm.Organization) (listed []crm.App, leftOut []crm.LeftOut, err error) {
	if c.asked != nil {
		c.asked(o.Name)
	}
	if n := c.running.Add(1); n > c.most.Load() {
		c.most.Store(n)
	}
	defer c.running.Add(-1)
	switch answer := c.apps[o.Name].(type) {
	case error:
		return nil, nil, answer
	case time.Duration:
		select {
		case <-time.After(answer):
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
		return []crm.App{{ID: o.Name + "-slow"}}, nil, nil
	case string:
		for _, name := range strings.Fields(answer) {
			listed = append(listed, crm.App{ID: name, Name: "App " + name})
		}
	}
	return listed, []crm.LeftOut{{ID: "classic", Name: "Classic of " + o.Name, Reason: crm.ReasonClassic}}, nil
}

// preferences keeps one preference and what it put aside, of one person.
type preferences struct {
	kept    crm.Preference
	earlier *crm.Preference
}

func (p *preferences) Preference(context.Context, crm.User) (crm.Preference, error) {
	return p.kept, nil
}

func (p *preferences) Settle(_ context.Context, _ crm.User, kept crm.Preference, _ crm.DashboardChoice) (time.Time, error) {
	earlier := p.kept
	kept.Updated = p.kept.Updated.Add(time.Second)
	p.kept, p.earlier = kept, &earlier
	return kept.Updated, nil
}

func (p *preferences) Earlier(_ context.Context, _ crm.User, saved time.Time) (crm.Preference, bool, error) {
	if p.earlier == nil || !saved.Equal(p.kept.Updated) {
		return crm.Preference{}, false, nil
	}
	return *p.earlier, true, nil
}

func (p *preferences) Undo(context.Context, crm.User, time.Time) (bool, error) {
	p.kept, p.earlier = crm.Preference{OrganizationURL: p.earlier.OrganizationURL, AppID: p.earlier.AppID, Updated: p.kept.Updated.Add(time.Second)}, nil
	return true, nil
}

func at(p Placement) string {
	text := "nowhere"
	if p.Organization != nil {
		text = p.Organization.Name
	}
	if p.App != nil {
		text += "/" + p.App.ID
	}
	return text
}

func reasons(left []crm.LeftOut) string {
	var all []string
	for _, l := range left {
		all = append(all, fmt.Sprintf("%s:%s", l.Name, l.Reason))
	}
	return strings.Join(all, " ")
}

func TestWhereAPersonWorks(t *testing.T) {
	notMember := fault.New(fault.Forbidden, "dataverse.not_member")
	for name, c := range map[string]struct {
		names    string
		apps     map[string]any
		kept     crm.Preference
		want     string
		leftOut  string
		fallback *Fallback
	}{
		"one of each":              {"a", map[string]any{"a": "x"}, crm.Preference{}, "a/x", "", nil},
		"first of all":             {"a b", map[string]any{"a": "x y", "b": "z"}, crm.Preference{}, "a/x", "", nil},
		"remembered":               {"a b", map[string]any{"a": "x", "b": "y z"}, crm.Preference{OrganizationURL: "https://b", AppID: "z"}, "b/z", "", nil},
		"remembered organization":  {"a b", map[string]any{"a": "x", "b": "y z"}, crm.Preference{OrganizationURL: "https://b"}, "b/y", "", nil},
		"app gone":                 {"a b", map[string]any{"b": "y"}, crm.Preference{OrganizationURL: "https://b", AppID: "gone"}, "b/y", "", &Fallback{Lost: LostApp}},
		"app no longer offered":    {"b", map[string]any{"b": "y"}, crm.Preference{OrganizationURL: "https://b", AppID: "classic"}, "b/y", "", &Fallback{Lost: LostApp, Name: "Classic of b", Reason: crm.ReasonClassic}},
		"organization gone":        {"a", map[string]any{"a": "x"}, crm.Preference{OrganizationURL: "https://z", AppID: "x"}, "a/x", "", &Fallback{Lost: LostOrganization, Name: "https://z"}},
		"organization without app": {"a b", map[string]any{"a": "x", "b": ""}, crm.Preference{OrganizationURL: "https://b"}, "a/x", "", &Fallback{Lost: LostOrganization, Name: "b", Reason: crm.ReasonNoApp}},
		"not a member any more":    {"a b", map[string]any{"a": "x", "b": notMember}, crm.Preference{OrganizationURL: "https://b"}, "a/x", "b:not-member", &Fallback{Lost: LostOrganization, Name: "b", Reason: crm.ReasonNotMember}},
		"first has no app":         {"a b c", map[string]any{"a": "", "b": "y", "c": "z"}, crm.Preference{}, "b/y", "a:no-app", nil},
		"first does not answer":    {"a b", map[string]any{"a": fault.New(fault.Unreachable, "dataverse.slow"), "b": "y"}, crm.Preference{}, "b/y", "a:unanswered", nil},
		"first does not know them": {"a b", map[string]any{"a": notMember, "b": "y"}, crm.Preference{}, "b/y", "a:not-member", nil},
		"no app anywhere":          {"a b", map[string]any{"a": "", "b": ""}, crm.Preference{}, "a", "a:no-app b:no-app", nil},
		"no organization":          {"", nil, crm.Preference{}, "nowhere", "", nil},
	} {
		s := Service{Catalog: &catalog{names: c.names, apps: c.apps}, Preferences: &preferences{kept: c.kept}}
		p, err := s.Place(context.Background(), reader)
		if err != nil || at(p) != c.want || reasons(p.OrganizationsLeftOut) != c.leftOut {
			t.Errorf("%s: at %s, left out %q: %v", name, at(p), reasons(p.OrganizationsLeftOut), err)
		}
		if diff := cmp.Diff(c.fallback, p.Fallback); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if _, ok := p.Place(); ok != (p.App != nil) {
			t.Errorf("%s: place %v", name, ok)
		}
		if p.Organization != nil && !strings.Contains(reasons(p.AppsLeftOut), "Classic of "+p.Organization.Name) {
			t.Errorf("%s: the reasons are of another organization: %s", name, reasons(p.AppsLeftOut))
		}
		for _, left := range p.OrganizationsLeftOut {
			for _, listed := range p.Organizations {
				if listed.ID == left.ID {
					t.Errorf("%s: %s is both offered and left out", name, left.Name)
				}
			}
		}
	}
}

func TestARememberedOrganizationThatBecameUnsupported(t *testing.T) {
	old := crm.LeftOut{ID: "id-o", Name: "Old", URL: "https://o", Reason: crm.ReasonDisabled}
	s := Service{Catalog: &catalog{names: "a", apps: map[string]any{"a": "x"}, leftOut: []crm.LeftOut{old}}, Preferences: &preferences{kept: crm.Preference{OrganizationURL: "https://o"}}}
	p, err := s.Place(context.Background(), reader)
	if diff := cmp.Diff(&Fallback{Lost: LostOrganization, Name: "Old", Reason: crm.ReasonDisabled}, p.Fallback); diff != "" || err != nil || at(p) != "a/x" {
		t.Error(diff, at(p), err)
	}
}

// An organization that was chosen and does not answer is not exchanged for another one.
func TestARememberedOrganizationThatDoesNotAnswer(t *testing.T) {
	s := Service{
		Catalog:     &catalog{names: "a b", apps: map[string]any{"a": "x", "b": fault.New(fault.Busy, "dataverse.busy")}},
		Preferences: &preferences{kept: crm.Preference{OrganizationURL: "https://b"}},
	}
	p, err := s.Place(context.Background(), reader)
	if !fault.Is(err, fault.Busy) || at(p) != "b" || len(p.Organizations) != 2 {
		t.Error(at(p), err)
	}
}

func TestAFailureIsNotAnEmptyList(t *testing.T) {
	s := Service{Catalog: &catalog{err: fault.New(fault.Consent, "dataverse.claims")}, Preferences: &preferences{}}
	if _, err := s.Place(context.Background(), reader); !fault.Is(err, fault.Consent) {
		t.Error(err)
	}
	s.Catalog = &catalog{names: "a b", apps: map[string]any{"a": fault.New(fault.Consent, "dataverse.claims"), "b": ""}}
	if _, err := s.Place(context.Background(), reader); !fault.Is(err, fault.Consent) {
		t.Error("nobody asks the person to sign in again:", err)
	}
}

// Many organizations are asked a few at a time, the slow ones are given up, and the first in order is still the one.
func TestManyOrganizations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &catalog{names: "a b c d e f g h", apps: map[string]any{"a": time.Hour, "b": "", "c": time.Second, "d": "d", "e": time.Hour, "f": time.Hour, "g": "g", "h": "h"}}
		start := time.Now()
		p, err := Service{Catalog: c, Preferences: &preferences{}}.Place(context.Background(), reader)
		if err != nil || at(p) != "c/c-slow" || reasons(p.OrganizationsLeftOut) != "a:unanswered b:no-app" {
			t.Error(at(p), reasons(p.OrganizationsLeftOut), err)
		}
		if took := time.Since(start); took != patience {
			t.Errorf("took %v", took)
		}
		if c.most.Load() > parallel {
			t.Errorf("%d at once", c.most.Load())
		}
	})
}
