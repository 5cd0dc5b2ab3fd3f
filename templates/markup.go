package templates

import (
	"context"
	"io"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/static"
)

// htmlAttributes are those of the html element: language, theme, and what script needs to know.
func htmlAttributes(ctx context.Context, p Page) templ.OrderedAttributes {
	theme := p.Theme
	if theme == "" {
		theme = ThemeDefault
	}
	attributes := templ.OrderedAttributes{
		{Key: "lang", Value: locale.From(ctx).Tag()},
		{Key: "dir", Value: locale.From(ctx).Direction()},
		{Key: "data-theme", Value: string(theme)},
	}
	if len(p.HostOrigins) > 0 {
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "data-hosts", Value: strings.Join(p.HostOrigins, " ")})
	}
	if p.Path != "" {
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "data-path", Value: p.Path})
	}
	if p.CookieCame {
		attributes = append(attributes, templ.KeyValue[string, any]{Key: "data-cookies", Value: "kept"})
	}
	return attributes
}

// inlineStyle writes a stylesheet of package static into the page.
func inlineStyle(css string) templ.Component { return inline("style", css) }

// inlineScript writes a script of package static into the page, as a module's worth of its own.
func inlineScript(js string) templ.Component { return inline("script", js) }

// inline writes trusted text, ours alone, into an element that carries the nonce of the page's policy.
func inline(element, text string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		open := "<" + element
		if nonce := templ.GetNonce(ctx); nonce != "" {
			open += ` nonce="` + templ.EscapeString(nonce) + `"`
		}
		if _, err := io.WriteString(w, open+">"); err != nil {
			return err
		}
		if _, err := io.WriteString(w, text); err != nil {
			return err
		}
		_, err := io.WriteString(w, "</"+element+">")
		return err
	})
}

// t gives a message in the reader's language.
func t(ctx context.Context, key string, args ...locale.Args) string {
	return locale.From(ctx).T(key, args...)
}

// directed are the symbols that mean forwards and back along a line, which in Arabic runs from right to left.
var directed = map[string]bool{"left": true, "right": true, "open": true, "undo": true, "reopen": true}

// symbols is the address of the file of small icons, which browsers keep.
var symbols = static.URL("icons.svg")

func symbol(name string) string { return symbols + "#" + name }

// icon shows a small icon; its name is always one of ours.
func icon(name string) templ.Component {
	class := "i"
	if directed[name] {
		class = "i turn"
	}
	return templ.Raw(`<svg class="` + class + `" aria-hidden="true"><use href="` + symbol(name) + `"></use></svg>`)
}
