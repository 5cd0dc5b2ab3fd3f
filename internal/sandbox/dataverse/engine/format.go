package engine

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// formats are how one locale writes numbers, money and dates. Date and clock are layouts of package time; money and
// negative place the amount (n) and the symbol (¤).
type formats struct {
	decimal, group  string
	date, clock     string
	money, negative string
	lakh            bool // groups of two digits above the thousands
}

const nbsp = "\u00a0"

// The locales, as .NET's culture data has them, which is what the service formats with.
var (
	american = formats{".", ",", "1/2/2006", "3:04 PM", "¤n", "(¤n)", false}
	british  = formats{".", ",", "02/01/2006", "15:04", "¤n", "-¤n", false}
	german   = formats{",", ".", "02.01.2006", "15:04", "n ¤", "-n ¤", false}
	french   = formats{",", nbsp, "02/01/2006", "15:04", "n ¤", "-n ¤", false}
	spanish  = formats{",", ".", "02/01/2006", "15:04", "n ¤", "-n ¤", false}
	slavic   = formats{",", nbsp, "02.01.2006", "15:04", "n ¤", "-n ¤", false}
	byLocale = map[int]formats{
		1033: american, 2057: british, 1031: german, 1036: french, 3082: spanish, 1034: spanish, 1040: spanish, 2070: french,
		3081: {".", ",", "2/01/2006", "3:04 PM", "¤n", "-¤n", false},
		4105: {".", ",", "2006-01-02", "3:04 PM", "¤n", "-¤n", false},
		6153: british, 5129: {".", ",", "2/01/2006", "3:04 PM", "¤n", "-¤n", false},
		16393: {".", ",", "02-01-2006", "15:04", "¤ n", "¤ -n", true}, 1081: {".", ",", "02-01-2006", "15:04", "¤ n", "¤ -n", true},
		3079: {",", nbsp, "02.01.2006", "15:04", "¤ n", "-¤ n", false},
		2055: {".", "’", "02.01.2006", "15:04", "¤ n", "¤-n", false}, 4108: {".", "’", "02.01.2006", "15:04", "¤ n", "¤-n", false},
		2060: {",", ".", "02-01-06", "15:04", "n ¤", "-n ¤", false}, 3084: {",", nbsp, "2006-01-02", "15:04", "n ¤", "(n ¤)", false},
		1043: {",", ".", "2-1-2006", "15:04", "¤ n", "¤ -n", false}, 2067: {",", ".", "2/01/2006", "15:04", "¤ n", "¤ -n", false},
		1030: {",", ".", "02-01-2006", "15:04", "n ¤", "-n ¤", false}, 1044: {",", nbsp, "02.01.2006", "15:04", "¤ n", "¤ -n", false},
		1053: {",", nbsp, "2006-01-02", "15:04", "n ¤", "-n ¤", false}, 1035: {",", nbsp, "2.1.2006", "15:04", "n ¤", "-n ¤", false},
		1045: slavic, 1029: slavic, 1051: slavic, 1049: slavic, 1058: slavic, 1038: {",", nbsp, "2006.01.02.", "15:04", "n ¤", "-n ¤", false},
		1032: {",", ".", "2/1/2006", "3:04 PM", "n ¤", "-n ¤", false}, 1055: {",", ".", "2.01.2006", "15:04", "¤n", "-¤n", false},
		1046: {",", ".", "02/01/2006", "15:04", "¤ n", "-¤ n", false},
		1041: {".", ",", "2006/01/02", "15:04", "¤n", "-¤n", false}, 2052: {".", ",", "2006/1/2", "15:04", "¤n", "¤-n", false},
		1028: {".", ",", "2006/1/2", "15:04", "¤n", "-¤n", false}, 1042: {".", ",", "2006-01-02", "15:04", "¤n", "-¤n", false},
	}
)

// formatsOf finds a locale's formats, else its language's, else the American ones.
func formatsOf(lcid int) formats {
	if f, ok := byLocale[lcid]; ok {
		return f
	}
	for known, f := range byLocale {
		if known>>10 == 1 && known&0x3ff == lcid&0x3ff {
			return f
		}
	}
	return american
}

// number writes a number with its groups and a fixed number of decimals.
func (f formats) number(v float64, decimals int) string {
	if v < 0 {
		return "-" + f.digits(-v, decimals)
	}
	return f.digits(v, decimals)
}

func (f formats) digits(v float64, decimals int) string {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return ""
	}
	whole, fraction, _ := strings.Cut(strconv.FormatFloat(v, 'f', decimals, 64), ".")
	whole = f.grouped(whole)
	if fraction != "" {
		return whole + f.decimal + fraction
	}
	return whole
}

func (f formats) grouped(digits string) string {
	var parts []string
	for size := 3; len(digits) > size; {
		parts = append([]string{digits[len(digits)-size:]}, parts...)
		digits = digits[:len(digits)-size]
		if f.lakh {
			size = 2
		}
	}
	return strings.Join(append([]string{digits}, parts...), f.group)
}

func (f formats) integer(n int64) string {
	text := f.grouped(strings.TrimPrefix(strconv.FormatInt(n, 10), "-"))
	if n < 0 {
		return "-" + text
	}
	return text
}

// amount writes money with the currency's symbol and decimals.
func (f formats) amount(v float64, c currency) string {
	pattern := f.money
	digits := f.digits(math.Abs(v), c.precision)
	if v < 0 && strings.ContainsAny(digits, "123456789") {
		pattern = f.negative
	}
	symbol := c.symbol
	if symbol == "" {
		symbol = c.code
	}
	if symbol == "" {
		pattern = strings.TrimSpace(strings.ReplaceAll(pattern, "¤", ""))
	}
	return strings.NewReplacer("n", digits, "¤", symbol).Replace(pattern)
}

func (f formats) moment(t time.Time, dayOnly bool) string {
	if dayOnly {
		return t.Format(f.date)
	}
	return t.Format(f.date + " " + f.clock)
}

// label finds a choice's label in the person's language.
func label(options []schema.Option, value int64, lcid int) (string, bool) {
	for i := range options {
		if int64(options[i].Value) == value {
			return options[i].Label.In(lcid), true
		}
	}
	return "", false
}

var yesNo = map[int][2]string{1033: {"No", "Yes"}, 1031: {"Nein", "Ja"}, 1036: {"Non", "Oui"}, 3082: {"No", "Sí"}, 1040: {"No", "Sì"}}

func (c *column) boolean(v bool, lcid int) string {
	if text, ok := label(c.Options, truth(v), lcid); ok {
		return text
	}
	texts, ok := yesNo[lcid]
	if !ok {
		texts = yesNo[1033]
	}
	return texts[truth(v)]
}

// text writes a value of a column as the service's FormattedValue has it; "" for the types that have none. Lookups are
// named elsewhere, and money needs its row's currency.
func (c *Caller) text(db *DB, col *column, v any, of currency) string {
	switch x := v.(type) {
	case bool:
		return col.boolean(x, c.LCID)
	case int64:
		if text, ok := label(col.Options, x, c.LCID); ok {
			return text
		}
		return c.formats.integer(x)
	case float64:
		if col.Type == schema.Money {
			return c.formats.amount(x, of)
		}
		return c.formats.number(x, col.Precision)
	case time.Time:
		if !col.zoneless() {
			x = x.In(c.TimeZone)
		}
		return c.formats.moment(x, col.DateOnly || strings.EqualFold(col.Format, "DateOnly"))
	case string:
		return c.choiceText(db, col, x)
	}
	return ""
}

func (c *Caller) choiceText(db *DB, col *column, v string) string {
	switch col.Type {
	case schema.EntityName:
		if t := db.tables[v]; t != nil {
			return t.Label.In(c.LCID)
		}
	case schema.MultiSelectPicklist:
		var texts []string
		for _, part := range strings.Split(v, ",") {
			n, err := strconv.ParseInt(part, 10, 64)
			if err != nil {
				return ""
			}
			if text, ok := label(col.Options, n, c.LCID); ok {
				texts = append(texts, text)
			}
		}
		return strings.Join(texts, "; ")
	}
	return ""
}
