package dataverse

import (
	"cmp"
	"context"
	"slices"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const (
	slotTableForms slot = "tableforms"
	slotQuickForm  slot = "quickform"
)

// tableForm is a form of a table with its document read.
type tableForm struct {
	id, name string
	kind     crmxml.FormType
	table    string
	usual    bool // isdefault
	xml      *crmxml.Form
}

type formRow struct {
	ID        string `json:"formid"`
	Name      string
	FormXML   string
	Type      int
	IsDefault bool
	Table     string `json:"objecttypecode"`
}

// tableForms reads the main and quick create forms of a table. They are the same for everybody: whom a form is for is looked
// up each time by roles. One that cannot be read is left out and logged; the others stand.
func (c *Client) tableForms(ctx context.Context, caller crm.Caller, org crm.Organization, table string) ([]tableForm, error) {
	return ours(ctx, c, caller, org, slotTableForms, table, func(ctx context.Context) ([]tableForm, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		if !logicalName.MatchString(table) {
			return nil, 0, fault.New(fault.NotFound, "record.no_table")
		}
		rows, size, err := collect[formRow](ctx, c, caller, up, "systemforms?$select=formid,name,formxml,type,isdefault,objecttypecode&$filter="+
			escaped("objecttypecode eq '"+table+"' and (type eq 2 or type eq 7) and formactivationstate eq 1"))
		if err != nil {
			return nil, 0, err
		}
		var forms []tableForm
		for _, r := range rows {
			f, err := r.read()
			if err != nil {
				c.config.Log.WarnContext(ctx, "form cannot be read", "form", crmxml.GUID(r.ID), "cause", err)
				continue
			}
			forms = append(forms, f)
		}
		return forms, size, nil
	})
}

func (r formRow) read() (tableForm, error) {
	document, err := crmxml.ReadForm(r.FormXML)
	return tableForm{id: crmxml.GUID(r.ID), name: r.Name, kind: crmxml.FormType(r.Type), table: r.Table, usual: r.IsDefault, xml: document}, err
}

// quickForm reads one quick view form; nil when it is gone, cannot be read or is something else.
func (c *Client) quickForm(ctx context.Context, caller crm.Caller, org crm.Organization, id string) (*tableForm, error) {
	return ours(ctx, c, caller, org, slotQuickForm, id, func(ctx context.Context) (*tableForm, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		var r formRow
		size, err := c.read(ctx, caller, up, call{path: "systemforms(" + id + ")?$select=formid,name,formxml,type,objecttypecode"}, &r)
		if fault.Is(err, fault.NotFound) {
			return nil, 0, nil
		}
		if err != nil {
			return nil, 0, err
		}
		f, err := r.read()
		if err != nil || f.kind != crmxml.FormQuickView {
			return nil, size, nil
		}
		return &f, size, nil
	})
}

// choose gives the form that opens, and those that the person may choose, as Dynamics decides: forms that the app lists, else
// all of the table's; of these the ones that a role of the person opens, by their order; where there is none, those marked
// as a fallback. Wanted is the person's own choice. No form at all gives nil.
func choose(forms []tableForm, kind crmxml.FormType, inApp, roles map[string]bool, wanted string) (*tableForm, []crm.FormRef) {
	var own []tableForm
	for _, f := range forms {
		if f.kind == kind {
			own = append(own, f)
		}
	}
	if slices.ContainsFunc(own, func(f tableForm) bool { return inApp[f.id] }) {
		own = slices.DeleteFunc(own, func(f tableForm) bool { return !inApp[f.id] })
	}
	mine := slices.DeleteFunc(slices.Clone(own), func(f tableForm) bool { return !f.xml.Conditions.Allows(roles) })
	if len(mine) == 0 {
		mine = slices.DeleteFunc(own, func(f tableForm) bool { return !f.xml.Conditions.Fallback })
	}
	if len(mine) == 0 {
		return nil, nil
	}
	slices.SortStableFunc(mine, func(a, b tableForm) int {
		return cmp.Or(cmp.Compare(a.xml.Conditions.Order, b.xml.Conditions.Order), -compareBool(a.usual, b.usual), byName(a.name, b.name, a.id, b.id))
	})
	refs := make([]crm.FormRef, len(mine))
	for i, f := range mine {
		refs[i] = crm.FormRef{ID: f.id, Name: f.name}
	}
	if at := slices.IndexFunc(mine, func(f tableForm) bool { return f.id == wanted }); at >= 0 {
		return &mine[at], refs
	}
	return &mine[0], refs
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// chosenForm goes through the rules for one person in one app.
func (c *Client) chosenForm(ctx context.Context, caller crm.Caller, place crm.Place, table string, kind crmxml.FormType, wanted string) (*tableForm, []crm.FormRef, error) {
	var forms []tableForm
	var parts []component
	var roles held
	var plan *blueprint
	err := together(
		func() (err error) { plan, err = c.blueprint(ctx, caller, place.Organization, table); return err },
		func() (err error) { forms, err = c.tableForms(ctx, caller, place.Organization, table); return err },
		func() (err error) { parts, err = c.components(ctx, caller, place); return optional(err) },
		func() (err error) { roles, err = c.roles(ctx, caller, place.Organization); return err },
	)
	if err != nil {
		return nil, nil, err
	}
	inApp := map[string]bool{}
	for _, k := range parts {
		if k.Type == componentForm {
			inApp[crmxml.GUID(k.Object)] = true
		}
	}
	if kind != crmxml.FormQuickCreate {
		form, refs := choose(forms, kind, inApp, roles.roots, wanted)
		return form, refs, nil
	}
	// Without quick creation, or a form for it, a record is made on its main form.
	if plan.quickCreate {
		if form, _ := choose(forms, kind, inApp, roles.roots, wanted); form != nil {
			return form, nil, nil
		}
	}
	form, refs := choose(forms, crmxml.FormMain, inApp, roles.roots, wanted)
	return form, refs, nil
}
