package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// Acts does with a record what its form offers beside typing.
type Acts interface {
	Act(ctx context.Context, caller crm.Caller, place crm.Place, act crm.Act) (crm.Saved, error)
}

func (s *Server) routeActs() {
	s.page(recordPage+"/act", s.showAct)
	s.echo.POST(recordPage+"/act", s.act)
}

// actOn is the record that an action is about: the page's own, or an entry of its timeline.
func actOn(query url.Values, a about) crm.RecordRef {
	table, id, ok := strings.Cut(query.Get("entry"), ".")
	if !ok || uuid.Validate(id) != nil {
		return a.ref
	}
	return crm.RecordRef{Table: table, ID: id}
}

// showAct answers what an action asks for: as a page of its own, or as a piece that script lays over the record.
func (s *Server) showAct(c echo.Context) error {
	return s.dialog(c, func(ctx context.Context, place crm.Place, a about) (templates.DialogModel, error) {
		form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, actOn(c.QueryParams(), a), "")
		if err != nil {
			return templates.DialogModel{}, err
		}
		return s.actDialog(ctx, c, place, a, form)
	})
}

// dialog answers a small form about a record.
func (s *Server) dialog(c echo.Context, open func(ctx context.Context, place crm.Place, a about) (templates.DialogModel, error)) error {
	ctx, cancel := s.ahead(c, recordScene(c))
	defer cancel()
	place, a, err := s.aboutHere(ctx, c)
	if err != nil {
		return err
	}
	m, err := open(ctx, place, a)
	if err != nil {
		return err
	}
	return s.drawDialog(c, http.StatusOK, m)
}

func (s *Server) drawDialog(c echo.Context, status int, m templates.DialogModel) error {
	m.Page = s.pageOf(c)
	if c.QueryParam("panel") != "" {
		return s.draw(c, status, templates.DialogPanel(m))
	}
	return s.draw(c, status, templates.DialogPage(m))
}

// actDialog is what an action asks for; an action that the form does not offer (any more) is refused.
func (s *Server) actDialog(ctx context.Context, c echo.Context, place crm.Place, a about, form crm.Form) (templates.DialogModel, error) {
	kind := crm.ActionKind(c.QueryParam("do"))
	i := slices.IndexFunc(form.Actions, func(o crm.Action) bool { return o.Kind == kind })
	if i < 0 {
		return templates.DialogModel{}, fault.New(fault.NotFound, "act.not-offered")
	}
	action := form.Actions[i]
	m := templates.DialogModel{
		Record: s.record(ctx, c, place, form, a), Path: "act", Do: string(kind), TitleKey: "act." + string(kind),
		Token: form.Token, Status: action.Status, Fields: action.Fields,
	}
	m.Params = []string{"do", string(kind)}
	if entry := c.QueryParam("entry"); entry != "" {
		m.Params = append(m.Params, "entry", entry)
	}
	m.Record.Form.Ref = a.ref // the page that the dialog lies over
	if kind == crm.ActionShare {
		m.Fields = sharing(c)
	}
	if kind == crm.ActionDelete {
		m.TextKey = "act.delete-text"
	}
	return m, nil
}

// act does what a person chose and answers with the record as it is then.
func (s *Server) act(c echo.Context) error {
	return s.write(c, func(ctx context.Context, place crm.Place, a about, form url.Values) (answer, error) {
		kind, on := crm.ActionKind(c.QueryParam("do")), actOn(c.QueryParams(), a)
		status, _ := strconv.Atoi(form.Get("_status"))
		in := inputFrom(form)
		if kind == crm.ActionShare {
			return s.share(ctx, c, place, a, in)
		}
		saved, err := s.cfg.Acts.Act(ctx, visitOf(c).caller(), place, crm.Act{Token: in.Token, Kind: kind, Status: status, Columns: in.Columns})
		got := answer{saved: saved, done: string(kind), acted: true}
		switch {
		case err != nil:
			if on.ID != a.ref.ID && got.saved.Form.Table.LogicalName != "" {
				if opened, failed := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form); failed == nil {
					got.saved.Form = opened
				}
			}
			return got, err
		case saved.Outcome == crm.OutcomeInvalid:
			m, err := s.actDialog(ctx, c, place, a, saved.Form)
			if err != nil {
				return got, err
			}
			m.ChosenStatus, m.Problems = status, saved.Form.Problems
			got.dialog = &m
		case saved.Outcome == crm.OutcomeGone && kind == crm.ActionDelete:
			got.leads = s.after(c, a, kind)
		case on.ID != a.ref.ID:
			// The page is about the record in whose timeline the entry stands.
			if got.saved.Form, err = s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form); err != nil {
				got.leads = s.ownRecord(c)
			}
			got.saved.Undo = ""
		}
		return got, nil
	})
}

// after is where the person goes once a record has been deleted, or an entry of its timeline been ended.
func (s *Server) after(c echo.Context, a about, kind crm.ActionKind) string {
	if kind != crm.ActionDelete || actOn(c.QueryParams(), a).ID != a.ref.ID {
		return s.ownRecord(c)
	}
	crumbs := s.crumbs(c, crm.Form{}, a)
	if len(crumbs) == 0 {
		return homePage
	}
	return s.next(crumbs[len(crumbs)-1].Path)
}
