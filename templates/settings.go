package templates

import (
	"context"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

const settingsPath = "/tab/settings"

// filterFrom is from how many organizations or apps on there is a field to filter them.
const filterFrom = 9

// SettingsModel is the page that decides what My Dashboard opens: an organization, one of its apps, one of its dashboards.
// Looking at another organization or app is following a link; only Save changes anything.
type SettingsModel struct {
	Page    Page
	Profile crm.Profile

	// Now is where My Dashboard opens at present; nil when nowhere. Chosen says that the person chose it.
	Now    *crm.Place
	Chosen bool
	// Lost is the remembered choice that no longer holds.
	Lost *Lost
	// Notice is a message key of package locale about what the person just tried; "" for none.
	Notice string
	// Saved is what Undo takes back; nil unless something has just been saved.
	Saved *Undo
	// Undone says that a choice has just been taken back.
	Undone bool

	// Find is what the organizations are filtered by; Organizations are all of them all the same.
	Find                 string
	Organizations        []crm.Organization
	OrganizationsLeftOut []crm.LeftOut
	// Organization is the one whose apps are shown; nil when there is none.
	Organization *crm.Organization
	Apps         []crm.App
	AppsLeftOut  []crm.LeftOut
	// Problem says why Organization gave no apps.
	Problem *fault.Error
	// App is the one whose dashboards are shown; nil when Organization has none.
	App *crm.App
	// Dashboards are those of App, and DashboardID the one that opens; DashboardProblem says why there are none.
	Dashboards       []crm.DashboardRef
	DashboardID      string
	DashboardProblem *fault.Error

	// LanguageFrom says who asks for the page's language.
	LanguageFrom LanguageSource
	// Reading is by which time zone and formats records of Organization are read; nil when that could not be told.
	Reading *crm.Reading
	// Privacy, Check and Pins say that those pages exist.
	Privacy, Check, Pins bool
}

// LanguageSource is where the language of a page comes from.
type LanguageSource string

// The sources of a language, in the order in which they count.
const (
	LanguageChosen    LanguageSource = "chosen"
	LanguageOfHost    LanguageSource = "host"
	LanguageOfBrowser LanguageSource = "browser"
	LanguageUsual     LanguageSource = "default"
)

func (s LanguageSource) text(ctx context.Context) string {
	key := "settings.language-" + string(s)
	return t(ctx, key)
}

// Lost is a remembered choice that no longer holds, and the rule by which it does not.
type Lost struct {
	App    bool // else the organization
	Name   string
	Reason crm.Reason // "" when it is not there for this person any more
	Detail string
}

// Undo names the choice that can be taken back, by the moment of it in milliseconds since 1970.
type Undo struct{ Since string }

// look makes the address that looks at an organization and, unless it is "", at one of its apps.
func (m SettingsModel) look(ctx context.Context, organization, app string) templ.SafeURL {
	v := m.appearance(ctx)
	v.Set("org", organization)
	if app != "" {
		v.Set("app", app)
	}
	return templ.SafeURL(settingsPath + "?" + v.Encode())
}

// signIn is where the sign-in begins that the organization looked at wants of the person, and leads back to it.
func (m SettingsModel) signIn(ctx context.Context) templ.SafeURL {
	return templ.SafeURL(startURL(string(m.look(ctx, m.Organization.URL, "")), m.Problem.Claims, m.Page.LoginHint))
}

// appearance is what the page's links take along.
func (m SettingsModel) appearance(ctx context.Context) url.Values {
	return appearanceOf(ctx, m.Page.Theme)
}

func appearanceOf(ctx context.Context, theme Theme) url.Values {
	v := url.Values{"locale": {locale.Asked(ctx).Tag()}}
	if theme != "" {
		v.Set("theme", string(theme))
	}
	return v
}

// ours is the address of a page of ours in the look of this one.
func ours(ctx context.Context, path string, theme Theme) templ.SafeURL {
	return templ.SafeURL(path + "?" + appearanceOf(ctx, theme).Encode())
}

// found are the organizations that the filter lets through; the one that is looked at always stays.
func (m SettingsModel) found() []crm.Organization {
	find := strings.ToLower(strings.TrimSpace(m.Find))
	var found []crm.Organization
	for _, o := range m.Organizations {
		if find == "" || strings.Contains(strings.ToLower(o.Name+" "+o.URL), find) || m.looksAt(o) {
			found = append(found, o)
		}
	}
	return found
}

func (m SettingsModel) looksAt(o crm.Organization) bool {
	return m.Organization != nil && m.Organization.URL == o.URL
}

func (m SettingsModel) opensIn(organizationURL, appID string) bool {
	return m.Now != nil && m.Now.Organization.URL == organizationURL && (appID == "" || m.Now.App.ID == appID)
}

// settled reports that what is shown is what the person has chosen, with no dashboard to choose besides.
func (m SettingsModel) settled() bool {
	return m.Chosen && m.Lost == nil && m.opensIn(m.Organization.URL, m.App.ID) && len(m.Dashboards) < 2
}

// oneOfEach reports that there is nothing to choose.
func (m SettingsModel) oneOfEach() bool {
	return len(m.Organizations) == 1 && len(m.Apps) == 1 && m.Problem == nil && m.looksAt(m.Organizations[0])
}

// nowText says what My Dashboard opens.
func (m SettingsModel) nowText(ctx context.Context) string {
	switch {
	case m.Now == nil:
		return t(ctx, "settings.now-nowhere")
	case m.Undone:
		return t(ctx, "settings.undone", placeArgs(*m.Now))
	case m.Saved != nil:
		return t(ctx, "settings.saved", placeArgs(*m.Now))
	}
	return t(ctx, "settings.now", placeArgs(*m.Now))
}

func placeArgs(p crm.Place) locale.Args {
	return locale.Args{"organization": p.Organization.Name, "app": p.App.Name}
}

func (l Lost) text(ctx context.Context) string {
	switch {
	case l.App && l.Name != "":
		return t(ctx, "settings.lost-app", locale.Args{"name": l.Name})
	case l.App:
		return t(ctx, "settings.lost-unknown-app")
	}
	return t(ctx, "settings.lost-organization", locale.Args{"name": l.Name})
}

// leftOut are the things of one kind that are not shown.
func (l Lost) leftOut() crm.LeftOut {
	return crm.LeftOut{Name: l.Name, Reason: l.Reason, Detail: l.Detail}
}

// help says what to do about a rule, or whom to ask.
func help(ctx context.Context, reason crm.Reason) string { return t(ctx, "help."+string(reason)) }

// looking reports whether an organization that is left out can be looked at all the same: what stands in its way is in the
// organization, so its own answer tells more.
func looking(o crm.LeftOut) bool {
	switch o.Reason {
	case crm.ReasonNoApp, crm.ReasonUnanswered, crm.ReasonSignIn:
		return o.URL != ""
	}
	return false
}

func lookText(ctx context.Context, o crm.LeftOut) string {
	switch o.Reason {
	case crm.ReasonNoApp:
		return t(ctx, "settings.see-apps")
	case crm.ReasonSignIn:
		return t(ctx, "action.sign-in")
	}
	return t(ctx, "action.retry")
}

// counted says "2 organizations, 3 not shown".
func counted(ctx context.Context, key string, shown, leftOut int) string {
	text := t(ctx, key, locale.Args{"n": shown})
	if leftOut > 0 {
		text += locale.From(ctx).Comma() + t(ctx, "settings.not-shown", locale.Args{"n": leftOut})
	}
	return text
}

// signOutURL keeps the look of the page, which a form's own fields do not.
func (m SettingsModel) signOutURL(ctx context.Context) templ.SafeURL {
	return ours(ctx, "/auth/signout", m.Page.Theme)
}

// current marks the link to what is looked at.
func current(is bool) templ.OrderedAttributes {
	if !is {
		return nil
	}
	return templ.OrderedAttributes{{Key: "aria-current", Value: "true"}}
}

// hostOf is an organization's address as people know it.
func hostOf(address string) string {
	_, host, found := strings.Cut(address, "://")
	if !found {
		return address
	}
	return host
}

func foundText(ctx context.Context, m SettingsModel) string {
	if m.Find == "" {
		return ""
	}
	return t(ctx, "settings.found", locale.Args{"n": len(m.found())})
}
