package dataverse

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const (
	slotComponents slot = "components"
	slotForms      slot = "forms"
	slotSiteMap    slot = "sitemap"
)

// What slotForms keeps: the organization's dashboards, and the person's own.
const (
	systemForms = "system"
	ownForms    = "user"
)

// The types of systemform that are dashboards, and the component types of an app (systemform and appmodulecomponent table
// references).
const (
	formDashboard   = 0
	formInteractive = 10
	componentForm   = 60
)

// form is a dashboard's row with its XML read. Broken tells that it could not be; the others still open.
type form struct {
	ref         crm.DashboardRef
	interactive bool
	xml         *crmxml.Form
	broken      error
}

// shelf is everything from which a person's dashboards are chosen.
type shelf struct {
	components []component
	system     []form
	own        []form
	siteMap    []string
}

type component struct {
	Type   int    `json:"componenttype"`
	Object string `json:"objectid"`
}

// Dashboards lists the dashboards of an app that a person may see, by name, and the ids that the app's site map names as
// defaults. An app that lists no dashboard offers every published one.
func (c *Client) Dashboards(ctx context.Context, caller crm.Caller, place crm.Place) (refs []crm.DashboardRef, siteMap []string, err error) {
	forms, siteMap, err := c.visible(ctx, caller, place)
	for _, f := range forms {
		refs = append(refs, f.ref)
	}
	return refs, siteMap, err
}

// visible gives the forms behind Dashboards. Roles are looked up apart from the forms each time, so that a lost role is
// noticed as soon as the roles themselves are read again.
func (c *Client) visible(ctx context.Context, caller crm.Caller, place crm.Place) ([]form, []string, error) {
	var s shelf
	var roles held
	org := place.Organization
	err := together(
		func() (err error) { s.components, err = c.components(ctx, caller, place); return err },
		func() (err error) { s.system, err = c.systemForms(ctx, caller, org); return err },
		func() (err error) { s.own, err = c.userForms(ctx, caller, org); return err },
		func() (err error) { s.siteMap, err = c.siteMap(ctx, caller, place); return err },
		func() (err error) { roles, err = c.roles(ctx, caller, org); return err },
	)
	if err != nil {
		return nil, nil, err
	}
	inApp := map[string]bool{}
	for _, k := range s.components {
		if k.Type == componentForm {
			inApp[crmxml.GUID(k.Object)] = true
		}
	}
	// Components of type 60 are main forms too; only those that are dashboards say that the app has a choice of its own.
	listed := slices.ContainsFunc(s.system, func(f form) bool { return inApp[f.ref.ID] })
	var forms []form
	for _, f := range s.system {
		if (!listed || inApp[f.ref.ID]) && f.xml.Conditions.Allows(roles.roots) {
			forms = append(forms, f)
		}
	}
	forms = append(forms, s.own...)
	slices.SortFunc(forms, func(a, b form) int { return byName(a.ref.Name, b.ref.Name, a.ref.ID, b.ref.ID) })
	return forms, s.siteMap, nil
}

// components reads what the app is made of; the id that counts is that of the app's layer.
func (c *Client) components(ctx context.Context, caller crm.Caller, place crm.Place) ([]component, error) {
	return mine(ctx, c, caller, place.Organization, slotComponents, place.App.LayerID, func(ctx context.Context) ([]component, int, error) {
		up, err := c.organization(place.Organization)
		if err != nil || place.App.LayerID == "" {
			return nil, 0, err
		}
		return collect[component](ctx, c, caller, up, "appmodulecomponents?$select=componenttype,objectid&$filter="+
			escaped("_appmoduleidunique_value eq "+place.App.LayerID+" and componenttype eq 60"))
	})
}

// systemForms reads the organization's dashboards.
func (c *Client) systemForms(ctx context.Context, caller crm.Caller, org crm.Organization) ([]form, error) {
	return mine(ctx, c, caller, org, slotForms, systemForms, func(ctx context.Context) ([]form, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		type row struct {
			ID        string `json:"formid"`
			Name      string
			FormXML   string
			Type      int
			IsDefault bool
		}
		rows, size, err := collect[row](ctx, c, caller, up, "systemforms?$select=formid,name,formxml,type,isdefault&$filter="+
			escaped("(type eq 0 or type eq 10) and formactivationstate eq 1"))
		if err != nil {
			return nil, 0, err
		}
		var forms []form
		for _, r := range rows {
			id := crmxml.GUID(r.ID)
			if id == "" || r.Type != formDashboard && r.Type != formInteractive {
				continue
			}
			f := form{ref: crm.DashboardRef{ID: id, Name: crm.Label(r.Name), Default: r.IsDefault}, interactive: r.Type == formInteractive}
			if f.xml, f.broken = crmxml.ReadForm(r.FormXML); f.broken != nil {
				// For whom it is cannot be told, so it is for nobody.
				c.config.Log.WarnContext(ctx, "dashboard cannot be read", "dashboard", id, "cause", f.broken)
				continue
			}
			forms = append(forms, f)
		}
		return forms, size, nil
	})
}

// userForms reads the person's own dashboards and those shared with them. Without the right to have any there are none.
func (c *Client) userForms(ctx context.Context, caller crm.Caller, org crm.Organization) ([]form, error) {
	return mine(ctx, c, caller, org, slotForms, ownForms, func(ctx context.Context) ([]form, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		type row struct {
			ID      string `json:"userformid"`
			Name    string
			FormXML string
		}
		rows, size, err := collect[row](ctx, c, caller, up, "userforms?$select=userformid,name,formxml&$filter="+escaped("type eq 0"))
		if err != nil {
			return nil, 0, optional(err)
		}
		var forms []form
		for _, r := range rows {
			if id := crmxml.GUID(r.ID); id != "" {
				f := form{ref: crm.DashboardRef{ID: id, Name: crm.Label(r.Name), Personal: true}}
				f.xml, f.broken = crmxml.ReadForm(r.FormXML)
				forms = append(forms, f)
			}
		}
		return forms, size, nil
	})
}

// appSiteMap finds an app's site map among its components in one question; the id is that of the app's layer.
const appSiteMap = `<fetch><entity name="sitemap"><attribute name="sitemapid"/><attribute name="sitemapxml"/>` +
	`<link-entity name="appmodulecomponent" from="objectid" to="sitemapid"><filter><condition attribute="componenttype" operator="eq" value="62"/>` +
	`<condition attribute="appmoduleidunique" operator="eq" value="%s"/></filter></link-entity></entity></fetch>`

type siteMapRow struct {
	ID  string `json:"sitemapid"`
	XML string `json:"sitemapxml"`
}

// siteMapByParts asks in two steps where a server does not join components.
func (c *Client) siteMapByParts(ctx context.Context, caller crm.Caller, up upstream, app crm.App) (rows []siteMapRow, size int, err error) {
	parts, _, err := collect[component](ctx, c, caller, up, "appmodulecomponents?$select=componenttype,objectid&$filter="+
		escaped("_appmoduleidunique_value eq "+app.LayerID+" and componenttype eq 62"))
	for _, part := range parts {
		id := crmxml.GUID(part.Object)
		if id == "" {
			continue
		}
		var row siteMapRow
		n, err := c.read(ctx, caller, up, call{path: "sitemaps(" + id + ")?$select=sitemapxml"}, &row)
		if err != nil {
			return nil, 0, err
		}
		rows, size = append(rows, row), size+n
	}
	return rows, size, err
}

// siteMap reads the default dashboards of the app's site map. A site map that cannot be read names none.
func (c *Client) siteMap(ctx context.Context, caller crm.Caller, place crm.Place) ([]string, error) {
	return mine(ctx, c, caller, place.Organization, slotSiteMap, place.App.LayerID, func(ctx context.Context) ([]string, int, error) {
		up, err := c.organization(place.Organization)
		if err != nil || place.App.LayerID == "" {
			return nil, 0, err
		}
		rows, size, err := collect[siteMapRow](ctx, c, caller, up, "sitemaps?fetchXml="+url.QueryEscape(fmt.Sprintf(appSiteMap, place.App.LayerID)))
		if fault.Is(err, fault.Invalid) {
			rows, size, err = c.siteMapByParts(ctx, caller, up, place.App)
		}
		if err != nil {
			return nil, 0, optional(err)
		}
		slices.SortFunc(rows, func(a, b siteMapRow) int { return strings.Compare(a.ID, b.ID) })
		var ids []string
		for _, r := range rows {
			siteMap, err := crmxml.ReadSiteMap(r.XML)
			if err != nil {
				c.config.Log.WarnContext(ctx, "site map cannot be read", "app", place.App.LayerID, "cause", err)
				continue
			}
			ids = append(ids, siteMap.Dashboards()...)
		}
		return ids, size, nil
	})
}

// Dashboard reads the structure of a dashboard that the person may see, with its labels in their language.
func (c *Client) Dashboard(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.DashboardRef) (crm.Dashboard, error) {
	forms, _, err := c.visible(ctx, caller, place)
	if err != nil {
		return crm.Dashboard{}, err
	}
	i := slices.IndexFunc(forms, func(f form) bool { return f.ref.ID == ref.ID })
	if i < 0 {
		return crm.Dashboard{}, fault.New(fault.NotFound, "dashboard.gone")
	}
	if forms[i].broken != nil {
		return crm.Dashboard{}, fault.Wrap(forms[i].broken, fault.Invalid, "dashboard.unreadable")
	}
	return forms[i].place(lcidOf(caller.Locale)), nil
}

// escaped writes an OData expression for an address, leaving its own signs readable.
func escaped(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
