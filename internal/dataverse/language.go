package dataverse

import (
	"strings"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/en"

	"github.com/pintab/pintab/internal/crmxml"
)

// lcids are the language codes of the tags a reader may have; a region that Dataverse has no texts of its own for gets its
// language's usual one.
var lcids = map[string]int{
	"en": 1033, "de": 1031, "fr": 1036, "es": 3082, "it": 1040, "nl": 1043, "pt": 2070, "pt-br": 1046, "pl": 1045, "cs": 1029,
	"da": 1030, "sv": 1053, "nb": 1044, "fi": 1035, "hu": 1038, "tr": 1055, "ru": 1049, "ja": 1041, "ko": 1042, "zh": 2052, "ar": 1025, "he": 1037,
}

// lcidOf gives the LCID of a BCP 47 tag, English when it is not known.
func lcidOf(tag string) int {
	tag = strings.ToLower(tag)
	if n, ok := lcids[tag]; ok {
		return n
	}
	base, _, _ := strings.Cut(tag, "-")
	if n, ok := lcids[base]; ok {
		return n
	}
	return crmxml.English
}

// words are what charts need to say in a language besides what Dataverse has said already.
type words struct {
	calendar locales.Translator
	quarter  string // before the number
	week     string
	fiscal   string // before the year
	blank    string // a group without a value
	measures map[string]string
}

var (
	english = words{
		calendar: en.New(), quarter: "Q", week: "W", fiscal: "FY", blank: "(blank)",
		measures: map[string]string{"sum": "Sum", "avg": "Average", "min": "Minimum", "max": "Maximum", "count": "Count", "countcolumn": "Count"},
	}
	german = words{
		calendar: de.New(), quarter: "Q", week: "KW ", fiscal: "GJ", blank: "(leer)",
		measures: map[string]string{"sum": "Summe", "avg": "Durchschnitt", "min": "Minimum", "max": "Maximum", "count": "Anzahl", "countcolumn": "Anzahl"},
	}
)

func wordsOf(tag string) words {
	if base, _, _ := strings.Cut(strings.ToLower(tag), "-"); base == "de" {
		return german
	}
	return english
}

// day is a calendar day without a zone: date groups are already in the person's own.
func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}
