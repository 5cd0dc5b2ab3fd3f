package workspace

import (
	"context"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// An organization that the operator has not opened is left out by its own rule, also when somebody had chosen it.
func TestOrganizationsThatAreNotAllowed(t *testing.T) {
	all := &catalog{names: "a b c", apps: map[string]any{"a": "x", "b": "y", "c": "z"}, leftOut: []crm.LeftOut{{ID: "old", Name: "B old", Reason: crm.ReasonVersion}}}
	for _, c := range []struct {
		urls, kept    string
		want, leftOut string
		fallback      crm.Reason
	}{
		{"", "https://c", "c/z", "B old:version", ""},
		{"HTTPS://B", "", "b/y", "a:not-allowed B old:version c:not-allowed", ""},
		{"https://b", "https://c", "b/y", "a:not-allowed B old:version c:not-allowed", crm.ReasonNotAllowed},
		{"https://elsewhere", "", "nowhere", "a:not-allowed b:not-allowed B old:version c:not-allowed", ""},
	} {
		allowed := Allowed{Catalog: all}
		if c.urls != "" {
			allowed.URLs = []string{c.urls}
		}
		p, err := Service{Catalog: allowed, Preferences: &preferences{kept: crm.Preference{OrganizationURL: c.kept}}}.Place(context.Background(), reader)
		if err != nil || at(p) != c.want || reasons(p.OrganizationsLeftOut) != c.leftOut {
			t.Errorf("%q: at %s, left out %q: %v", c.urls, at(p), reasons(p.OrganizationsLeftOut), err)
		}
		if c.fallback != "" && (p.Fallback == nil || p.Fallback.Reason != c.fallback) {
			t.Errorf("%q: fallback %+v", c.urls, p.Fallback)
		}
	}
	broken := Allowed{Catalog: &catalog{err: fault.New(fault.Unreachable, "dataverse.unreachable")}, URLs: []string{"https://a"}}
	if _, _, err := broken.Organizations(context.Background(), reader); !fault.Is(err, fault.Unreachable) {
		t.Error("a failure became an empty list:", err)
	}
}
