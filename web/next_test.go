package web

import (
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
)

func TestNextLeadsOnlyToPagesOfOurs(t *testing.T) {
	s := &Server{pages: map[string]echo.HandlerFunc{homePage: nil, "/tab/settings": nil}}
	for text, want := range map[string]string{
		"":                                 homePage,
		"/tab/dashboard":                   homePage,
		"/tab/settings":                    "/tab/settings",
		"/tab/dashboard?theme=dark&part=x": "/tab/dashboard?part=x&theme=dark",
		"/tab/dashboard?q=a%20b%26c":       "/tab/dashboard?q=a+b%26c",
		"/tab/dashboard?user=a1":           "/tab/dashboard",
		"/tab/dashboard?user=a1&theme=x":   "/tab/dashboard?theme=x",
		"/tab/dashboard?":                  "/tab/dashboard",
		"/tab/dashboard#x":                 homePage,
		"/tab/dashboard?a#b":               homePage,
		"/tab/dashboard?%zz":               homePage,
		"/tab/dashboard?a;b":               homePage,
		"/tab/dashboard/":                  homePage,
		"/tab/Dashboard":                   homePage,
		"/tab/%64ashboard":                 homePage,
		"/tab/dashboard/part":              homePage,
		"/auth/signout":                    homePage,
		"//evil.example/tab/dashboard":     homePage,
		"/\\evil.example":                  homePage,
		"/\t/evil.example":                 homePage,
		"\\\\evil.example":                 homePage,
		"https:evil.example":               homePage,
		"https://evil.example/":            homePage,
		"javascript:alert(1)":              homePage,
		" /tab/settings":                   homePage,
		"/tab/settings\r\nSet-Cookie: a=b": homePage,
		"/tab/settings?a=\r\nb":            "/tab/settings?a=%0D%0Ab",
		"/tab/settings@evil.example":       homePage,
		"/./tab/settings":                  homePage,
		"/tab/settings?" + strings.Repeat("a", nextLimit): homePage,
	} {
		if got := s.next(text); got != want {
			t.Errorf("%q leads to %q, want %q", text, got, want)
		}
	}
}

func FuzzNext(f *testing.F) {
	for _, seed := range []string{"/tab/dashboard?theme=dark", "//evil", "/\\evil", "https:evil", "/%09/evil", "javascript:1", "/tab/dashboard?a=b&a=c#d", "/tab/dashboard?\x00"} {
		f.Add(seed)
	}
	s := &Server{pages: map[string]echo.HandlerFunc{homePage: nil, "/tab/settings": nil}}
	base := &url.URL{Scheme: "https", Host: "pintab.example", Path: "/auth/callback"}
	f.Fuzz(func(t *testing.T, text string) {
		got := s.next(text)
		to, err := base.Parse(got)
		if err != nil {
			t.Fatalf("%q gives %q: %v", text, got, err)
		}
		path, query, _ := strings.Cut(got, "?")
		if _, ours := s.pages[path]; !ours || to.Host != base.Host || to.Scheme != base.Scheme || to.Fragment != "" {
			t.Errorf("%q leads to %q", text, got)
		}
		for _, r := range query {
			if r <= ' ' || r > '~' || strings.ContainsRune(`"<>\^`+"`{|}#", r) {
				t.Errorf("%q leads to %q, with %q in it", text, got, r)
			}
		}
		if s.next(got) != got {
			t.Errorf("%q gives %q, which gives %q", text, got, s.next(got))
		}
	})
}
