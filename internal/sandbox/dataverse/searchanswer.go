package dataverse

import (
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// find runs a search. One that no table is left for finds nothing.
func (c *call) find(q *searchRequest) (*engine.Found, error) {
	if len(q.Tables) > 0 {
		return c.org.DB.Search(c.r.Context(), c.caller, q.Search)
	}
	found := &engine.Found{Count: -1, Facets: map[string][]engine.FacetValue{}}
	if q.Count {
		found.Count = 0
	}
	return found, nil
}

// searchQuery answers a page of rows that were found.
func (c *call) searchQuery(q *searchRequest) ([]byte, error) {
	found, err := c.find(q)
	if err != nil {
		return nil, err
	}
	documents, err := c.documents(q, found.Hits)
	if err != nil {
		return nil, err
	}
	list := make([]metadata.Object, len(found.Hits))
	for i, h := range found.Hits {
		if q.first {
			list[i] = append(metadata.Object{
				{Name: "@search.score", Value: h.Score}, {Name: "@search.highlights", Value: highlights(h)},
				{Name: "@search.entityname", Value: h.Table.LogicalName}, {Name: "@search.objectid", Value: h.ID},
				{Name: "@search.objecttypecode", Value: h.Table.ObjectType},
			}, documents[i]...)
			continue
		}
		list[i] = metadata.Object{
			{Name: "Id", Value: h.ID}, {Name: "EntityName", Value: h.Table.LogicalName}, {Name: "ObjectTypeCode", Value: h.Table.ObjectType},
			{Name: "Attributes", Value: append(metadata.Object{{Name: "@search.objecttypecode", Value: h.Table.ObjectType}}, documents[i]...)},
			{Name: "Highlights", Value: highlights(h)}, {Name: "Score", Value: h.Score},
		}
	}
	if q.first {
		return metadata.AppendJSON(nil, metadata.Object{
			{Name: "value", Value: list}, {Name: "facets", Value: facetLists(q, found)}, {Name: "totalrecordcount", Value: found.Count}, {Name: "querycontext", Value: nil},
		}), nil
	}
	return metadata.AppendJSON(make([]byte, 0, 512*(len(list)+1)), metadata.Object{
		{Name: "Error", Value: nil}, {Name: "Value", Value: list}, {Name: "Facets", Value: facetLists(q, found)}, {Name: "QueryContext", Value: nil}, {Name: "Count", Value: found.Count},
	}), nil
}

// onlyNames limits a search to the names of rows, which is what suggestions and completions are made of.
func (c *call) onlyNames(q *searchRequest) {
	kept := q.Tables[:0]
	for _, t := range q.Tables {
		if name := c.org.DB.Model().Table(t.Name).PrimaryName; name != "" && slices.Contains(q.columnsOf(t.Name).Columns, name) {
			t.Columns = []string{name}
			kept = append(kept, t)
		}
	}
	q.Tables, q.Beginning, q.Lucene = kept, true, false
	q.Count, q.Facets, q.Skip = false, nil, 0
}

// searchSuggest answers names that go on as the search begins.
func (c *call) searchSuggest(q *searchRequest) ([]byte, error) {
	c.onlyNames(q)
	if q.Top == searchPage {
		q.Top = suggestions
	}
	found, err := c.find(q)
	if err != nil {
		return nil, err
	}
	documents, err := c.documents(q, found.Hits)
	if err != nil {
		return nil, err
	}
	text, document := "Text", "Document"
	if q.first {
		text, document = "text", "document"
	}
	list := make([]metadata.Object, len(found.Hits))
	for i, h := range found.Hits {
		list[i] = metadata.Object{{Name: text, Value: h.Highlights[h.Table.PrimaryName]}, {Name: document, Value: append(metadata.Object{
			{Name: "@search.objectid", Value: h.ID}, {Name: "@search.entityname", Value: h.Table.LogicalName}, {Name: "@search.objecttypecode", Value: h.Table.ObjectType},
		}, documents[i]...)}}
	}
	if q.first {
		return metadata.AppendJSON(nil, metadata.Object{{Name: "value", Value: list}, {Name: "querycontext", Value: nil}}), nil
	}
	return metadata.AppendJSON(nil, metadata.Object{{Name: "Error", Value: nil}, {Name: "Value", Value: list}, {Name: "QueryContext", Value: nil}}), nil
}

// searchAutocomplete answers the search with its last word completed, as rows have it that the person may read.
func (c *call) searchAutocomplete(q *searchRequest) ([]byte, error) {
	c.onlyNames(q)
	q.Top, q.Orders = largestResult, nil
	found, err := c.find(q)
	if err != nil {
		return nil, err
	}
	completion := ""
	counts := map[string]int{}
	for _, h := range found.Hits { // the best of those that occur most
		counts[h.Completed]++
		if h.Completed != "" && (completion == "" || counts[h.Completed] > counts[completion]) {
			completion = h.Completed
		}
	}
	value := ""
	if completion != "" {
		before := q.entered[:strings.LastIndexAny(q.entered, " \t")+1]
		value = before + "{crmhit}" + completion + "{/crmhit}"
	}
	if q.first {
		return metadata.AppendJSON(nil, metadata.Object{{Name: "value", Value: value}, {Name: "querycontext", Value: nil}}), nil
	}
	return metadata.AppendJSON(nil, metadata.Object{{Name: "Error", Value: nil}, {Name: "Value", Value: value}, {Name: "QueryContext", Value: nil}}), nil
}

func highlights(h engine.Hit) metadata.Object {
	marked := metadata.Object{}
	for name, text := range h.Highlights {
		marked = append(marked, metadata.Member{Name: name, Value: []string{text}})
	}
	slices.SortFunc(marked, func(a, b metadata.Member) int { return strings.Compare(a.Name, b.Name) })
	return marked
}

// documents reads what rows show, in the order of the hits, with the rights and in the formats of the person.
func (c *call) documents(q *searchRequest, hits []engine.Hit) ([]metadata.Object, error) {
	ids := map[*schema.Table][]crmxml.ConditionValue{}
	by := map[string]metadata.Object{}
	for _, h := range hits {
		if h.Name != "" && !q.first && len(q.shown[h.Table.LogicalName]) == 0 { // the search has read all there is to show
			by[h.ID] = metadata.Object{{Name: h.Table.PrimaryName, Value: h.Name}}
			continue
		}
		ids[h.Table] = append(ids[h.Table], crmxml.ConditionValue{Text: h.ID})
	}
	for table, list := range ids {
		f := &crmxml.Fetch{Entity: crmxml.Entity{Name: table.LogicalName}}
		asked := map[string]bool{}
		for _, name := range c.shown(q, table) {
			if !asked[name] {
				asked[name] = true
				f.Entity.Attributes = append(f.Entity.Attributes, crmxml.Attribute{Name: name})
			}
		}
		f.Entity.Filters = []crmxml.Filter{{Conditions: []crmxml.Condition{{Attribute: table.PrimaryID, Operator: "in", Values: list}}}}
		page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, engine.FetchOptions{RawOrder: true})
		if err != nil {
			return nil, err
		}
		for _, record := range page.Rows {
			document := metadata.Object{}
			for i, column := range page.Columns {
				if asked[column.Column.LogicalName] {
					document = q.attribute(document, column, record.Cells[i])
				}
			}
			by[record.ID] = document
		}
	}
	list := make([]metadata.Object, len(hits))
	for i, h := range hits {
		list[i] = by[h.ID]
	}
	return list, nil
}

// shown are the columns of a document: those asked for, else the name alone in the second version of search, and in the
// first what the quick find view shows with what every row has.
func (c *call) shown(q *searchRequest, table *schema.Table) []string {
	if list := q.shown[table.LogicalName]; len(list) > 0 {
		return list
	}
	if !q.first {
		return []string{table.PrimaryName}
	}
	list := []string{table.PrimaryName}
	searched := q.columnsOf(table.LogicalName)
	list = append(append(list, searched.Shown...), searched.Columns...)
	for _, name := range []string{"ownerid", "createdon", "modifiedon"} {
		if table.Column(name) != nil {
			list = append(list, name)
		}
	}
	return list
}

// attribute writes one column of a row. The first version of search names lookups beside their ids and formats dates, the
// second annotates as the Web API does.
func (q *searchRequest) attribute(o metadata.Object, column engine.Column, cell engine.Cell) metadata.Object {
	name := column.Column.LogicalName
	lookup, choice := column.Column.Type.IsLookup(), len(column.Column.Options) > 0
	value := searchValue(column, cell)
	if q.first {
		if column.Column.Type == schema.DateTime && cell.Value != nil {
			value = cell.Text
		}
		o = append(o, metadata.Member{Name: name, Value: value})
		if lookup || choice {
			o = append(o, metadata.Member{Name: name + "name", Value: orNull(cell.Text)})
		}
		if lookup && cell.Target != "" {
			o = append(o, metadata.Member{Name: "@search." + name + ".logicalname", Value: cell.Target})
		}
		return o
	}
	o = append(o, metadata.Member{Name: name, Value: value})
	if cell.Text != "" && cell.Value != any(cell.Text) {
		o = append(o, metadata.Member{Name: name + "@" + formattedValue, Value: cell.Text})
	}
	if lookup && cell.Target != "" {
		o = append(o, metadata.Member{Name: name + "@" + lookupTable, Value: cell.Target})
	}
	return o
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// searchValue is a value that metadata.AppendJSON writes.
func searchValue(column engine.Column, cell engine.Cell) any {
	switch v := cell.Value.(type) {
	case int64:
		return int(v)
	case time.Time:
		return timeText(column, v)
	}
	return cell.Value
}

// facetLists are the groups by facet, in the order in which they were asked for.
func facetLists(q *searchRequest, found *engine.Found) metadata.Object {
	all := metadata.Object{}
	for _, f := range q.Facets {
		list := []metadata.Object{}
		for _, v := range found.Facets[f.Name] {
			list = append(list, q.facetValue(v))
		}
		all = append(all, metadata.Member{Name: f.Name, Value: list})
	}
	return all
}

// facetValue is one group. The first version of search leaves out what is empty.
func (q *searchRequest) facetValue(v engine.FacetValue) metadata.Object {
	kind := "Value"
	if v.Range {
		kind = "Range"
	}
	var o metadata.Object
	for _, m := range (metadata.Object{
		{Name: "Type", Value: kind}, {Name: "Value", Value: facetPoint(v.Value)}, {Name: "OptionalValue", Value: orNull(v.Text)},
		{Name: "From", Value: facetPoint(v.From)}, {Name: "To", Value: facetPoint(v.To)}, {Name: "Count", Value: v.Count},
	}) {
		if m.Value != nil || !q.first {
			o = append(o, m)
		}
	}
	return o
}

func facetPoint(v any) any {
	switch x := v.(type) {
	case int64:
		return int(x)
	case time.Time:
		return x.UTC().Format("2006-01-02T15:04:05Z")
	}
	return v
}
