package workspace

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

func names[T any](all []T, name func(T) string) string {
	var out []string
	for _, one := range all {
		out = append(out, name(one))
	}
	return strings.Join(out, " ")
}

func TestWhatAPersonMayChoose(t *testing.T) {
	consent := fault.New(fault.Consent, "dataverse.claims")
	for name, c := range map[string]struct {
		names, look string
		apps        map[string]any
		kept        crm.Preference
		want        string // organizations > the one looked at: its apps
		leftOut     string
		problem     fault.Kind
		missing     bool
	}{
		"one of each":                       {names: "a", apps: map[string]any{"a": "x"}, want: "a > a: x"},
		"where they work":                   {names: "a b", apps: map[string]any{"a": "x", "b": "y z"}, kept: crm.Preference{OrganizationURL: "https://b", AppID: "z"}, want: "a b > b: y z"},
		"another one":                       {names: "a b", look: "https://a", apps: map[string]any{"a": "x", "b": "y z"}, kept: crm.Preference{OrganizationURL: "https://b", AppID: "z"}, want: "a b > a: x"},
		"one that is not theirs":            {names: "a b", look: "https://evil", apps: map[string]any{"a": "x", "b": "y"}, want: "a b > a: x", missing: true},
		"without an app":                    {names: "a b", apps: map[string]any{"a": "", "b": "y"}, want: "b > b: y", leftOut: "a:no-app"},
		"looking at one without an app":     {names: "a b", look: "https://a", apps: map[string]any{"a": "", "b": "y"}, want: "b > a: ", leftOut: "a:no-app"},
		"no app anywhere":                   {names: "a b", apps: map[string]any{"a": "", "b": ""}, want: " > a: ", leftOut: "a:no-app b:no-app"},
		"one does not answer":               {names: "a b", apps: map[string]any{"a": "x", "b": fault.New(fault.Unreachable, "dataverse.slow")}, want: "a > a: x", leftOut: "b:unanswered"},
		"the one looked at does not":        {names: "a b", look: "https://b", apps: map[string]any{"a": "x", "b": fault.New(fault.Unreachable, "dataverse.slow")}, want: "a > b: ", leftOut: "b:unanswered", problem: fault.Unreachable},
		"the remembered one does not":       {names: "a b", apps: map[string]any{"a": "x", "b": fault.New(fault.Busy, "dataverse.busy")}, kept: crm.Preference{OrganizationURL: "https://b"}, want: "a > b: ", leftOut: "b:unanswered", problem: fault.Busy},
		"the one looked at wants a sign-in": {names: "a b", look: "https://b", apps: map[string]any{"a": "x", "b": consent}, want: "a > b: ", leftOut: "b:sign-in", problem: fault.Consent},
		"one wants them to sign in":         {names: "a b", apps: map[string]any{"a": "x", "b": consent}, want: "a > a: x", leftOut: "b:sign-in"},
		"the remembered one knows nobody":   {names: "a b", apps: map[string]any{"a": "x", "b": fault.New(fault.Forbidden, "dataverse.not_member")}, kept: crm.Preference{OrganizationURL: "https://b"}, want: "a > a: x", leftOut: "b:not-member"},
		"none":                              {want: " > "},
	} {
		s := Service{Catalog: &catalog{names: c.names, apps: c.apps}, Preferences: &preferences{kept: c.kept}}
		got, err := s.Choices(context.Background(), reader, c.look)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		text := names(got.Organizations, func(o crm.Organization) string { return o.Name }) + " > "
		if got.Organization != nil {
			text += got.Organization.Name + ": " + names(got.Apps, func(a crm.App) string { return a.ID })
		}
		if text != c.want || reasons(got.OrganizationsLeftOut) != c.leftOut || got.Missing != c.missing {
			t.Errorf("%s: %q, left out %q, missing %v", name, text, reasons(got.OrganizationsLeftOut), got.Missing)
		}
		if (got.Problem != nil) != (c.problem != 0) || got.Problem != nil && !fault.Is(got.Problem, c.problem) {
			t.Errorf("%s: problem %v", name, got.Problem)
		}
		if diff := cmp.Diff(c.kept, got.Remembered); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestChoicesThatAskThePerson(t *testing.T) {
	for name, apps := range map[string]map[string]any{
		"signed out where they look": {"a": fault.New(fault.SignedOut, "dataverse.signed_out"), "b": "y"},
		"signed out anywhere":        {"a": "x", "b": fault.New(fault.SignedOut, "dataverse.signed_out")},
	} {
		s := Service{Catalog: &catalog{names: "a b", apps: apps}, Preferences: &preferences{}}
		if _, err := s.Choices(context.Background(), reader, "https://a"); err == nil {
			t.Error(name, "was shown as a list")
		}
	}
	s := Service{Catalog: &catalog{err: fault.New(fault.Unreachable, "dataverse.unreachable")}, Preferences: &preferences{}}
	if _, err := s.Choices(context.Background(), reader, ""); !fault.Is(err, fault.Unreachable) {
		t.Error("a failing discovery is an empty list:", err)
	}
}

// Of fifty organizations only the one that is looked at is asked.
func TestFiftyOrganizationsAreNotAllAsked(t *testing.T) {
	c := &catalog{apps: map[string]any{}}
	for i := range 50 {
		name := fmt.Sprintf("o%02d", i)
		c.names += " " + name
		c.apps[name] = "app-of-" + name
	}
	asked := 0
	c.asked = func(string) { asked++ }
	s := Service{Catalog: c, Preferences: &preferences{kept: crm.Preference{OrganizationURL: "https://o31", AppID: "app-of-o31"}}}
	got, err := s.Choices(context.Background(), reader, "https://o42")
	if err != nil || len(got.Organizations) != 50 || got.Organization.Name != "o42" || got.Apps[0].ID != "app-of-o42" || at(got.Now) != "o31/app-of-o31" {
		t.Fatal(len(got.Organizations), got.Organization, err)
	}
	if asked != 2 {
		t.Error(asked, "asked")
	}
}

func TestChoosing(t *testing.T) {
	kept := &preferences{}
	s := Service{Catalog: &catalog{names: "a b", apps: map[string]any{"a": "x", "b": "y z"}}, Preferences: kept}
	saved, err := s.Choose(context.Background(), reader, "https://b", "z", crm.DashboardRef{})
	if err != nil || !saved.Equal(kept.kept.Updated) {
		t.Fatal(saved, err)
	}
	if p, err := s.Place(context.Background(), reader); err != nil || at(p) != "b/z" || p.Fallback != nil {
		t.Error(at(p), err)
	}
	for _, c := range []struct{ org, app, key string }{
		{"https://evil", "z", "workspace.organization_gone"}, {"", "", "workspace.organization_gone"},
		{"https://b", "x", "workspace.app_gone"}, {"https://b", "", "workspace.app_gone"}, {"https://b", "classic", "workspace.app_gone"},
	} {
		if _, err := s.Choose(context.Background(), reader, c.org, c.app, crm.DashboardRef{}); !fault.Is(err, fault.NotFound) || fault.Of(err).Key != c.key {
			t.Errorf("%v: %v", c, err)
		}
	}
	if kept.kept.AppID != "z" {
		t.Error("a refused choice was kept:", kept.kept)
	}
	failing := fault.New(fault.Busy, "dataverse.busy")
	s.Catalog = &catalog{names: "a", apps: map[string]any{"a": failing}}
	if _, err := s.Choose(context.Background(), reader, "https://a", "x", crm.DashboardRef{}); !fault.Is(err, fault.Busy) {
		t.Error("what could not be checked was taken:", err)
	}
}

func TestTakingAChoiceBack(t *testing.T) {
	kept := &preferences{}
	all := &catalog{names: "a b", apps: map[string]any{"a": "x", "b": "y z"}}
	s := Service{Catalog: all, Preferences: kept}
	choose := func(org, app string) time.Time {
		t.Helper()
		saved, err := s.Choose(context.Background(), reader, org, app, crm.DashboardRef{})
		if err != nil {
			t.Fatal(err)
		}
		return saved
	}
	first := choose("https://b", "y")
	second := choose("https://b", "z")
	if err := s.Undo(context.Background(), reader, first); !fault.Is(err, fault.Conflict) || kept.kept.AppID != "z" {
		t.Error("a later choice was undone:", err, kept.kept)
	}
	if err := s.Undo(context.Background(), reader, second); err != nil || kept.kept.AppID != "y" {
		t.Error(err, kept.kept)
	}
	if err := s.Undo(context.Background(), reader, second); !fault.Is(err, fault.Conflict) || kept.kept.AppID != "y" {
		t.Error("twice:", err, kept.kept)
	}
	third := choose("https://a", "x")
	all.apps["b"] = "z"
	if err := s.Undo(context.Background(), reader, third); !fault.Is(err, fault.NotFound) || kept.kept.AppID != "x" {
		t.Error("brought back what is not theirs:", err)
	}
	if ok, err := s.Undoable(context.Background(), reader, third); !ok || err != nil {
		t.Error(ok, err)
	}
	kept.kept, kept.earlier = crm.Preference{}, nil
	fourth := choose("https://a", "x")
	if err := s.Undo(context.Background(), reader, fourth); err != nil || kept.kept.OrganizationURL != "" {
		t.Error(err, kept.kept)
	}
}

// An organization that nobody looks at does not hold the page up: after a while it counts as one that did not answer.
func TestASlowOrganizationDoesNotHoldThePage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Service{Catalog: &catalog{names: "a b c", apps: map[string]any{"a": "x", "b": time.Hour, "c": "z"}}, Preferences: &preferences{kept: crm.Preference{OrganizationURL: "https://a"}}}
		began := time.Now()
		got, err := s.Choices(context.Background(), reader, "")
		if err != nil || time.Since(began) > surveying || reasons(got.OrganizationsLeftOut) != "b:unanswered" || len(got.Organizations) != 2 || got.Apps[0].ID != "x" {
			t.Errorf("after %v: %v %q %v", time.Since(began), got.Organizations, reasons(got.OrganizationsLeftOut), err)
		}
		began = time.Now()
		if got, err = s.Choices(context.Background(), reader, "https://b"); err != nil || got.Problem == nil || time.Since(began) > patience+time.Millisecond {
			t.Errorf("looked at, after %v: %v %v", time.Since(began), got.Problem, err)
		}
	})
}

// A link may name an organization and a record alone, as links of Dynamics 365 do.
func TestAPlaceNamedWithoutItsApp(t *testing.T) {
	for name, c := range map[string]struct {
		kept crm.Preference
		apps string
		want string
	}{
		"the first one":            {apps: "x y", want: "x"},
		"the remembered one":       {kept: crm.Preference{OrganizationURL: "https://a", AppID: "y"}, apps: "x y", want: "y"},
		"one remembered elsewhere": {kept: crm.Preference{OrganizationURL: "https://b", AppID: "y"}, apps: "x y", want: "x"},
		"one that is gone":         {kept: crm.Preference{OrganizationURL: "https://a", AppID: "z"}, apps: "x y", want: "x"},
		"none at all":              {},
	} {
		s := Service{Catalog: &catalog{names: "a", apps: map[string]any{"a": c.apps}}, Preferences: &preferences{kept: c.kept}}
		place, err := s.Check(t.Context(), reader, "https://a", "")
		if place.App.ID != c.want || fault.Is(err, fault.NotFound) != (c.want == "") {
			t.Errorf("%s: %q, %v", name, place.App.ID, err)
		}
		if _, err := s.Choose(t.Context(), reader, "https://a", "", crm.DashboardRef{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: nothing was chosen, and it is remembered: %v", name, err)
		}
	}
}
