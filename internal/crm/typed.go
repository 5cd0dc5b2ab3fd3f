package crm

import (
	"net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// ValueOf makes a value of what Dataverse keeps: Inputs follow from the kind and from how the person types. Text is Dataverse's
// own, where it gave one.
func (x Field) ValueOf(reading Reading, raw, text string) Value {
	v := Value{Raw: raw, Text: text}
	if raw == "" {
		return Value{}
	}
	switch x.Kind {
	case KindInteger, KindDecimal, KindMoney, KindFloat:
		v.Raw = plainNumber(raw)
		v.Inputs = []string{reading.number(x.decimals(v.Raw), false)}
	case KindDuration:
		v.Inputs, v.Text = []string{hours(raw)}, hours(raw) // Dataverse's own is a bare number of minutes
	case KindChoices:
		v.Raw = strings.Join(sortedChoices(strings.Split(raw, ",")), ",")
		v.Inputs = strings.Split(v.Raw, ",")
	case KindDateTime, KindDate:
		v.Raw, v.Inputs = x.date(reading, raw)
	case KindImage, KindFile, KindOther:
	default:
		v.Inputs = []string{raw}
	}
	if v.Text == "" {
		v.Text = x.text(reading, v)
	}
	return v
}

// ValueOfRefs makes a value of a lookup or a party list.
func (x Field) ValueOfRefs(refs []Reference) Value {
	v := Value{Raw: keys(refs), Refs: refs}
	for _, r := range refs {
		v.Inputs = append(v.Inputs, r.Input())
	}
	v.Text = x.text(Reading{}, v)
	return v
}

// parse reads texts as a person typed them.
func (x *Field) parse(reading Reading, texts []string, plain bool) (Value, *Problem) {
	if len(texts) == 0 {
		return Value{}, nil
	}
	if len(texts) > 1 && x.Kind != KindChoices && x.Kind != KindPartyList {
		return Value{}, &Problem{Key: "problem.one"}
	}
	switch x.Kind {
	case KindText, KindMemo, KindRichText, KindEmail, KindPhone, KindURL:
		return x.parseText(reading, texts[0])
	case KindInteger, KindDecimal, KindMoney, KindFloat, KindDuration:
		return x.parseNumber(reading, texts[0], plain)
	case KindBoolean:
		if texts[0] != "true" && texts[0] != "false" {
			return Value{}, &Problem{Key: "problem.choice"}
		}
		return x.ValueOf(reading, texts[0], ""), nil
	case KindChoice, KindStatus, KindChoices:
		return x.parseChoices(reading, texts)
	case KindDateTime, KindDate:
		return x.parseDate(reading, texts[0])
	case KindLookup, KindPartyList:
		return x.parseRefs(texts)
	}
	return Value{}, &Problem{Key: "problem.kind"}
}

func (x *Field) parseText(reading Reading, text string) (Value, *Problem) {
	if !writable(text) {
		return Value{}, &Problem{Key: "problem.characters"}
	}
	switch x.Kind {
	case KindEmail:
		text = strings.TrimSpace(text)
		if !isEmail(text) {
			return Value{}, &Problem{Key: "problem.email"}
		}
	case KindURL:
		var ok bool
		if text, ok = webAddress(strings.TrimSpace(text)); !ok {
			return Value{}, &Problem{Key: "problem.url"}
		}
	}
	if n := Length(text); x.MaxLength > 0 && n > x.MaxLength {
		return Value{}, &Problem{Key: "problem.too_long", Args: map[string]any{"max": x.MaxLength, "over": n - x.MaxLength}}
	}
	return x.ValueOf(reading, text, ""), nil
}

// Length counts text as Dataverse does, in UTF-16 units.
func Length(text string) int {
	n := 0
	for _, r := range text {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}

// writable reports whether Dataverse can keep a text: what XML 1.0 cannot hold, it refuses.
func writable(text string) bool {
	if !utf8.ValidString(text) {
		return false
	}
	return !strings.ContainsFunc(text, func(r rune) bool {
		return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF
	})
}

func isEmail(text string) bool {
	a, err := mail.ParseAddress(text)
	return err == nil && a.Address == text && !strings.ContainsAny(text, "<>")
}

// webAddress accepts what may stand in a link, and adds the scheme that people leave out.
func webAddress(text string) (string, bool) {
	if !strings.Contains(text, "://") {
		text = "https://" + text
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || strings.ContainsAny(text, " \t\n\"<>`") {
		return "", false
	}
	switch strings.ToLower(u.Scheme) {
	case "http", "https", "ftp", "ftps":
		return text, true
	}
	return "", false
}

func (x *Field) parseChoices(reading Reading, texts []string) (Value, *Problem) {
	for _, t := range texts {
		n, err := strconv.Atoi(t)
		if err != nil || !slices.ContainsFunc(x.Options, func(o Option) bool { return o.Value == n }) {
			return Value{}, &Problem{Key: "problem.choice"}
		}
	}
	return x.ValueOf(reading, strings.Join(sortedChoices(texts), ","), ""), nil
}

func sortedChoices(texts []string) []string {
	texts = slices.Clone(texts)
	slices.SortFunc(texts, func(a, b string) int {
		n, _ := strconv.Atoi(strings.TrimSpace(a))
		m, _ := strconv.Atoi(strings.TrimSpace(b))
		return n - m
	})
	for i := range texts {
		texts[i] = strings.TrimSpace(texts[i])
	}
	return slices.Compact(texts)
}

// mostParties bounds a party list (the service takes 500 for an e-mail).
const mostParties = 500

func (x *Field) parseRefs(texts []string) (Value, *Problem) {
	var refs []Reference
	for _, t := range texts {
		r, ok := ReferenceFrom(t)
		if !ok && x.Kind == KindPartyList && isEmail(strings.TrimSpace(t)) {
			r, ok = Reference{Address: strings.TrimSpace(t), Name: strings.TrimSpace(t)}, true
		}
		if !ok || r.ID == "" && (x.Kind != KindPartyList || !isEmail(r.Address)) {
			return Value{}, &Problem{Key: "problem.lookup"}
		}
		if r.ID != "" && len(x.Targets) > 0 && !slices.Contains(x.Targets, r.Table) {
			return Value{}, &Problem{Key: "problem.lookup_table"}
		}
		if slices.ContainsFunc(refs, func(o Reference) bool { return o.Key() == r.Key() }) {
			continue
		}
		refs = append(refs, r)
	}
	if len(refs) > mostParties {
		return Value{}, &Problem{Key: "problem.parties", Args: map[string]any{"max": mostParties}}
	}
	return x.ValueOfRefs(refs), nil
}

// text shows a value as far as that goes without Dataverse, which shows it better once it has been saved.
func (x Field) text(reading Reading, v Value) string {
	switch x.Kind {
	case KindInteger, KindDecimal, KindFloat:
		return reading.number(x.decimals(v.Raw), true)
	case KindMoney:
		return x.Currency.Symbol + reading.number(x.decimals(v.Raw), true)
	case KindBoolean:
		n := 0
		if v.Raw == "true" {
			n = 1
		}
		return x.label(strconv.Itoa(n), v.Raw)
	case KindChoice, KindState, KindStatus:
		return x.label(v.Raw, v.Raw)
	case KindChoices:
		labels := strings.Split(v.Raw, ",")
		for i, n := range labels {
			labels[i] = x.label(n, n)
		}
		return strings.Join(labels, "; ")
	case KindDateTime, KindDate:
		return x.shownDate(reading, v)
	case KindLookup, KindPartyList:
		names := make([]string, len(v.Refs))
		for i, r := range v.Refs {
			names[i] = r.Name
		}
		return strings.Join(names, "; ")
	case KindDuration:
		return hours(v.Raw)
	}
	return v.Raw
}

// label gives a choice's own, else the text.
func (x Field) label(number, otherwise string) string {
	for _, o := range x.Options {
		if strconv.Itoa(o.Value) == number {
			return o.Label
		}
	}
	return otherwise
}
