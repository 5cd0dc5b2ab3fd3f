package dataverse

import (
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// payload is a body read against a table: the row's own values, and the related rows that come with it.
type payload struct {
	table    *schema.Table
	row      engine.Row
	attached []attached
	images   []imageOf
}

// imageOf is an image that came with the row; a nil blob takes away what is there.
type imageOf struct {
	column string
	blob   *engine.Blob
}

// attached is one row behind a navigation property of a body: a new one, or an existing one that is bound.
type attached struct {
	name     string             // the navigation property
	lookup   *metadata.Relation // of a single-valued property: the lookup is on the body's own table
	relation *metadata.Relation // of a collection: the lookup is on the other table
	many     *schema.ManyToMany
	fresh    *payload // nil when bound is used
	bound    engine.Ref
}

// reading turns a body into a payload. Deep is false for updates, which take no related rows but activity parties.
type reading struct {
	c    *call
	deep bool
}

const invalidPayload = "0x80048d19" // InvalidPayload: what the OData reader or the model refuses in a body

// payloadError is how the service words mistakes in a body, around the sentence of its OData reader.
func payloadError(set, sentence string) *Error {
	return &Error{http.StatusBadRequest, invalidPayload, "Error identified in Payload provided by the user for Entity :'" + set +
		"', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: " + sentence}
}

// read reads the body of one row.
func (r reading) read(t *schema.Table, body odata.Node) (*payload, error) {
	p := &payload{table: t, row: engine.Row{}}
	for _, m := range body.Members {
		if err := r.member(p, body, m); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (r reading) member(p *payload, body odata.Node, m odata.Member) error {
	if name, annotation, annotated := strings.Cut(m.Name, "@"); annotated {
		return r.annotation(p, body, name, annotation, m.Value)
	}
	graph := r.c.org.graph
	if ways := graph.Single(p.table.LogicalName, m.Name); len(ways) > 0 {
		return r.single(p, ways, m)
	}
	if r.isCollection(p.table, m.Name) {
		return r.collection(p, m.Name, m.Value)
	}
	column := columnOf(p.table, m.Name)
	switch {
	case column == nil || column.Type == schema.PartyList:
		return payloadError(p.table.SetName, "Invalid property '"+m.Name+"' was found in entity '"+odata.Namespace+p.table.LogicalName+"'.")
	case column.Type.IsLookup() && column.ReadOnly:
		return nil // like every column that the service keeps itself: neither written nor refused
	case column.Type.IsLookup():
		return bad("CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.")
	case column.ReadOnly, column.Type == schema.File:
		return nil // files are sent by themselves (Microsoft Learn, "Use file column data")
	case column.Type == schema.Image:
		return p.image(column, m.Value)
	}
	value, err := valueFor(p.table, column, m.Value)
	if err != nil {
		return err
	}
	p.row[column.LogicalName] = value
	return nil
}

// image reads an image in base64.
func (p *payload) image(column *schema.Column, n odata.Node) error {
	one := imageOf{column: column.LogicalName}
	if n.Kind != odata.NodeNull {
		data, ok := binary(n)
		if !ok {
			return cannotConvert(p.table, n, "Edm.Binary")
		}
		var err error
		if one.blob, err = contentOf(column, "", data.([]byte)); err != nil {
			return err
		}
	}
	p.images = append(p.images, one)
	return nil
}

// annotation reads "property@name" and "@name". Only @odata.bind means anything in a body; what an answer brought may come
// back with the row.
func (r reading) annotation(p *payload, body odata.Node, property, name string, value odata.Node) error {
	switch {
	case !strings.Contains(strings.Trim(name, "."), "."):
		return payloadError(p.table.SetName, "'"+name+"' is an invalid instance annotation name. An instance annotation name must contain a period that is not at the start or end of the name.")
	case name == "odata.bind":
		return r.bind(p, property, value)
	case property == "":
		return nil
	}
	if _, valued := body.Member(property); valued || r.declared(p.table, property) {
		return nil
	}
	return undeclared(p.table, property)
}

func undeclared(t *schema.Table, property string) error {
	return payloadError(t.SetName, "An undeclared property '"+property+"' which only has property annotations in the payload but no property value was found in the payload. "+
		"In OData, only declared navigation properties and declared named streams can be represented as properties without values.")
}

func (r reading) declared(t *schema.Table, name string) bool {
	return columnOf(t, name) != nil || len(r.c.org.graph.Single(t.LogicalName, name)) > 0 || r.isCollection(t, name)
}

func (r reading) isCollection(t *schema.Table, name string) bool {
	g := r.c.org.graph
	return g.Collection(t.LogicalName, name) != nil || g.ManyToMany(t.LogicalName, name) != nil
}

// bind reads "property@odata.bind": an address, null, or a list of addresses for a collection.
func (r reading) bind(p *payload, property string, value odata.Node) error {
	ways := r.c.org.graph.Single(p.table.LogicalName, property)
	switch {
	case len(ways) > 0 && value.Kind == odata.NodeNull:
		clearLookup(p.row, ways)
		return nil
	case len(ways) > 0 && value.IsString():
		ref, err := r.c.refer(value.Text)
		if err != nil {
			return err
		}
		return setLookup(p, property, ways, ref)
	case len(ways) > 0:
		return payloadError(p.table.SetName, "The value of '"+property+"@odata.bind' is not an address.")
	case !r.isCollection(p.table, property):
		return undeclared(p.table, property)
	case !r.deep:
		return deepUpdate()
	}
	addresses := value.Items
	if value.IsString() {
		addresses = []odata.Node{value}
	}
	for _, address := range addresses {
		if !address.IsString() {
			return payloadError(p.table.SetName, "The value of '"+property+"@odata.bind' is not a list of addresses.")
		}
		ref, err := r.c.refer(address.Text)
		if err != nil {
			return err
		}
		if err := r.relate(p, property, attached{bound: ref}); err != nil {
			return err
		}
	}
	return nil
}

func deepUpdate() error { return bad("Deep update of navigation properties is not allowed.") }

// clearLookup empties a lookup, unless another property of the same body has set it: customerid_account may be null beside
// a customerid_contact.
func clearLookup(row engine.Row, ways []*metadata.Relation) {
	if name := ways[0].Column.LogicalName; row[name] == nil {
		row[name] = nil
	}
}

// setLookup points a lookup at a row of one of the tables that the navigation property leads to.
func setLookup(p *payload, property string, ways []*metadata.Relation, ref engine.Ref) error {
	for _, way := range ways {
		if way.One.LogicalName == ref.Table {
			p.row[way.Column.LogicalName] = ref
			return nil
		}
	}
	return bad("A row of '" + ref.Table + "' cannot be bound to the navigation property '" + property + "' of '" + p.table.LogicalName + "'.")
}

// single reads the object behind a single-valued navigation property: a new row, or null to clear the lookup.
func (r reading) single(p *payload, ways []*metadata.Relation, m odata.Member) error {
	if m.Value.Kind == odata.NodeNull {
		clearLookup(p.row, ways)
		return nil
	}
	if m.Value.Kind != odata.NodeObject {
		return payloadError(p.table.SetName, "An unexpected 'PrimitiveValue' node was found for property named '"+m.Name+"' when reading from the JSON reader. A 'StartObject' node was expected.")
	}
	if !r.deep {
		return deepUpdate()
	}
	if id, there := m.Value.Member("@odata.id"); there && id.IsString() {
		ref, err := r.c.refer(id.Text)
		if err != nil {
			return err
		}
		return setLookup(p, m.Name, ways, ref)
	}
	way := ways[0]
	if len(ways) > 1 {
		if way = typed(ways, m.Value); way == nil {
			return payloadError(p.table.SetName, "The property '"+m.Name+"' leads to several tables; its value needs an '@odata.type'.")
		}
	}
	fresh, err := r.read(way.One, m.Value)
	if err != nil {
		return err
	}
	p.attached = append(p.attached, attached{name: m.Name, lookup: way, fresh: fresh})
	return nil
}

// typed finds the way that an object's @odata.type names.
func typed(ways []*metadata.Relation, object odata.Node) *metadata.Relation {
	kind, _ := object.Member("@odata.type")
	for _, way := range ways {
		if strings.TrimPrefix(strings.TrimPrefix(kind.Text, "#"), odata.Namespace) == way.One.LogicalName {
			return way
		}
	}
	return nil
}

// collection reads the list of new rows behind a collection-valued navigation property.
func (r reading) collection(p *payload, property string, value odata.Node) error {
	if value.Kind != odata.NodeArray {
		return payloadError(p.table.SetName, "An unexpected 'PrimitiveValue' node was found for property named '"+property+"' when reading from the JSON reader. A 'StartArray' node was expected.")
	}
	if !r.deep && !isParties(r.c.org.graph.Collection(p.table.LogicalName, property)) {
		return deepUpdate()
	}
	if len(value.Items) == 0 && !r.deep {
		return r.relate(p, property, attached{}) // no parties: those that are there go
	}
	for _, item := range value.Items {
		if item.Kind != odata.NodeObject {
			return payloadError(p.table.SetName, "The list of '"+property+"' has an item that is no object.")
		}
		fresh, err := reading{r.c, true}.read(r.far(p.table, property), item)
		if err != nil {
			return err
		}
		if err := r.relate(p, property, attached{fresh: fresh}); err != nil {
			return err
		}
	}
	return nil
}

// isParties reports whether a collection holds the parties of an activity, the only related rows that an update may
// bring: they take the place of those that are there.
func isParties(relation *metadata.Relation) bool {
	return relation != nil && relation.Many.LogicalName == "activityparty" && relation.One.IsActivity
}

// far is the table of a collection's rows.
func (r reading) far(t *schema.Table, property string) *schema.Table {
	if relation := r.c.org.graph.Collection(t.LogicalName, property); relation != nil {
		return relation.Many
	}
	_, far := sides(r.c.org.graph.ManyToMany(t.LogicalName, property), t.LogicalName, property)
	return r.c.org.DB.Model().Table(far.entity)
}

// relate adds a row to a collection of the payload.
func (r reading) relate(p *payload, property string, one attached) error {
	one.name = property
	one.relation = r.c.org.graph.Collection(p.table.LogicalName, property)
	if one.relation == nil {
		one.many = r.c.org.graph.ManyToMany(p.table.LogicalName, property)
	}
	if far := r.far(p.table, property); one.bound.ID != "" && one.bound.Table != far.LogicalName {
		return bad("A row of '" + one.bound.Table + "' cannot be bound to the navigation property '" + property + "' of '" + p.table.LogicalName + "'.")
	}
	p.attached = append(p.attached, one)
	return nil
}
