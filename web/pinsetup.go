package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/pin"
	"github.com/pintab/pintab/internal/workspace"
	"github.com/pintab/pintab/templates"
)

// findable is how long a text to look for may be; a link that somebody pastes is longer than a name.
const findable = 2000

// showPinSetup answers the page on which somebody chooses what a tab leads to. The address says what is looked at, nothing more.
func (s *Server) showPinSetup(c echo.Context) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return s.askToSignIn(c)
	}
	ctx, cancel := s.ahead(c, "pin")
	defer cancel()
	model := templates.PinSetupModel{Page: s.pageOf(c), Open: func(context.Context) (p templates.PinSetup, state *templates.State) {
		defer func() {
			if r := recover(); r != nil {
				p, state = templates.PinSetup{}, s.recordState(c, panicked(r), crm.Place{})
			}
		}()
		return s.pinSetup(ctx, c)
	}}
	r := c.Response()
	r.Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	r.WriteHeader(http.StatusOK)
	return templates.PinSetupPage(model).Render(c.Request().Context(), r)
}

// showPinSetupPanel answers what stands on the page as a piece, for script. What it cannot say, the page does.
func (s *Server) showPinSetupPanel(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	ctx, cancel := s.ahead(c, "pin")
	defer cancel()
	setup, state := s.pinSetup(ctx, c)
	if state != nil {
		return cmp.Or[error](state.Fault, fault.New(fault.NotFound, "workspace.no_place"))
	}
	return s.draw(c, http.StatusOK, templates.PinSetupPanel(setup))
}

// pinSetup finds what there is to choose, and what members will see of what has been chosen.
func (s *Server) pinSetup(ctx context.Context, c echo.Context) (templates.PinSetup, *templates.State) {
	caller, query := visitOf(c).caller(), c.QueryParams()
	p := templates.PinSetup{
		Theme: visitOf(c).theme, Views: query.Get("kind") == "view", Everywhere: query.Get("every") == "1", Editing: query.Get("edit") == "1",
		Filter: query.Get("filter"), Query: strings.TrimSpace(query.Get("q")), InTab: strings.HasPrefix(c.Path(), pinChangePage), Tenant: caller.User.Tenant,
	}
	if len(p.Query) > findable {
		p.Query = ""
	}
	if err := s.pinOf(ctx, caller, query, &p); err != nil {
		return p, s.recordState(c, err, crm.Place{})
	}
	choices, err := s.cfg.Places.Choices(ctx, caller, cmp.Or(query.Get("org"), p.Target.Organization))
	if err != nil {
		return p, s.recordState(c, err, crm.Place{})
	}
	if state := s.pinPlace(c, choices, query, &p); state != nil {
		return p, state
	}
	var asks sync.WaitGroup
	var faults [3]error
	for i, ask := range []func() error{
		func() (err error) {
			p.Tables, err = s.cfg.Search.SearchTables(ctx, caller, []crm.Place{p.Place})
			return err
		},
		func() error { return s.pinFind(ctx, c, &p, choices) },
		func() error { return s.pinPreview(ctx, caller, &p) },
	} {
		if i == 2 && p.Target.Table == "" && pastedText(p.Query) {
			continue // it is known once the link has been read
		}
		asks.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					faults[i] = panicked(r)
				}
			}()
			faults[i] = ask()
		})
	}
	asks.Wait()
	if p.Pasted && p.Target.Table == "" && p.Answer != nil {
		p.Target = pastedTarget(p.Answer)
		faults[2] = s.pinPreview(ctx, caller, &p)
	}
	for i, err := range faults {
		if err == nil {
			continue
		}
		f := asFault(err)
		s.blame(c, f)
		if f.Kind == fault.SignedOut {
			return p, s.recordState(c, f, p.Place)
		}
		switch i {
		case 1:
			p.Problem = f
		case 2:
			p.PreviewProblem = f
		}
	}
	return p, nil
}

func pastedText(text string) bool {
	_, ok := crm.LinkFrom(text)
	return ok
}

func pastedTarget(a *crm.SearchAnswer) crm.PinTarget {
	for _, r := range a.Records {
		return crm.PinTarget{Organization: r.Place.Organization.URL, App: r.Place.App.ID, Table: r.Table.LogicalName, Record: r.Ref.ID}
	}
	for _, v := range a.Views {
		return crm.PinTarget{Organization: v.Place.Organization.URL, App: v.Place.App.ID, Table: v.Table.LogicalName, View: v.View.ID, Personal: v.View.Personal}
	}
	return crm.PinTarget{}
}

// pinOf reads which pin the page is about: one that stands already, whose target is shown first, or one that is made with an id
// given out now, so that saving twice makes one.
func (s *Server) pinOf(ctx context.Context, caller crm.Caller, query url.Values, p *templates.PinSetup) error {
	p.Target, _ = templates.TargetFromToken(query.Get("target"))
	p.Pin = pinID(query.Get("pin"))
	if p.Pin == "" {
		var err error
		p.Pin, err = s.cfg.Pins.NewID()
		return err
	}
	found, err := s.cfg.Pins.Find(ctx, caller, p.Pin)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	}
	p.Known = true
	if p.Target.Table == "" && !query.Has("target") && !query.Has("q") {
		p.Target = found.Target
		p.Views = p.Views || p.Target.View != "" && !query.Has("kind")
	}
	return nil
}

// pinPlace decides where records come from: the organization and the app of the address, else of the pin, else where the person works.
func (s *Server) pinPlace(c echo.Context, choices workspace.Choices, query url.Values, p *templates.PinSetup) *templates.State {
	p.Organizations, p.OrganizationsLeftOut = choices.Organizations, choices.OrganizationsLeftOut
	p.Apps, p.AppsLeftOut = choices.Apps, choices.AppsLeftOut
	if choices.Missing {
		p.Notice = "workspace.organization_gone"
	}
	if choices.Organization == nil {
		return &templates.State{Situation: templates.NoOrganization, LeftOut: choices.OrganizationsLeftOut, RetryPath: s.ownPath(c)}
	}
	p.Place.Organization = *choices.Organization
	if choices.Problem != nil {
		p.AppsProblem = asFault(choices.Problem)
		s.blame(c, p.AppsProblem)
	}
	wanted := []string{query.Get("app"), p.Target.App}
	if now, ok := choices.Now.Place(); ok && now.Organization.URL == p.Place.Organization.URL {
		wanted = append(wanted, now.App.ID)
	}
	for _, id := range wanted {
		if i := slices.IndexFunc(p.Apps, func(a crm.App) bool { return a.ID == id }); i >= 0 {
			p.Place.App = p.Apps[i]
			return nil
		}
	}
	if len(p.Apps) > 0 {
		p.Place.App = p.Apps[0]
		return nil
	}
	state := &templates.State{Situation: templates.NoApp, Place: p.Place, LeftOut: choices.AppsLeftOut, RetryPath: s.ownPath(c)}
	if p.AppsProblem != nil {
		problem := templates.StateOf(p.AppsProblem, s.ownPath(c), visitOf(c).correlation)
		problem.Place, state = p.Place, &problem
	}
	return state
}

// pinFind fills in the results: what a link leads to, what fits the text, or what the person used last.
func (s *Server) pinFind(ctx context.Context, c echo.Context, p *templates.PinSetup, choices workspace.Choices) error {
	caller := visitOf(c).caller()
	if pastedText(p.Query) {
		p.Pasted = true
		found, err := s.cfg.Search.Paste(ctx, caller, p.Place, p.Query)
		if err != nil {
			return err
		}
		p.Answer = &crm.SearchAnswer{}
		if found.Record != nil {
			p.Answer.Records = []crm.FoundRecord{*found.Record}
		}
		if found.View != nil {
			p.Answer.Views = []crm.FoundView{*found.View}
		}
		return nil
	}
	places, failed := []crm.Place{p.Place}, []crm.Searched(nil)
	if p.Everywhere {
		places, failed = s.everyPlace(ctx, caller, p.Place, choices)
	}
	q := crm.SearchQuery{Text: p.Query, Places: places}
	if p.Filter != "" {
		q.Tables = []string{p.Filter}
	}
	search := s.cfg.Search.Search
	if p.Views {
		search = s.cfg.Search.SearchViews
	}
	answer, err := search(ctx, caller, q, nil)
	answer.Places = append(answer.Places, failed...)
	p.Answer = &answer
	return err
}

// everyPlace gives each organization that the person may choose, with the app that opens there; this place comes first. What did not
// say which apps it has is told of.
func (s *Server) everyPlace(ctx context.Context, caller crm.Caller, here crm.Place, choices workspace.Choices) (places []crm.Place, failed []crm.Searched) {
	others := slices.DeleteFunc(slices.Clone(choices.Organizations), func(o crm.Organization) bool { return o.URL == here.Organization.URL })
	found, errs := make([]crm.Place, len(others)), make([]error, len(others))
	turns := make(chan struct{}, 4)
	var asks sync.WaitGroup
	for i, org := range others {
		asks.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = panicked(r)
				}
			}()
			turns <- struct{}{}
			defer func() { <-turns }()
			found[i], errs[i] = s.cfg.Places.Check(ctx, caller, org.URL, "")
		})
	}
	asks.Wait()
	places = []crm.Place{here}
	for i, err := range errs {
		if err != nil {
			failed = append(failed, crm.Searched{Place: crm.Place{Organization: others[i]}, Err: asFault(err)})
			continue
		}
		places = append(places, found[i])
	}
	return places, failed
}

// pinPreview fills in what members will see of what has been chosen.
func (s *Server) pinPreview(ctx context.Context, caller crm.Caller, p *templates.PinSetup) error {
	if p.Target.Table == "" {
		return nil
	}
	preview, err := s.cfg.Pins.Preview(ctx, caller, p.Target)
	if err == nil {
		p.Preview = &preview
	}
	return err
}

// tabSettings is what the page's script hands to Teams (pages.config.setConfig), and the pin that was kept.
type tabSettings struct {
	EntityID   string `json:"entityId"`
	ContentURL string `json:"contentUrl"`
	WebsiteURL string `json:"websiteUrl"`
	RemoveURL  string `json:"removeUrl"`
	Name       string `json:"suggestedDisplayName"`
}

// savePin keeps what was chosen. Script calls it while Teams waits for the page to say that the tab was saved.
func (s *Server) savePin(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	draft, err := s.pinDraft(c)
	if err != nil {
		return err
	}
	ctx, cancel := s.deadline(c)
	defer cancel()
	_, settings, err := s.cfg.Pins.Create(ctx, visitOf(c).caller(), draft)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, tabSettings{settings.EntityID, settings.ContentURL, settings.WebsiteURL, settings.RemoveURL, settings.Name})
}

// pinDraft reads the form that the page sends.
func (s *Server) pinDraft(c echo.Context) (pin.Draft, error) {
	form, err := s.form(c)
	if err != nil {
		return pin.Draft{}, err
	}
	target, ok := templates.TargetFromToken(form.Get("target"))
	if !ok {
		return pin.Draft{}, fault.New(fault.Invalid, "pin.nothing_chosen")
	}
	target.Beside = form.Get("beside") == "1" && target.View != ""
	target.Lists = nil
	for _, list := range form["list"] {
		if target.Record != "" && !slices.Contains(target.Lists, list) {
			target.Lists = append(target.Lists, list)
		}
	}
	return pin.Draft{
		ID: strings.ToLower(form.Get("pin")), Target: target, Remember: form.Get("remember") == "1",
		Spot: crm.Spot{Team: form.Get("team"), Group: form.Get("group"), Channel: form.Get("channel"), Chat: form.Get("chat"), Meeting: form.Get("meeting")},
	}, nil
}
