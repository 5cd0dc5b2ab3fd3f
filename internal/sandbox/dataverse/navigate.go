package dataverse

import (
	"net/http"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// target is where a resource path has come to: a collection of a table's rows (id is empty), or one row.
type target struct {
	table *schema.Table
	id    string
	// narrow limits a collection to the rows that a navigation property leads to.
	narrow func(*query)
	name   string // for @odata.context
}

// resource walks the path of a request that begins with an entity set and answers it.
func (c *call) resource(table *schema.Table) error {
	at := target{table: table, name: table.SetName}
	if err := c.key(&at, c.segments[0]); err != nil {
		return err
	}
	for i := 1; i < len(c.segments); i++ {
		s, last := c.segments[i], i == len(c.segments)-1
		switch {
		case s.Name == "$count" && last && at.id == "" && !s.Call:
			return c.count(at)
		case s.Name == "$ref" && last && !s.Call:
			return c.references(at)
		case at.id == "" && last && s.Name == odata.Namespace+"RetrieveUnpublishedMultiple":
			return c.rows(at) // everything here is published
		case at.id == "":
			return notFound(s.Name)
		}
		if m := bound(at.table.LogicalName, s.Name); m != nil && last {
			return c.invoke(m, at, s)
		}
		if column := columnOf(at.table, s.Name); column != nil && !s.Call && len(c.org.graph.Single(at.table.LogicalName, s.Name)) == 0 {
			if isFile(column) {
				return c.readFile(at, column, s.Name, c.segments[i+1:])
			}
			return c.property(at, column, s.Name, c.segments[i+1:])
		}
		done, err := c.step(&at, s)
		if done || err != nil {
			return err
		}
	}
	if at.id != "" {
		return c.row(at)
	}
	return c.rows(at)
}

// step follows a navigation property. It is done when that leads nowhere and the answer is "no content".
func (c *call) step(at *target, s odata.Segment) (done bool, err error) {
	graph, from := c.org.graph, at.table.LogicalName
	if ways := graph.Single(from, s.Name); len(ways) > 0 && !s.Call {
		table, id, err := c.linked(*at, ways[0].Column.LogicalName)
		if err != nil {
			return false, err
		}
		if id == "" {
			return true, c.sendNothing()
		}
		*at = target{table: table, id: id, name: table.SetName}
		return false, nil
	}
	next, parent := target{}, at.id
	if r := graph.Collection(from, s.Name); r != nil {
		next.table = r.Many
		if r.Key != r.One.PrimaryID {
			if parent, err = c.value(*at, r.Key); err != nil {
				return false, err
			}
		}
		next.narrow = func(q *query) { q.equals(r.Column.LogicalName, parent) }
	} else if m := graph.ManyToMany(from, s.Name); m != nil {
		near, far := sides(m, from, s.Name)
		next.table = c.org.DB.Model().Table(far.entity)
		next.narrow = func(q *query) {
			q.joins = append(q.joins, crmxml.Link{
				Name: m.Intersect, From: far.attribute, To: next.table.PrimaryID, Alias: q.alias(), Intersect: true, Type: "inner",
				Body: crmxml.Body{Filters: []crmxml.Filter{{Conditions: []crmxml.Condition{{Attribute: near.attribute, Operator: "eq", Value: parent}}}}},
			})
		}
	} else {
		return false, notFound(s.Name)
	}
	if err := c.visible(*at); err != nil {
		return false, err
	}
	next.name = next.table.SetName
	*at = next
	return false, c.key(at, s)
}

// key reads what stands in a segment's parentheses: nothing, an id, or an alternate key.
func (c *call) key(at *target, s odata.Segment) error {
	if !s.Call {
		return nil
	}
	if len(s.Arguments) == 0 {
		return bad("The key of '" + s.Name + "' is empty.")
	}
	first := s.Arguments[0]
	if len(s.Arguments) == 1 && (first.Name == "" || first.Name == at.table.PrimaryID) {
		if first.Value.Kind != odata.GUID {
			return bad("Error in query syntax: the key of '" + s.Name + "' is not a GUID.")
		}
		at.id = first.Value.Text
		if at.narrow != nil {
			return c.among(*at)
		}
		return nil
	}
	return c.alternateKey(at, s)
}

// among checks that a row belongs to the collection it was addressed through.
func (c *call) among(at target) error {
	q := newQuery(c.org, at.table)
	at.narrow(q)
	q.equals(at.table.PrimaryID, at.id)
	q.root.want(at.table.PrimaryID)
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, q.fetch(), engine.FetchOptions{SkipFormat: true})
	if err == nil && len(page.Rows) == 0 {
		err = noRow(at)
	}
	return err
}

func noRow(at target) error {
	return &Error{http.StatusNotFound, engine.CodeObjectDoesNotExist, "Entity '" + at.table.LogicalName + "' With Id = " + at.id + " Does Not Exist"}
}

func (c *call) alternateKey(at *target, s odata.Segment) error {
	if c.x != nil {
		return c.keyInChange(at, s)
	}
	q := newQuery(c.org, at.table)
	if at.narrow != nil {
		at.narrow(q)
	}
	names := map[string]bool{}
	for _, a := range s.Arguments {
		column := columnOf(at.table, a.Name)
		if column == nil || names[column.LogicalName] {
			return bad("The key of '" + s.Name + "' does not name its columns.")
		}
		value, err := literalFor(column, a.Value)
		if err != nil {
			return err
		}
		names[column.LogicalName] = true
		q.equals(column.LogicalName, value)
	}
	if !isKey(at.table, names) {
		return bad("The key of '" + s.Name + "' is no alternate key of the table.")
	}
	q.root.want(at.table.PrimaryID)
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, q.fetch(), engine.FetchOptions{SkipFormat: true})
	if err != nil {
		return err
	}
	if len(page.Rows) != 1 {
		return noKey(at.table)
	}
	at.id = page.Rows[0].ID
	return nil
}

func isKey(t *schema.Table, names map[string]bool) bool {
	for _, key := range t.Keys {
		same := len(key.Columns) == len(names)
		for _, column := range key.Columns {
			same = same && names[column]
		}
		if same {
			return true
		}
	}
	return false
}

// visible refuses a row that does not exist or that the person may not read.
func (c *call) visible(at target) error {
	rights, err := c.org.DB.Access(c.r.Context(), c.caller, at.table.LogicalName, at.id)
	if err != nil {
		return err
	}
	if rights&engine.ReadAccess == 0 {
		return c.denied(at)
	}
	return nil
}

// denied says why a row that exists is not shown: the privilege is missing altogether, or it does not reach this row.
func (c *call) denied(at target) error {
	privilege := at.table.Privilege("Read")
	if c.caller.Depth(privilege) == engine.None {
		return &Error{http.StatusForbidden, engine.CodePrivilegeDenied, "Principal user (Id=" + c.caller.UserID + ") is missing " + privilege + " privilege on '" + at.table.LogicalName + "'."}
	}
	return &Error{http.StatusForbidden, engine.CodeUnmanagedIDAccessDenied, "The user does not have access to the record " + at.id + " of '" + at.table.LogicalName + "'."}
}

// one fetches columns of one row.
func (c *call) one(at target, o engine.FetchOptions, columns ...string) (*engine.Page, error) {
	q := newQuery(c.org, at.table)
	q.equals(at.table.PrimaryID, at.id)
	q.root.attributes = columns
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, q.fetch(), o)
	if err != nil {
		return nil, err
	}
	if len(page.Rows) == 0 {
		return nil, c.missing(at)
	}
	return page, nil
}

// missing says why a query for one row found none.
func (c *call) missing(at target) error {
	if err := c.visible(at); err != nil {
		return err
	}
	return noRow(at)
}

// linked reads where a lookup of a row points to; the id is empty when it points nowhere.
func (c *call) linked(at target, column string) (*schema.Table, string, error) {
	page, err := c.one(at, engine.FetchOptions{SkipFormat: true}, column)
	if err != nil {
		return nil, "", err
	}
	for i, col := range page.Columns {
		if cell := page.Rows[0].Cells[i]; col.Column.LogicalName == column && cell.Value != nil {
			id, _ := cell.Value.(string)
			return c.org.DB.Model().Table(cell.Target), id, nil
		}
	}
	return at.table, "", nil
}

// value reads one identifier of a row.
func (c *call) value(at target, column string) (string, error) {
	page, err := c.one(at, engine.FetchOptions{SkipFormat: true}, column)
	if err != nil {
		return "", err
	}
	for i, col := range page.Columns {
		if col.Column.LogicalName == column {
			text, _ := page.Rows[0].Cells[i].Value.(string)
			return text, nil
		}
	}
	return "", noRow(at)
}
