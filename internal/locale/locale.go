// Package locale owns every sentence that people read, and how numbers and times are written for them. Catalogues are
// embedded, one file for each language. Values of Dataverse come formatted from Dataverse; this package formats only what
// Pintab computes itself.
package locale

import "context"

// Args fill the placeholders of a message by name.
type Args = map[string]any

// Locale is a language and the number and date habits of a region.
type Locale struct{ tag string }

type contextKey struct{}

// With keeps the reader's locale in a context.
func With(ctx context.Context, l *Locale) context.Context {
	return context.WithValue(ctx, contextKey{}, l)
}

// From gives the reader's locale, English if none was kept.
func From(ctx context.Context) *Locale {
	if l, ok := ctx.Value(contextKey{}).(*Locale); ok && l != nil {
		return l
	}
	return Negotiate()
}

// Negotiate picks the locale for language preferences, best first. Each is a BCP 47 tag ("de-AT") or a whole
// Accept-Language header; what cannot be read or is not spoken is passed over, and English is last.
func Negotiate(preferences ...string) *Locale { return &Locale{tag: "en"} }

// Tag is the BCP 47 tag, for html lang and crm.Caller.Locale; the region asked for is kept ("de-AT").
func (l *Locale) Tag() string { return l.tag }

// T gives a message. A message with plural forms picks by args["n"].
func (l *Locale) T(key string, args ...Args) string { return key }

// Has reports whether the key has a message.
func (l *Locale) Has(key string) bool { return false }
