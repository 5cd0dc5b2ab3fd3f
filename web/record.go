package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/internal/pin"
	"github.com/pintab/pintab/templates"
)

// Records opens records on their forms and changes them.
type Records interface {
	Open(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, form string) (crm.Form, error)
	New(ctx context.Context, caller crm.Caller, place crm.Place, table string, origin crm.Origin) (crm.Form, error)
	Save(ctx context.Context, caller crm.Caller, place crm.Place, in crm.Input) (crm.Saved, error)
	Undo(ctx context.Context, caller crm.Caller, place crm.Place, undo string) (crm.Saved, error)
}

const recordPage = templates.RecordPath

func (s *Server) routeRecord() {
	s.page(recordPage, s.showRecord)
	s.echo.GET(recordPage+"/panel", s.showRecordPanel)
	s.echo.POST(recordPage, s.saveRecord)
	s.echo.POST(recordPage+"/undo", s.undoRecord)
	s.page(recordPage+"/new", s.showNewRecord)
	s.echo.POST(recordPage+"/new", s.saveRecord)
	if s.cfg.Acts != nil {
		s.routeActs()
	}
	if s.cfg.Adds != nil {
		s.routeAdds()
	}
	if s.cfg.Files != nil {
		s.routeFiles()
	}
	if s.cfg.Stages != nil {
		s.routeStages()
	}
	if s.cfg.Related != nil {
		s.echo.GET(recordPage+"/part", s.showRecordPart)
	}
	if s.cfg.Lookups != nil {
		s.echo.GET(recordPage+"/lookup", s.showLookup)
	}
}

// about is what the address of a record's page says.
type about struct {
	ref   crm.RecordRef
	form  string
	edit  string // "1", or a column that the focus goes to
	tab   string
	trail []templates.Step
	new   string // the table of a record that is to be made
	// parent is the record from which it is made, which is the last step of the trail too.
	parent     crm.RecordRef
	parentForm string // on which that was shown
}

// aboutRecord reads the address of a record's page. Every name in it is looked up again before anything is done with it.
func aboutRecord(query url.Values) (about, error) {
	a := about{
		ref:  crm.RecordRef{Table: query.Get("table"), ID: strings.ToLower(strings.Trim(query.Get("id"), "{}"))},
		form: query.Get("form"), edit: query.Get("edit"), tab: query.Get("tab"), new: query.Get("new"), trail: templates.TrailFrom(query.Get("from")),
	}
	if a.ref.Table == "" && a.new == "" {
		return a, fault.New(fault.NotFound, "record.no_address")
	}
	if a.ref.ID != "" || a.new == "" {
		if uuid.Validate(a.ref.ID) != nil || len(a.ref.ID) != 36 {
			return a, fault.New(fault.NotFound, "record.no_address")
		}
	}
	if a.form != "" && uuid.Validate(a.form) != nil {
		a.form = ""
	}
	if a.new != "" {
		if a.ref.ID != "" {
			a.parent, a.parentForm = a.ref, a.form
			a.trail = templates.TrailFrom(templates.Onward(a.from(), templates.RecordToken(a.ref.Table, a.ref.ID)))
		}
		a.ref, a.form = crm.RecordRef{Table: a.new}, ""
	}
	return a, nil
}

// from is the way to the page, as addresses carry it.
func (a about) from() string {
	trail := ""
	for _, step := range a.trail {
		trail = templates.Onward(trail, step.Token())
	}
	return trail
}

// showRecord answers the page of a record: to somebody signed in as a stream, to anybody else with the way to sign in.
func (s *Server) showRecord(c echo.Context) error {
	return s.streamRecord(c, func(ctx context.Context, place crm.Place, a about) (crm.Form, error) {
		return s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
	})
}

// showNewRecord answers the form of a record that does not exist yet.
func (s *Server) showNewRecord(c echo.Context) error {
	return s.streamRecord(c, func(ctx context.Context, place crm.Place, a about) (crm.Form, error) {
		return s.newForm(ctx, c, place, a)
	})
}

// newForm opens the form of a new record. One that is made in a list of another record belongs there as the list says.
func (s *Server) newForm(ctx context.Context, c echo.Context, place crm.Place, a about) (crm.Form, error) {
	caller := visitOf(c).caller()
	if a.parent.ID == "" {
		return s.cfg.Records.New(ctx, caller, place, a.new, crm.Origin{})
	}
	parent, err := s.cfg.Records.Open(ctx, caller, place, a.parent, a.parentForm)
	if err != nil {
		return crm.Form{}, err
	}
	origin := crm.Origin{Record: crm.Reference{Table: a.parent.Table, Label: parent.Table.Label, ID: a.parent.ID, Name: parent.Title}}
	if control, ok := parent.Control(c.QueryParam("part")); ok && control.SubGrid != nil && control.SubGrid.Part.Table == a.new {
		origin.Relationship = control.SubGrid.Relationship
	}
	return s.cfg.Records.New(ctx, caller, place, a.new, origin)
}

// streamRecord streams a page around what open gives.
func (s *Server) streamRecord(c echo.Context, open func(ctx context.Context, place crm.Place, a about) (crm.Form, error)) error {
	ctx, cancel := s.ahead(c, recordScene(c))
	defer cancel()
	var lists *filling
	model := templates.RecordModel{Page: s.pageOf(c), Open: func(context.Context) (r templates.Record, state *templates.State) {
		var place crm.Place
		defer func() {
			if p := recover(); p != nil {
				r, state = templates.Record{}, s.landingState(c, panicked(p), place)
			}
		}()
		a, err := aboutRecord(c.QueryParams())
		if err == nil {
			place, err = s.place(ctx, c, c.QueryParams())
		}
		var form crm.Form
		if err == nil {
			form, err = open(ctx, place, a)
		}
		if err != nil {
			return r, s.landingState(c, err, place)
		}
		r = s.record(ctx, c, place, form, a)
		lists = s.fill(ctx, c, place, r.Form, a)
		r.Part, r.Since = lists.part, lists.happened(ctx, s, c, place, form)
		return r, nil
	}}
	defer func() {
		if lists != nil {
			lists.end()
		}
	}()
	model.Pinned = visitOf(c).pinned != nil
	r := c.Response()
	r.Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	r.WriteHeader(http.StatusOK)
	return templates.RecordPage(model).Render(c.Request().Context(), r)
}

// recordScene names a kind of record in a person's visits: what one record of a table needs, the next one does too.
func recordScene(c echo.Context) string { return "record " + c.QueryParam("table") }

// showRecordPanel answers a record without the page around it, for script.
func (s *Server) showRecordPanel(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	ctx, cancel := s.ahead(c, recordScene(c))
	defer cancel()
	place, a, form, err := s.openHere(ctx, c)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.RecordPanel(s.record(ctx, c, place, form, a)))
}

// somebody refuses those who are not signed in.
func (s *Server) somebody(c echo.Context) error {
	session, err := s.signedIn(c)
	if err == nil && session == nil {
		err = fault.New(fault.SignedOut, "web.signed_out")
	}
	return err
}

// aboutHere is what the address of a request of somebody signed in says.
func (s *Server) aboutHere(ctx context.Context, c echo.Context) (place crm.Place, a about, err error) {
	a, err = aboutRecord(c.QueryParams())
	if err == nil {
		place, err = s.place(ctx, c, c.QueryParams())
	}
	return place, a, err
}

// openHere opens the record that the address of a request of somebody signed in is about.
func (s *Server) openHere(ctx context.Context, c echo.Context) (place crm.Place, a about, form crm.Form, err error) {
	if place, a, err = s.aboutHere(ctx, c); err == nil {
		form, err = s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
	}
	return place, a, form, err
}

// record is a record as its page shows it.
func (s *Server) record(ctx context.Context, c echo.Context, place crm.Place, form crm.Form, a about) templates.Record {
	if s.cfg.Related == nil {
		form = unlisted(form)
	}
	r := templates.Record{
		Place: place, Form: form, AsOf: s.cfg.Now(), Tab: a.tab, Theme: visitOf(c).theme, From: a.from(), Trail: s.crumbs(c, form, a),
		Link: s.cfg.PublicURL + recordPage + "?" + url.Values{"org": {place.Organization.URL}, "app": {place.App.ID}, "table": {form.Ref.Table}, "id": {form.Ref.ID}}.Encode(),
	}
	r.Form = s.offered(r.Form)
	r.Files, r.Stages = s.cfg.Files != nil, s.cfg.Stages != nil
	r.Flow, r.OpenStage = c.QueryParam(templates.ProcessParam), c.QueryParam(templates.OpenStageParam)
	if r.Pin = s.pinBar(c); r.Pin != nil {
		r.Trail = nil
	}
	r.Stale = c.QueryParam("part")
	if a.edit != "" && form.Editable() || form.New() {
		r.Mode = templates.RecordEdit
		if x, ok := form.Field(a.edit); ok {
			r.Focus = x.LogicalName
		}
	}
	return r
}

// offered leaves out of a form what nobody does here.
func (s *Server) offered(form crm.Form) crm.Form {
	form.Actions = slices.DeleteFunc(slices.Clone(form.Actions), func(a crm.Action) bool {
		return s.cfg.Acts == nil || a.Kind == crm.ActionShare && s.cfg.Adds == nil
	})
	return form
}

// crumbs are the pages of the way here. What a record there is called is only known where this one points to it.
func (s *Server) crumbs(c echo.Context, form crm.Form, a about) (crumbs []templates.Crumb) {
	l, look := locale.From(c.Request().Context()), url.Values{}
	for _, name := range []string{"org", "app", "theme", "locale"} {
		if value := c.QueryParam(name); value != "" {
			look.Set(name, value)
		}
	}
	trail := ""
	for _, step := range a.trail {
		text := l.T("dashboard.title")
		if step.Pin != "" {
			text = l.T("pin.tab")
		} else if step.List != nil {
			text = listCrumb(c, form, step.Table)
		} else if step.ID != "" {
			text = nameOf(form, step, l.T("record.title"))
		}
		crumbs = append(crumbs, templates.Crumb{Text: text, Path: templates.StepPath(step, trail, look)})
		trail = templates.Onward(trail, step.Token())
	}
	return crumbs
}

// nameOf is what a record is called that a form points to, else what its table is called, else what is given.
func nameOf(form crm.Form, step templates.Step, otherwise string) string {
	for _, x := range form.Fields {
		for _, r := range append(x.Value.Refs, refsOf(x.Typed)...) {
			switch {
			case r.ID == step.ID && r.Name != "":
				return r.Name
			case r.Table == step.Table && r.Label != "":
				otherwise = r.Label
			}
		}
	}
	if form.Table.LogicalName == step.Table {
		return form.Table.Label
	}
	return otherwise
}

func refsOf(typed []string) (refs []crm.Reference) {
	for _, text := range typed {
		if r, ok := crm.ReferenceFrom(text); ok {
			refs = append(refs, r)
		}
	}
	return refs
}

// landingState is recordState for the page itself, which may be what a tab of Teams leads to.
func (s *Server) landingState(c echo.Context, err error, place crm.Place) *templates.State {
	f := asFault(err)
	if p := visitOf(c).pinned; p != nil && f.Kind != fault.SignedOut && f.Kind != fault.Consent {
		s.blame(c, f)
		if state := s.pinTrouble(c, pin.Judge(*p, crm.Condition{Err: f})); state != nil {
			return state
		}
	}
	return s.recordState(c, f, place)
}

// recordState makes the state of a record that could not be opened.
func (s *Server) recordState(c echo.Context, err error, place crm.Place) *templates.State {
	f := asFault(err)
	s.blame(c, f)
	if f.Kind == fault.SignedOut {
		s.endSession(c)
	}
	state := templates.StateOf(f, s.ownPath(c), visitOf(c).correlation)
	state.Place = place
	return &state
}
