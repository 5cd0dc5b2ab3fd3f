package dataverse

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const slotInstances slot = "instances"

// instance is what the Global Discovery Service says of one environment.
type instance struct {
	ID            string `json:"Id"`
	UniqueName    string
	FriendlyName  string
	State         int
	StatusMessage *int
	Version       string
	URL           string `json:"Url"`
	APIURL        string `json:"ApiUrl"`
	TenantID      string `json:"TenantId"`
	Type          int    `json:"OrganizationType"`
	Region        string
}

// The values of State and StatusMessage that matter (discovery service reference).
const (
	stateEnabled       = 0
	statusFailed       = 2
	statusProvisioning = 3
	oldestVersion      = 9
)

// Organizations lists the organizations a person may choose, by name, and those left out because of their version or
// state (S31, S32). An empty list without an error means that discovery knows of none.
func (c *Client) Organizations(ctx context.Context, caller crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, err error) {
	instances, err := c.instances(ctx, caller)
	if err != nil {
		return nil, nil, err
	}
	for _, i := range instances {
		org := c.organizationOf(i)
		if reason, detail := unusable(i); reason != "" {
			leftOut = append(leftOut, crm.LeftOut{ID: org.ID, Name: org.Name, URL: org.URL, Reason: reason, Detail: detail})
			continue
		}
		if _, err := c.webAPI(org); err != nil {
			c.config.Log.WarnContext(ctx, "discovery gave an address that cannot be used", "organization", org.ID)
			leftOut = append(leftOut, crm.LeftOut{ID: org.ID, Name: org.Name, URL: org.URL, Reason: crm.ReasonUnanswered, Detail: org.URL})
			continue
		}
		listed = append(listed, org)
	}
	slices.SortFunc(listed, func(a, b crm.Organization) int { return byName(a.Name, b.Name, a.ID, b.ID) })
	sortLeftOut(leftOut)
	return listed, leftOut, nil
}

// instances asks the discovery service, which knows everything that the person belongs to.
func (c *Client) instances(ctx context.Context, caller crm.Caller) ([]instance, error) {
	return mine(ctx, c, caller, crm.Organization{}, slotInstances, "", func(ctx context.Context) ([]instance, int, error) {
		up, err := c.discovery()
		if err != nil {
			return nil, 0, err
		}
		return collect[instance](ctx, c, caller, up, "Instances")
	})
}

// unusable applies the rule: version 9 or later, enabled, neither failed nor being set up. A status alone (locked, moving,
// inactive) leaves nothing out while the organization is enabled.
func unusable(i instance) (crm.Reason, string) {
	major, _, _ := strings.Cut(strings.TrimSpace(i.Version), ".")
	n, err := strconv.Atoi(major)
	switch {
	case i.StatusMessage != nil && *i.StatusMessage == statusProvisioning:
		return crm.ReasonProvisioning, ""
	case i.StatusMessage != nil && *i.StatusMessage == statusFailed:
		return crm.ReasonFailed, ""
	case i.State != stateEnabled:
		return crm.ReasonDisabled, ""
	case err != nil || n < oldestVersion:
		return crm.ReasonVersion, crm.Label(i.Version)
	}
	return "", ""
}

func (c *Client) organizationOf(i instance) crm.Organization {
	org := crm.Organization{
		ID: strings.ToLower(i.ID), UniqueName: i.UniqueName, Name: cmp.Or(crm.Label(i.FriendlyName), crm.Label(i.UniqueName), crm.Label(i.URL)),
		URL: strings.TrimRight(i.URL, "/"), API: strings.TrimRight(i.APIURL, "/"), Version: crm.Label(i.Version), Type: organizationType(i.Type), Region: i.Region,
	}
	if id := crmxml.GUID(i.ID); id != "" {
		org.ID = id
	}
	if !sameServer(org.URL, org.API) {
		// Both serve the same API; the token is for Url, so nothing else may get it.
		org.API = org.URL
	}
	return org
}

// sameServer reports whether the API address belongs to the organization's: the same, or the same host with an "api" label
// after the first (pinewood.api.crm4.dynamics.com).
func sameServer(address, api string) bool {
	if address == api {
		return true
	}
	scheme, rest, _ := strings.Cut(address, "://")
	name, domain, found := strings.Cut(rest, ".")
	return found && api == scheme+"://"+name+".api."+domain
}

// organizationType names what matters of OrganizationType.
func organizationType(t int) string {
	switch t {
	case 0, 12:
		return "production"
	case 5, 6, 7:
		return "sandbox"
	case 11, 14:
		return "trial"
	case 13:
		return "developer"
	case 15:
		return "teams"
	}
	return ""
}

// byName orders by name as people read it, and by id where names are the same.
func byName(a, b, aID, bID string) int {
	return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(aID, bID))
}

func sortLeftOut(l []crm.LeftOut) {
	slices.SortFunc(l, func(a, b crm.LeftOut) int { return byName(a.Name, b.Name, a.ID, b.ID) })
}

// optional turns an upstream's "no" into an empty answer, for tables that not every organization has or lets be read.
func optional(err error) error {
	if fault.Is(err, fault.Forbidden) && fault.Of(err).Key == "dataverse.forbidden" || fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) {
		return nil
	}
	return err
}
