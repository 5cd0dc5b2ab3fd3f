package web

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

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
	stage  *staged // of a form of a process
	saved  crm.Saved
	done   string
	undone bool
	acted  bool // something was done with the record as a whole, nothing typed into it
	found  map[string]templates.Found
	dialog *templates.DialogModel // to be drawn again, since something in it has to be put right
	// dialogStatus is the status of that; 0 means 422.
	dialogStatus int
	leads        string // another page, on which the story goes on
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
		return s.drawDialog(c, cmp.Or(got.dialogStatus, http.StatusUnprocessableEntity), *got.dialog)
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
	if f == nil {
		f = outrun(got)
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
	drawStage(&r, got)
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
