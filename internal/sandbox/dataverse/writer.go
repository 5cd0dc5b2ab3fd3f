package dataverse

import (
	"encoding/json"
	"hash/fnv"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

const (
	lookupTable      = "Microsoft.Dynamics.CRM.lookuplogicalname"
	lookupNavigation = "Microsoft.Dynamics.CRM.associatednavigationproperty"
	attributeName    = "OData.Community.Display.V1.AttributeName"
)

// rowWriter writes a page of rows as the Web API's JSON.
type rowWriter struct {
	c     *call
	page  *engine.Page
	shape *rowShape
	b     []byte
	nulls bool // empty values are written as null, which FetchXML answers leave out

	formatted, table, navigation, name bool // annotations asked for
}

// rowShape says which cells of a page make up one source's object.
type rowShape struct {
	source  *source
	fields  []field
	key     int // cell of the primary key, by which an outer join tells that it found nothing; -1 when there is none
	expands []shapedExpansion
}

type shapedExpansion struct {
	*expansion
	singles []*rowShape
	parent  int // cell with the value that the collection's rows refer to
}

type field struct {
	cell   int
	key    string
	label  []byte // the key as JSON with its colon
	column engine.Column
}

func newField(cell int, key string, column engine.Column) field {
	return field{cell, key, append(appendString(nil, key), ':'), column}
}

// writer prepares to write a page of an OData query.
func (c *call) writer(page *engine.Page, root *source, expands []*expansion) *rowWriter {
	w := c.newWriter(page, shapeOf(page, root, expands))
	w.nulls = true
	return w
}

// flatWriter prepares to write a page of a FetchXML query: every column under its own name.
func (c *call) flatWriter(page *engine.Page) *rowWriter {
	shape := &rowShape{key: -1, fields: make([]field, 0, len(page.Columns))}
	for i, col := range page.Columns {
		shape.fields = append(shape.fields, newField(i, propertyName(col), col))
	}
	return c.newWriter(page, shape)
}

func (c *call) newWriter(page *engine.Page, shape *rowShape) *rowWriter {
	w, p := &rowWriter{c: c, page: page, shape: shape}, c.prefer
	w.formatted, w.table, w.navigation, w.name = p.Includes(formattedValue), p.Includes(lookupTable), p.Includes(lookupNavigation), p.Includes(attributeName)
	return w
}

func propertyName(col engine.Column) string {
	if col.Link == "" && col.Alias == "" && col.Column.Type.IsLookup() {
		return "_" + col.Column.LogicalName + "_value"
	}
	return col.Name
}

func shapeOf(page *engine.Page, s *source, expands []*expansion) *rowShape {
	shape := &rowShape{source: s, key: -1, fields: make([]field, 0, len(page.Columns))}
	cells := map[string]int{}
	for i, col := range page.Columns {
		if col.Link != s.alias {
			continue
		}
		name := col.Column.LogicalName
		cells[name] = i
		if name == s.table.PrimaryID {
			shape.key = i
		}
		if col.Column.Type.IsLookup() {
			name = "_" + name + "_value"
		}
		shape.fields = append(shape.fields, newField(i, name, col))
	}
	for _, x := range expands {
		sx := shapedExpansion{expansion: x, parent: -1}
		for _, one := range x.singles {
			sx.singles = append(sx.singles, shapeOf(page, one.source, one.expands))
		}
		if x.isCollection() {
			key := s.table.PrimaryID
			if x.relation != nil {
				key = x.relation.Key
			}
			if i, ok := cells[key]; ok {
				sx.parent = i
			}
		}
		shape.expands = append(shape.expands, sx)
	}
	return shape
}

// keep drops the columns that were fetched for our own use.
func (s *rowShape) keep(columns []string) {
	s.fields = slices.DeleteFunc(s.fields, func(f field) bool {
		return !f.column.Implied && !slices.Contains(columns, f.column.Column.LogicalName)
	})
}

// related loads the collections of every row before anything is written, so that a failure is still an error answer.
func (w *rowWriter) related() error { return w.relatedOf(w.shape) }

func (w *rowWriter) relatedOf(shape *rowShape) error {
	for _, x := range shape.expands {
		for _, s := range x.singles {
			if err := w.relatedOf(s); err != nil {
				return err
			}
		}
		if !x.isCollection() || x.parent < 0 {
			continue
		}
		var parents []string
		seen := map[string]bool{}
		for _, row := range w.page.Rows {
			if id, ok := row.Cells[x.parent].Value.(string); ok && !seen[id] {
				seen[id] = true
				parents = append(parents, id)
			}
		}
		if err := x.load(w.c, parents); err != nil {
			return err
		}
	}
	return nil
}

// head begins the document.
func (w *rowWriter) head(context string) {
	w.b = slices.Grow((*bodies.Get().(*[]byte))[:0], 512+len(w.page.Rows)*(64+32*len(w.page.Columns)))
	w.b = append(w.b, '{')
	w.member("@odata.context", context)
}

func (w *rowWriter) key(name string) {
	w.next()
	w.b = append(appendString(w.b, name), ':')
}

// next puts a comma before every member but the first.
func (w *rowWriter) next() {
	if n := len(w.b); n > 0 && w.b[n-1] != '{' {
		w.b = append(w.b, ',')
	}
}

func (w *rowWriter) member(name, value string) {
	w.key(name)
	w.b = appendString(w.b, value)
}

func (w *rowWriter) number(name string, value int) {
	w.key(name)
	w.b = strconv.AppendInt(w.b, int64(value), 10)
}

func (w *rowWriter) boolean(name string, value bool) {
	w.key(name)
	w.b = strconv.AppendBool(w.b, value)
}

// collectionAnnotations are the counts and the model's version.
func (w *rowWriter) collectionAnnotations(counted bool) {
	p := w.c.prefer
	if counted {
		w.number("@odata.count", w.page.Total)
	}
	if p.Includes("Microsoft.Dynamics.CRM.totalrecordcount") {
		w.number("@Microsoft.Dynamics.CRM.totalrecordcount", w.page.Total)
	}
	if p.Includes("Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded") {
		w.boolean("@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded", w.page.TotalLimited)
	}
	w.modelVersion()
}

func (w *rowWriter) modelVersion() {
	if w.c.prefer.Includes("Microsoft.Dynamics.CRM.globalmetadataversion") {
		w.member("@Microsoft.Dynamics.CRM.globalmetadataversion", w.c.org.modelVersion())
	}
}

// modelVersion changes with the data model.
func (o *organization) modelVersion() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.version == "" {
		sum := fnv.New32a()
		_ = json.NewEncoder(sum).Encode(o.DB.Model()) // holds only text and numbers
		o.version = strconv.FormatUint(uint64(sum.Sum32()), 10)
	}
	return o.version
}

// values writes all rows.
func (w *rowWriter) values() {
	w.key("value")
	w.b = append(w.b, '[')
	for i := range w.page.Rows {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.object(i)
	}
	w.b = append(w.b, ']')
}

// bodies are the buffers of answers that have been sent, and largestBody is how large one may be that is kept.
var bodies = sync.Pool{New: func() any { return new([]byte) }}

const largestBody = 256 << 10

// send ends the document and answers with it.
func (w *rowWriter) send(status int) error {
	body := append(w.b, '}')
	w.b = nil
	err := w.c.sendStatus(status, body)
	if cap(body) <= largestBody {
		bodies.Put(&body)
	}
	return err
}

// object writes one row as an object of its own.
func (w *rowWriter) object(i int) {
	w.b = append(w.b, '{')
	w.row(i)
	w.b = append(w.b, '}')
}

// row writes the members of one row.
func (w *rowWriter) row(i int) {
	r := &w.page.Rows[i]
	if r.ID != "" && r.Version != 0 {
		w.key("@odata.etag")
		w.b = append(strconv.AppendInt(append(w.b, `"W/\"`...), r.Version, 10), `\""`...)
	}
	w.members(r, w.shape)
}

func (w *rowWriter) members(r *engine.Record, shape *rowShape) {
	for _, f := range shape.fields {
		cell := &r.Cells[f.cell]
		if cell.Value == nil && !w.nulls {
			continue
		}
		w.next()
		w.b = appendValue(append(w.b, f.label...), f.column, cell.Value)
		if cell.Value != nil {
			w.annotations(f, cell)
		}
	}
	for _, x := range shape.expands {
		if x.isCollection() && x.spec.Count && x.parent >= 0 {
			parent, _ := r.Cells[x.parent].Value.(string)
			w.number(x.spec.Name+"@odata.count", x.counts[parent])
		}
		w.key(x.spec.Name)
		if x.isCollection() {
			w.collection(r, x)
			w.furtherPage(r, shape, x)
		} else {
			w.single(r, x)
		}
	}
}

func (w *rowWriter) annotations(f field, cell *engine.Cell) {
	if w.formatted && cell.Text != "" {
		w.member(f.key+"@"+formattedValue, cell.Text)
	}
	if w.name && (f.column.Alias != "" || f.column.Link != "") && !w.nulls {
		w.member(f.key+"@"+attributeName, f.column.Column.LogicalName)
	}
	if cell.Target == "" {
		return
	}
	if w.table {
		w.member(f.key+"@"+lookupTable, cell.Target)
	}
	if w.navigation && strings.HasPrefix(f.key, "_") {
		w.member(f.key+"@"+lookupNavigation, navigationOf(f.column.Column, cell.Target))
	}
}

func navigationOf(c *schema.Column, target string) string {
	if name := c.Navigation[target]; name != "" {
		return name
	}
	return c.LogicalName
}

// single writes the object behind a single-valued navigation property, or null.
func (w *rowWriter) single(r *engine.Record, x shapedExpansion) {
	for _, s := range x.singles {
		if s.key < 0 || r.Cells[s.key].Value == nil {
			continue
		}
		if x.spec.Ref {
			id, _ := r.Cells[s.key].Value.(string)
			w.reference(s.source.table, id)
			return
		}
		w.b = append(w.b, '{')
		w.members(r, s)
		w.b = append(w.b, '}')
		return
	}
	w.b = append(w.b, "null"...)
}

// reference writes a row's address in place of the row.
func (w *rowWriter) reference(t *schema.Table, id string) {
	w.b = append(w.b, '{')
	w.member("@odata.id", w.c.root+t.SetName+"("+id+")")
	w.b = append(w.b, '}')
}

// furtherPage tells where a collection goes on that has more rows than one page.
func (w *rowWriter) furtherPage(r *engine.Record, shape *rowShape, x shapedExpansion) {
	if x.parent < 0 || shape.key < 0 {
		return
	}
	parent, _ := r.Cells[x.parent].Value.(string)
	id, _ := r.Cells[shape.key].Value.(string)
	if link := x.rest(w.c, id, parent); link != "" {
		w.member(x.spec.Name+"@odata.nextLink", link)
	}
}

func (w *rowWriter) collection(r *engine.Record, x shapedExpansion) {
	w.b = append(w.b, '[')
	if x.parent >= 0 {
		parent, _ := r.Cells[x.parent].Value.(string)
		for i, row := range x.rows[parent] {
			if i > 0 {
				w.b = append(w.b, ',')
			}
			w.b = append(w.b, row...)
		}
	}
	w.b = append(w.b, ']')
}
