package dataverse

import (
	"net/http"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// update is PATCH of a row: an upsert unless the preconditions forbid one half of it.
func (c *call) update(at written) (reply, error) {
	p, err := c.rowBody(at, false)
	if err != nil {
		return nil, err
	}
	given, _ := p.row[at.table.PrimaryID].(string)
	if at.id != "" && given != "" && given != at.id {
		return nil, bad("The primary key of the row in the payload is not the one in the address.")
	}
	when := preconditions(c.r.Header)
	if at.id == "" {
		return c.upsertByKey(at, p, when)
	}
	if err := c.representable(at.table); err != nil {
		return nil, err
	}
	delete(p.row, at.table.PrimaryID)
	made := engine.Ref{Table: at.table.LogicalName, ID: at.id}
	guard, err := when.guard(c.x, at)
	if err != nil {
		return nil, err
	}
	if err := c.moveStage(at, p.row); err != nil {
		return nil, err
	}
	created, err := c.x.Upsert(made.Table, made.ID, p.row, guard)
	if err != nil {
		return nil, err
	}
	for _, step := range []func() error{
		func() error { return c.replaceParties(p, made) },
		func() error { return p.storeImages(c.x, made) },
		func() error { return p.attach(c.x, made) },
		func() error { return c.readable(made) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.remember(made)
	return func() error { return c.sendChanged(at.table, at.id, created) }, nil
}

// upsertByKey is PATCH with an alternate key that no row has.
func (c *call) upsertByKey(at written, p *payload, when precondition) (reply, error) {
	if when.mustExist {
		return nil, noKey(at.table)
	}
	for name, value := range at.key {
		if given, there := p.row[name]; there && given != nil && given != value {
			return nil, bad("The value of '" + name + "' in the payload is not the one in the address.")
		}
		p.row[name] = value
	}
	made, err := c.insertion(p)
	return func() error { return c.sendMade(at.table, made.ID) }, err
}

func noKey(t *schema.Table) error {
	return &Error{http.StatusNotFound, engine.CodeKeyNotFound, "A record with the specified key values does not exist in " + t.LogicalName + " entity"}
}

// delete is DELETE of a row.
func (c *call) delete(at written) (reply, error) {
	guard, err := preconditions(c.r.Header).guard(c.x, at)
	if err != nil {
		return nil, err
	}
	guard.MustExist = true
	return c.sendNothing, c.x.Delete(at.table.LogicalName, at.id, guard)
}

// setProperty is PUT {"value": ...} of one column.
func (c *call) setProperty(at written) (reply, error) {
	body, err := c.body(at.table.SetName)
	if err != nil {
		return nil, err
	}
	value, there := body.Member("value")
	if !there {
		return nil, payloadError(at.table.SetName, "The payload of a property needs the member 'value'.")
	}
	return c.changeProperty(at, value)
}

// clearProperty is DELETE of one column.
func (c *call) clearProperty(at written) (reply, error) { return c.changeProperty(at, odata.Node{}) }

func (c *call) changeProperty(at written, value odata.Node) (reply, error) {
	p, err := reading{c: c}.read(at.table, odata.Node{Kind: odata.NodeObject, Members: []odata.Member{{Name: at.step.Name, Value: value}}})
	if err != nil {
		return nil, err
	}
	return c.changeRow(at, p.row)
}

// changeRow updates some columns of a row that has to be there.
func (c *call) changeRow(at written, row engine.Row) (reply, error) {
	guard, err := preconditions(c.r.Header).guard(c.x, at)
	if err != nil {
		return nil, err
	}
	guard.MustExist = true
	c.remember(engine.Ref{Table: at.table.LogicalName, ID: at.id})
	return c.sendNothing, c.x.Update(at.table.LogicalName, at.id, row, guard)
}
