package dataverse

import (
	"net/http"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// aggregates maps the methods of $apply to those of FetchXML.
var aggregates = map[string]string{"sum": "sum", "average": "avg", "min": "min", "max": "max", "countdistinct": "countcolumn", "count": "count"}

// aggregate answers $apply. Groups by date are refused, as the service does (Microsoft Learn, "Aggregate data using OData").
func (c *call) aggregate(at target) error {
	o := c.options
	if len(o.OrderBy)+len(o.Select)+len(o.Expand) > 0 {
		return bad("$orderby, $select and $expand are not supported together with $apply.")
	}
	q := newQuery(c.org, at.table)
	if at.narrow != nil {
		at.narrow(q)
	}
	for _, e := range []odata.Expr{o.Filter, o.Apply.Filter} {
		if err := q.where(e); err != nil {
			return err
		}
	}
	names := map[string]string{} // alias in the query -> key in the answer
	add := func(s *source, a crmxml.Attribute, key string) {
		a.Alias = "a" + itoa(len(names)+1)
		names[a.Alias] = key
		s.grouped = append(s.grouped, a)
	}
	for _, path := range o.Apply.GroupBy {
		s, column, key, err := q.groupColumn(path)
		if err != nil {
			return err
		}
		add(s, crmxml.Attribute{Name: column.LogicalName, GroupBy: true}, key)
	}
	for _, g := range o.Apply.Aggregates {
		a, err := q.aggregateColumn(g)
		if err != nil {
			return err
		}
		add(q.root, a, g.Alias)
	}
	if len(names) == 0 {
		return bad("$apply neither groups nor aggregates.")
	}
	f := q.fetch()
	f.Aggregate = true
	if o.Top != nil && *o.Top > 0 {
		f.Count, f.Page = *o.Top, 1
	}
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, engine.FetchOptions{SkipFormat: !c.prefer.Includes(formattedValue)})
	if err != nil {
		return err
	}
	return c.sendGroups(at, page, names)
}

func (c *call) sendGroups(at target, page *engine.Page, names map[string]string) error {
	w := c.flatWriter(page)
	w.nulls = true
	for i, f := range w.shape.fields {
		if key := names[f.column.Alias]; key != "" {
			w.shape.fields[i] = newField(f.cell, key, f.column)
		}
	}
	w.head(c.context(at.name))
	w.collectionAnnotations(false)
	w.values()
	return w.send(http.StatusOK)
}

// groupColumn finds a column to group by. Behind a navigation property its key is table_column.
func (q *query) groupColumn(path odata.Path) (*source, *schema.Column, string, error) {
	at, key := q.root, path[len(path)-1]
	for ; len(path) > 1; path = path[1:] {
		way := q.way(at.table, path)
		if way == nil {
			return nil, nil, "", noProperty(path[0], at.table.LogicalName)
		}
		at, key = q.follow(at, way), way.One.LogicalName+"_"+path[len(path)-1]
	}
	column := columnOf(at.table, path[0])
	switch {
	case column == nil:
		return nil, nil, "", noProperty(path[0], at.table.LogicalName)
	case column.Type == schema.DateTime:
		return nil, nil, "", bad("Grouping by the date column '" + column.LogicalName + "' is not supported.")
	}
	return at, column, key, nil
}

func (q *query) aggregateColumn(g odata.Aggregate) (crmxml.Attribute, error) {
	a := crmxml.Attribute{Name: q.root.table.PrimaryID, Aggregate: aggregates[g.Method], Distinct: g.Method == "countdistinct"}
	if g.Method == "count" {
		return a, nil
	}
	if len(g.Path) != 1 {
		return a, bad("Only columns of the table itself can be aggregated.")
	}
	column := columnOf(q.root.table, g.Path[0])
	if column == nil {
		return a, noProperty(g.Path[0], q.root.table.LogicalName)
	}
	a.Name = column.LogicalName
	return a, nil
}
