package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/workspace"
	"github.com/pintab/pintab/templates"
)

const settingsPage = "/tab/settings"

// The most that fields of Settings may hold.
const (
	addressLimit = 1024
	findLimit    = 100
)

func (s *Server) routeSettings() {
	s.page(settingsPage, s.showSettings)
	s.echo.GET(settingsPage+"/choices", s.showChoices)
	s.echo.POST(settingsPage, s.saveSettings)
	s.echo.POST(settingsPage+"/language", s.saveLanguage)
	s.echo.POST(settingsPage+"/undo", s.undoSettings)
}

// showSettings answers what My Dashboard opens and what else it could. The address says what is looked at, nothing more.
func (s *Server) showSettings(c echo.Context) error {
	model, err := s.look(c)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.SettingsPage(model))
}

// showChoices answers the part of Settings that depends on what is looked at. What it cannot say, the page does.
func (s *Server) showChoices(c echo.Context) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return fault.New(fault.SignedOut, "web.signed_out")
	}
	model, err := s.look(c)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.SettingsPanel(model))
}

// look asks for what the person may choose, and for the dashboards of the app that is looked at.
func (s *Server) look(c echo.Context) (templates.SettingsModel, error) {
	ctx, cancel := s.deadline(c)
	defer cancel()
	v, query := visitOf(c), c.QueryParams()
	choices, err := s.cfg.Places.Choices(ctx, v.caller(), query.Get("org"))
	if err != nil {
		return templates.SettingsModel{}, err
	}
	model := s.settings(c, choices, query)
	model.Profile = v.session.Profile
	model.Reading = s.reading(c, ctx, choices.Organization)
	if model.Saved, err = s.saved(ctx, v.caller(), choices.Remembered, query); err != nil {
		return model, err
	}
	if model.App == nil {
		return model, nil
	}
	place := crm.Place{Organization: *model.Organization, App: *model.App}
	offered, opens, err := s.cfg.Dashboards.Offer(ctx, v.caller(), place)
	if fault.Is(err, fault.SignedOut) || fault.Is(err, fault.Consent) {
		return model, err
	}
	if err != nil {
		model.DashboardProblem = asFault(err)
		s.blame(c, err)
	}
	model.Dashboards, model.DashboardID = offered, opens.ID
	return model, nil
}

// settings is the page as far as the choices and the address say it.
func (s *Server) settings(c echo.Context, choices workspace.Choices, query url.Values) templates.SettingsModel {
	m := templates.SettingsModel{
		Page: s.pageOf(c), Lost: lost(choices.Now), Notice: notices[query.Get("notice")],
		Organizations: choices.Organizations, OrganizationsLeftOut: choices.OrganizationsLeftOut, Organization: choices.Organization,
		Apps: choices.Apps, AppsLeftOut: choices.AppsLeftOut,
		LanguageFrom: languageFrom(c),
		Privacy:      s.pages["/tab/privacy"] != nil, Check: s.pages["/tab/check"] != nil, Pins: s.pages[templates.PinsPath] != nil,
	}
	if find := query.Get("find"); len(find) <= findLimit {
		m.Find = find
	}
	if choices.Missing && m.Notice == "" {
		m.Notice = "settings.missing"
	}
	if choices.Problem != nil {
		m.Problem = asFault(choices.Problem)
		s.blame(c, m.Problem)
	}
	if place, ok := choices.Now.Place(); ok {
		m.Now = &place
		m.Chosen = choices.Remembered.OrganizationURL == place.Organization.URL && choices.Remembered.AppID == place.App.ID
	}
	m.App = pick(m, query.Get("app"))
	m.Undone = query.Get("notice") == "undone"
	return m
}

// pick decides whose dashboards are shown: the app asked for, else the one that opens now, else the first.
func pick(m templates.SettingsModel, asked string) *crm.App {
	named := func(id string) int { return slices.IndexFunc(m.Apps, func(a crm.App) bool { return a.ID == id }) }
	if i := named(asked); i >= 0 {
		return &m.Apps[i]
	}
	if m.Now != nil && m.Organization != nil && m.Now.Organization.URL == m.Organization.URL {
		if i := named(m.Now.App.ID); i >= 0 {
			return &m.Apps[i]
		}
	}
	if len(m.Apps) == 0 {
		return nil
	}
	return &m.Apps[0]
}

// notices are what an address may make the page say.
var notices = map[string]string{
	"organization": "workspace.organization_gone", "app": "workspace.app_gone", "changed": "workspace.changed", "dashboard": "settings.dashboard-gone",
	"language": "settings.language-saved", "language-followed": "settings.language-followed",
}

// noticeOf names a refusal that the page itself can say; "" for any other failure.
func noticeOf(err error) string {
	f := fault.Of(err)
	if f == nil {
		return ""
	}
	switch f.Key {
	case "workspace.organization_gone":
		return "organization"
	case "workspace.app_gone":
		return "app"
	case "workspace.changed":
		return "changed"
	case "dashboard.gone", "dashboard.none":
		return "dashboard"
	}
	return ""
}

// saved names the choice that Undo takes back, for as long as it is the one that counts and can be taken back.
func (s *Server) saved(ctx context.Context, caller crm.Caller, now crm.Preference, query url.Values) (*templates.Undo, error) {
	since := query.Get("saved")
	if since == "" || now.Updated.IsZero() || since != strconv.FormatInt(now.Updated.UnixMilli(), 10) {
		return nil, nil
	}
	if ok, err := s.cfg.Places.Undoable(ctx, caller, now.Updated); !ok || err != nil {
		return nil, err
	}
	return &templates.Undo{Since: since}, nil
}

// lost turns a fallback into what pages show of it.
func lost(p workspace.Placement) *templates.Lost {
	if p.Fallback == nil {
		return nil
	}
	l := &templates.Lost{App: p.Fallback.Lost == workspace.LostApp, Name: p.Fallback.Name, Reason: p.Fallback.Reason}
	for _, o := range p.OrganizationsLeftOut {
		if !l.App && o.Name == l.Name && o.Reason == l.Reason {
			l.Detail = o.Detail
		}
	}
	return l
}

// saveSettings remembers where My Dashboard opens and which dashboard it is, and leads back to the page that says so.
func (s *Server) saveSettings(c echo.Context) error {
	return s.settle(c, func(ctx context.Context, caller crm.Caller, form, to url.Values) error {
		organization, app := form.Get("org"), form.Get("app")
		to.Set("org", organization)
		to.Set("app", app)
		place, err := s.cfg.Places.Check(ctx, caller, organization, app)
		if err != nil {
			return err
		}
		board, err := s.wanted(ctx, caller, place, form.Get("dashboard"))
		if err != nil {
			return err
		}
		saved, err := s.cfg.Places.Choose(ctx, caller, organization, app, board)
		if err != nil {
			return err
		}
		to.Set("saved", strconv.FormatInt(saved.UnixMilli(), 10))
		return nil
	})
}

// wanted is the dashboard that the person chooses; the zero value when they leave it at the one that opens anyway.
func (s *Server) wanted(ctx context.Context, caller crm.Caller, place crm.Place, id string) (crm.DashboardRef, error) {
	if id == "" {
		return crm.DashboardRef{}, nil
	}
	offered, opens, err := s.cfg.Dashboards.Offer(ctx, caller, place)
	if err != nil || opens.ID == id {
		return crm.DashboardRef{}, err
	}
	i := slices.IndexFunc(offered, func(d crm.DashboardRef) bool { return d.ID == id })
	if i < 0 {
		return crm.DashboardRef{}, fault.New(fault.NotFound, "dashboard.gone")
	}
	return offered[i], nil
}

// undoSettings takes a choice back. The form names it; what is brought back is what we remember of this person.
func (s *Server) undoSettings(c echo.Context) error {
	return s.settle(c, func(ctx context.Context, caller crm.Caller, form, to url.Values) error {
		since, err := strconv.ParseInt(form.Get("since"), 10, 64)
		if err != nil {
			return fault.Wrap(errors.New("since is no number"), fault.Invalid, "web.bad_request")
		}
		if err := s.cfg.Places.Undo(ctx, caller, time.UnixMilli(since)); err != nil {
			return err
		}
		to.Set("notice", "undone")
		return nil
	})
}

// settle does something for a person and leads back to Settings, with what the page is to say in the address.
func (s *Server) settle(c echo.Context, what func(ctx context.Context, caller crm.Caller, form, to url.Values) error) error {
	return s.changeTo(c, settingsPage, func(ctx context.Context, form url.Values, back string) (string, error) {
		for _, values := range form {
			for _, value := range values {
				if len(value) > addressLimit {
					return back, fault.New(fault.Invalid, "web.bad_request")
				}
			}
		}
		to := queryOf(back)
		if to == nil {
			to = url.Values{}
		}
		err := what(ctx, visitOf(c).caller(), form, to)
		if notice := noticeOf(err); notice != "" {
			s.blame(c, err)
			to.Set("notice", notice)
			err = nil
		}
		path, _, _ := strings.Cut(back, "?")
		return path + "?" + to.Encode(), err
	})
}
