package teams

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// view is how a browser window looks at the client: who sits there, and how. All of it travels in the address, so that
// two windows can be two people and a link shows what its sender saw.
type view struct {
	Person world.Person
	Theme  string // default, dark or contrast
	Locale string // one of locales
	Size   string // desktop, phone-320 or phone-360
	SSO    string // how getAuthToken behaves: "" works, "silent" never answers, anything else is the reason of its failure
	Init   string // how initialize behaves: "" answers, see initBehaviours
	Pace   string // how fast the host answers: "" at once, "slow" after a while
	Press  string // how Save is pressed: "" once, "twice" as people with a mouse that bounces do
	server *Server
}

var (
	themes  = []string{"default", "dark", "contrast"}
	locales = []string{"en-US", "de-DE", "fr-FR", "es-ES", "ja-JP", "ar-SA"}
	sizes   = []string{"desktop", "phone-360", "phone-320"}
	// initBehaviours are the answers to initialize that hosts are known to give: version and runtime in either order, or no
	// runtime at all; and none.
	initBehaviours = []string{"", "swapped", "legacy", "silent"}
	paces          = []string{"", "slow"}
	presses        = []string{"", "twice"}
	// ssoBehaviours are the ways in which getAuthToken can fail, beside working.
	ssoBehaviours = []string{"", "resourceDisabled", "consent_required", "unknownAuthError", "silent"}
)

func (s *Server) viewOf(r *http.Request) view {
	q := r.URL.Query()
	one := func(name string, allowed []string) string {
		if got := q.Get(name); slices.Contains(allowed, got) {
			return got
		}
		return allowed[0]
	}
	v := view{
		Theme: one("theme", themes), Locale: one("locale", locales), Size: one("size", sizes),
		SSO: one("sso", ssoBehaviours), Init: one("init", initBehaviours),
		Pace: one("pace", paces), Press: one("press", presses), server: s,
	}
	var known bool
	if v.Person, known = s.personByName(q.Get("person")); !known {
		v.Person = s.firstPerson()
	}
	return v
}

// firstPerson is who sits at a window that does not say: a seller, because most people who try the sandbox want to see
// what a seller sees.
func (s *Server) firstPerson() world.Person {
	for _, p := range s.config.People {
		if p.Role == world.Seller {
			return p
		}
	}
	return s.config.People[0]
}

// query gives the view as address parameters; what is as usual is left out, except the person.
func (v view) query() url.Values {
	q := url.Values{"person": {v.Person.Username}}
	for name, pair := range map[string][2]string{
		"theme": {v.Theme, themes[0]}, "locale": {v.Locale, locales[0]}, "size": {v.Size, sizes[0]},
		"sso": {v.SSO, ""}, "init": {v.Init, ""}, "pace": {v.Pace, ""}, "press": {v.Press, ""},
	} {
		if pair[0] != pair[1] {
			q.Set(name, pair[0])
		}
	}
	return q
}

// To gives the address of a page in this view; more holds further parameters, name and value in turn.
func (v view) To(path string, more ...string) string {
	q := v.query()
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return path + "?" + q.Encode()
}

// With gives the address of a page in a view that differs in one thing.
func (v view) With(path, name, value string) string {
	q := v.query()
	q.Set(name, value)
	return path + "?" + q.Encode()
}

// Lang is the language of the client's own words, which are English.
func (v view) Lang() string { return "en" }

// Initials stand for a person where there is no picture.
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return "?"
	}
	first := []rune(words[0])[:1]
	if len(words) == 1 {
		return string(first)
	}
	return strings.ToUpper(string(first) + string([]rune(words[len(words)-1])[:1]))
}

// Window is what the page's script knows of the view.
func (v view) Window() map[string]string {
	return map[string]string{
		"person": v.Person.Username, "theme": v.Theme, "locale": v.Locale, "size": v.Size, "sso": v.SSO, "init": v.Init,
		"pace": v.Pace, "press": v.Press,
	}
}

// choice is one way to look at the client, as the menu offers it.
type choice struct {
	Value, Label, Href string
	Current            bool
}

var choiceLabels = map[string]map[string]string{
	"theme": {"default": "Light", "dark": "Dark", "contrast": "High contrast"},
	"size":  {"desktop": "Full width", "phone-360": "Phone, 360 pixels", "phone-320": "Small phone, 320 pixels"},
	"locale": {
		"en-US": "English (en-US)", "de-DE": "Deutsch (de-DE)", "fr-FR": "Français (fr-FR)", "es-ES": "Español (es-ES)",
		"ja-JP": "日本語 (ja-JP)", "ar-SA": "العربية (ar-SA)",
	},
}

// Choices lists the ways in which one thing of the view can be chosen.
func (f frame) Choices(name string) []choice {
	values := map[string][]string{"theme": themes, "size": sizes, "locale": locales}[name]
	current := map[string]string{"theme": f.Theme, "size": f.Size, "locale": f.Locale}[name]
	var all []choice
	for _, value := range values {
		all = append(all, choice{value, choiceLabels[name][value], f.With(f.Path, name, value), value == current})
	}
	return all
}

type hiddenField struct{ Name, Value string }

// Hidden gives the view as hidden fields, for forms that are sent by GET.
func (v view) Hidden() []hiddenField {
	var all []hiddenField
	for name, values := range v.query() {
		all = append(all, hiddenField{name, values[0]})
	}
	slices.SortFunc(all, func(a, b hiddenField) int { return strings.Compare(a.Name, b.Name) })
	return all
}
