package richtext

import (
	"strings"
	"testing"

	xhtml "golang.org/x/net/html"
)

func TestFormattingStaysAndTheRestGoes(t *testing.T) {
	for markup, want := range map[string]string{
		`<p>Call <b>Anna</b> &amp; <i>Ben</i></p>`:                     `<p>Call <b>Anna</b> &amp; <i>Ben</i></p>`,
		`<p style="position:fixed" onclick="alert(1)">a</p>`:           `<p>a</p>`,
		`<script>alert(1)</script><p>b</p>`:                            `<p>b</p>`,
		`c</div></main><h2>d</h2>`:                                     `c<h2>d</h2>`,
		`<p>open <b>never closed`:                                      `<p>open <b>never closed</b></p>`,
		`<a href="javascript:alert(1)">e</a>`:                          `e`,
		`<img src="https://evil.example/pixel.png" alt="a ship">`:      `a ship`,
		`<form action="/tab/record"><input name="op"></form>f`:         `f`,
		`<svg><style><img src=x onerror=alert(1)></style></svg>g`:      `g`,
		`<a href="https://a.example/?x=1&y=2">h</a>`:                   `<a href="https://a.example/?x=1&amp;y=2" rel="nofollow noreferrer noopener" target="_blank">h</a>`,
		`<math><mtext><table><mglyph><style><img src=x onerror=1>`:     `<table></table>`,
		`<p dir="rtl">مرحبا</p><p dir="javascript:1">i</p>`:            `<p dir="rtl">مرحبا</p><p>i</p>`,
		`<table><tr><td colspan="2" bgcolor="red">j</td></tr></table>`: `<table><tbody><tr><td colspan="2">j</td></tr></tbody></table>`,
		`<base href="//evil.example"><iframe src="//evil"></iframe>k`:  `k`,
	} {
		if got := Clean(markup); got != want {
			t.Errorf("Clean(%q)\n got %q\nwant %q", markup, got, want)
		}
	}
}

func TestDeepAndLongMarkupHasAnEnd(t *testing.T) {
	deep := Clean(strings.Repeat("<div>", 10_000) + "x")
	if n := strings.Count(deep, "<div>"); n > depth+1 {
		t.Errorf("%d elements in each other", n)
	}
	if n := len(Clean(strings.Repeat("ä", Limit))); n > Limit+4 {
		t.Errorf("%d bytes", n)
	}
}

func TestMarkupReadsAsText(t *testing.T) {
	for markup, want := range map[string]string{
		`<p>Dear Anna,</p><p>see   you<br>tomorrow &lt;3</p>`: "Dear Anna,\n\nsee you\ntomorrow <3",
		`plain & simple`: "plain & simple",
		`<style>p{}</style><ul><li>one</li><li>two</li></ul><script>x()</script>`: "one\ntwo",
		`<table><tr><td>a</td><td>b</td></tr></table>`:                            "a b",
		``: "",
	} {
		if got := Text(markup); got != want {
			t.Errorf("Text(%q) = %q, want %q", markup, got, want)
		}
	}
}

func TestTextBecomesMarkupAndTextAgain(t *testing.T) {
	const text = "Dear <Anna> & Ben,\n\nfirst\nsecond"
	markup := FromText(text)
	if markup != "<p>Dear &lt;Anna&gt; &amp; Ben,</p><p>first<br>second</p>" || Text(markup) != text || Clean(markup) == "" {
		t.Errorf("%q, %q", markup, Text(markup))
	}
}

// harmful names what no clean markup has.
func harmful(markup string) string {
	tokens := xhtml.NewTokenizer(strings.NewReader(markup))
	for {
		switch tokens.Next() {
		case xhtml.ErrorToken:
			return ""
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			token := tokens.Token()
			switch token.Data {
			case "script", "style", "svg", "math", "iframe", "object", "embed", "form", "input", "button", "link", "meta", "base", "template", "slot", "noscript", "title", "xmp", "plaintext":
				return token.Data
			}
			for _, a := range token.Attr {
				value := strings.ToLower(strings.TrimSpace(a.Val))
				switch {
				case strings.HasPrefix(a.Key, "on"), a.Key == "style", a.Key == "id", a.Key == "class", a.Key == "name", a.Key == "slot":
					return a.Key
				case a.Key == "href" && !strings.HasPrefix(value, "http:") && !strings.HasPrefix(value, "https:") && !strings.HasPrefix(value, "mailto:") && !strings.HasPrefix(value, "tel:"):
					return a.Val
				case a.Key == "src" && !strings.HasPrefix(value, "data:image/"):
					return a.Val
				}
			}
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{
		`<p>a</p>`, `<svg><style><img src=x onerror=alert(1)>`, `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<a href="\x01javascript:alert(1)">x</a>`, `<table><a><td><a>`, `<b><p></b>x</p>`, "<pre>\n\nx</pre>", `<!--><script>1</script>-->`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, markup string) {
		clean := Clean(markup)
		if what := harmful(clean); what != "" {
			t.Errorf("%q has %q", clean, what)
		}
		// What a browser reads in a page is a tree; writing that tree again must not bring anything new to life.
		if what := harmful(Clean(clean)); what != "" {
			t.Errorf("%q read again has %q", clean, what)
		}
		if text := Text(markup); strings.Contains(text, "\n\n\n") {
			t.Errorf("%q has gaps", text)
		}
	})
}
