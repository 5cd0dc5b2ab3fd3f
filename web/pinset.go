package web

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// setPrefix begins the keys of the lists that a tab shows below its record, so that none is taken for a control of the form.
const setPrefix = "set-"

// setRows is how many rows such a list shows at a time.
const setRows = 5

// withLists adds the chosen related lists of a tab to the form that its record is shown on. One that is not there any more is left out.
func (s *Server) withLists(ctx context.Context, c echo.Context, place crm.Place, form crm.Form, lists []string) crm.Form {
	if len(lists) == 0 || s.cfg.RelatedLists == nil || s.cfg.Related == nil || len(form.Tabs) == 0 {
		return form
	}
	related, err := s.cfg.RelatedLists.RelatedLists(ctx, visitOf(c).caller(), place, form.Ref.Table)
	if err != nil {
		s.blame(c, err)
		return form
	}
	section := crm.FormSection{Key: setPrefix + "lists", Title: locale.From(c.Request().Context()).T("pin.lists"), ShowTitle: true, Columns: 1}
	for i, name := range lists {
		if at := slices.IndexFunc(related, func(r crm.RelatedList) bool { return r.Relationship == name }); at >= 0 {
			control := setControl(related[at])
			control.Row = i + 1
			section.Controls = append(section.Controls, control)
		}
	}
	if len(section.Controls) == 0 {
		return form
	}
	form.Tabs = slices.Clone(form.Tabs)
	first := &form.Tabs[0]
	first.Columns = append(slices.Clone(first.Columns), crm.FormColumn{Width: 100, Sections: []crm.FormSection{section}})
	return form
}

func setControl(r crm.RelatedList) crm.Control {
	return crm.Control{
		Key: setPrefix + r.Relationship, Kind: crm.ControlSubGrid, Label: r.Label, ShowLabel: true, Column: 1, RowSpan: 1, ColSpan: 1,
		SubGrid: &crm.SubGrid{Relationship: r.Relationship, Part: crm.Part{
			Key: setPrefix + r.Relationship, Title: r.Label, ShowTitle: true, Kind: crm.PartList, Table: r.Table, PageSize: setRows, ViewPicker: true, QuickFind: true,
		}},
	}
}

// controlOf finds a list on a form, or one that a tab shows below its record.
func (s *Server) controlOf(ctx context.Context, c echo.Context, place crm.Place, form crm.Form, key string) (crm.Control, bool) {
	name, ok := strings.CutPrefix(key, setPrefix)
	if !ok || s.cfg.RelatedLists == nil {
		return form.Control(key)
	}
	related, err := s.cfg.RelatedLists.RelatedLists(ctx, visitOf(c).caller(), place, form.Ref.Table)
	if err != nil {
		s.blame(c, err)
		return crm.Control{}, false
	}
	at := slices.IndexFunc(related, func(r crm.RelatedList) bool { return r.Relationship == name })
	if at < 0 {
		return crm.Control{}, false
	}
	return setControl(related[at]), true
}

// pinID is an id as addresses and forms have it; "" for what is none.
func pinID(text string) string {
	text = strings.ToLower(text)
	if uuid.Validate(text) != nil || len(text) != 36 {
		return ""
	}
	return text
}
