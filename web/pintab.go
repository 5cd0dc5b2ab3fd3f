package web

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/pin"
	"github.com/pintab/pintab/templates"
)

// showPin answers what a tab leads to, the same to everybody in its channel and to each with their own rights. It is the record's
// page, or the view's, at an address that says which pin it is.
func (s *Server) showPin(c echo.Context) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return s.askToSignIn(c)
	}
	query := c.QueryParams()
	address, err := pin.AddressFrom(query)
	if err != nil {
		return err
	}
	ctx, cancel := s.deadline(c)
	defer cancel()
	pinned, err := s.cfg.Pins.Open(ctx, visitOf(c).caller(), address)
	if err != nil {
		return err
	}
	if state := s.pinTrouble(c, pinned); state != nil {
		return s.draw(c, http.StatusOK, templates.StatePage(templates.StateModel{Page: s.pageOf(c), State: *state}))
	}
	return s.showPinned(c, pinned)
}

// showPinned shows the record or the view of a pin. Whatever the address says beside its sub page has been read.
func (s *Server) showPinned(c echo.Context, pinned crm.Pinned) error {
	query, target := c.QueryParams(), pinned.Target
	sub, part := pin.SubPageFrom(query.Get("sub"))
	to := url.Values{"org": {target.Organization}, "app": {target.App}, "from": {templates.PinToken(pinned.Tenant, pinned.ID)}}
	for _, name := range []string{"theme", "locale"} {
		if value := query.Get(name); value != "" {
			to.Set(name, value)
		}
	}
	if own := sub.Table == target.Table && (target.View != "" || sub.Record == target.Record); part && sub.Record != "" && !own {
		to.Set("table", sub.Table)
		to.Set("id", sub.Record)
		return c.Redirect(http.StatusSeeOther, recordPage+"?"+to.Encode())
	}
	if target.View != "" {
		maps.Copy(to, crm.ViewQuery{Table: target.Table, PartState: crm.PartState{ViewID: target.View, PersonalView: target.Personal}}.Values())
		if part && sub.Record != "" {
			to.Set("id", sub.Record)
		}
	} else {
		to.Set("table", target.Table)
		to.Set("id", target.Record)
	}
	visitOf(c).pinned = &pinned
	clear(query)
	maps.Copy(query, to)
	if target.View != "" {
		return s.showView(c)
	}
	return s.streamRecord(c, func(ctx context.Context, place crm.Place, a about) (crm.Form, error) {
		return s.openPinned(ctx, c, place, a)
	})
}

// openPinned opens the record of a pin, and says what became of it.
func (s *Server) openPinned(ctx context.Context, c echo.Context, place crm.Place, a about) (crm.Form, error) {
	v := visitOf(c)
	form, err := s.cfg.Records.Open(ctx, v.caller(), place, a.ref, a.form)
	if err != nil {
		return form, err
	}
	judged := pin.JudgeForm(*v.pinned, form, nil)
	v.pinned = &judged
	s.opened(ctx, c, judged)
	return s.withLists(ctx, c, place, form, judged.Target.Lists), nil
}

// opened notes that somebody opened a pin. Nobody waits for a failure of it.
func (s *Server) opened(ctx context.Context, c echo.Context, p crm.Pinned) {
	if err := s.cfg.Pins.Opened(ctx, visitOf(c).caller(), p, crm.Spot{}); err != nil {
		s.blame(c, err)
	}
}

// pinOpened says of a list on a tab's landing which tab it is in.
func (s *Server) pinOpened(ctx context.Context, c echo.Context, v *templates.View) {
	p := visitOf(c).pinned
	if p == nil {
		return
	}
	judged := pin.Judge(*p, crm.Condition{Table: v.List.Table, Name: v.List.View.Name})
	visitOf(c).pinned = &judged
	s.opened(ctx, c, judged)
	v.Pin, v.Trail = s.pinBar(c), nil
}

// pinBar is what stands above the record or the view of a tab's landing; nil on every other page.
func (s *Server) pinBar(c echo.Context) *templates.PinBar {
	v := visitOf(c)
	if v.pinned == nil {
		return nil
	}
	p := *v.pinned
	b := &templates.PinBar{Pinned: p, Theme: v.theme, Link: s.cfg.PublicURL + pinPage + "?" + pin.Address{Pin: p.ID, Tenant: p.Tenant}.Query().Encode()}
	if p.Health == crm.PinMerged && p.Into != nil {
		b.Into = p.Target
		b.Into.Record, b.Into.Table = p.Into.ID, p.Into.Table
	}
	if p.Target.View != "" && selected(c) != "" {
		b.Sub = pin.SubPage{Table: p.Target.Table, Record: selected(c)}.ID()
	}
	return b
}

// pinTrouble is what a tab says whose record or view this person is not shown; nil where they are.
func (s *Server) pinTrouble(c echo.Context, p crm.Pinned) *templates.State {
	situation := templates.PinSituation(p.Health)
	if situation == "" {
		return nil
	}
	v := visitOf(c)
	trouble := &templates.PinTrouble{
		Pin: p.Pin, Host: p.Place.Organization.Name, Table: p.Table.Label, Reason: p.Reason,
		Mine: p.Creator == v.caller().User.Object, Why: fault.Of(p.Err),
	}
	if trouble.Host == "" {
		_, trouble.Host, _ = strings.Cut(p.Target.Organization, "://")
	}
	reached := p.Place.App.ID != ""
	if reached && !trouble.Mine {
		ctx, cancel := s.deadline(c)
		defer cancel()
		who, err := s.cfg.Pins.Maker(ctx, v.caller(), p)
		if err != nil {
			s.blame(c, err)
		}
		trouble.Maker = who.Name
	}
	switch p.Health {
	case crm.PinOrganization, crm.PinNoApp:
		trouble.Why = nil
		s.explain(c, p, trouble)
		trouble.Change = trouble.Mine || lasting[trouble.Reason]
		if guest(v.session) && trouble.Reason == "" {
			situation, trouble.Change = templates.PinGuest, false
		}
	case crm.PinDeleted:
		if trouble.Change = reached; p.Target.Personal && !trouble.Mine {
			situation, trouble.Change = templates.PinPersonal, false
		}
	case crm.PinRemoved:
		trouble.Restore, trouble.Change = reached, reached
	}
	return &templates.State{Situation: situation, Pin: trouble, Place: p.Place, RetryPath: s.ownPath(c)}
}

// lasting are the rules that leave something out for everybody, so that leading the tab elsewhere takes nothing from anybody.
var lasting = map[crm.Reason]bool{
	crm.ReasonDisabled: true, crm.ReasonVersion: true, crm.ReasonFailed: true, crm.ReasonInactive: true, crm.ReasonClassic: true, crm.ReasonNotAllowed: true,
}

// explain finds the rule by which an organization or an app is not offered to the person.
func (s *Server) explain(c echo.Context, p crm.Pinned, t *templates.PinTrouble) {
	ctx, cancel := s.deadline(c)
	defer cancel()
	choices, err := s.cfg.Places.Choices(ctx, visitOf(c).caller(), p.Target.Organization)
	if err != nil {
		s.blame(c, err)
		return
	}
	leftOut, is := choices.OrganizationsLeftOut, func(o crm.LeftOut) bool { return o.URL == p.Target.Organization }
	if p.Health == crm.PinNoApp {
		leftOut, is = choices.AppsLeftOut, func(o crm.LeftOut) bool { return o.ID == p.Target.App }
		if choices.Organization != nil {
			t.Host = choices.Organization.Name
		}
	}
	if i := slices.IndexFunc(leftOut, is); i >= 0 {
		t.Reason, t.Detail = leftOut[i].Reason, leftOut[i].Detail
		if p.Health == crm.PinOrganization && leftOut[i].Name != "" {
			t.Host = leftOut[i].Name
		}
	}
}

// guest reports whether somebody is a guest of the tenant, by the user principal name that Entra ID gives to guests. It decides
// nothing but the words that they read.
func guest(session *crm.Session) bool {
	return session != nil && strings.Contains(strings.ToUpper(session.Profile.Username), "#EXT#")
}

// changePin leads a tab elsewhere, for everybody.
func (s *Server) changePin(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	draft, err := s.pinDraft(c)
	if err != nil {
		return err
	}
	return s.inTab(c, draft.ID, func(ctx context.Context, caller crm.Caller) error {
		_, _, err := s.cfg.Pins.Create(ctx, caller, draft)
		return err
	})
}

// restorePin takes back that a pin was taken away.
func (s *Server) restorePin(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	form, err := s.form(c)
	if err != nil {
		return err
	}
	return s.inTab(c, form.Get("pin"), func(ctx context.Context, caller crm.Caller) error {
		_, err := s.cfg.Pins.Restore(ctx, caller, form.Get("pin"))
		return err
	})
}

// inTab does something with a pin for somebody signed in, and leads back to its tab.
func (s *Server) inTab(c echo.Context, id string, what func(ctx context.Context, caller crm.Caller) error) error {
	if id = pinID(id); id == "" {
		return fault.New(fault.NotFound, "pin.gone")
	}
	caller := visitOf(c).caller()
	back := pin.Address{Pin: id, Tenant: caller.User.Tenant}.Query()
	for _, name := range []string{"theme", "locale"} {
		if value := c.Request().PostForm.Get(name); value != "" {
			back.Set(name, value)
		}
	}
	path := pinPage + "?" + back.Encode()
	s.bound(c, path)
	ctx, cancel := s.deadline(c)
	defer cancel()
	if err := what(ctx, caller); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, path)
}
