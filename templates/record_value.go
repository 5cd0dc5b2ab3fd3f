package templates

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/internal/richtext"
)

// shown is how a kind of value is drawn for reading.
type shown int

const (
	shownText    shown = iota
	shownLines         // text with its line ends
	shownMarkup        // formatted text, made fit to be shown
	shownLink          // an address that can be followed
	shownNumber        // text whose digits stand in line
	shownTime          // a day or a moment
	shownColored       // one or more choices
	shownRefs          // other records
	shownPicture       // an image
	shownFile          // a file to take away
)

// showing has a row for every kind.
var showing = map[crm.Kind]shown{
	crm.KindText: shownText, crm.KindMemo: shownLines, crm.KindRichText: shownMarkup, crm.KindInteger: shownNumber, crm.KindDecimal: shownNumber,
	crm.KindFloat: shownNumber, crm.KindMoney: shownNumber, crm.KindDuration: shownNumber, crm.KindBoolean: shownText, crm.KindDateTime: shownTime,
	crm.KindDate: shownTime, crm.KindChoice: shownColored, crm.KindChoices: shownColored, crm.KindState: shownColored, crm.KindStatus: shownColored,
	crm.KindLookup: shownRefs, crm.KindPartyList: shownRefs, crm.KindEmail: shownLink, crm.KindPhone: shownLink, crm.KindURL: shownLink,
	crm.KindID: shownText, crm.KindImage: shownPicture, crm.KindFile: shownFile, crm.KindOther: shownText,
}

// typing is how a kind of value is typed.
type typing int

const (
	typedNowhere typing = iota // not on the form
	typedLine
	typedLines
	typedMarkup
	typedNumber
	typedDay
	typedMoment
	typedChoice
	typedChoices
	typedRefs
)

// typings has a row for every kind; files and images have a page of their own.
var typings = map[crm.Kind]typing{
	crm.KindText: typedLine, crm.KindMemo: typedLines, crm.KindRichText: typedMarkup, crm.KindInteger: typedNumber, crm.KindDecimal: typedNumber,
	crm.KindFloat: typedNumber, crm.KindMoney: typedNumber, crm.KindDuration: typedLine, crm.KindBoolean: typedChoice, crm.KindDateTime: typedMoment,
	crm.KindDate: typedDay, crm.KindChoice: typedChoice, crm.KindChoices: typedChoices, crm.KindState: typedNowhere, crm.KindStatus: typedChoice,
	crm.KindLookup: typedRefs, crm.KindPartyList: typedRefs, crm.KindEmail: typedLine, crm.KindPhone: typedLine, crm.KindURL: typedLine,
	crm.KindID: typedNowhere, crm.KindImage: typedNowhere, crm.KindFile: typedNowhere, crm.KindOther: typedNowhere,
}

// typable reports whether values of a field are typed on the form itself.
func typable(x crm.Field) bool {
	if x.Kind == crm.KindRichText && !richtext.Editable(x.Input()) {
		return false // what cannot be shown here would be lost
	}
	return typings[x.Kind] != typedNowhere
}

// formatted is the one place where text of a record becomes markup of the page.
func formatted(markup string) templ.Component { return templ.Raw(richtext.Clean(markup)) }

// valueURL is where a value leads: an address to write to, to call or to open; "" for nowhere.
func valueURL(x crm.Field) templ.SafeURL {
	switch x.Kind {
	case crm.KindEmail:
		return mailURL(x.Value.Raw)
	case crm.KindPhone:
		return phoneURL(x.Value.Raw)
	case crm.KindURL:
		return safeURL(x.Value.Raw)
	}
	return ""
}

// chosen are the options that a value names, with their colours.
func chosen(x crm.Field) (all []crm.Option) {
	for _, raw := range strings.Split(x.Value.Raw, ",") {
		for _, o := range x.Options {
			if strconv.Itoa(o.Value) == strings.TrimSpace(raw) {
				if !hexColor.MatchString(o.Color) {
					o.Color = ""
				}
				all = append(all, o)
			}
		}
	}
	return all
}

// optionInput is how an option of a field comes back from a form.
func optionInput(x crm.Field, o crm.Option) string {
	if x.Kind == crm.KindBoolean {
		return strconv.FormatBool(o.Value == 1)
	}
	return strconv.Itoa(o.Value)
}

// options are what a field offers; a status reason only those that may follow.
func options(x crm.Field) []crm.Option {
	if x.Kind == crm.KindBoolean && len(x.Options) == 0 {
		return []crm.Option{{Value: 1}, {Value: 0}}
	}
	if x.Kind != crm.KindStatus {
		return x.Options
	}
	now, _ := strconv.Atoi(x.Value.Raw)
	var from *crm.Option
	for i, o := range x.Options {
		if o.Value == now {
			from = &x.Options[i]
		}
	}
	if from == nil {
		return x.Options
	}
	var may []crm.Option
	for _, o := range x.Options {
		if o.Value == now || o.State == from.State && (from.Next == nil || contains(from.Next, o.Value)) {
			may = append(may, o)
		}
	}
	return may
}

func contains(all []int, n int) bool {
	for _, one := range all {
		if one == n {
			return true
		}
	}
	return false
}

func optionText(ctx context.Context, x crm.Field, o crm.Option) string {
	switch {
	case o.Label != "":
		return o.Label
	case x.Kind == crm.KindBoolean && o.Value == 1:
		return t(ctx, "field.yes")
	case x.Kind == crm.KindBoolean:
		return t(ctx, "field.no")
	}
	return strconv.Itoa(o.Value)
}

// emptyOffered reports whether nothing is one of the choices.
func emptyOffered(x crm.Field) bool {
	return x.Required != crm.Mandatory || x.Value.Empty()
}

// formID is the HTML form that inputs belong to, and the beginning of their ids where a dialog lies over the record.
func (v *recordView) formID() string {
	switch {
	case v.Dialog:
		return "dialog"
	case v.Staged:
		return "stage"
	}
	return "record"
}

func (v *recordView) id(prefix string, x crm.Field) string {
	switch {
	case v.Dialog:
		prefix = "x" + prefix
	case v.Staged:
		prefix = "s" + prefix
	}
	return prefix + x.LogicalName
}

// inputID is the id of a field's input, to which its label and the list of problems lead.
func (v *recordView) inputID(x crm.Field) string { return v.id("f-", x) }

// described names what says more about an input: what is wrong with it, then what it is for.
func (v *recordView) described(x crm.Field) string {
	var ids []string
	if x.Problem != nil {
		ids = append(ids, v.id("p-", x))
	}
	if x.Description != "" {
		ids = append(ids, v.id("d-", x))
	}
	return strings.Join(ids, " ")
}

// attributes are those that every input of a field has.
func (v *recordView) attributes(x crm.Field) templ.OrderedAttributes {
	a := templ.OrderedAttributes{{Key: "id", Value: v.inputID(x)}, {Key: "name", Value: x.LogicalName}, {Key: "form", Value: v.formID()}}
	a = append(a, v.stateAttributes(x)...)
	if x.Required == crm.Mandatory {
		a = append(a, templ.KeyValue[string, any]{Key: "aria-required", Value: "true"})
	}
	if v.Focus == x.LogicalName {
		a = append(a, templ.KeyValue[string, any]{Key: "autofocus", Value: true})
	}
	return a
}

// stateAttributes say what is wrong with a field.
func (v *recordView) stateAttributes(x crm.Field) (a templ.OrderedAttributes) {
	if ids := v.described(x); ids != "" {
		a = append(a, templ.KeyValue[string, any]{Key: "aria-describedby", Value: ids})
	}
	if x.Problem != nil && !grouped(x) {
		a = append(a, templ.KeyValue[string, any]{Key: "aria-invalid", Value: "true"})
	}
	return a
}

// lineType is the kind of keyboard that a phone shows.
func lineType(x crm.Field) (kind, mode string) {
	switch x.Kind {
	case crm.KindEmail:
		return "email", "email"
	case crm.KindPhone:
		return "tel", "tel"
	case crm.KindURL:
		return "url", "url"
	case crm.KindInteger:
		return "text", "numeric"
	case crm.KindDecimal, crm.KindFloat, crm.KindMoney:
		return "text", "decimal"
	}
	return "text", "text"
}

// rows is how tall an input of several lines begins.
func rows(c crm.Control) string { return strconv.Itoa(max(3, min(c.RowSpan*2, 12))) }

// textHash tells a text that nobody has touched from one that somebody has.
func textHash(text string) string {
	sum := sha256.Sum256([]byte(strings.Join(strings.Fields(text), " ")))
	return hex.EncodeToString(sum[:8])
}

// PlainName is under which name a form says that a column with formatted text comes as plain text, and PlainHash what the
// text was: while nobody touches it, the formatted one stays.
func PlainName(column string) string { return "_plain." + column }

// PlainHash is what a form without script says about a text that it shows without its formatting.
func PlainHash(text string) string { return textHash(text) }

// RichName is under which name script says that a column comes with its formatting.
func RichName(column string) string { return "_rich." + column }

// plainOf is formatted text without its formatting.
func plainOf(markup string) string { return richtext.Text(markup) }

// fileSize writes a number of bytes.
func fileSize(ctx context.Context, bytes int64) string {
	l := locale.From(ctx)
	switch {
	case bytes <= 0:
		return ""
	case bytes < 1<<20:
		return l.T("file.kb", locale.Args{"n": int((bytes + 1023) >> 10)})
	}
	return l.T("file.mb", locale.Args{"n": int((bytes + 1<<20 - 1) >> 20)})
}

// FileSize writes a number of bytes for people.
func FileSize(ctx context.Context, bytes int64) string { return fileSize(ctx, bytes) }

// fileName is what a file is called.
func fileName(ctx context.Context, f *crm.FileValue) string {
	if f != nil && f.Name != "" {
		return f.Name
	}
	return t(ctx, "file.unnamed")
}

// tableLabel is what a table is called, as far as it is known.
func (v *recordView) tableLabel(table string) string {
	if label := v.Labels[table]; label != "" {
		return label
	}
	return table
}

// multiple reports whether a field points to several records.
func multiple(x crm.Field) bool { return x.Kind == crm.KindPartyList }

// references are the records that the input of a field names.
func references(x crm.Field) (all []crm.Reference) {
	for _, in := range x.Inputs() {
		if r, ok := crm.ReferenceFrom(in); ok {
			if r.Name == "" {
				r.Name = r.ID
			}
			all = append(all, r)
		}
	}
	return all
}
