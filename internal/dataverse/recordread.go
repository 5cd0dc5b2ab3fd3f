package dataverse

import (
	"context"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// recordAnnotations are what a record is asked for beside its values.
const recordAnnotations = `odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"`

// sheet is a form with what is known of a person before a record is read.
type sheet struct {
	*outline
	refs        []crm.FormRef
	reading     crm.Reading
	user        string
	permissions map[string]permission
	flows       flowSet
}

// sheet finds the form for a person. Everything comes from the caches when they are warm.
func (c *Client) sheet(ctx context.Context, caller crm.Caller, place crm.Place, table string, kind crmxml.FormType, wanted string) (sheet, error) {
	org := place.Organization
	var s sheet
	var form *tableForm
	var plan *blueprint
	err := together(
		func() (err error) {
			form, s.refs, err = c.chosenForm(ctx, caller, place, table, kind, wanted)
			return err
		},
		// What the outline is made of is asked for at the same time.
		func() (err error) { plan, err = c.blueprint(ctx, caller, org, table); return err },
		func() (err error) { s.reading, err = c.Reading(ctx, caller, org); return err },
		func() (err error) { s.user, err = c.who(ctx, caller, org); return err },
	)
	if err != nil {
		return sheet{}, err
	}
	err = together(
		func() (err error) { s.outline, err = c.outline(ctx, caller, org, table, form); return err },
		func() (err error) {
			if plan.staged && kind == crmxml.FormMain {
				s.flows, err = c.flows(ctx, caller, org, table)
			}
			return unless(err)
		},
	)
	if err != nil {
		return sheet{}, err
	}
	s.outline = s.outline.through(s.flows)
	if s.secured {
		s.permissions, err = c.permissions(ctx, caller, org)
	}
	return s, err
}

// Record reads a record on the form that opens for this person, or on the one they want. With warm caches that is one round
// trip: the row, the person's access to it and its process are asked for at the same time. Faults: record.deleted,
// record.no_access, record.no_table, and those of any question.
func (c *Client) Record(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, formID string) (crm.Form, error) {
	if !isGUID(ref.ID) {
		return crm.Form{}, fault.New(fault.NotFound, "record.deleted").With("table", ref.Table)
	}
	s, err := c.sheet(ctx, caller, place, ref.Table, crmxml.FormMain, formID)
	if err != nil {
		return crm.Form{}, err
	}
	var r row
	var access crm.Access
	var positions []crm.Position
	var lost error // nobody loses sight of a record because of its processes
	err = together(
		func() (err error) {
			r, err = c.recordRow(ctx, caller, place.Organization, s.outline, ref.ID)
			return refusedRecord(err, s.plan.Table)
		},
		func() (err error) {
			access, err = c.access(ctx, caller, place.Organization, s.user, s.plan.SetName, ref.ID)
			return refusedRecord(err, s.plan.Table)
		},
		func() error {
			positions, lost = c.positions(ctx, caller, place.Organization, s, ref.ID)
			return nil
		},
	)
	if err != nil {
		return crm.Form{}, err
	}
	f := s.fill(ref, r, access)
	f.Positions = positions
	if err := unfollowed(&f, lost); err != nil {
		return crm.Form{}, err
	}
	return f, c.relate(ctx, caller, place, s, &f)
}

// Shape gives the form without a record's values, from the caches when they are warm: what has been typed is checked against
// it without asking for the record again. Nothing in it is read-only for want of a right to the record; Dataverse refuses.
func (c *Client) Shape(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, formID string) (crm.Form, error) {
	kind := crmxml.FormMain
	if ref.ID == "" {
		kind = crmxml.FormQuickCreate
	}
	s, err := c.sheet(ctx, caller, place, ref.Table, kind, formID)
	if err != nil {
		return crm.Form{}, err
	}
	access := crm.Access{Read: true, Write: true, Assign: true, Create: true}
	if ref.ID == "" {
		held, err := c.powers(ctx, caller, place.Organization, s.user, ref.Table)
		if optional(err) != nil {
			return crm.Form{}, err
		}
		access.Create = held.may("Create")
	}
	return s.blank(ref, access), nil
}

// recordRow reads the row of a record with everything that its form shows.
func (c *Client) recordRow(ctx context.Context, caller crm.Caller, org crm.Organization, o *outline, id string) (row, error) {
	up, err := c.organization(org)
	if err != nil {
		return nil, err
	}
	question := call{path: o.plan.SetName + "(" + id + ")?" + o.query(true), prefer: recordAnnotations}
	var r row
	if len(question.path) > longestPath {
		err = c.readBatched(ctx, caller, up, question, &r)
	} else {
		_, err = c.read(ctx, caller, up, question, &r)
	}
	return r, err
}

// query is what is asked of a row.
func (o *outline) query(expanded bool) string {
	q := "$select=" + strings.Join(o.columns, ",")
	if expanded && len(o.expands) > 0 {
		q += "&$expand=" + strings.Join(o.expands, ",")
	}
	return q
}

// blank gives the person's own copy of the form, with what they may do.
func (s sheet) blank(ref crm.RecordRef, access crm.Access) crm.Form {
	f := s.form
	f.Ref, f.Forms, f.Reading, f.Access = ref, s.refs, s.reading, access
	f.Fields = make([]crm.Field, len(s.form.Fields))
	copy(f.Fields, s.form.Fields)
	for i := range f.Fields {
		x := &f.Fields[i]
		s.secure(x, ref.ID == "")
		k := s.plan.columns[x.LogicalName]
		switch {
		case ref.ID == "" && k.create && x.ReadOnly == crm.ReadOnlyColumn && x.Kind != crm.KindState && x.Kind != crm.KindID:
			x.ReadOnly = ""
		case ref.ID == "" && !k.create && x.ReadOnly == "":
			x.ReadOnly = crm.ReadOnlyColumn
		case x.ReadOnly != "":
		case !access.Write && ref.ID != "" || k.owner && !access.Assign:
			x.ReadOnly = crm.ReadOnlyAccess
		}
	}
	f.Tabs = ownTabs(f.Tabs)
	return f
}

// secure applies column security.
func (s sheet) secure(x *crm.Field, creating bool) {
	if !x.Secured {
		return
	}
	p := s.permissions[s.plan.LogicalName+"."+x.LogicalName]
	x.Masked = !p.read && s.permissions != nil
	file := x.ReadOnly == crm.ReadOnlyKind && (x.Kind == crm.KindFile || x.Kind == crm.KindImage)
	if (x.ReadOnly == "" || file) && (creating && !p.create || !creating && !p.update) {
		x.ReadOnly = crm.ReadOnlySecured
	}
}

// ownTabs copies what differs from person to person: sub-grids and quick views are filled in place.
func ownTabs(tabs []crm.FormTab) []crm.FormTab {
	tabs = append([]crm.FormTab(nil), tabs...)
	for i := range tabs {
		tabs[i].Columns = append([]crm.FormColumn(nil), tabs[i].Columns...)
		for j := range tabs[i].Columns {
			column := &tabs[i].Columns[j]
			column.Sections = append([]crm.FormSection(nil), column.Sections...)
			for k := range column.Sections {
				section := &column.Sections[k]
				section.Controls = append([]crm.Control(nil), section.Controls...)
				for l := range section.Controls {
					control := &section.Controls[l]
					if control.SubGrid != nil {
						own := *control.SubGrid
						control.SubGrid = &own
					}
					if control.QuickView != nil {
						own := *control.QuickView
						control.QuickView = &own
					}
				}
			}
		}
	}
	return tabs
}

// each visits every control of a form that sheet.blank made.
func each(f *crm.Form, visit func(*crm.Control)) {
	for i := range f.Tabs {
		for j := range f.Tabs[i].Columns {
			for k := range f.Tabs[i].Columns[j].Sections {
				controls := f.Tabs[i].Columns[j].Sections[k].Controls
				for l := range controls {
					visit(&controls[l])
				}
			}
		}
	}
}
