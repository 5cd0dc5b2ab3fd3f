package dataverse

import (
	"context"
	"encoding/json"
	"strings"
	"sync/atomic"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

// mostBundled keeps the address of a bundle far below the longest.
const mostBundled = 40

// definition says where a kind of definition is kept and what is read of it.
type definition struct {
	set    string
	key    string
	fields string
}

var (
	savedViews     = definition{"savedqueries", "savedqueryid", "name,fetchxml,layoutxml,returnedtypecode"}
	personalViews  = definition{"userqueries", "userqueryid", "name,fetchxml,layoutxml,returnedtypecode"}
	savedCharts    = definition{"savedqueryvisualizations", "savedqueryvisualizationid", "name,primaryentitytypecode,datadescription,presentationdescription"}
	personalCharts = definition{"userqueryvisualizations", "userqueryvisualizationid", "name,primaryentitytypecode,datadescription,presentationdescription"}
)

// definitionOf says which definition a step reads by its id alone.
func definitionOf(s step) (d definition, id string, ok bool) {
	id, isPersonal := strings.CutPrefix(s.id, personalPrefix)
	switch {
	case s.what == slotView && isPersonal:
		d = personalViews
	case s.what == slotView:
		d = savedViews
	case s.what == slotChart && isPersonal:
		d = personalCharts
	case s.what == slotChart:
		d = savedCharts
	}
	return d, id, d.set != "" && crmxml.GUID(id) == id
}

// shelfMark says which bundle holds a definition.
type shelfMark struct {
	upstream string
	set      string
}

// bundle is several rows of a set that are read with one question, when the first of them is needed.
type bundle struct {
	from  definition
	up    upstream
	ids   map[string]bool
	begun atomic.Bool
	done  chan struct{} // closed when rows may be read
	rows  map[string]json.RawMessage
}

type bundlesKey struct{}

// bundles finds the definitions on a trail that can be read together.
func (c *Client) bundles(t trail) map[shelfMark]*bundle {
	all := map[shelfMark]*bundle{}
	for s := range t {
		d, id, ok := definitionOf(s)
		up, err := c.organization(s.organization())
		if !ok || err != nil {
			continue
		}
		mark := shelfMark{up.id(), d.set}
		b := all[mark]
		if b == nil {
			b = &bundle{from: d, up: up, ids: map[string]bool{}, done: make(chan struct{})}
			all[mark] = b
		}
		if len(b.ids) < mostBundled {
			b.ids[id] = true
		}
	}
	return all
}

// read asks for all rows of the bundle. One that does not come is asked for by itself, which tells why.
func (b *bundle) read(ctx context.Context, c *Client, caller crm.Caller) {
	defer close(b.done)
	terms := make([]string, 0, len(b.ids))
	for id := range b.ids {
		terms = append(terms, b.from.key+" eq "+id)
	}
	rows, _, err := collect[json.RawMessage](ctx, c, caller, b.up,
		b.from.set+"?$select="+b.from.key+","+b.from.fields+"&$filter="+escaped(strings.Join(terms, " or ")))
	if err != nil {
		return
	}
	b.rows = make(map[string]json.RawMessage, len(rows))
	for _, r := range rows {
		var named map[string]any
		if decode(r, &named) == nil {
			id, _ := named[b.from.key].(string)
			b.rows[crmxml.GUID(id)] = r
		}
	}
}

// one reads one definition: from its bundle, when that brought it, else by itself.
func (c *Client) one(ctx context.Context, caller crm.Caller, up upstream, d definition, id string, into any) (size int, err error) {
	all, _ := ctx.Value(bundlesKey{}).(map[shelfMark]*bundle)
	if b := all[shelfMark{up.id(), d.set}]; b != nil && b.ids[id] {
		if b.begun.CompareAndSwap(false, true) {
			b.read(ctx, c, caller)
		}
		select {
		case <-b.done:
			if row, ok := b.rows[id]; ok {
				return len(row), decode(row, into)
			}
		case <-ctx.Done():
			return 0, unanswered(ctx.Err())
		}
	}
	return c.read(ctx, caller, up, call{path: d.set + "(" + id + ")?$select=" + d.fields}, into)
}
