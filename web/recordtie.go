package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// picked is the name of the input that names records to put on a list.
const picked = "records"

// listOf is the list that a request is about, if the person may do something with it.
func listOf(c echo.Context, form crm.Form, may func(*crm.SubGrid) bool) (crm.Control, error) {
	control, found := form.Control(c.QueryParam("part"))
	if !found || control.SubGrid == nil || !may(control.SubGrid) {
		return control, fault.New(fault.NotFound, "act.not-offered")
	}
	return control, nil
}

func mayAdd(g *crm.SubGrid) bool    { return g.CanAdd }
func mayRemove(g *crm.SubGrid) bool { return g.CanRemove }

// showExisting asks which records are to be put on a list.
func (s *Server) showExisting(c echo.Context) error {
	return s.dialog(c, func(ctx context.Context, place crm.Place, a about) (templates.DialogModel, error) {
		form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
		if err != nil {
			return templates.DialogModel{}, err
		}
		control, err := listOf(c, form, mayAdd)
		return s.existingDialog(ctx, c, place, a, form, control), err
	})
}

func (s *Server) existingDialog(ctx context.Context, c echo.Context, place crm.Place, a about, form crm.Form, control crm.Control) templates.DialogModel {
	m := templates.DialogModel{
		Record: s.record(ctx, c, place, form, a), Path: "add", Params: []string{"part", control.Key}, TitleKey: "related.add", Token: form.Token, SubmitKey: "related.add-chosen",
	}
	if control.SubGrid != nil {
		table := control.SubGrid.Part.Table
		m.Seek = []string{"type", table}
		m.Fields = []crm.Field{{
			Column:   crm.Column{LogicalName: picked, Label: templates.ListTitle(ctx, control), Kind: crm.KindPartyList, Targets: []string{table}},
			Required: crm.Mandatory,
		}}
	}
	return m
}

// addExisting puts the chosen records on a list.
func (s *Server) addExisting(c echo.Context) error {
	return s.write(c, func(ctx context.Context, place crm.Place, a about, posted url.Values) (answer, error) {
		form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
		if err != nil {
			return answer{}, err
		}
		control, err := listOf(c, form, mayAdd)
		if err != nil {
			return answer{}, err
		}
		m := s.existingDialog(ctx, c, place, a, form, control)
		m.Token = posted.Get(crm.TokenName)
		given, _ := crm.Form{Fields: m.Fields}.Apply(crm.Input{Columns: map[string][]string{picked: posted[picked]}})
		m.Fields = given.Fields
		if column := posted.Get("_find"); column != "" {
			return s.findInDialog(ctx, c, place, m, posted, crm.LookupQuery{Table: control.SubGrid.Part.Table})
		}
		tying := crm.Tying{Token: m.Token, Relationship: control.SubGrid.Relationship}
		for _, text := range given.Fields[0].Inputs() {
			if r, ok := crm.ReferenceFrom(text); ok && r.ID != "" && r.Table == control.SubGrid.Part.Table {
				tying.Others = append(tying.Others, r)
			}
		}
		return s.tie(ctx, c, place, form, tying, "add", m)
	})
}

// findInDialog looks for records on behalf of a browser without script: the dialog comes back with what was found.
func (s *Server) findInDialog(ctx context.Context, c echo.Context, place crm.Place, m templates.DialogModel, posted url.Values, q crm.LookupQuery) (answer, error) {
	column := posted.Get("_find")
	q.Text, q.Target = posted.Get("_find."+column), posted.Get("_target."+column)
	for i := range m.Fields {
		m.Fields[i].Problem = nil
	}
	found := templates.Found{Query: q}
	if len(q.Text) > seekLimit {
		found.Err = fault.New(fault.TooLarge, "web.too_large")
	} else if s.cfg.Lookups != nil {
		found.Result, found.Err = s.cfg.Lookups.Lookup(ctx, visitOf(c).caller(), place, q)
	}
	m.Record.Found = map[string]templates.Found{column: found}
	return answer{saved: crm.Saved{Form: m.Record.Form}, dialog: &m, dialogStatus: http.StatusOK}, nil
}

// tie puts records on a list or takes them off it, and answers with the record; what went wrong with all of them is said in the
// dialog.
func (s *Server) tie(ctx context.Context, c echo.Context, place crm.Place, form crm.Form, tying crm.Tying, done string, m templates.DialogModel) (answer, error) {
	saved, err := s.cfg.Adds.Tie(ctx, visitOf(c).caller(), place, tying)
	saved.Form = form
	got := answer{saved: saved, done: done, acted: true}
	f := fault.Of(err)
	switch {
	case f != nil && (f.Kind == fault.SignedOut || f.Kind == fault.Consent):
		return got, f
	case f != nil:
		s.blame(c, f)
		m.Problem = f
		got.dialog = &m
	case saved.Outcome == crm.OutcomeInvalid || saved.Outcome == crm.OutcomeUnknown:
		m.Tied = saved.Tied
		got.dialog = &m
	}
	return got, nil
}

// removal is which row is to be taken off which list.
func removal(c echo.Context, form crm.Form) (control crm.Control, other crm.Reference, err error) {
	table, id, ok := strings.Cut(c.QueryParam("remove"), ".")
	control, err = listOf(c, form, mayRemove)
	if err == nil && (!ok || uuid.Validate(id) != nil || table != control.SubGrid.Part.Table) {
		err = fault.New(fault.NotFound, "act.not-offered")
	}
	return control, crm.Reference{Table: table, ID: id}, err
}

// showRemoval asks before a row is taken off a list.
func (s *Server) showRemoval(c echo.Context) error {
	return s.dialog(c, func(ctx context.Context, place crm.Place, a about) (templates.DialogModel, error) {
		form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
		if err == nil {
			_, _, err = removal(c, form)
		}
		return s.removalDialog(ctx, c, place, a, form), err
	})
}

func (s *Server) removalDialog(ctx context.Context, c echo.Context, place crm.Place, a about, form crm.Form) templates.DialogModel {
	return templates.DialogModel{
		Record: s.record(ctx, c, place, form, a), Path: "related", Params: []string{"part", c.QueryParam("part"), "remove", c.QueryParam("remove")},
		TitleKey: "related.remove", TextKey: "related.remove-text", Token: form.Token,
	}
}

// remove takes a row off a list; the record itself stays.
func (s *Server) remove(c echo.Context) error {
	return s.write(c, func(ctx context.Context, place crm.Place, a about, posted url.Values) (answer, error) {
		form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
		if err != nil {
			return answer{}, err
		}
		control, other, err := removal(c, form)
		if err != nil {
			return answer{}, err
		}
		m := s.removalDialog(ctx, c, place, a, form)
		m.Token = posted.Get(crm.TokenName)
		return s.tie(ctx, c, place, form, crm.Tying{Token: m.Token, Relationship: control.SubGrid.Relationship, Others: []crm.Reference{other}, Off: true}, "remove", m)
	})
}
