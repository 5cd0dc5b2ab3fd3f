package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// What buttons do.
const (
	doAgree   = "agree"
	doDecline = "decline"
	doChoose  = "choose" // show the organizations
	doSettle  = "settle" // take the one that was selected
	doSignOut = "signout"
	doHeld    = "held"
)

// actionData is what a button sends, with the inputs of its card. Nothing in it is believed: an organization has to be one that
// the person may choose.
type actionData struct {
	Do           string `json:"do"`
	Organization string `json:"organization"`
}

// act does what a button says, for whoever pressed it.
func (s *Service) act(ctx context.Context, p person, standing crm.BotStanding, data actionData) (reply, error) {
	switch {
	case p.Object == "":
		return reply{}, nil
	case standing.Stopped:
		return sentence(ctx, "entra.stopped"), nil
	case !p.personal:
		return sentence(ctx, "bot.private"), nil
	case data.Do == doSignOut:
		return s.signOut(ctx, p)
	case !standing.SignedIn:
		return s.signInCard(ctx, p, "bot.sign-in-again"), nil
	}
	switch data.Do {
	case doAgree:
		if err := s.cfg.Privacy.SetBotConsent(ctx, p.User, true); err != nil {
			return reply{}, err
		}
		r := s.help(ctx)
		r.text = locale.From(ctx).T("bot.agreed")
		return r, nil
	case doDecline:
		return sentence(ctx, "bot.declined"), s.cfg.Privacy.SetBotConsent(ctx, p.User, false)
	case doChoose:
		return s.chooser(ctx, p, "")
	case doSettle:
		return s.settle(ctx, p, data.Organization)
	case doHeld:
		return s.held(ctx, p)
	}
	return s.help(ctx), nil
}

// chooser asks for the organization to work in. The one in use is selected already; of one alone, that one.
func (s *Service) chooser(ctx context.Context, p person, problem string) (reply, error) {
	choices, err := s.cfg.Places.Choices(ctx, p.caller(ctx), "")
	if err != nil {
		return reply{}, err
	}
	l := locale.From(ctx)
	if len(choices.Organizations) == 0 {
		return reply{}.with(card{}.paragraph(l.T("bot.no-organization")).open(l.T("bot.open-settings"), s.cfg.PublicURL+"/tab/settings")), nil
	}
	selected := choices.Organizations[0].URL
	if now := choices.Now.Organization; now != nil {
		selected = now.URL
	}
	var options []map[string]string
	for _, o := range choices.Organizations {
		options = append(options, map[string]string{"title": o.Name, "value": o.URL})
	}
	c := card{}.title(l.T("bot.select-organization"))
	if problem != "" {
		c = c.paragraph(problem)
	}
	c = c.block(map[string]any{"type": "Input.ChoiceSet", "id": "organization", "label": l.T("bot.organization"), "value": selected,
		"isRequired": true, "errorMessage": l.T("bot.select-organization"), "choices": options})
	return reply{}.with(c.do(l.T("bot.next"), doSettle)), nil
}

// settle remembers the organization, with the app that the person uses there, or the first.
func (s *Service) settle(ctx context.Context, p person, organization string) (reply, error) {
	choices, err := s.cfg.Places.Choices(ctx, p.caller(ctx), organization)
	if err != nil {
		return reply{}, err
	}
	l := locale.From(ctx)
	if choices.Missing || choices.Organization == nil || organization == "" {
		return s.chooser(ctx, p, l.T("workspace.organization_gone"))
	}
	if choices.Problem != nil {
		return reply{}, choices.Problem
	}
	if len(choices.Apps) == 0 {
		return s.chooser(ctx, p, l.T("bot.no-app"))
	}
	app := choices.Apps[0]
	for _, a := range choices.Apps {
		if a.ID == choices.Remembered.AppID && choices.Remembered.OrganizationURL == organization {
			app = a
		}
	}
	if _, err := s.cfg.Places.Choose(ctx, p.caller(ctx), choices.Organization.URL, app.ID, crm.DashboardRef{}); err != nil {
		return reply{}, err
	}
	return reply{}.with(s.offers(ctx, card{}.title(l.T("bot.ready")).plain(choices.Organization.Name+" · "+app.Name))), nil
}

func (s *Service) whereAmI(ctx context.Context, p person) (reply, error) {
	placed, err := s.cfg.Places.Place(ctx, p.caller(ctx))
	if err != nil {
		return reply{}, err
	}
	place, ok := placed.Place()
	if !ok {
		return s.chooser(ctx, p, "")
	}
	return reply{text: place.Organization.Name + " · " + place.App.Name}, nil
}

// held tells what is stored about the person, by kind; the page says every value.
func (s *Service) held(ctx context.Context, p person) (reply, error) {
	if !p.personal {
		return sentence(ctx, "bot.private"), nil
	}
	rows, err := s.cfg.Privacy.Holdings(ctx, p.User)
	if err != nil {
		return reply{}, err
	}
	l := locale.From(ctx)
	counts, order := map[string]int{}, []string{}
	for _, row := range rows {
		if counts[row.Table]++; counts[row.Table] == 1 {
			order = append(order, row.Table)
		}
	}
	var lines []string
	for _, table := range order {
		lines = append(lines, fmt.Sprintf("%s: %s", l.T("kept."+table+".title"), l.Integer(counts[table])))
	}
	c := card{}.title(l.T("bot.held-button"))
	for _, line := range lines {
		c = c.plain(strings.TrimSpace(line))
	}
	return reply{}.with(c.open(l.T("bot.open-privacy"), s.cfg.PublicURL+"/tab/privacy")), nil
}

// signOut ends every session of the person, here and in the tabs, and forgets their tokens.
func (s *Service) signOut(ctx context.Context, p person) (reply, error) {
	if err := s.cfg.People.EndSessions(ctx, p.User); err != nil {
		return reply{}, err
	}
	if err := s.cfg.SignIn.SignOut(ctx, p.User); err != nil && !fault.Is(err, fault.NotFound) {
		return reply{}, err
	}
	if !p.personal {
		return sentence(ctx, "bot.signed-out"), nil
	}
	r := s.signInCard(ctx, p, "bot.sign-in-again")
	r.text = locale.From(ctx).T("bot.signed-out")
	return r, nil
}
