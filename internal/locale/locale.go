package locale

import (
	"context"
	"strings"
	"sync"

	"golang.org/x/text/language"
)

// Args fill the placeholders of a message by name.
type Args = map[string]any

// Locale is a language and the number and date habits of a region. It is immutable and safe for use by many goroutines.
type Locale struct {
	tag      string
	messages catalogue
	numbers  numbers
	times    times
	rtl      bool
}

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

type askedKey struct{}

// WithAsked keeps, beside the reader's locale, the one that their host asked for: links carry that one, so that a language
// somebody chose is never taken for what Teams wants.
func WithAsked(ctx context.Context, asked *Locale) context.Context {
	return context.WithValue(ctx, askedKey{}, asked)
}

// Asked gives what WithAsked kept, else the reader's locale.
func Asked(ctx context.Context) *Locale {
	if l, ok := ctx.Value(askedKey{}).(*Locale); ok && l != nil {
		return l
	}
	return From(ctx)
}

// spoken are the languages with a catalogue, each with the region whose habits stand for a language asked for without one;
// the first is the last resort. The regions are those of the LCIDs that Dynamics 365 has for the languages.
var spoken = []language.Tag{
	language.MustParse("en-US"), language.MustParse("de-DE"), language.MustParse("fr-FR"), language.MustParse("es-ES"),
	language.MustParse("ja-JP"), language.MustParse("ar-SA"),
}

var known sync.Map // "de-AT" -> *Locale; as large as the number of regions at most

// maxPreference bounds what is parsed: an Accept-Language header comes from anybody.
const maxPreference = 200

// Negotiate picks the locale for language preferences, best first. Each is a BCP 47 tag ("de-AT") or a whole
// Accept-Language header; what cannot be read or is not spoken is passed over, and English is last.
func Negotiate(preferences ...string) *Locale {
	for _, p := range preferences {
		if p == "" || len(p) > maxPreference {
			continue
		}
		if l, ok := known.Load(p); ok {
			return l.(*Locale)
		}
		wanted, _, err := language.ParseAcceptLanguage(p)
		if err != nil {
			continue
		}
		for _, tag := range wanted {
			if l := speak(tag); l != nil {
				return l
			}
		}
	}
	return named("en", "US")
}

// speak gives the locale of one tag, or nil when its language is not spoken.
func speak(tag language.Tag) *Locale {
	base, _ := tag.Base()
	for _, s := range spoken {
		if own, _ := s.Base(); own == base {
			region, known := tag.Region()
			switch {
			case region.String() == "419": // Latin America writes numbers as Mexico does more often than as Spain does
				return named(base.String(), "MX")
			case known < language.High || !region.IsCountry():
				region, _ = s.Region()
			}
			return named(base.String(), region.String())
		}
	}
	return nil
}

// Prefer is Negotiate for somebody who chose a language themselves ("fr"; "" for no choice): that one counts, with the
// region of the first preference in the same language.
func Prefer(chosen string, preferences ...string) *Locale {
	if !IsLanguage(chosen) {
		return Negotiate(preferences...)
	}
	for _, p := range preferences {
		if l := Negotiate(p); Speaks(p) && l.Language() == chosen {
			return l
		}
	}
	return Negotiate(chosen)
}

func named(base, region string) *Locale {
	tag := base + "-" + region
	if l, ok := known.Load(tag); ok {
		return l.(*Locale)
	}
	l, _ := known.LoadOrStore(tag, newLocale(base, region))
	return l.(*Locale)
}

func newLocale(base, region string) *Locale {
	tag := language.Make(base + "-" + region)
	return &Locale{
		tag:      tag.String(),
		messages: catalogues()[base],
		numbers:  numbersOf(tag, base, region),
		times:    timesOf(base, region),
		rtl:      base == "ar",
	}
}

// Tag is the BCP 47 tag, for html lang and crm.Caller.Locale; the region asked for is kept ("de-AT").
func (l *Locale) Tag() string { return l.tag }

// Language is the tag without its region: the name of the catalogue ("de").
func (l *Locale) Language() string {
	base, _, _ := strings.Cut(l.tag, "-")
	return base
}

// Direction is the value of html dir: "rtl" or "ltr".
func (l *Locale) Direction() string {
	if l.rtl {
		return "rtl"
	}
	return "ltr"
}

// Comma joins what is said one after the other.
func (l *Locale) Comma() string {
	switch l.Language() {
	case "ar":
		return "، "
	case "ja":
		return "、"
	}
	return ", "
}
