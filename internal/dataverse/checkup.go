package dataverse

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// What follows is for the connection check: asked afresh past the caches, once without the usual retries, and measured.

// TestDiscovery asks the discovery service. The lists are those of Organizations, as they are at this moment.
func (c *Client) TestDiscovery(ctx context.Context, caller crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, x crm.Exchange, err error) {
	up, err := c.discovery()
	if err != nil {
		return nil, nil, x, err
	}
	var page struct {
		Value *[]instance `json:"value"`
	}
	if x, err = c.test(ctx, caller, up, "Instances", &page); err != nil {
		return nil, nil, x, err
	}
	if page.Value == nil {
		return nil, nil, x, notUnderstood("answer has no value")
	}
	c.people.drop(func(k personal) bool { return k.user == caller.User && k.what == slotInstances })
	listed, leftOut, err = c.Organizations(ctx, caller)
	return listed, leftOut, x, err
}

// TestVersion asks an organization for its version, which everybody in it may know.
func (c *Client) TestVersion(ctx context.Context, caller crm.Caller, org crm.Organization) (version string, x crm.Exchange, err error) {
	var answer struct{ Version string }
	x, err = c.testOrganization(ctx, caller, org, "RetrieveVersion()", &answer)
	if err == nil && answer.Version == "" {
		err = notUnderstood("RetrieveVersion gave no version")
	}
	return answer.Version, x, err
}

// TestMember asks an organization who the person is there, and gives their user id in it.
func (c *Client) TestMember(ctx context.Context, caller crm.Caller, org crm.Organization) (user string, x crm.Exchange, err error) {
	var answer struct{ UserID string }
	x, err = c.testOrganization(ctx, caller, org, "WhoAmI()", &answer)
	if user = crmxml.GUID(answer.UserID); err == nil && user == "" {
		err = notUnderstood("WhoAmI gave no user")
	}
	return user, x, err
}

// TestApps lists the organization's apps as Apps does, as they are at this moment.
func (c *Client) TestApps(ctx context.Context, caller crm.Caller, org crm.Organization) (listed []crm.App, leftOut []crm.LeftOut, x crm.Exchange, err error) {
	c.people.drop(func(k personal) bool {
		return k.user == caller.User && k.organization == org.URL && slices.Contains([]slot{slotApps, slotRoles, slotLicences, slotPlans, slotPrivileges}, k.what)
	})
	start := time.Now()
	listed, leftOut, err = c.Apps(ctx, caller, org)
	return listed, leftOut, crm.Exchange{Took: time.Since(start)}, err
}

// TestRights asks which of some privileges the person, who is this user there, holds at any depth. A privilege that the
// organization does not know or tell about is crm.RightUnknown.
func (c *Client) TestRights(ctx context.Context, caller crm.Caller, org crm.Organization, user string, privileges []string) (rights map[string]crm.Right, x crm.Exchange, err error) {
	if user = crmxml.GUID(user); user == "" {
		return nil, x, fault.New(fault.Invalid, "dataverse.refused")
	}
	answers, exchanges := make([]crm.Right, len(privileges)), make([]crm.Exchange, len(privileges))
	asks := make([]func() error, len(privileges))
	for i, name := range privileges {
		asks[i] = func() (err error) {
			var answer struct {
				RolePrivileges []struct{ PrivilegeID string }
			}
			path := "systemusers(" + user + ")/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='" + url.PathEscape(name) + "')"
			exchanges[i], err = c.testOrganization(ctx, caller, org, path, &answer)
			switch {
			case err != nil:
				answers[i] = crm.RightUnknown
			case len(answer.RolePrivileges) > 0:
				answers[i] = crm.RightHeld
			default:
				answers[i] = crm.RightMissing
			}
			return optional(err)
		}
	}
	err = together(asks...)
	rights = map[string]crm.Right{}
	for i, name := range privileges {
		rights[name] = answers[i]
	}
	slices.SortFunc(exchanges, func(a, b crm.Exchange) int { return cmp.Compare(b.Took, a.Took) })
	if len(exchanges) > 0 {
		x = exchanges[0]
	}
	return rights, x, err
}

// TestSearch asks whether the organization has Dataverse search (isexternalsearchindexenabled of its row in organizations).
func (c *Client) TestSearch(ctx context.Context, caller crm.Caller, org crm.Organization) (search crm.Search, x crm.Exchange, err error) {
	var page struct {
		Value []struct {
			On *bool `json:"isexternalsearchindexenabled"`
		} `json:"value"`
	}
	x, err = c.testOrganization(ctx, caller, org, "organizations?$select=isexternalsearchindexenabled", &page)
	switch {
	case err != nil || len(page.Value) == 0 || page.Value[0].On == nil:
		return crm.SearchUnknown, x, optional(err)
	case *page.Value[0].On:
		return crm.SearchOn, x, nil
	}
	return crm.SearchOff, x, nil
}

func (c *Client) testOrganization(ctx context.Context, caller crm.Caller, org crm.Organization, path string, into any) (crm.Exchange, error) {
	up, err := c.organization(org)
	if err != nil {
		return crm.Exchange{}, err
	}
	return c.test(ctx, caller, up, path, into)
}

// test asks once and measures; only a refused token is renewed. Whoever was told to wait is not made to ask.
func (c *Client) test(ctx context.Context, caller crm.Caller, up upstream, path string, into any) (x crm.Exchange, err error) {
	token, err := c.config.Tokens.Token(ctx, caller.User, up.resource)
	if err != nil {
		return x, fault.Of(err)
	}
	for renewed := false; ; renewed = true {
		turn, _, err := c.waits.enter(ctx, c.config.Now, waitKey{up.id(), caller.User}, 0)
		if err != nil {
			return x, err
		}
		start, watch := c.config.Now(), time.Now()
		a, err := c.attempt(ctx, caller, up, call{path: path}, token)
		// The one clock may be a test's; how long it took is the other's to say.
		x = crm.Dating(start, start.Add(time.Since(watch)), a.header.Get("Date"))
		x.Request = requestName(cmp.Or(a.header.Get("x-ms-service-request-id"), a.header.Get("REQ_ID")))
		failure := failed(a, err)
		turn.leave(c.config.Now(), failure)
		if failure == nil {
			return x, decode(a.body, into)
		}
		renewer, can := c.config.Tokens.(TokenRenewer)
		if !fault.Is(failure, fault.SignedOut) || renewed || !can {
			return x, fault.Of(failure)
		}
		if token, err = renewer.Renew(ctx, caller.User, up.resource, token); err != nil {
			return x, fault.Of(err)
		}
	}
}

// requestName keeps a name of a request only when it is the GUID that it should be, because it is shown.
func requestName(text string) string { return crmxml.GUID(text) }
