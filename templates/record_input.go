package templates

import (
	"context"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// LookupModel is what a search for the value of a lookup found.
type LookupModel struct {
	Found  Found
	Many   bool // the lookup points to several tables, so each record says which one it is of
	Labels map[string]string
}

func (m LookupModel) detail(r crm.Reference) string {
	switch {
	case !m.Many:
		return ""
	case r.Label != "":
		return r.Label
	case m.Labels[r.Table] != "":
		return m.Labels[r.Table]
	}
	return r.Table
}

func (m LookupModel) said(ctx context.Context) string {
	if m.Found.Err != nil {
		return problemOf(ctx, m.Found.Err)
	}
	return t(ctx, "lookup.found", locale.Args{"n": len(m.Found.Result.Found)})
}

// rest says what the list does not have.
func (m LookupModel) rest(ctx context.Context) string {
	switch {
	case len(m.Found.Result.Skipped) > 0:
		return t(ctx, "lookup.skipped", locale.Args{"tables": strings.Join(m.Found.Result.Skipped, ", ")})
	case m.Found.Result.More:
		return t(ctx, "lookup.more")
	case m.Found.Err == nil && len(m.Found.Result.Found) == 0:
		return t(ctx, "lookup.nothing")
	}
	return ""
}

// grouped reports whether a field is several inputs, which a legend names instead of a label.
func grouped(x crm.Field) bool {
	return typings[x.Kind] == typedChoices || typings[x.Kind] == typedRefs
}

// tall reports whether a value wants the whole width of its section.
func tall(x crm.Field) bool { return x.Kind == crm.KindMemo || x.Kind == crm.KindRichText }

func hint(x crm.Field) templ.OrderedAttributes {
	if x.Description == "" {
		return nil
	}
	return templ.OrderedAttributes{{Key: "title", Value: x.Description}}
}

func labelled(ctx context.Context, key, label string) string {
	return t(ctx, key, locale.Args{"field": label})
}

// longest lets script count what is left; a browser that enforced it would cut what is pasted without a word.
func longest(x crm.Field) templ.OrderedAttributes {
	if x.MaxLength <= 0 {
		return nil
	}
	return templ.OrderedAttributes{{Key: "data-longest", Value: strconv.Itoa(x.MaxLength)}}
}

// lineOne keeps an empty first line, which HTML takes away after <textarea>.
func lineOne(text string) string {
	if strings.HasPrefix(text, "\n") {
		return "\n" + text
	}
	return text
}

// zoneName says in which time zone a moment is typed.
func zoneName(ctx context.Context, r crm.Reading, x crm.Field) string {
	switch {
	case x.Behavior != crm.UserLocal:
		return ""
	case r.Zone == nil:
		return "UTC"
	}
	return r.Zone.String()
}

func pickType(x crm.Field) string {
	if multiple(x) {
		return "checkbox"
	}
	return "radio"
}

// seekURL is where typing into a lookup asks.
func (v *recordView) seekURL(x crm.Field) string {
	switch {
	case v.seek != nil:
		return string(v.under("lookup", v.seek...))
	case v.Form.New():
		return string(v.under("lookup", "new", v.Form.Ref.Table, "column", x.LogicalName))
	}
	return string(v.under("lookup", "column", x.LogicalName))
}

func seekFocus(v *recordView, x crm.Field) templ.OrderedAttributes {
	if v.Focus != x.LogicalName {
		return nil
	}
	return templ.OrderedAttributes{{Key: "autofocus", Value: true}}
}

func referenceName(ctx context.Context, r crm.Reference) string {
	switch {
	case r.Name != "":
		return r.Name
	case r.Address != "":
		return r.Address
	}
	return t(ctx, "list.no-name")
}

func referenceLabel(v *recordView, r crm.Reference) string {
	if r.Label != "" {
		return r.Label
	}
	return v.tableLabel(r.Table)
}

// problemOf is the sentence of a failure.
func problemOf(ctx context.Context, err error) string { return faultText(ctx, fault.Of(err)) }
