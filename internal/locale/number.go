package locale

import (
	"math"
	"strconv"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// noBreak stands between a number and its unit.
const noBreak = "\u00a0"

// numbers is how a region writes numbers.
type numbers struct {
	group, decimal string
	ungrouped      int    // up to how many digits are never grouped
	minus          string // "−"
	percent        string // what follows a share: "%", or a space and "%"
	moneyLast      bool   // "12 €" rather than "€12"
	powers         []power
}

// power is a short word for a power of ten.
type power struct {
	from float64
	word string
}

// Marks that keep signs on their side of a number in text that runs from right to left, and those around what runs that way
// wherever it stands (Unicode Standard Annex 9).
const (
	leftMark       = "\u200e"
	rightMark      = "\u200f"
	rightwardOpen  = "\u2067"
	rightwardClose = "\u2069"
)

// numbersOf takes the separators from x/text, which knows every region; the rest goes with the language, as CLDR has it.
// Arabic is written with Latin digits in every region: that is how values come from Dataverse, and one page has one kind.
func numbersOf(tag language.Tag, base, region string) numbers {
	if latin, err := tag.SetTypeForKey("nu", "latn"); err == nil {
		tag = latin
	}
	sample := message.NewPrinter(tag).Sprint(number.Decimal(1234567.5))
	n := numbers{group: between(sample, "1", "2"), decimal: between(sample, "7", "5"), ungrouped: 3, minus: "−", percent: "%"}
	if n.decimal == "" {
		n.decimal = "."
	}
	spaced := noBreak + "%"
	switch base {
	case "de":
		n.moneyLast, n.percent = true, spaced
		n.powers = []power{{1e12, noBreak + "Bio."}, {1e9, noBreak + "Mrd."}, {1e6, noBreak + "Mio."}}
	case "fr":
		n.moneyLast, n.percent = true, spaced
		n.powers = []power{{1e12, noBreak + "Bn"}, {1e9, noBreak + "Md"}, {1e6, noBreak + "M"}, {1e3, noBreak + "k"}}
		if region == "CA" {
			n.powers[0].word, n.powers[1].word = noBreak+"T", noBreak+"G"
		} else {
			n.group = "\u202f" // x/text has the wider space of an older CLDR
		}
		if region == "CH" {
			n.percent = "%"
		}
	case "es":
		n.powers = []power{{1e12, noBreak + "B"}, {1e6, noBreak + "M"}, {1e3, noBreak + "k"}}
		if region == "ES" {
			n.moneyLast, n.percent, n.ungrouped = true, spaced, 4
			n.powers[2].word = noBreak + "mil"
		}
	case "ja":
		n.powers = []power{{1e12, "兆"}, {1e8, "億"}, {1e4, "万"}}
	case "ar":
		n.moneyLast, n.minus, n.percent = true, leftMark+"-", leftMark+"%"+leftMark
		n.powers = []power{{1e12, noBreak + "ترليون"}, {1e9, noBreak + "مليار"}, {1e6, noBreak + "مليون"}, {1e3, noBreak + "ألف"}}
	default:
		n.powers = []power{{1e12, "T"}, {1e9, "B"}, {1e6, "M"}, {1e3, "K"}}
	}
	return n
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	middle, _, _ := strings.Cut(rest, after)
	return middle
}

// Integer writes a whole number: "1,234".
func (l *Locale) Integer(n int) string { return l.Number(float64(n), 0) }

// Number writes a number with exactly this many decimals, 0 to 10. What is not finite is written as a dash.
func (l *Locale) Number(value float64, decimals int) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return "–"
	}
	var scratch [64]byte
	digits := string(strconv.AppendFloat(scratch[:0], value, 'f', max(0, min(decimals, 10)), 64))
	return l.separate(digits)
}

// separate puts a region's separators into a plain number such as -1234.50.
func (l *Locale) separate(digits string) string {
	whole, fraction, _ := strings.Cut(digits, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = l.numbers.minus, whole[1:]
		if strings.Trim(whole+fraction, "0") == "" {
			sign = ""
		}
	}
	if fraction == "" && len(whole) <= 3 {
		return sign + whole
	}
	var out strings.Builder
	out.WriteString(sign)
	head := len(whole) % 3
	if len(whole) <= l.numbers.ungrouped {
		head = len(whole)
	}
	out.WriteString(whole[:head])
	for i := head; i < len(whole); i += 3 {
		if i > 0 {
			out.WriteString(l.numbers.group)
		}
		out.WriteString(whole[i : i+3])
	}
	if fraction != "" {
		out.WriteString(l.numbers.decimal)
		out.WriteString(fraction)
	}
	return out.String()
}

// Compact writes a number short enough for an axis, with at most three digits that count, and a currency symbol if there
// is one: "€1.2M", "1,2 Mio. €".
func (l *Locale) Compact(value float64, symbol string) string {
	if math.IsNaN(value) || math.IsInf(value, 0) {
		return "–"
	}
	text := ""
	size := math.Abs(value)
	for _, p := range l.numbers.powers {
		if size >= p.from && size < p.from*1e6 {
			text = l.short(value/p.from) + p.word
			break
		}
	}
	switch {
	case text != "":
	case size >= 1e15 || size != 0 && size < 1e-4:
		text = l.scientific(strconv.FormatFloat(value, 'e', 1, 64))
	default:
		text = l.short(value)
	}
	if text = l.unit(text, symbol); l.rtl {
		return rightwardOpen + text + rightwardClose
	}
	return text
}

// scientific writes a number such as 1.5e+20 with the region's decimal separator.
func (l *Locale) scientific(text string) string {
	return strings.Replace(strings.Replace(text, "-", l.numbers.minus, 1), ".", l.numbers.decimal, 1)
}

// short keeps the decimals that a tick needs, and no trailing zeros.
func (l *Locale) short(value float64) string {
	decimals := 0
	switch size := math.Abs(value); {
	case size >= 100:
	case size >= 1:
		decimals = 1
		if math.Abs(value*10-math.Round(value*10)) > 1e-9 {
			decimals = 2
		}
	default:
		decimals = 4
	}
	digits := strconv.FormatFloat(value, 'f', decimals, 64)
	if strings.Contains(digits, ".") {
		digits = strings.TrimRight(strings.TrimRight(digits, "0"), ".")
	}
	return l.separate(digits)
}

func (l *Locale) unit(text, symbol string) string {
	switch {
	case symbol == "":
		return text
	case l.numbers.moneyLast:
		return text + noBreak + symbol
	}
	if rest, negative := strings.CutPrefix(text, l.numbers.minus); negative {
		return l.numbers.minus + symbol + rest
	}
	return symbol + text
}

// Percent writes a share, 0 to 1, as whole per cent.
func (l *Locale) Percent(share float64) string { return l.Number(share*100, 0) + l.numbers.percent }
