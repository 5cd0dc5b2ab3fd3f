package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/templates"
)

// Records opens records on their forms and changes them.
type Records interface {
	Open(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, form string) (crm.Form, error)
	New(ctx context.Context, caller crm.Caller, place crm.Place, table string, given map[string][]crm.Reference) (crm.Form, error)
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
	parent crm.RecordRef
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
	if a.new != "" {
		if a.ref.ID != "" {
			a.parent = a.ref
			a.trail = templates.TrailFrom(templates.Onward(a.from(), templates.RecordToken(a.ref.Table, a.ref.ID)))
		}
		a.ref, a.form = crm.RecordRef{Table: a.new}, ""
	}
	if a.form != "" && uuid.Validate(a.form) != nil {
		a.form = ""
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

// newForm opens the form of a new record. One that is made from another record points to it, by the first of its lookups that can.
func (s *Server) newForm(ctx context.Context, c echo.Context, place crm.Place, a about) (crm.Form, error) {
	caller := visitOf(c).caller()
	form, err := s.cfg.Records.New(ctx, caller, place, a.new, nil)
	if err != nil || a.parent.ID == "" {
		return form, err
	}
	column := pointing(form, a.parent.Table)
	if column == "" {
		return form, nil
	}
	parent, err := s.cfg.Records.Open(ctx, caller, place, a.parent, "")
	if err != nil {
		return form, err
	}
	return s.cfg.Records.New(ctx, caller, place, a.new, map[string][]crm.Reference{
		column: {{Table: a.parent.Table, Label: parent.Table.Label, ID: a.parent.ID, Name: parent.Title}},
	})
}

// pointing is the lookup by which a new record points to one of a table: a regarding column where there is one, else one that must
// be filled in, else the first of the form.
func pointing(form crm.Form, table string) string {
	column := ""
	for _, x := range form.Fields {
		if x.Kind != crm.KindLookup || x.ReadOnly != "" || !slices.Contains(x.Targets, table) {
			continue
		}
		if x.LogicalName == "regardingobjectid" {
			return x.LogicalName
		}
		if column == "" || x.Required == crm.Mandatory {
			column = x.LogicalName
		}
	}
	return column
}

// streamRecord streams a page around what open gives.
func (s *Server) streamRecord(c echo.Context, open func(ctx context.Context, place crm.Place, a about) (crm.Form, error)) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return s.askToSignIn(c)
	}
	ctx, cancel := s.ahead(c, recordScene(c))
	defer cancel()
	var lists *filling
	model := templates.RecordModel{Page: s.pageOf(c), Open: func(context.Context) (r templates.Record, state *templates.State) {
		var place crm.Place
		defer func() {
			if p := recover(); p != nil {
				r, state = templates.Record{}, s.recordState(c, panicked(p), place)
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
			return r, s.recordState(c, err, place)
		}
		r = s.record(ctx, c, place, form, a)
		lists = s.fill(ctx, c, place, r.Form, a)
		r.Part = lists.part
		return r, nil
	}}
	defer func() {
		if lists != nil {
			lists.end()
		}
	}()
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
	place, a, err := s.aboutHere(ctx, c)
	if err != nil {
		return err
	}
	form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
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
		if step.ID != "" {
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

// outcomes are the statuses of what became of a write.
var outcomes = map[crm.Outcome]int{
	crm.OutcomeUnchanged: http.StatusOK, crm.OutcomeSaved: http.StatusOK, crm.OutcomeInvalid: http.StatusUnprocessableEntity,
	crm.OutcomeConflict: http.StatusConflict, crm.OutcomeUnknown: http.StatusServiceUnavailable, crm.OutcomeGone: http.StatusGone,
}

// saveRecord writes what a person typed and answers with the record as it is now, in the same round trip.
func (s *Server) saveRecord(c echo.Context) error {
	return s.write(c, func(ctx context.Context, place crm.Place, a about, form url.Values) (answer, error) {
		in := inputFrom(form)
		if column := form.Get("_find"); column != "" {
			return s.findInForm(ctx, c, place, a, in, form, column)
		}
		saved, err := s.cfg.Records.Save(ctx, visitOf(c).caller(), place, in)
		done := ""
		if a.new != "" && err == nil && saved.Outcome == crm.OutcomeSaved {
			done = "create"
		}
		return answer{saved: saved, done: done}, err
	})
}

// undoRecord takes the changes of a receipt back.
func (s *Server) undoRecord(c echo.Context) error {
	return s.write(c, func(ctx context.Context, place crm.Place, a about, form url.Values) (answer, error) {
		saved, err := s.cfg.Records.Undo(ctx, visitOf(c).caller(), place, form.Get(crm.UndoName))
		return answer{saved: saved, undone: true}, err
	})
}

// answer is what a write has to say.
type answer struct {
	saved  crm.Saved
	done   string
	undone bool
	acted  bool // something was done with the record as a whole, nothing typed into it
	found  map[string]templates.Found
	dialog *templates.DialogModel // to be drawn again, since something in it has to be put right
	leads  string                 // another page, on which the story goes on
}

// write does something with a record for a person and draws the record as it is afterwards. Whatever goes wrong, what they typed is
// in the answer.
func (s *Server) write(c echo.Context, what func(ctx context.Context, place crm.Place, a about, form url.Values) (answer, error)) error {
	form, err := s.form(c)
	if err != nil {
		return err
	}
	own := s.ownRecord(c)
	s.bound(c, own)
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return s.resend(c, fault.New(fault.SignedOut, "web.signed_out"), form)
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), s.cfg.WriteDeadline)
	defer cancel()
	place, a, err := s.aboutHere(ctx, c)
	var got answer
	if err == nil {
		got, err = what(ctx, place, a, form)
	}
	f := fault.Of(err)
	switch {
	case f == nil:
	case f.Kind == fault.SignedOut || f.Kind == fault.Consent:
		return s.resend(c, f, form)
	case got.saved.Form.Table.LogicalName == "":
		return s.unsent(c, f, form)
	}
	switch {
	case f == nil && got.dialog != nil:
		return s.drawDialog(c, http.StatusUnprocessableEntity, *got.dialog)
	case f == nil && got.leads != "" && c.QueryParam("panel") != "":
		return s.draw(c, http.StatusOK, templates.LeadsPanel(got.leads))
	case f == nil && got.leads != "":
		return c.Redirect(http.StatusSeeOther, got.leads)
	}
	return s.drawWritten(ctx, c, place, a, got, f)
}

// recordAddress is the address of a record in the place and the look of a request.
func recordAddress(c echo.Context, a about) string {
	kept := url.Values{"table": {a.ref.Table}, "id": {a.ref.ID}}
	for _, name := range []string{"org", "app", "theme", "locale"} {
		if value := c.QueryParam(name); value != "" {
			kept.Set(name, value)
		}
	}
	if from := a.from(); from != "" {
		kept.Set("from", from)
	}
	return recordPage + "?" + kept.Encode()
}

// ownRecord is the address of the record that a request is about, to come back to.
func (s *Server) ownRecord(c echo.Context) string {
	kept := url.Values{}
	for _, name := range []string{"org", "app", "table", "id", "form", "from", "new", "theme", "locale"} {
		if value := c.QueryParam(name); value != "" {
			kept.Set(name, value)
		}
	}
	page := recordPage
	if kept.Get("new") != "" {
		page += "/new"
	}
	return s.next(page + "?" + kept.Encode())
}

// drawWritten draws a record after a write, whole or as a piece.
func (s *Server) drawWritten(ctx context.Context, c echo.Context, place crm.Place, a about, got answer, f *fault.Error) error {
	status := outcomes[got.saved.Outcome]
	if f == nil && got.saved.Outcome == crm.OutcomeGone {
		f = fault.New(fault.NotFound, "record.deleted")
		s.blame(c, f)
		return s.draw(c, status, templates.StatePage(templates.StateModel{Page: s.pageOf(c), State: *s.recordState(c, f, place)}))
	}
	if got.done == "create" {
		a.ref = got.saved.Form.Ref
		visitOf(c).path = s.next(recordAddress(c, a))
	}
	r := s.record(ctx, c, place, got.saved.Form, a)
	r.Done, r.Undone, r.Found, r.Saved = got.done, got.undone, got.found, &got.saved
	r.Mode = templates.RecordEdit
	if f == nil && got.acted && got.saved.Outcome == crm.OutcomeConflict {
		f = fault.New(fault.Conflict, "act.changed")
	}
	switch {
	case f != nil:
		s.blame(c, f)
		status, r.Problem, r.Saved = statuses[f.Kind], f, nil
		retryAfter(c, f)
	case got.found != nil:
		status, r.Saved = http.StatusOK, nil
	case got.saved.Outcome == crm.OutcomeSaved || got.saved.Outcome == crm.OutcomeUnchanged:
		r.Mode = templates.RecordRead
	}
	if got.acted {
		r.Mode, r.Acted = templates.RecordRead, true
	}
	if c.QueryParam("panel") != "" {
		return s.draw(c, status, templates.RecordPanel(r))
	}
	lists := s.fill(ctx, c, place, r.Form, a)
	defer lists.end()
	r.Part = lists.part
	return s.draw(c, status, templates.RecordPage(templates.RecordModel{Page: s.pageOf(c), Open: func(context.Context) (templates.Record, *templates.State) { return r, nil }}))
}

// resend answers a write of somebody whose session has ended: how to sign in, and everything that they typed, to be sent again.
func (s *Server) resend(c echo.Context, f *fault.Error, form url.Values) error {
	s.blame(c, f)
	if f.Kind == fault.SignedOut {
		s.endSession(c)
	}
	return s.draw(c, statuses[f.Kind], templates.ResendPage(s.resendModel(c, f, form)))
}

// unsent answers a write that could not even be begun, with everything that was typed, to be sent again.
func (s *Server) unsent(c echo.Context, f *fault.Error, form url.Values) error {
	s.blame(c, f)
	retryAfter(c, f)
	return s.draw(c, statuses[f.Kind], templates.ResendPage(s.resendModel(c, f, form)))
}

func (s *Server) resendModel(c echo.Context, f *fault.Error, form url.Values) templates.ResendModel {
	query := c.QueryParams()
	query.Del("panel")
	return templates.ResendModel{Page: s.pageOf(c), Fault: f, Action: c.Request().URL.Path + "?" + query.Encode(), Fields: form, Next: visitOf(c).path}
}

// findInForm looks for the value of a lookup on behalf of a browser without script: the form comes back as it was typed, with what
// was found beside it.
func (s *Server) findInForm(ctx context.Context, c echo.Context, place crm.Place, a about, in crm.Input, form url.Values, column string) (answer, error) {
	caller := visitOf(c).caller()
	var opened crm.Form
	var err error
	if a.new != "" {
		opened, err = s.newForm(ctx, c, place, a)
	} else {
		opened, err = s.cfg.Records.Open(ctx, caller, place, a.ref, a.form)
	}
	if err != nil {
		return answer{}, err
	}
	typed, _ := opened.Apply(in)
	typed.Token, typed.Problems = in.Token, nil
	for i := range typed.Fields {
		typed.Fields[i].Problem = nil
	}
	got := answer{saved: crm.Saved{Form: typed}, found: map[string]templates.Found{}}
	if _, ok := typed.Field(column); !ok {
		return got, nil
	}
	query := crm.LookupQuery{Table: typed.Ref.Table, Column: column, Target: form.Get("_target." + column), Text: form.Get("_find." + column)}
	found := templates.Found{Query: query}
	if s.cfg.Lookups == nil {
		found.Err = errors.New("web: nobody looks for records")
	} else {
		found.Result, found.Err = s.cfg.Lookups.Lookup(ctx, caller, place, query)
	}
	got.found[column] = found
	return got, nil
}
