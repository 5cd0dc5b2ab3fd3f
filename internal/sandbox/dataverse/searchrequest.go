package dataverse

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// The service's limits on one search (Microsoft Learn, "Dataverse search query").
const (
	shortestTerm   = 3
	longestTerm    = 100
	searchPage     = 50
	largestResult  = 100
	suggestions    = 5
	deepestSkip    = 10_000
	maxFacets      = 30
	maxFacetValues = 1_000
)

// searchRequest is a search that is understood.
type searchRequest struct {
	engine.Search
	first   bool // the answer is one of the first version
	entered string
	chosen  []searchEntity
	shown   map[string][]string  // by table, what the second version is asked to return
	columns []engine.SearchTable // of all tables that are searched
}

// searchEntity is one table of a search in the second version.
type searchEntity struct {
	Name          string
	SelectColumns []string
	SearchColumns []string
	Filter        string
}

func (c *call) searchRequest(text []byte, first bool) (*searchRequest, error) {
	var b searchBody
	if err := json.Unmarshal(text, &b); err != nil {
		return nil, badSearch("The request body is not a valid search: " + jsonProblem(err))
	}
	q := &searchRequest{first: first, entered: strings.TrimSpace(b.Search), shown: map[string][]string{}}
	if n := utf8.RuneCountInString(q.entered); n < shortestTerm || n > longestTerm {
		return nil, badSearch(fmt.Sprintf("The search term must be at least %d and at most %d characters long.", shortestTerm, longestTerm))
	}
	q.Text, q.Count = q.entered, b.Count || b.ReturnTotalRecordCount
	q.Fuzzy = b.Fuzzy || b.UseFuzzy
	for _, step := range []func(*searchBody) error{q.mode, q.page, q.orders, q.facets} {
		if err := step(&b); err != nil {
			return nil, err
		}
	}
	if err := q.entities(&b); err != nil {
		return nil, err
	}
	return q, c.searchTables(q, b.Filter)
}

// jsonProblem says what is wrong with JSON, without the names of Go.
func jsonProblem(err error) string {
	switch e := err.(type) {
	case *json.UnmarshalTypeError:
		return "the value of '" + e.Field + "' has another type."
	case *json.SyntaxError:
		return "it is not JSON at position " + strconv.FormatInt(e.Offset, 10) + "."
	}
	return "it is not JSON."
}

// mode reads how words are combined: names of their own in the first version, options in the second.
func (q *searchRequest) mode(b *searchBody) error {
	mode, kind := strings.ToLower(b.SearchMode), strings.ToLower(b.SearchType)
	var options any
	if err := inner(b.Options, &options); err != nil {
		// Microsoft's own example writes the options with single quotation marks.
		var text string
		if json.Unmarshal(b.Options, &text) != nil || json.Unmarshal([]byte(strings.ReplaceAll(text, "'", `"`)), &options) != nil {
			return badSearch("The options are not JSON.")
		}
	}
	switch o := options.(type) {
	case []any: // the flags of the older documentation
		for _, flag := range o {
			switch text, _ := flag.(string); strings.ToLower(text) {
			case "lucene":
				kind = "full"
			case "searchmodelall", "searchmodeall":
				mode = "all"
			}
		}
	case map[string]any:
		for name, value := range o {
			text, _ := value.(string)
			switch strings.ToLower(name) {
			case "querytype":
				kind = strings.ToLower(text)
			case "searchmode":
				mode = strings.ToLower(text)
			}
		}
	}
	if !slices.Contains([]string{"", "any", "all"}, mode) || !slices.Contains([]string{"", "simple", "full", "lucene"}, kind) {
		return badSearch("The search mode is any or all, and the query type is simple or lucene.")
	}
	q.All, q.Lucene = mode == "all", kind == "full" || kind == "lucene"
	return nil
}

func (q *searchRequest) page(b *searchBody) error {
	q.Top = searchPage
	if b.Top != nil {
		q.Top = min(*b.Top, largestResult)
	}
	if b.Skip != nil {
		q.Skip = *b.Skip
	}
	if q.Top < 0 || q.Skip < 0 || q.Skip > deepestSkip {
		return badSearch("The values of top and skip are out of range.")
	}
	return nil
}

// orders reads "createdon desc" and its like, several to a text as well.
func (q *searchRequest) orders(b *searchBody) error {
	var list []string
	if err := inner(b.OrderBy, &list); err != nil {
		var one string
		if json.Unmarshal(b.OrderBy, &one) != nil {
			return badSearch("The orderby is not a list of texts.")
		}
		list = []string{one}
	}
	for _, clauses := range list {
		for clause := range strings.SplitSeq(clauses, ",") {
			words := strings.Fields(clause)
			if len(words) == 0 {
				continue
			}
			descending := len(words) == 2 && strings.EqualFold(words[1], "desc")
			if len(words) > 2 || len(words) == 2 && !descending && !strings.EqualFold(words[1], "asc") || len(q.Orders) == 8 {
				return badSearch("An orderby is a column followed by asc or desc.")
			}
			q.Orders = append(q.Orders, crmxml.Order{Attribute: strings.ToLower(words[0]), Descending: descending})
		}
	}
	return nil
}

// facets reads "account.primarycontactid,count:100" and its like.
func (q *searchRequest) facets(b *searchBody) error {
	var list []string
	if err := inner(b.Facets, &list); err != nil || len(list) > maxFacets {
		return badSearch("The facets are not a list of texts.")
	}
	for _, text := range list {
		name, rest, _ := strings.Cut(strings.TrimSpace(text), ",")
		f := engine.Facet{Name: name, Column: strings.ToLower(name)}
		if i := strings.IndexAny(f.Column, ".:"); i > 0 && !strings.HasPrefix(f.Column, "@") {
			f.Table, f.Column = f.Column[:i], f.Column[i+1:]
		}
		if f.Column == "@search.entityname" || f.Column == "entityname" {
			f.Column = ""
		}
		for option := range strings.SplitSeq(rest, ",") {
			key, value, _ := strings.Cut(strings.TrimSpace(option), ":")
			switch strings.ToLower(key) {
			case "count":
				n, err := strconv.Atoi(value)
				if err != nil || n < 1 {
					return badSearch("The count of a facet is a number above zero.")
				}
				f.Most = min(n, maxFacetValues)
			case "sort":
				f.Sort = strings.ToLower(value)
			case "values":
				f.Bounds = strings.Split(value, "|")
			case "interval":
				f.Interval = strings.ToLower(value)
			case "", "timeoffset":
			default:
				return badSearch("A facet has no option '" + key + "'.")
			}
		}
		if len(f.Bounds) > 200 || !slices.Contains([]string{"", "count", "-count", "value", "-value"}, f.Sort) {
			return badSearch("The facet '" + name + "' is not valid.")
		}
		q.Facets = append(q.Facets, f)
	}
	return nil
}

// entities reads the tables: names in the first version, objects in the second. Both are understood at every door.
func (q *searchRequest) entities(b *searchBody) error {
	var names []string
	if inner(b.Entities, &names) == nil {
		for _, name := range names {
			q.chosen = append(q.chosen, searchEntity{Name: name})
		}
		return nil
	}
	if err := inner(b.Entities, &q.chosen); err != nil || len(q.chosen) > 100 {
		return badSearch("The entities are not a list of tables.")
	}
	return nil
}

// searchTables settles where to search: the tables asked for, each with its own filter and the general one.
func (c *call) searchTables(q *searchRequest, filter string) (err error) {
	if q.columns, err = c.org.DB.SearchColumns(c.r.Context()); err != nil {
		return err
	}
	if len(q.chosen) == 0 {
		for _, t := range q.columns {
			q.chosen = append(q.chosen, searchEntity{Name: t.Name})
		}
	}
	general := splitFilter(filter)
	for _, e := range q.chosen {
		table := c.org.DB.Model().Table(strings.ToLower(strings.TrimSpace(e.Name)))
		if table == nil || q.columnsOf(table.LogicalName).Name == "" {
			return badSearch("The table '" + e.Name + "' is not enabled for search.")
		}
		one := engine.SearchTable{Name: table.LogicalName}
		for _, name := range e.SearchColumns {
			one.Columns = append(one.Columns, strings.ToLower(name))
		}
		for _, name := range e.SelectColumns {
			if columnOf(table, strings.ToLower(name)) == nil {
				return noProperty(name, table.LogicalName)
			}
			q.shown[table.LogicalName] = append(q.shown[table.LogicalName], columnOf(table, strings.ToLower(name)).LogicalName)
		}
		applies, err := c.searchFilters(&one, table, e.Filter, general)
		if err != nil {
			return err
		}
		if applies {
			q.Tables = append(q.Tables, one)
		}
	}
	return nil
}

// columnsOf is what a table is searched by and what it shows; empty for one that is not searched.
func (q *searchRequest) columnsOf(table string) engine.SearchTable {
	for _, t := range q.columns {
		if t.Name == table {
			return t
		}
	}
	return engine.SearchTable{}
}

// partFilter is a filter for one table, or for all when it names none.
type partFilter struct{ table, text string }

var filterTable = regexp.MustCompile(`^\s*([A-Za-z_][A-Za-z0-9_]*)\s*:`)

// splitFilter takes "account:revenue gt 5, incident:(prioritycode eq 1)" apart at the commas that stand between tables.
func splitFilter(text string) []partFilter {
	var list []partFilter
	for text != "" {
		end := len(text)
		for i := 0; i < len(text); i++ {
			if text[i] == '\'' {
				if next := strings.IndexByte(text[i+1:], '\''); next >= 0 {
					i += next + 1
				}
			} else if text[i] == ',' && filterTable.MatchString(text[i+1:]) {
				end = i
				break
			}
		}
		part := partFilter{text: text[:end]}
		if m := filterTable.FindStringSubmatch(part.text); m != nil {
			part.table, part.text = strings.ToLower(m[1]), part.text[len(m[0]):]
		}
		if strings.TrimSpace(part.text) != "" {
			list = append(list, part)
		}
		text = strings.TrimPrefix(text[end:], ",")
	}
	return list
}

// zoneless is a point in time without a zone, which search reads as UTC.
var zoneless = regexp.MustCompile(`\b(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?)($|[^\d:.Z+-])`)

// searchFilters adds what limits the rows of one table. A table that lacks a column of the general filter is not searched:
// nothing of it can satisfy the filter.
func (c *call) searchFilters(one *engine.SearchTable, table *schema.Table, own string, general []partFilter) (applies bool, err error) {
	parts := []partFilter{{table.LogicalName, own}}
	for _, p := range general {
		if p.table == "" || p.table == table.LogicalName || p.table == "activities" && table.IsActivity {
			parts = append(parts, p)
		}
	}
	for _, p := range parts {
		if strings.TrimSpace(p.text) == "" {
			continue
		}
		expression, err := odata.ParseFilter(zoneless.ReplaceAllString(p.text, "${1}Z$2"), nil)
		if err != nil {
			return false, badSearch("The filter is not valid: " + asError(err).Message)
		}
		expression, known := searchPaths(expression, table)
		if !known && p.table == "" {
			return false, nil
		}
		q := newQuery(c.org, table)
		if err := q.where(expression); err != nil {
			return false, err
		}
		if len(q.root.links)+len(q.joins) > 0 {
			return false, badSearch("The filter of a search names columns of the table itself.")
		}
		one.Filters = append(one.Filters, q.filters...)
	}
	return true, nil
}

// searchPaths lets lookups be named as search names them, without the underscores of the Web API, and reports whether the
// table has all columns.
func searchPaths(e odata.Expr, table *schema.Table) (odata.Expr, bool) {
	known := true
	path := func(p odata.Path) odata.Path {
		if len(p) != 1 {
			return p
		}
		column := columnOf(table, p[0])
		if column == nil {
			known = false
		} else if column.Type.IsLookup() && column.LogicalName == p[0] {
			return odata.Path{"_" + p[0] + "_value"}
		}
		return p
	}
	var walk func(odata.Expr) odata.Expr
	all := func(list []odata.Expr) []odata.Expr {
		out := make([]odata.Expr, len(list))
		for i, e := range list {
			out[i] = walk(e)
		}
		return out
	}
	walk = func(e odata.Expr) odata.Expr {
		switch x := e.(type) {
		case odata.And:
			return odata.And{Terms: all(x.Terms)}
		case odata.Or:
			return odata.Or{Terms: all(x.Terms)}
		case odata.Not:
			return odata.Not{Term: walk(x.Term)}
		case odata.Comparison:
			x.Path = path(x.Path)
			return x
		case odata.In:
			x.Path = path(x.Path)
			return x
		case odata.Match:
			x.Path = path(x.Path)
			return x
		}
		return e
	}
	return walk(e), known
}
