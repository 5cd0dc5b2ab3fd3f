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
	hour12   bool
	days     dayOrder
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

// spoken are the languages with a catalogue; the first is the last resort.
var spoken = []language.Tag{language.English, language.German}

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
			region, _ := tag.Region()
			if !region.IsCountry() {
				region, _ = s.Region()
			}
			return named(base.String(), region.String())
		}
	}
	return nil
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
		numbers:  numbersOf(tag, base),
		hour12:   base == "en" && strings.Contains(" US CA AU NZ IN PH PK ", " "+region+" "),
		days:     dayOrderOf(base, region),
	}
}

// Tag is the BCP 47 tag, for html lang and crm.Caller.Locale; the region asked for is kept ("de-AT").
func (l *Locale) Tag() string { return l.tag }
