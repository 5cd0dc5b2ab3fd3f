package dataverse

import (
	"net/url"
	"strings"
	"testing"
)

// What Dataverse gave comes back letter for letter, and nothing else gets through.
func TestAMarkIsAPagingCookieOrNothing(t *testing.T) {
	good := `<cookie page="1"><name last="Z &amp; &quot;Co&quot;" first="A" /><pc.city lastnull="1" firstnull="1" /><accountid last="{0A}" first="{0B}" /></cookie>`
	twice := url.QueryEscape(url.QueryEscape(good))
	if got := pageMark(`<cookie pagenumber="2" pagingcookie="` + twice + `" istracking="False" />`); got != good {
		t.Errorf("%q", got)
	}
	if got := readMark(good); got != good {
		t.Errorf("%q", got)
	}
	for _, bad := range []string{
		"", "text", "<cookie>", `<fetch page="1"/>`, `<cookie page="1"><a><b/></a></cookie>`, `<cookie page="1"/><cookie page="2"/>`,
		`<!DOCTYPE x [<!ENTITY e "x">]><cookie page="1"><a last="&e;"/></cookie>`, `<cookie page="1"><!-- x --></cookie>`, `<?xml version="1.0"?><cookie page="1"/>`,
		`<cookie page="1">text</cookie>`, `<cookie page="1" evil="1"/>`, `<cookie page="1"><name value="x"/></cookie>`, `<cookie page="1"><x:name last="x"/></cookie>`,
		`<cookie page="1"><name last="` + strings.Repeat("x", longestMark) + `"/></cookie>`,
	} {
		if got := readMark(bad); got != "" {
			t.Errorf("%.60q passes as %.60q", bad, got)
		}
	}
}

func FuzzMark(f *testing.F) {
	f.Add(`<cookie page="1"><name last="Z" first="A" /></cookie>`)
	f.Add(`<cookie pagenumber="2" pagingcookie="%253ccookie%2520page%253d%25221%2522%252f%253e" istracking="False" />`)
	f.Fuzz(func(t *testing.T, text string) {
		for _, mark := range []string{readMark(text), pageMark(text)} {
			if readMark(mark) != mark || len(mark) > longestMark || strings.Contains(mark, "<!") {
				t.Errorf("%q gives %q", text, mark)
			}
		}
	})
}
