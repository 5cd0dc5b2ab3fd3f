package crmxml

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

// The most that reading one document may allocate in all: queries are at most 256 KB with 4,000 elements, forms and their like
// 4 MB with 60,000.
const (
	queryMemory = 16 << 20
	formMemory  = 192 << 20
)

func TestHostileDocumentsTakeBoundedMemory(t *testing.T) {
	repeat := strings.Repeat
	entities := `<!DOCTYPE x [<!ENTITY a "` + repeat("a", 1000) + `">`
	for i := range 24 {
		entities += `<!ENTITY ` + string(rune('b'+i)) + ` "` + repeat("&"+string(rune('a'+i))+";", 10) + `">`
	}
	readers := map[string]struct {
		read func(string) error
		most uint64
	}{
		"ParseFetch":       {func(text string) error { _, err := ParseFetch(text); return err }, queryMemory},
		"ReadForm":         {func(text string) error { _, err := ReadForm(text); return err }, formMemory},
		"ReadLayout":       {func(text string) error { _, err := ReadLayout(text); return err }, formMemory},
		"ReadSiteMap":      {func(text string) error { _, err := ReadSiteMap(text); return err }, formMemory},
		"ReadChartData":    {func(text string) error { _, err := ReadChartData(text); return err }, formMemory},
		"ReadPresentation": {func(text string) error { _, err := ReadPresentation(text); return err }, formMemory},
	}
	for what, text := range map[string]string{
		"entities in entities":    entities + `]><fetch><entity name="&y;"/></fetch>`,
		"depth":                   repeat("<a>", 1<<20),
		"ten thousand conditions": `<fetch><entity name="a"><filter>` + repeat(`<condition attribute="a" operator="eq" value="1"/>`, 10000) + `</filter></entity></fetch>`,
		"elements":                "<form>" + repeat("<tab/>", 500000) + "</form>",
		"attributes":              "<fetch" + repeat(` a="1"`, 500000) + "/>",
		"a long value":            `<fetch top="` + repeat("1", 3<<20) + `"/>`,
		"text":                    "<fetch>" + repeat("&amp;", 700000) + "</fetch>",
		"comments":                repeat("<!-- -->", 500000),
		"much more than enough":   repeat("x", 32<<20),
	} {
		for name, r := range readers {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			err := r.read(text)
			runtime.ReadMemStats(&after)
			if took := after.TotalAlloc - before.TotalAlloc; took > r.most {
				t.Errorf("%s takes %d KB for %s", name, took>>10, what)
			}
			if err == nil && (what == "depth" || what == "entities in entities" || what == "much more than enough") {
				t.Errorf("%s accepts %s", name, what)
			}
		}
	}
	if _, err := ParseFetch(repeat("<a>", 100)); !errors.Is(err, ErrTooLarge) {
		t.Error(err)
	}
}

func FuzzParseFetch(f *testing.F) {
	f.Add(`<fetch count="2" page="2" paging-cookie="&lt;cookie/&gt;" aggregate="true"><entity name="a"><attribute name="b" groupby="true" dategrouping="month" alias="c"/><filter type="or"><condition attribute="d" operator="in"><value>1</value></condition><filter/></filter><link-entity name="e" from="f" to="g" link-type="outer" alias="h"><all-attributes/></link-entity><order alias="c" descending="1"/></entity></fetch>`)
	f.Fuzz(func(t *testing.T, text string) {
		query, err := ParseFetch(text)
		if err != nil {
			return
		}
		again, err := ParseFetch(query.String())
		if err != nil {
			t.Fatalf("%q is printed as %q: %v", text, query, err)
		}
		if again.String() != query.String() {
			t.Errorf("%q is printed as %q, then as %q", text, query, again)
		}
	})
}
