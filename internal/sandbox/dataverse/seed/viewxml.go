package seed

import (
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// view is a view as a customizer thinks of it; its two documents are written from it.
type view struct {
	table, key, name string
	kind             int // querytype
	standard         bool
	cells            string // "name:250 primarycontactid:150 pc.emailaddress1:180"; a leading ! hides the column
	order            string // "name" or "-createdon", several with blanks
	where            string // "statecode eq 0; ownerid eq-userid"
	or               string // the same, any of which holds
	links            []link
	distinct         bool
	find             string // columns of quick find
}

// link is a link-entity of a view.
type link struct {
	table, from, to, alias, kind string
	columns                      string
	where                        string
}

// The query types in use.
const (
	publicView     = 0
	associatedView = 2
	quickFindView  = 4
	lookupView     = 64
)

// id is the same in every organization, as the ids of views that a product ships are.
func (v view) id() string { return viewID(v.table + "/" + v.key) }

func viewID(key string) string { return schema.ID("savedquery", key) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// conditions writes "column operator value; ..."; in, not-in and between take values separated by commas.
func conditions(b *strings.Builder, list string) {
	for _, one := range strings.Split(list, ";") {
		parts := strings.SplitN(strings.TrimSpace(one), " ", 3)
		b.WriteString(`<condition `)
		if entity, name, ok := strings.Cut(parts[0], "."); ok {
			b.WriteString(`entityname="` + entity + `" attribute="` + name + `"`)
		} else {
			b.WriteString(`attribute="` + parts[0] + `"`)
		}
		b.WriteString(` operator="` + parts[1] + `"`)
		switch {
		case len(parts) < 3:
			b.WriteString(` />`)
		case parts[1] == "in" || parts[1] == "not-in" || parts[1] == "between" || parts[1] == "not-between" || parts[1] == "contain-values":
			b.WriteString(`>`)
			for _, value := range strings.Split(parts[2], ",") {
				b.WriteString(`<value>` + escaper.Replace(value) + `</value>`)
			}
			b.WriteString(`</condition>`)
		default:
			b.WriteString(` value="` + escaper.Replace(parts[2]) + `" />`)
		}
	}
}

func filter(b *strings.Builder, kind, list string) {
	if list == "" {
		return
	}
	b.WriteString(`<filter type="` + kind + `">`)
	conditions(b, list)
	b.WriteString(`</filter>`)
}

func (v view) fetch(t *schema.Table) string {
	var b strings.Builder
	b.WriteString(`<fetch version="1.0" output-format="xml-platform" mapping="logical"`)
	if v.distinct {
		b.WriteString(` distinct="true"`)
	}
	b.WriteString(`><entity name="` + v.table + `">`)
	own := map[string]bool{t.PrimaryID: true}
	b.WriteString(`<attribute name="` + t.PrimaryID + `" />`)
	for _, cell := range strings.Fields(v.cells) {
		name, _, _ := strings.Cut(strings.TrimPrefix(cell, "!"), ":")
		if !strings.Contains(name, ".") && !own[name] {
			own[name] = true
			b.WriteString(`<attribute name="` + name + `" />`)
		}
	}
	for _, order := range strings.Fields(v.order) {
		name, descending := strings.TrimPrefix(order, "-"), strings.HasPrefix(order, "-")
		b.WriteString(`<order attribute="` + name + `" descending="` + strconv.FormatBool(descending) + `" />`)
	}
	filter(&b, "and", v.where)
	filter(&b, "or", v.or)
	if v.find != "" {
		b.WriteString(`<filter type="or" isquickfindfields="1">`)
		for _, name := range strings.Fields(v.find) {
			b.WriteString(`<condition attribute="` + name + `" operator="like" value="{0}" />`)
		}
		b.WriteString(`</filter>`)
	}
	for _, l := range v.links {
		b.WriteString(`<link-entity name="` + l.table + `" from="` + l.from + `" to="` + l.to + `" alias="` + l.alias + `" link-type="` + l.kind + `"`)
		if l.columns != "" {
			b.WriteString(` visible="false"`)
		}
		b.WriteString(`>`)
		for _, name := range strings.Fields(l.columns) {
			b.WriteString(`<attribute name="` + name + `" />`)
		}
		filter(&b, "and", l.where)
		b.WriteString(`</link-entity>`)
	}
	b.WriteString(`</entity></fetch>`)
	return b.String()
}

func (v view) layout(t *schema.Table) string {
	var b strings.Builder
	jump := t.PrimaryName
	if jump == "" {
		jump = t.PrimaryID
	}
	b.WriteString(`<grid name="resultset" object="` + strconv.Itoa(t.ObjectType) + `" jump="` + jump + `" select="1" icon="1" preview="1"><row name="result" id="` + t.PrimaryID + `"`)
	if t.LogicalName == "activitypointer" {
		b.WriteString(` multiobjectidfield="activitytypecode"`)
	}
	b.WriteString(`>`)
	for _, cell := range strings.Fields(v.cells) {
		name, width, ok := strings.Cut(strings.TrimPrefix(cell, "!"), ":")
		if !ok {
			width = "150"
		}
		b.WriteString(`<cell name="` + name + `" width="` + width + `"`)
		if strings.HasPrefix(cell, "!") {
			b.WriteString(` ishidden="1"`)
		}
		if strings.Contains(name, ".") {
			b.WriteString(` disableSorting="0"`)
		}
		b.WriteString(` />`)
	}
	b.WriteString(`</row></grid>`)
	return b.String()
}
