package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// showPins answers the pins of an organization to those who administer it.
func (s *Server) showPins(c echo.Context) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return s.askToSignIn(c)
	}
	ctx, cancel := s.ahead(c, "pins")
	defer cancel()
	caller, query := visitOf(c).caller(), c.QueryParams()
	choices, err := s.cfg.Places.Choices(ctx, caller, query.Get("org"))
	if err != nil {
		return err
	}
	model := templates.PinListModel{Page: s.pageOf(c), Organizations: choices.Organizations, Organization: choices.Organization, Notice: pinNotices[query.Get("done")], AsOf: s.cfg.Now()}
	if choices.Organization == nil {
		return s.draw(c, http.StatusOK, templates.StatePage(templates.StateModel{Page: model.Page, State: templates.State{
			Situation: templates.NoOrganization, LeftOut: choices.OrganizationsLeftOut, RetryPath: s.ownPath(c),
		}}))
	}
	model.Pins, err = s.cfg.Pins.All(ctx, caller, *choices.Organization)
	if fault.Is(err, fault.SignedOut) {
		return err
	}
	if err != nil {
		model.Problem = asFault(err)
		s.blame(c, model.Problem)
	}
	return s.draw(c, http.StatusOK, templates.PinListPage(model))
}

// pinNotices are what an address may make the page say.
var pinNotices = map[string]string{"remove": "pin.done-removed", "restore": "pin.done-restored"}

// lookAfterPin takes a pin away, or takes that back, for somebody who administers its organization.
func (s *Server) lookAfterPin(c echo.Context) error {
	return s.changeTo(c, templates.PinsPath, func(ctx context.Context, form url.Values, back string) (string, error) {
		caller, do, id := visitOf(c).caller(), form.Get("do"), form.Get("pin")
		found, err := s.cfg.Pins.Find(ctx, caller, id)
		if err == nil {
			_, err = s.steward(ctx, caller, found)
		}
		switch {
		case err != nil:
		case do == "restore":
			_, err = s.cfg.Pins.Restore(ctx, caller, id)
		case do == "remove":
			err = s.cfg.Pins.Remove(ctx, caller, id)
		default:
			err = fault.New(fault.Invalid, "web.bad_request")
		}
		to := queryOf(back)
		if to == nil {
			to = url.Values{}
		}
		to.Set("org", form.Get("org"))
		to.Set("done", do)
		return templates.PinsPath + "?" + to.Encode(), err
	})
}

// showPinRemoval answers the page that Teams opens before it removes a tab. It asks nobody anything: Teams waits five seconds, no longer.
func (s *Server) showPinRemoval(c echo.Context) error {
	return s.draw(c, http.StatusOK, templates.PinRemovePage(templates.PinRemoveModel{Page: s.pageOf(c), Pin: pinID(c.QueryParam("pin"))}))
}

// removePin takes a pin away. Taking it away twice, or one that was never there, is no failure: the tab goes either way.
func (s *Server) removePin(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	form, err := s.form(c)
	if err != nil {
		return err
	}
	ctx, cancel := s.deadline(c)
	defer cancel()
	if err := s.cfg.Pins.Remove(ctx, visitOf(c).caller(), pinID(form.Get("pin"))); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// steward refuses those who do not administer the organization of a pin.
func (s *Server) steward(ctx context.Context, caller crm.Caller, p crm.Pinned) ([]crm.Pinned, error) {
	return s.cfg.Pins.All(ctx, caller, p.Place.Organization)
}
