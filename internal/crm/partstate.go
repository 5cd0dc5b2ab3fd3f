package crm

import (
	"net/url"
	"strconv"
	"strings"
)

// PersonalSuffix marks a personal view in the value of a view picker, where one value has to say both which view and
// whose: "<id>.personal" means view=<id>&personal=1.
const PersonalSuffix = ".personal"

// Query writes a part's state as address parameters: part, view, personal, chart, sort, desc, page, q, cat and ser.
// Empty fields are left out, so that the untouched part has only its key.
func (s PartState) Query(partKey string) url.Values {
	v := url.Values{"part": {partKey}}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("view", s.ViewID)
	set("chart", s.ChartID)
	set("sort", s.Sort)
	set("q", s.Search)
	if s.PersonalView {
		v.Set("personal", "1")
	}
	if s.Descending {
		v.Set("desc", "1")
	}
	if s.Page > 1 {
		v.Set("page", strconv.Itoa(s.Page))
	}
	if s.Drill != nil {
		v.Set("cat", s.Drill.Category)
		if s.Drill.Series != "" {
			v.Set("ser", s.Drill.Series)
		}
	}
	return v
}

// PartStateFrom reads what Query wrote. Anything malformed is ignored: an address can be typed by anybody, and every name
// in it is looked up again before it is used.
func PartStateFrom(v url.Values) (partKey string, s PartState) {
	s = PartState{
		ViewID: v.Get("view"), PersonalView: v.Get("personal") == "1", ChartID: v.Get("chart"),
		Sort: v.Get("sort"), Descending: v.Get("desc") == "1", Search: v.Get("q"),
	}
	if id, personal := strings.CutSuffix(s.ViewID, PersonalSuffix); personal {
		s.ViewID, s.PersonalView = id, true
	}
	if n, err := strconv.Atoi(v.Get("page")); err == nil && n > 0 && n < 1000 {
		s.Page = n
	}
	if v.Has("cat") {
		s.Drill = &Drill{Category: v.Get("cat"), Series: v.Get("ser")}
	}
	return v.Get("part"), s
}
