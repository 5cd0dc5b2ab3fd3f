package dataverse

import (
	"net/http"
	"strconv"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

func itoa(n int) string { return strconv.Itoa(n) }

// fetchRows answers a collection by FetchXML: the caller's own, or that of a stored view.
func (c *call) fetchRows(at target) error {
	base, stored, err := c.baseQuery(at)
	if err != nil {
		return err
	}
	q := newQuery(c.org, at.table)
	q.base = base
	if at.narrow != nil {
		at.narrow(q)
	}
	if stored && !base.Aggregate {
		if err := c.refine(q); err != nil {
			return err
		}
	}
	f := q.fetch()
	o := engine.FetchOptions{MaxPageSize: min(c.prefer.MaxPageSize, largestPage), SkipFormat: !c.prefer.Includes(formattedValue)}
	o.Count = c.options.Count
	if stored {
		if err := c.pageStored(f); err != nil {
			return err
		}
	}
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, o)
	if err != nil {
		return err
	}
	return c.sendFetched(at, page, stored)
}

func (c *call) sendFetched(at target, page *engine.Page, stored bool) error {
	w := c.flatWriter(page)
	var columns []string
	for _, f := range w.shape.fields {
		if !f.column.Implied && f.column.Link == "" {
			columns = append(columns, f.key)
		}
	}
	w.head(c.context(at.name + selection(columns, nil)))
	w.collectionAnnotations(c.options.Count)
	if page.More {
		if page.Cookie != "" && c.prefer.Includes("Microsoft.Dynamics.CRM.fetchxmlpagingcookie") {
			w.member("@Microsoft.Dynamics.CRM.fetchxmlpagingcookie", cookieAnnotation(page))
		}
		if stored && c.options.Top == nil {
			w.member("@odata.nextLink", c.nextLink(page))
		}
	}
	if c.prefer.Includes("Microsoft.Dynamics.CRM.morerecords") {
		w.boolean("@Microsoft.Dynamics.CRM.morerecords", page.More)
	}
	w.values()
	return w.send(http.StatusOK)
}

// baseQuery reads the query that the request names.
func (c *call) baseQuery(at target) (f *crmxml.Fetch, stored bool, err error) {
	text := c.options.Custom["fetchXml"]
	if text == "" {
		if text, err = c.storedQuery(at); err != nil {
			return nil, true, err
		}
		stored = true
	}
	f, err = crmxml.ParseFetch(text)
	if err != nil {
		return nil, stored, &Error{http.StatusBadRequest, codeInvalidXML, "Invalid XML: " + err.Error()}
	}
	if f.Entity.Name != at.table.LogicalName {
		return nil, stored, &Error{http.StatusBadRequest, codeEntitiesDiffer, "Entity Name specified in the FetchXML does not match the Entity Name specified in the Entity Set. Entity Name in the FetchXML: " + f.Entity.Name + "; entity set: " + at.table.SetName}
	}
	return f, stored, nil
}

// storedQuery reads the FetchXML of a saved or personal view, with the caller's own rights.
func (c *call) storedQuery(at target) (string, error) {
	table, id := c.org.DB.Model().Table("savedquery"), c.options.Custom["savedQuery"]
	if id == "" {
		table, id = c.org.DB.Model().Table("userquery"), c.options.Custom["userQuery"]
	}
	if !odata.IsGUID(id) || table == nil {
		return "", bad("The id of the view is not a GUID.")
	}
	return c.value(target{table: table, id: id}, "fetchxml")
}

// refine adds what a request asks on top of a stored view.
func (c *call) refine(q *query) error {
	if len(c.options.Select) > 0 {
		if err := selectColumns(q.root, c.options.Select); err != nil {
			return err
		}
	}
	if err := q.where(c.options.Filter); err != nil {
		return err
	}
	if len(c.options.Expand) > 0 || c.options.Apply != nil {
		return bad("$expand and $apply are not supported together with a view.")
	}
	return q.orderBy(c.options.OrderBy)
}

// pageStored sets where a stored view's answer begins.
func (c *call) pageStored(f *crmxml.Fetch) error {
	switch {
	case c.options.Top != nil && *c.options.Top > 0:
		f.Top, f.Page, f.Count = *c.options.Top, 0, 0
	case c.options.SkipToken != "":
		return c.resume(f)
	case f.Top == 0 && f.Page == 0:
		f.Page = 1
	}
	return nil
}
