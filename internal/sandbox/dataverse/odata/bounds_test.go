package odata

import (
	"net/http"
	"runtime"
	"strings"
	"testing"
)

// mostMemory is how much one parse may allocate in all, whatever it is given: a parser's text is at most 64 KB, or 256 KB for
// a whole query, and a body's is 16 MB.
const mostMemory = 16 << 20

// allocated is what a call allocates in all, garbage included.
func allocated(call func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	call()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestHostileTextTakesBoundedMemory(t *testing.T) {
	repeat := strings.Repeat
	list := "[" + repeat("1,", 14000) + "1]"
	filters := []string{
		repeat("(", 60000), repeat("not ", 16000) + "a", repeat("a eq 1 or ", 6000) + "a eq 1", repeat("a/", 30000) + "b eq 1", "a eq '" + repeat("''", 32000) + "'",
		repeat("c/any(o:", 8000), repeat("a eq @p or ", 2500) + "a eq @p", "a eq " + repeat("[", 60000), "a eq " + list, "Microsoft.Dynamics.CRM.In(PropertyName='a',PropertyValues=" + list + ")",
		repeat("{", 64<<10), repeat("x", 1<<20), repeat("\xff", 1000), repeat("contains(", 7000),
	}
	parsers := map[string]func(text string){
		"ParseFilter":  func(text string) { _, _ = ParseFilter(text, map[string]string{"@p": list}) },
		"ParseLiteral": func(text string) { _, _ = ParseLiteral(text) },
		"ParsePath":    func(text string) { _, _ = ParsePath("a("+text+")", map[string]string{"@p": list}) },
		"ParseOptions": func(text string) {
			_, _ = ParseOptions("@p=" + list + "&$filter=" + text)
			_, _ = ParseOptions("$expand=" + repeat("a($expand=", 6000) + text)
			_, _ = ParseOptions("$apply=groupby((" + repeat("a,", 5000) + "a))&$select=" + repeat("a,", 30000) + "&$orderby=" + text)
			_, _ = ParseOptions(repeat("a"+text[:min(1, len(text))]+"&", 20000))
		},
		"ParsePrefer": func(text string) {
			p := ParsePrefer(http.Header{"Prefer": {`odata.include-annotations="` + repeat("*,", 200000) + text + `"`, repeat(",", 100000)}})
			for range 1000 {
				p.Includes("OData.Community.Display.V1.FormattedValue")
			}
		},
	}
	for name, parse := range parsers {
		for _, text := range filters {
			if took := allocated(func() { parse(text) }); took > mostMemory {
				t.Errorf("%s takes %d KB for %.30q", name, took>>10, text)
			}
		}
	}
	for _, body := range []string{repeat(`{"a":`, 1<<20), `{"a":[` + repeat("1,", 4<<20) + "1]}", `{"a":"` + repeat(`\u0041`, 1<<20) + `"}`, repeat("[", 16<<20), `{` + repeat(`"a":1,`, 1<<20)} {
		if took := allocated(func() { _, _ = ParseBody([]byte(body)) }); took > mostMemory+4*uint64(len(body)) {
			t.Errorf("ParseBody takes %d KB for %.30q", took>>10, body)
		}
	}
}

func FuzzParseLiteral(f *testing.F) {
	for _, seed := range []string{`'it''s'`, `[1,"a",{'b':[]}]`, `{'@odata.id':"accounts(1)"}`, "2026-01-31T00:00:00.5+02:00", "Microsoft.Dynamics.CRM.EndpointAccessType'Default'", "@p", "ac000000-0000-4000-8000-000000000001"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if v, err := ParseLiteral(text); err == nil && v.Kind == List && len(v.Items) > len(text) {
			t.Errorf("%q has %d items", text, len(v.Items))
		}
	})
}

func FuzzParsePrefer(f *testing.F) {
	f.Add(`odata.maxpagesize=5,odata.include-annotations="*,-a.*"`, "a.b")
	f.Fuzz(func(t *testing.T, text, annotation string) {
		if p := ParsePrefer(http.Header{"Prefer": {text}}); p.MaxPageSize < 0 {
			t.Error(p)
		} else {
			p.Includes(annotation)
		}
	})
}
