package dataverse

import (
	"net/http"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// associate is POST <row>/<collection>/$ref {"@odata.id": "<other row>"}.
func (c *call) associate(at written) (reply, error) {
	graph, from := c.org.graph, at.table.LogicalName
	relation, many := graph.Collection(from, at.step.Name), graph.ManyToMany(from, at.step.Name)
	if at.step.Call || relation == nil && many == nil {
		if len(graph.Single(from, at.step.Name)) > 0 {
			return c.point(at) // the service takes POST for single-valued properties too
		}
		return nil, notFound(at.step.Name)
	}
	other, err := c.bodyReference(at)
	if err != nil {
		return nil, err
	}
	return c.connection(at, relation, many, other, false)
}

// point is PUT <row>/<single-valued property>/$ref {"@odata.id": "<other row>"}.
func (c *call) point(at written) (reply, error) {
	ways := c.org.graph.Single(at.table.LogicalName, at.step.Name)
	if len(ways) == 0 || at.step.Call {
		return nil, notFound(at.step.Name)
	}
	other, err := c.bodyReference(at)
	if err != nil {
		return nil, err
	}
	p := &payload{table: at.table, row: engine.Row{}}
	if err := setLookup(p, at.step.Name, ways, other); err != nil {
		return nil, err
	}
	return c.changeRow(at, p.row)
}

// disassociate is DELETE of a reference: <row>/<property>/$ref, <row>/<collection>(<key>)/$ref or
// <row>/<collection>/$ref?$id=<other row>.
func (c *call) disassociate(at written) (reply, error) {
	graph, from := c.org.graph, at.table.LogicalName
	if ways := graph.Single(from, at.step.Name); len(ways) > 0 && !at.step.Call {
		return c.changeRow(at, engine.Row{ways[0].Column.LogicalName: nil})
	}
	relation, many := graph.Collection(from, at.step.Name), graph.ManyToMany(from, at.step.Name)
	if relation == nil && many == nil {
		return nil, notFound(at.step.Name)
	}
	other, err := c.farRow(at)
	if err != nil {
		return nil, err
	}
	return c.connection(at, relation, many, other, true)
}

// farRow is the row at the other end of a reference to delete.
func (c *call) farRow(at written) (engine.Ref, error) {
	if c.refersTo != "" && !at.step.Call {
		return c.refer(c.refersTo)
	}
	if !at.step.Call {
		return engine.Ref{}, bad("A reference of a collection is deleted by its key, or by $id.")
	}
	far := target{table: reading{c: c}.far(at.table, at.step.Name)}
	err := c.key(&far, at.step)
	return engine.Ref{Table: far.table.LogicalName, ID: far.id}, err
}

// connection makes or ends one connection of a collection.
func (c *call) connection(at written, relation *metadata.Relation, many *schema.ManyToMany, other engine.Ref, end bool) (reply, error) {
	if far := (reading{c: c}).far(at.table, at.step.Name); far.LogicalName != other.Table {
		return nil, bad("A row of '" + other.Table + "' does not belong into '" + at.step.Name + "' of '" + at.table.LogicalName + "'.")
	}
	near := engine.Ref{Table: at.table.LogicalName, ID: at.id}
	if many != nil && end {
		from, to := ends(many, at.step.Name, near, other)
		return c.sendNothing, c.x.Disassociate(many.SchemaName, from, to)
	}
	if many != nil {
		return c.sendNothing, associate(c.x, many, at.step.Name, near, other)
	}
	row := engine.Row{relation.Column.LogicalName: near}
	if end {
		row[relation.Column.LogicalName] = nil
	}
	return c.sendNothing, c.x.Update(other.Table, other.ID, row, engine.Guard{MustExist: true})
}

// bodyReference reads {"@odata.id": "<address>"}.
func (c *call) bodyReference(at written) (engine.Ref, error) {
	body, err := c.body(at.table.SetName)
	if err != nil {
		return engine.Ref{}, err
	}
	address, there := body.Member("@odata.id")
	if !there || address.Kind != odata.NodeString {
		return engine.Ref{}, &Error{http.StatusBadRequest, invalidPayload, "The payload of $ref needs the member '@odata.id', the address of a row."}
	}
	return c.refer(address.Text)
}
