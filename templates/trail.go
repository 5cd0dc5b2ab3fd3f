package templates

import (
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/google/uuid"

	"github.com/pintab/pintab/internal/crm"
)

// Crumb is one page of the way here.
type Crumb struct {
	Text string
	Path string // ours, with its query
}

// Step is one page of a trail, as an address carries it: a dashboard, a list, or a record.
type Step struct {
	Dashboard   string         // id
	List        *crm.ViewQuery // of a list
	Table, ID   string         // of a record; the table of a list too
	Pin, Tenant string         // of a tab of Teams: its pin and the pin's tenant
}

// stepLimit is how many pages of the way here an address carries.
const stepLimit = 4

// DashboardToken is a dashboard as a step of a trail.
func DashboardToken(id string) string { return "d." + id }

// RecordToken is a record as a step of a trail.
func RecordToken(table, id string) string { return "r." + table + "." + id }

// PinToken is a tab of Teams as a step of a trail.
func PinToken(tenant, pin string) string { return "p." + tenant + "." + pin }

// longestList is how long the address of a list may be in a trail; of a longer one only the view is kept.
const longestList = 500

// ListToken is a list as a step of a trail.
func ListToken(q crm.ViewQuery) string {
	q.Mark, q.Counted = "", false
	text := q.Values().Encode()
	if len(text) > longestList {
		text = crm.ViewQuery{Table: q.Table, PartState: crm.PartState{ViewID: q.ViewID, PersonalView: q.PersonalView}}.Values().Encode()
	}
	return "v." + base64.RawURLEncoding.EncodeToString([]byte(text))
}

// listFrom reads what ListToken wrote.
func listFrom(text string) (crm.ViewQuery, bool) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return crm.ViewQuery{}, false
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil || !isName(values.Get("table")) {
		return crm.ViewQuery{}, false
	}
	return crm.ViewQueryFrom(values), true
}

// Onward adds a step to a trail. A page that the trail has been to already ends it there, so that going round in circles
// does not grow; the oldest steps are given up first.
func Onward(trail, step string) string {
	var steps []string
	for _, s := range strings.Split(trail, ",") {
		if s == step {
			break
		}
		if s != "" {
			steps = append(steps, s)
		}
	}
	steps = append(steps, step)
	return strings.Join(steps[max(0, len(steps)-stepLimit):], ",")
}

// TrailFrom reads a trail. What is malformed is left out: an address can be typed by anybody.
func TrailFrom(text string) (steps []Step) {
	if len(text) > 2000 {
		return nil
	}
	for _, s := range strings.Split(text, ",") {
		kind, rest, _ := strings.Cut(s, ".")
		switch kind {
		case "d":
			if uuid.Validate(rest) == nil {
				steps = append(steps, Step{Dashboard: rest})
			}
		case "v":
			if q, ok := listFrom(rest); ok {
				steps = append(steps, Step{List: &q, Table: q.Table})
			}
		case "p":
			tenant, pin, _ := strings.Cut(rest, ".")
			if uuid.Validate(tenant) == nil && uuid.Validate(pin) == nil {
				steps = append(steps, Step{Tenant: tenant, Pin: pin})
			}
		case "r":
			table, id, _ := strings.Cut(rest, ".")
			if uuid.Validate(id) == nil && isName(table) {
				steps = append(steps, Step{Table: table, ID: id})
			}
		}
	}
	return steps[max(0, len(steps)-stepLimit):]
}

// Token is how a trail writes the step.
func (s Step) Token() string {
	switch {
	case s.Dashboard != "":
		return DashboardToken(s.Dashboard)
	case s.List != nil:
		return ListToken(*s.List)
	case s.Pin != "":
		return PinToken(s.Tenant, s.Pin)
	}
	return RecordToken(s.Table, s.ID)
}

func isName(s string) bool {
	for i, c := range []byte(s) {
		switch {
		case c == '_', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9' && i > 0:
		default:
			return false
		}
	}
	return s != "" && len(s) <= 128
}

// StepPath is the address of a step in a place: earlier is the trail that leads to it, look what every address of the page
// carries (org, app, theme, locale).
func StepPath(s Step, earlier string, look url.Values) string {
	v := url.Values{}
	for name, values := range look {
		v[name] = append([]string(nil), values...)
	}
	if s.Dashboard != "" {
		v.Set("dashboard", s.Dashboard)
		return dashboardPath + "?" + v.Encode()
	}
	if s.Pin != "" {
		v.Del("org")
		v.Del("app")
		for name, value := range map[string]string{"v": "1", "tenant": s.Tenant, "pin": s.Pin} {
			v.Set(name, value)
		}
		return PinPath + "?" + v.Encode()
	}
	path := RecordPath
	if s.List != nil {
		path = ViewPath
		for name, values := range s.List.Values() {
			v[name] = values
		}
	} else {
		v.Set("table", s.Table)
		v.Set("id", s.ID)
	}
	if earlier != "" {
		v.Set("from", earlier)
	}
	return path + "?" + v.Encode()
}
