package dataverse

import (
	"strings"
	"time"

	"github.com/go-playground/locales"
	"github.com/go-playground/locales/ar"
	"github.com/go-playground/locales/de"
	"github.com/go-playground/locales/en"
	"github.com/go-playground/locales/es"
	"github.com/go-playground/locales/fr"
	"github.com/go-playground/locales/ja"

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
	calendar              locales.Translator
	quarter, week, period string // formats of a number
	fiscal                string // format of a year
	of                    string // format of a part of a year, and the year
	ofFiscal              string // format of a period, and the fiscal year as fiscal writes it
	blank                 string // a group without a value
	measures              map[string]string
}

func measures(sum, average, least, most, count string) map[string]string {
	return map[string]string{"sum": sum, "avg": average, "min": least, "max": most, "count": count, "countcolumn": count}
}

var (
	english = words{
		calendar: en.New(), quarter: "Q%d", week: "W%d", period: "P%d", fiscal: "FY%d", of: "%s %d", ofFiscal: "%s %s", blank: "(blank)",
		measures: measures("Sum", "Average", "Minimum", "Maximum", "Count"),
	}
	german = words{
		calendar: de.New(), quarter: "Q%d", week: "KW %d", period: "P%d", fiscal: "GJ%d", of: "%s %d", ofFiscal: "%s %s", blank: "(leer)",
		measures: measures("Summe", "Durchschnitt", "Minimum", "Maximum", "Anzahl"),
	}
	french = words{
		calendar: fr.New(), quarter: "T%d", week: "S%d", period: "P%d", fiscal: "exercice %d", of: "%s %d", ofFiscal: "%s %s", blank: "(vide)",
		measures: measures("Somme", "Moyenne", "Minimum", "Maximum", "Nombre"),
	}
	spanish = words{
		calendar: es.New(), quarter: "T%d", week: "sem. %d", period: "P%d", fiscal: "AF%d", of: "%s %d", ofFiscal: "%s %s", blank: "(en blanco)",
		measures: measures("Suma", "Promedio", "Mínimo", "Máximo", "Recuento"),
	}
	japanese = words{
		calendar: ja.New(), quarter: "第%d四半期", week: "第%d週", period: "第%d期", fiscal: "%d年度", of: "%[2]d年%[1]s", ofFiscal: "%[2]s%[1]s", blank: "(空白)",
		measures: measures("合計", "平均", "最小", "最大", "件数"),
	}
	arabic = words{
		calendar: ar.New(), quarter: "الربع %d", week: "الأسبوع %d", period: "الفترة %d", fiscal: "السنة المالية %d", of: "%s %d", ofFiscal: "%s، %s", blank: "(فارغ)",
		measures: measures("المجموع", "المتوسط", "الحد الأدنى", "الحد الأقصى", "العدد"),
	}

	spoken = map[string]words{"en": english, "de": german, "fr": french, "es": spanish, "ja": japanese, "ar": arabic}
)

// wordsOf gives the words of a BCP 47 tag, English when there are none.
func wordsOf(tag string) words {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	if w, ok := spoken[base]; ok {
		return w
	}
	return english
}

// day is a calendar day without a zone: date groups are already in the person's own.
func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}
