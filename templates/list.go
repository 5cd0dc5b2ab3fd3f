package templates

import (
	"context"
	"iter"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// listView is a list as its component draws it.
type listView struct {
	*crm.List
	links
	part  crm.Part
	title string
	// removes says that rows can be taken off the list without being deleted.
	removes bool
	// selected is the id of the record that stands beside the list.
	selected string
}

// rowAttributes mark the rows of the list page, whose records open beside it.
func (v *listView) rowAttributes(row crm.ListRow) templ.OrderedAttributes {
	if v.list == nil || row.Ref.ID == "" {
		return nil
	}
	attributes := templ.OrderedAttributes{{Key: "data-row", Value: row.Ref.ID}}
	if row.Ref.ID == v.selected {
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "aria-current", Value: "true"})
	}
	return attributes
}

// removal leads to taking a row off the list.
func (v *listView) removal(row crm.ListRow) templ.SafeURL {
	return v.below("related", "remove", row.Ref.Table+"."+row.Ref.ID)
}

// nameColumn is the column whose cells open the record: the table's primary name, or else the first.
func (v *listView) nameColumn() int {
	for i, c := range v.Columns {
		if c.Name == v.Table.PrimaryName {
			return i
		}
	}
	return 0
}

func (v *listView) sortWord(c crm.ListColumn) string {
	switch {
	case v.Sort != c.Name:
		return ""
	case v.Descending:
		return "descending"
	}
	return "ascending"
}

func (v *listView) pageNumber() int { return max(1, v.Page) }

// pageSize is what counting the rows before this page needs; a part without one shows a single page.
func (v *listView) first() int { return (v.pageNumber()-1)*max(v.part.PageSize, 0) + 1 }

// position says which rows these are: "11–20 of 134".
func (v *listView) position(ctx context.Context) string {
	l := locale.From(ctx)
	if len(v.Rows) == 0 {
		return ""
	}
	args := locale.Args{"first": v.first(), "last": v.first() + len(v.Rows) - 1, "total": v.Total, "n": v.Total}
	switch {
	case v.Total < 0:
		return l.T("list.position", args)
	case v.TotalOver:
		return l.T("list.position-over", args)
	}
	return l.T("list.position-of", args)
}

func (v *listView) paged() bool { return v.pageNumber() > 1 || v.More }

// said is what a screen reader hears when the list has been swapped in.
func (v *listView) said(ctx context.Context) string {
	l := locale.From(ctx)
	if len(v.Rows) == 0 {
		return v.title + ": " + v.emptyText(ctx)
	}
	text := v.title + ": " + v.position(ctx)
	for _, c := range v.Columns {
		switch v.sortWord(c) {
		case "ascending":
			text += l.Comma() + l.T("list.sorted-ascending", locale.Args{"column": c.Label})
		case "descending":
			text += l.Comma() + l.T("list.sorted-descending", locale.Args{"column": c.Label})
		}
	}
	return text
}

func (v *listView) emptyText(ctx context.Context) string {
	l := locale.From(ctx)
	switch {
	case v.Search != "":
		return l.T("list.empty-search", locale.Args{"search": v.Search})
	case v.DrillText != "":
		return l.T("list.empty-drill", locale.Args{"segment": v.DrillText})
	case v.pageNumber() > 1:
		return l.T("list.empty-page")
	}
	return l.T("list.empty")
}

// toldCells is how much a card of a stream says beside the record's name; the record itself has it all.
const toldCells = 4

// told yields the cells that a card shows, by column: the first that have a value, without the name.
func (v *listView) told(row crm.ListRow, name int) iter.Seq2[int, crm.Cell] {
	return func(yield func(int, crm.Cell) bool) {
		n := 0
		for i, cell := range row.Cells {
			if i == name || i >= len(v.Columns) || cell.Text == "" {
				continue
			}
			if n++; n > toldCells || !yield(i, cell) {
				return
			}
		}
	}
}

// recordName is what the link of a row says.
func recordName(ctx context.Context, row crm.ListRow, cell crm.Cell) string {
	for _, name := range []string{cell.Text, row.Name} {
		if name != "" {
			return name
		}
	}
	return locale.From(ctx).T("list.no-name")
}

// viewValue is a view as one value of a select, which PartStateFrom reads again.
func viewValue(v crm.ViewRef) string {
	if v.Personal {
		return v.ID + crm.PersonalSuffix
	}
	return v.ID
}

// viewName is what the view with this id is called.
func viewName(views []crm.ViewRef, id string) string {
	for _, v := range views {
		if v.ID == id {
			return v.Name
		}
	}
	return ""
}

// cellLink is where a value leads, by the kind of its column; "" for nowhere.
func (v *listView) cellLink(c crm.ListColumn, cell crm.Cell) templ.SafeURL {
	if cell.Link != nil {
		return v.open(*cell.Link)
	}
	raw := cell.Raw
	if raw == "" {
		raw = cell.Text
	}
	switch c.Kind {
	case crm.KindEmail:
		return mailURL(raw)
	case crm.KindPhone:
		return phoneURL(raw)
	case crm.KindURL:
		return safeURL(raw)
	}
	return ""
}

// leaves reports whether a link of this kind opens a new window.
func leaves(c crm.ListColumn, cell crm.Cell) bool {
	return cell.Link == nil && c.Kind == crm.KindURL
}

var (
	numberCell = templ.OrderedAttributes{{Key: "class", Value: "n"}}
	memoCell   = templ.OrderedAttributes{{Key: "class", Value: "memo"}}
)

// cellAttributes align numbers and give long text its width.
func cellAttributes(c crm.ListColumn) templ.OrderedAttributes {
	switch {
	case c.Kind.Numeric():
		return numberCell
	case c.Kind == crm.KindMemo:
		return memoCell
	}
	return nil
}

// sortAttribute marks the sorted column; the others have no such attribute.
func sortAttribute(word string) templ.OrderedAttributes {
	if word == "" {
		return nil
	}
	return templ.OrderedAttributes{{Key: "aria-sort", Value: word}}
}
