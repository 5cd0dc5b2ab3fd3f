package workspace

import (
	"context"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
)

// Allowed is a Catalog of which the operator has opened only some organizations; the others are left out by a rule of
// their own. Without URLs all are open.
type Allowed struct {
	Catalog
	URLs []string // as crm.Organization.URL
}

// Organizations lists the allowed ones. Both lists stay ordered by name.
func (a Allowed) Organizations(ctx context.Context, caller crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, err error) {
	listed, leftOut, err = a.Catalog.Organizations(ctx, caller)
	if err != nil {
		return nil, nil, err
	}
	listed, leftOut = a.Split(listed, leftOut)
	return listed, leftOut, nil
}

// Opens reports whether the operator has opened the organization of that address.
func (a Allowed) Opens(organizationURL string) bool {
	return len(a.URLs) == 0 || slices.ContainsFunc(a.URLs, func(url string) bool { return strings.EqualFold(url, organizationURL) })
}

// Split moves the organizations that are not allowed to those left out.
func (a Allowed) Split(all []crm.Organization, leftOut []crm.LeftOut) ([]crm.Organization, []crm.LeftOut) {
	if len(a.URLs) == 0 {
		return all, leftOut
	}
	var listed []crm.Organization
	leftOut = slices.Clone(leftOut)
	for _, org := range all {
		if a.Opens(org.URL) {
			listed = append(listed, org)
			continue
		}
		leftOut = append(leftOut, crm.LeftOut{ID: org.ID, Name: org.Name, URL: org.URL, Reason: crm.ReasonNotAllowed})
	}
	slices.SortStableFunc(leftOut, func(x, y crm.LeftOut) int {
		return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name))
	})
	return listed, leftOut
}
