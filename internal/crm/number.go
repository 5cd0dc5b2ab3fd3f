package crm

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/language"
	"golang.org/x/text/message"
	"golang.org/x/text/number"
)

// separators are what stands between digits.
type separators struct{ decimal, group string }

var known sync.Map // locale tag to separators; as large as the number of regions at most

// separators gives the person's own, else those of their page's region.
func (r Reading) separators() separators {
	if r.Formats.Decimal != "" {
		return separators{r.Formats.Decimal, r.Formats.Group}
	}
	if s, ok := known.Load(r.Locale); ok {
		return s.(separators)
	}
	tag, err := language.Parse(r.Locale)
	if err != nil {
		tag = language.English
	}
	sample := latin(message.NewPrinter(tag).Sprint(number.Decimal(1234567.5)))
	s := separators{decimal: between(sample, "7", "5"), group: between(sample, "1", "2")}
	if s.decimal == "" {
		s.decimal = "."
	}
	if err == nil && len(r.Locale) < 20 {
		known.Store(r.Locale, s)
	}
	return s
}

func between(text, before, after string) string {
	_, rest, _ := strings.Cut(text, before)
	middle, _, _ := strings.Cut(rest, after)
	return middle
}

// latin writes the digits of any script as 0 to 9: digits of a script follow each other from zero (Unicode, Nd).
func latin(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r < 0x80 || !unicode.Is(unicode.Nd, r):
			return r
		case r >= 0x1D7CE && r <= 0x1D7FF: // mathematical digits: five sets without a gap
			return '0' + (r-0x1D7CE)%10
		}
		zero := r
		for unicode.Is(unicode.Nd, zero-1) && r-zero < 9 {
			zero--
		}
		return '0' + (r - zero)
	}, text)
}

// longestNumber bounds what is reckoned with.
const longestNumber = 60

// read turns typed text into a plain number; false when it is none. Groups have to be where groups belong: "1.5" is not
// fifteen for somebody whose group sign is a point.
func (r Reading) read(text string, plain bool) (string, bool) {
	text = strings.TrimSpace(latin(text))
	if len(text) == 0 || len(text) > longestNumber {
		return "", false
	}
	text = strings.NewReplacer("−", "-", "\u200e", "", "\u200f", "", "\u061c", "").Replace(text)
	s := separators{".", ""}
	if !plain {
		s = r.separators()
	}
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "-", strings.TrimSpace(rest)
	} else if rest, negative := strings.CutSuffix(text, "-"); negative {
		sign, text = "-", strings.TrimSpace(rest)
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	whole, fraction, pointed := strings.Cut(text, s.decimal)
	whole, ok := ungrouped(whole, s.group)
	if !ok || pointed && !digits(fraction) || whole == "" && fraction == "" {
		return "", false
	}
	if whole == "" {
		whole = "0"
	}
	if pointed {
		whole += "." + fraction
	}
	return plainNumber(sign + whole), true
}

// ungrouped takes the group signs out of a whole number, with groups of three, or of two before the last three as in India.
func ungrouped(text, group string) (string, bool) {
	if isSpace(group) || group == "'" || group == "’" {
		text = strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) || r == '\'' || r == '’' {
				return '\u0001'
			}
			return r
		}, text)
		group = "\u0001"
	}
	if group == "" || !strings.Contains(text, group) {
		return text, text == "" || digits(text)
	}
	groups := strings.Split(text, group)
	for i, g := range groups {
		last := i == len(groups)-1
		if !digits(g) || i == 0 && len(g) > 3 || last && len(g) != 3 || i > 0 && !last && len(g) != 3 && len(g) != 2 {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func isSpace(text string) bool { return text != "" && strings.TrimSpace(text) == "" }

func digits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}

// plainNumber brings a number into its one plain form: no exponent, no needless zeros.
func plainNumber(text string) string {
	if strings.ContainsAny(text, "eE") {
		f, err := strconv.ParseFloat(text, 64)
		if err != nil || math.IsInf(f, 0) {
			return text
		}
		text = strconv.FormatFloat(f, 'f', -1, 64)
	}
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "-", rest
	}
	whole, fraction, _ := strings.Cut(text, ".")
	whole, fraction = strings.TrimLeft(whole, "0"), strings.TrimRight(fraction, "0")
	if whole == "" {
		whole = "0"
	}
	if fraction != "" {
		whole += "." + fraction
	}
	if whole == "0" {
		sign = ""
	}
	return sign + whole
}

func sameNumber(a, b string) bool {
	return a == b || a != "" && b != "" && plainNumber(a) == plainNumber(b)
}

// Decimal is the sign between whole and fraction.
func (r Reading) Decimal() string { return r.separators().decimal }

// Number writes a plain number ("-1234.5") with the person's separators; anything else stays as it is.
func (r Reading) Number(plain string) string {
	if _, ok := r.read(plain, true); !ok {
		return plain
	}
	return r.number(plainNumber(plain), true)
}

// number writes a plain number with the person's separators.
func (r Reading) number(plain string, grouped bool) string {
	s := r.separators()
	sign := ""
	if rest, negative := strings.CutPrefix(plain, "-"); negative {
		sign, plain = "-", rest
	}
	whole, fraction, _ := strings.Cut(plain, ".")
	if grouped && len(whole) > 3 {
		var out strings.Builder
		head := len(whole) % 3
		out.WriteString(whole[:head])
		for i := head; i < len(whole); i += 3 {
			if i > 0 {
				out.WriteString(s.group)
			}
			out.WriteString(whole[i : i+3])
		}
		whole = out.String()
	}
	if fraction != "" {
		whole += s.decimal + fraction
	}
	return sign + whole
}

// decimals pads money to its precision; other numbers stay as short as they are.
func (x Field) decimals(plain string) string {
	if x.Kind != KindMoney || x.Precision <= 0 {
		return plain
	}
	whole, fraction, _ := strings.Cut(plain, ".")
	for len(fraction) < x.Precision {
		fraction += "0"
	}
	return whole + "." + fraction
}

func (x *Field) parseNumber(reading Reading, text string, plain bool) (Value, *Problem) {
	if x.Kind == KindMoney {
		text = strings.TrimSpace(text)
		for _, sign := range []string{x.Currency.Symbol, x.Currency.Code} {
			if sign != "" {
				text = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(text, sign), sign))
			}
		}
	}
	var n string
	ok := false
	if x.Kind == KindDuration {
		n, ok = minutes(text)
	}
	if !ok {
		n, ok = reading.read(text, plain)
	}
	if !ok {
		return Value{}, &Problem{Key: "problem.number", Args: map[string]any{"example": reading.number("1234.5", true)}}
	}
	_, fraction, _ := strings.Cut(n, ".")
	switch {
	case fraction == "":
	case x.Kind == KindInteger || x.Kind == KindDuration:
		return Value{}, &Problem{Key: "problem.whole"}
	case len(fraction) > x.Precision && (x.Kind == KindDecimal || x.Kind == KindMoney || x.Precision > 0):
		return Value{}, &Problem{Key: "problem.decimals", Args: map[string]any{"n": x.Precision}}
	}
	if problem := x.within(reading, n); problem != nil {
		return Value{}, problem
	}
	return x.ValueOf(reading, n, ""), nil
}

// within checks a number against the column's bounds.
func (x *Field) within(reading Reading, n string) *Problem {
	value, ok := new(big.Rat).SetString(n)
	if !ok {
		return &Problem{Key: "problem.number", Args: map[string]any{"example": reading.number("1234.5", true)}}
	}
	for _, bound := range []struct {
		limit, key string
		wrong      int
	}{{x.Min, "problem.least", -1}, {x.Max, "problem.most", 1}} {
		limit, ok := new(big.Rat).SetString(bound.limit)
		if ok && value.Cmp(limit) == bound.wrong {
			return &Problem{Key: bound.key, Args: map[string]any{"limit": reading.number(plainNumber(bound.limit), true)}}
		}
	}
	return nil
}

// hours writes minutes as hours and minutes: "1:30".
func hours(raw string) string {
	n, err := strconv.Atoi(raw)
	if err != nil || n < 0 {
		return raw
	}
	return strconv.Itoa(n/60) + ":" + pad(n%60)
}

func pad(n int) string {
	if n < 10 {
		return "0" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// minutes reads what hours wrote; a number without a colon is minutes already.
func minutes(text string) (string, bool) {
	h, m, ok := strings.Cut(strings.TrimSpace(latin(text)), ":")
	if !ok || !digits(h) || !digits(m) || len(h) > 6 || len(m) > 2 {
		return "", false
	}
	hour, _ := strconv.Atoi(h)
	minute, _ := strconv.Atoi(m)
	return strconv.Itoa(hour*60 + minute), minute < 60
}
