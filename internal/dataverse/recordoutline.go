package dataverse

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

const slotOutline slot = "outline"

// madeUp is the id of a form that a table does not have.
const madeUp = "none"

// outline is a form of a table in a language, with everything but a record. It is shared: nobody changes one.
type outline struct {
	form    crm.Form
	plan    *blueprint
	panes   map[string]pane // quick views by control key
	columns []string        // what is selected of the record's own row
	expands []string
	secured bool // a column on it has column security
	parties bool
	beyond  bool // it shows more than the record's own row has
}

// pane is a quick view before it is known which record it shows.
type pane struct {
	column  string
	targets []paneTarget
}

type paneTarget struct {
	plan   *blueprint
	way    string // navigation property
	fields []crm.Field
}

// drawing is an outline being made.
type drawing struct {
	outline
	xml  *crmxml.Form
	lcid int
	keys keyring
	// editable says for each field whether some control lets it be typed into.
	editable []bool
}

// outline puts a form's document and its table's definition together.
func (c *Client) outline(ctx context.Context, caller crm.Caller, org crm.Organization, table string, form *tableForm) (*outline, error) {
	id := madeUp
	if form != nil {
		id = form.id
	}
	return ours(ctx, c, caller, org, slotOutline, table+"/"+id, func(ctx context.Context) (*outline, int, error) {
		plan, err := c.blueprint(ctx, caller, org, table)
		if err != nil {
			return nil, 0, err
		}
		d := &drawing{lcid: lcidOf(caller.Locale), keys: keyring{}}
		d.plan, d.panes = plan, map[string]pane{}
		d.form.Table = plan.Table
		if form == nil {
			d.makeUp()
		} else {
			d.form.ID, d.form.Name, d.form.Quick, d.xml = form.id, form.name, form.kind == crmxml.FormQuickCreate, form.xml
			quick, err := c.quickForms(ctx, caller, org, form.xml)
			if err != nil {
				return nil, 0, err
			}
			d.draw(quick)
		}
		d.finish()
		return &d.outline, 4000 + 400*len(d.form.Fields), nil
	})
}

// quickPlan is a quick view form with its table's definition.
type quickPlan struct {
	form *tableForm
	plan *blueprint
}

// quickForms reads every quick view form that a document refers to. One that cannot be had leaves its place empty.
func (c *Client) quickForms(ctx context.Context, caller crm.Caller, org crm.Organization, form *crmxml.Form) (map[crmxml.QuickForm]quickPlan, error) {
	var wanted []crmxml.QuickForm
	for _, cell := range cellsOf(form) {
		if cell.Control != nil {
			wanted = append(wanted, cell.Control.QuickForms...)
		}
	}
	found, asks := make([]quickPlan, len(wanted)), make([]func() error, 0, 2*len(wanted))
	for i, q := range wanted {
		asks = append(asks,
			func() (err error) { found[i].form, err = c.quickForm(ctx, caller, org, q.FormID); return optional(err) },
			func() (err error) { found[i].plan, err = c.blueprint(ctx, caller, org, q.Table); return optional(err) })
	}
	if len(asks) > 0 {
		if err := together(asks...); err != nil {
			return nil, err
		}
	}
	plans := map[crmxml.QuickForm]quickPlan{}
	for i, q := range wanted {
		if found[i].form != nil && found[i].plan != nil {
			plans[q] = found[i]
		}
	}
	return plans, nil
}

// cellsOf gives every visible cell of a document's tabs.
func cellsOf(form *crmxml.Form) []crmxml.FormCell {
	var cells []crmxml.FormCell
	for _, tab := range form.Tabs {
		for _, column := range tab.Columns {
			for _, s := range column.Sections {
				for _, row := range s.Rows {
					for _, cell := range row.Cells {
						if tab.Visible && s.Visible && cell.Visible {
							cells = append(cells, cell)
						}
					}
				}
			}
		}
	}
	return cells
}

// draw places everything that is visible.
func (d *drawing) draw(quick map[crmxml.QuickForm]quickPlan) {
	d.form.Header = d.band(d.xml.Header, quick)
	d.form.Scripts = len(d.xml.Scripts.Events)
	for i, t := range d.xml.Tabs {
		if !t.Visible {
			continue
		}
		title := t.Labels.In(d.lcid)
		tab := crm.FormTab{Key: "t-" + cmp.Or(t.ID, strconv.Itoa(i)), Title: title, ShowTitle: t.ShowLabel && title != "", Expanded: t.Expanded}
		for i, width := range widths(t.Columns) {
			column := crm.FormColumn{Width: width}
			for j, s := range t.Columns[i].Sections {
				if !s.Visible {
					continue
				}
				section := d.section(s, quick)
				section.Key = "s-" + cmp.Or(s.ID, tab.Key+"-"+strconv.Itoa(i)+"-"+strconv.Itoa(j))
				if len(section.Controls) > 0 {
					column.Sections = append(column.Sections, section)
				}
			}
			tab.Columns = append(tab.Columns, column)
		}
		d.form.Tabs = append(d.form.Tabs, tab)
	}
	d.form.Footer = d.band(d.xml.Footer, quick)
}

func (d *drawing) band(b *crmxml.FormBand, quick map[crmxml.QuickForm]quickPlan) []crm.Control {
	var controls []crm.Control
	for _, cell := range b.Cells() {
		if control, ok := d.control(cell, quick); ok && cell.Visible {
			controls = append(controls, control)
		}
	}
	return controls
}

// section places the cells as a dashboard's section does. Rows in which nothing is shown close up.
func (d *drawing) section(s crmxml.FormSection, quick map[crmxml.QuickForm]quickPlan) crm.FormSection {
	title := s.Labels.In(d.lcid)
	placed := crm.FormSection{Title: title, ShowTitle: s.ShowLabel && title != "", Columns: s.Columns, LabelsLeft: s.LabelStyle.Position == crmxml.LabelLeft}
	taken, used := map[[2]int]bool{}, map[int]bool{}
	cells := 0
	for r, row := range s.Rows {
		for _, cell := range row.Cells {
			if cells++; cells > mostCells {
				break
			}
			at := room(taken, r, s.Columns, min(cell.ColSpan, s.Columns), cell.RowSpan)
			if !cell.Visible || cell.Control == nil {
				continue
			}
			control, ok := d.control(cell, quick)
			if !ok {
				continue
			}
			control.Row, control.Column, control.RowSpan, control.ColSpan = at.row+1, at.column+1, at.rows, at.columns
			for line := at.row; line < at.row+at.rows; line++ {
				used[line] = true
			}
			placed.Controls = append(placed.Controls, control)
		}
	}
	for i := range placed.Controls {
		above := 0
		for line := range placed.Controls[i].Row - 1 {
			if !used[line] {
				above++
			}
		}
		placed.Controls[i].Row -= above
	}
	return placed
}

// control reads one cell; false when there is nothing to show.
func (d *drawing) control(cell crmxml.FormCell, quick map[crmxml.QuickForm]quickPlan) (crm.Control, bool) {
	c := cell.Control
	if c == nil {
		return crm.Control{}, false
	}
	control := crm.Control{Key: d.keys.key(cell, ""), Label: cell.Labels.In(d.lcid), ShowLabel: cell.ShowLabel}
	switch c.Kind() {
	case crmxml.ControlColumn:
		return d.column(control, cell)
	case crmxml.ControlSubgrid:
		return d.grid(control, c), true
	case crmxml.ControlQuickView:
		return d.quickView(control, c, quick)
	case crmxml.ControlTimeline:
		control.Kind, control.PageSize = crm.ControlTimeline, usualPage
		return control, true
	case crmxml.ControlProcess, crmxml.ControlLabel:
		return control, false // the process stands above the form; a label without a field says nothing
	}
	control.Kind = crm.ControlUnsupported
	control.Unsupported = map[crmxml.ControlKind]string{
		crmxml.ControlWebResource: "webresource", crmxml.ControlImage: "image", crmxml.ControlFrame: "iframe", crmxml.ControlMap: "map",
		crmxml.ControlTimer: "timer", crmxml.ControlButton: "button", crmxml.ControlLink: "button",
	}[c.Kind()]
	if control.Unsupported == "" {
		control.Unsupported = "custom"
	}
	return control, true
}

// column shows a column. One that the organization does not have, or does not let be read, is left out.
func (d *drawing) column(control crm.Control, cell crmxml.FormCell) (crm.Control, bool) {
	c := cell.Control
	if !d.plan.has(c.Column) {
		return control, false
	}
	at := d.field(c.Column)
	x := &d.form.Fields[at]
	control.Field = at
	control.Label = labelOf(cell.Labels, d.lcid, *x, d.plan.columns[c.Column].exact)
	if c.Required && x.Required != crm.Mandatory {
		x.Required = crm.Mandatory
	}
	if c.Disabled {
		control.Locked = crm.ReadOnlyForm
	} else {
		d.editable[at] = true
	}
	return control, true
}

// labelOf prefers what the form says in the reader's language, then the column's own label in it, then whatever the form says.
func labelOf(labels crmxml.Labels, lcid int, x crm.Field, exact bool) string {
	for _, l := range labels {
		if l.LCID == lcid && l.Text != "" {
			return l.Text
		}
	}
	if exact {
		return x.Label
	}
	return cmp.Or(labels.In(lcid), x.Label)
}

// field gives the place of a column among the fields.
func (d *drawing) field(name string) int {
	at := slices.IndexFunc(d.form.Fields, func(x crm.Field) bool { return x.LogicalName == name })
	if at < 0 {
		at = len(d.form.Fields)
		d.form.Fields = append(d.form.Fields, d.plan.fields[name])
		d.editable = append(d.editable, false)
	}
	return at
}

func (d *drawing) grid(control crm.Control, c *crmxml.FormControl) crm.Control {
	g := c.Grid()
	part := crm.Part{
		Key: control.Key, Title: control.Label, ShowTitle: control.ShowLabel, Kind: crm.PartList, Table: g.Table, ViewID: g.ViewID, PersonalView: g.PersonalView,
		ViewIDs: g.ViewIDs, ViewPicker: g.ViewPicker, PageSize: cmp.Or(g.PageSize, usualPage), QuickFind: g.QuickFind, ChartID: g.ChartID,
	}
	if g.ChartID != "" && g.Mode == "chart" {
		part.Kind = crm.PartChart
	}
	if part.Table == "" {
		control.Kind, control.Unsupported = crm.ControlUnsupported, "custom"
		return control
	}
	control.Kind, control.SubGrid = crm.ControlSubGrid, &crm.SubGrid{Part: part, Relationship: g.Relationship}
	return control
}

func (d *drawing) quickView(control crm.Control, c *crmxml.FormControl, quick map[crmxml.QuickForm]quickPlan) (crm.Control, bool) {
	if !d.plan.has(c.Column) {
		return control, false
	}
	p := pane{column: c.Column}
	for _, q := range c.QuickForms {
		found, ok := quick[q]
		way, leads := d.plan.way(c.Column, q.Table)
		if !ok || !leads {
			continue
		}
		t := paneTarget{plan: found.plan, way: way}
		for _, cell := range cellsOf(found.form.xml) {
			if cell.Control == nil || cell.Control.Kind() != crmxml.ControlColumn || !found.plan.has(cell.Control.Column) || found.plan.fields[cell.Control.Column].Kind == crm.KindPartyList {
				continue
			}
			x := found.plan.fields[cell.Control.Column]
			x.Label = labelOf(cell.Labels, d.lcid, x, found.plan.columns[x.LogicalName].exact)
			x.ReadOnly = crm.ReadOnlyForm
			t.fields = append(t.fields, x)
		}
		if len(t.fields) > 0 {
			p.targets = append(p.targets, t)
		}
	}
	control.Kind, control.QuickView = crm.ControlQuickView, &crm.QuickView{Lookup: c.Column}
	d.panes[control.Key] = p
	return control, true
}

// mostMadeUp bounds a made-up form.
const mostMadeUp = 40

// makeUp arranges a table that has no form for this person: its name, what it requires, and what else can be typed.
func (d *drawing) makeUp() {
	var names []string
	add := func(want func(name string, x crm.Field, k column) bool) {
		for _, name := range d.plan.order {
			x, k := d.plan.fields[name], d.plan.columns[name]
			if len(names) < mostMadeUp && k.read && k.source == "" && !slices.Contains(names, name) && x.Kind != crm.KindID && x.Kind != crm.KindOther && want(name, x, k) {
				names = append(names, name)
			}
		}
	}
	add(func(name string, _ crm.Field, _ column) bool { return name == d.plan.PrimaryName })
	add(func(_ string, x crm.Field, k column) bool { return x.Required == crm.Mandatory && k.update })
	add(func(_ string, _ crm.Field, k column) bool { return k.update })
	add(func(name string, _ crm.Field, k column) bool {
		return k.owner || name == "statecode" || name == "createdon" || name == "modifiedon"
	})
	section := crm.FormSection{Key: "s-0", Columns: 2}
	for i, name := range names {
		at := d.field(name)
		d.editable[at] = true
		section.Controls = append(section.Controls, crm.Control{
			Key: "p-" + name, Label: d.form.Fields[at].Label, ShowLabel: true, Field: at, Row: i/2 + 1, Column: i%2 + 1, RowSpan: 1, ColSpan: 1,
		})
	}
	d.form.Tabs = []crm.FormTab{{Key: "t-0", Expanded: true, Columns: []crm.FormColumn{{Width: 100, Sections: []crm.FormSection{section}}}}}
}

// finish decides what of a field can never be typed, and what has to be read.
func (d *drawing) finish() {
	for i := range d.form.Fields {
		x := &d.form.Fields[i]
		switch k := d.plan.columns[x.LogicalName]; {
		case x.Kind == crm.KindState || x.Kind == crm.KindID || !k.update && !k.owner:
			x.ReadOnly = crm.ReadOnlyColumn
		case (x.Kind == crm.KindImage || x.Kind == crm.KindFile) && !d.editable[i]:
			x.ReadOnly = crm.ReadOnlyForm
		case x.Kind == crm.KindImage || x.Kind == crm.KindFile || x.Kind == crm.KindOther || x.Kind == crm.KindPartyList && partyMasks[x.LogicalName] == 0:
			x.ReadOnly = crm.ReadOnlyKind
		case !d.editable[i]:
			x.ReadOnly = crm.ReadOnlyForm
		}
		d.secured = d.secured || x.Secured
		d.parties = d.parties || x.Kind == crm.KindPartyList
		d.columns = append(d.columns, d.plan.selected(x.LogicalName)...)
	}
	for _, name := range []string{d.plan.PrimaryName, "statecode", "statuscode", "modifiedon", "modifiedby", "ownerid", "masterid", d.plan.image, "transactioncurrencyid"} {
		d.columns = append(d.columns, d.plan.selected(name)...)
	}
	if d.plan.has("transactioncurrencyid") {
		if way, ok := d.plan.way("transactioncurrencyid", "transactioncurrency"); ok {
			d.expands = append(d.expands, way+"($select=currencysymbol,isocurrencycode,currencyprecision)")
		}
	}
	for _, p := range d.panes {
		d.columns = append(d.columns, d.plan.selected(p.column)...)
		for _, t := range p.targets {
			columns := t.plan.selected(t.plan.PrimaryName)
			for _, x := range t.fields {
				columns = append(columns, t.plan.selected(x.LogicalName)...)
				d.secured = d.secured || x.Secured
			}
			d.expands = append(d.expands, t.way+"($select="+strings.Join(unique(columns), ",")+")")
		}
	}
	if d.parties && d.plan.parties != "" {
		d.expands = append(d.expands, d.plan.parties+"($select=participationtypemask,addressused,_partyid_value)")
	}
	d.beyond = len(d.panes) > 0 || d.parties
	slices.Sort(d.expands)
	d.columns, d.expands = unique(d.columns), oncePerWay(d.expands)
}
