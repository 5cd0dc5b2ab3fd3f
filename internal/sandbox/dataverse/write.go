package dataverse

import (
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// reply writes what a write answers once it is committed.
type reply func() error

// handler does one kind of write within the transaction c.x.
type handler func(c *call, at written) (reply, error)

// written is what a write is about: a set, a row of it, and the property or navigation property after that.
type written struct {
	target
	keyed bool       // the path names a row
	key   engine.Row // of an alternate key that no row has; then id is empty
	step  odata.Segment
}

// write runs a request that changes rows, in a transaction of its own.
func (c *call) write() error {
	if err := c.understand(); err != nil {
		return err
	}
	if c.r.Method == http.MethodPost {
		if m := c.rootMessage(); m != nil && m.outside != nil {
			return m.outside(c)
		}
	}
	if table, column := c.fileColumn(); column != nil {
		return c.writeFile(table, column)
	}
	if err := c.receive(); err != nil {
		return err
	}
	var tell reply
	err := c.org.DB.Change(c.r.Context(), c.caller, func(x *engine.Change) (err error) {
		c.x = x
		defer func() { c.x = nil }()
		tell, err = c.perform()
		return err
	})
	if err != nil {
		return err
	}
	return tell()
}

// understand reads the address and the preferences of a write.
func (c *call) understand() error {
	query, id, err := cutID(c.r.URL.RawQuery)
	if err != nil {
		return err
	}
	if c.options, err = odata.ParseOptions(query); err != nil {
		return err
	}
	c.refersTo, c.prefer = id, odata.ParsePrefer(c.r.Header)
	if c.segments, err = odata.ParsePath(c.path, c.options.Aliases); err != nil {
		return err
	}
	if len(c.segments) == 0 {
		return c.notAllowed()
	}
	return nil
}

// cutID takes $id=<address>, which names the row of a DELETE .../$ref, out of a query. The address may have its own
// parentheses and quotes raw, so it is no option for the expression reader.
func cutID(query string) (rest, id string, err error) {
	var kept []string
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, bad := url.QueryUnescape(name); bad != nil || plain != "$id" {
			kept = append(kept, pair)
			continue
		}
		if id, err = url.QueryUnescape(value); err != nil {
			return "", "", bad("The value of query option '$id' is not URL-encoded.")
		}
	}
	return strings.Join(kept, "&"), id, nil
}

// perform chooses the handler by the shape of the path and the method. Everything that it reads is read in the
// transaction.
func (c *call) perform() (reply, error) {
	if m := c.rootMessage(); m != nil {
		return c.act(m, written{})
	}
	at, rest, err := c.addressed()
	if err != nil {
		return nil, err
	}
	if len(rest) == 0 && !at.keyed {
		return c.byMethod(at, handlers{http.MethodPost: (*call).create})
	}
	if len(rest) == 0 {
		return c.byMethod(at, handlers{http.MethodPatch: (*call).update, http.MethodDelete: (*call).delete})
	}
	if at.step = rest[0]; !at.keyed {
		return nil, notFound(at.step.Name)
	}
	if m := bound(at.table.LogicalName, at.step.Name); m != nil && len(rest) == 1 {
		return c.act(m, at)
	}
	graph, table := c.org.graph, at.table.LogicalName
	collection := graph.Collection(table, at.step.Name) != nil || graph.ManyToMany(table, at.step.Name) != nil
	switch {
	case len(rest) == 2 && rest[1].Name == "$ref" && !rest[1].Call:
		return c.byMethod(at, handlers{http.MethodPost: (*call).associate, http.MethodPut: (*call).point, http.MethodDelete: (*call).disassociate})
	case len(rest) > 1:
		return nil, notFound(rest[1].Name)
	case collection && !at.step.Call:
		return c.byMethod(at, handlers{http.MethodPost: (*call).createBelow})
	case columnOf(at.table, at.step.Name) != nil && !at.step.Call:
		return c.byMethod(at, handlers{http.MethodPut: (*call).setProperty, http.MethodDelete: (*call).clearProperty})
	case len(graph.Single(table, at.step.Name)) > 0:
		return nil, c.notAllowed()
	}
	return nil, notFound(at.step.Name)
}

type handlers map[string]handler // by method

func (c *call) byMethod(at written, by handlers) (reply, error) {
	if h := by[c.r.Method]; h != nil {
		return h(c, at)
	}
	c.w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(by)), ", "))
	return nil, c.notAllowed()
}

func (c *call) notAllowed() error {
	return &Error{http.StatusMethodNotAllowed, codeResource, "The requested resource does not support http method '" + c.r.Method + "'."}
}

// addressed finds the set and the row that a path begins with.
func (c *call) addressed() (at written, rest []odata.Segment, err error) {
	first, rest := c.segments[0], c.segments[1:]
	if id, ok := contentID(first.Name); ok && !first.Call {
		ref, err := c.madeBy(id)
		table := c.org.DB.Model().Table(ref.Table)
		return written{target: target{table: table, id: ref.ID}, keyed: true}, rest, err
	}
	if strings.HasSuffix(first.Name, "Definitions") {
		return at, rest, c.notAllowed() // the model of an organization comes with its seed
	}
	table := c.org.DB.Model().Set(first.Name)
	if table == nil {
		return at, rest, notFound(first.Name)
	}
	at = written{target: target{table: table, name: table.SetName}, keyed: first.Call}
	err = c.key(&at.target, first)
	var missing *engine.Error
	if errors.As(err, &missing) && missing.Code == engine.CodeKeyNotFound && len(rest) == 0 && c.r.Method == http.MethodPatch {
		at.key, err = keyRow(table, first)
	}
	return at, rest, err
}

// keyRow reads the columns of an alternate key.
func keyRow(t *schema.Table, s odata.Segment) (engine.Row, error) {
	row := engine.Row{}
	for _, a := range s.Arguments {
		column := columnOf(t, a.Name)
		if column == nil || row[column.LogicalName] != nil {
			return nil, bad("The key of '" + s.Name + "' does not name its columns.")
		}
		value, err := literalFor(column, a.Value)
		if err != nil {
			return nil, err
		}
		row[column.LogicalName] = value
	}
	return row, nil
}

// keyInChange finds the row of an alternate key within the transaction, where rows of the same change set are.
func (c *call) keyInChange(at *target, s odata.Segment) error {
	row, err := keyRow(at.table, s)
	if err != nil {
		return err
	}
	at.id, err = c.x.ByKey(at.table.LogicalName, row)
	return err
}

// remember keeps the row of this part for later parts of the batch.
func (c *call) remember(ref engine.Ref) {
	if c.content != "" {
		c.made[c.content] = ref
	}
}
