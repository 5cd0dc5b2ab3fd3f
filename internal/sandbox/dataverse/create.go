package dataverse

import (
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// create is POST to an entity set.
func (c *call) create(at written) (reply, error) {
	p, err := c.rowBody(at, true)
	if err != nil {
		return nil, err
	}
	made, err := c.insertion(p)
	return func() error { return c.sendMade(at.table, made.ID) }, err
}

// insertion creates a row with everything that came with it.
func (c *call) insertion(p *payload) (engine.Ref, error) {
	if err := c.representable(p.table); err != nil {
		return engine.Ref{}, err
	}
	id, err := p.insert(c.x)
	if err != nil {
		return engine.Ref{}, err
	}
	made := engine.Ref{Table: p.table.LogicalName, ID: id}
	c.remember(made)
	return made, c.readable(made)
}

// createBelow is POST to a collection of a row: the new row belongs to that row.
func (c *call) createBelow(at written) (reply, error) {
	graph, from := c.org.graph, at.table.LogicalName
	relation, many := graph.Collection(from, at.step.Name), graph.ManyToMany(from, at.step.Name)
	table := reading{c: c}.far(at.table, at.step.Name)
	p, err := c.rowBody(written{target: target{table: table}}, true)
	if err != nil {
		return nil, err
	}
	parent := engine.Ref{Table: from, ID: at.id}
	if relation != nil {
		p.row[relation.Column.LogicalName] = parent
	}
	made, err := c.insertion(p)
	if err == nil && many != nil {
		err = associate(c.x, many, at.step.Name, parent, made)
	}
	return func() error { return c.sendMade(table, made.ID) }, err
}

// insert creates the row: what its lookups point to first, what points to it afterwards.
func (p *payload) insert(x *engine.Change) (string, error) {
	for _, a := range p.attached {
		if a.lookup == nil {
			continue
		}
		id, err := a.fresh.insert(x)
		if err != nil {
			return "", err
		}
		p.row[a.lookup.Column.LogicalName] = engine.Ref{Table: a.fresh.table.LogicalName, ID: id}
	}
	id, err := x.Create(p.table.LogicalName, p.row)
	if err != nil {
		return "", err
	}
	if err := p.storeImages(x, engine.Ref{Table: p.table.LogicalName, ID: id}); err != nil {
		return "", err
	}
	return id, p.attach(x, engine.Ref{Table: p.table.LogicalName, ID: id})
}

// attach creates or binds the rows of the payload's collections.
func (p *payload) attach(x *engine.Change, owner engine.Ref) error {
	for _, a := range p.attached {
		if a.relation == nil && a.many == nil || a.fresh == nil && a.bound.ID == "" {
			continue
		}
		if err := a.attach(x, owner); err != nil {
			return err
		}
	}
	return nil
}

func (a attached) attach(x *engine.Change, owner engine.Ref) error {
	other := a.bound
	if a.relation != nil && a.fresh == nil {
		return x.Update(other.Table, other.ID, engine.Row{a.relation.Column.LogicalName: owner}, engine.Guard{MustExist: true})
	}
	if a.fresh != nil {
		if a.relation != nil {
			a.fresh.row[a.relation.Column.LogicalName] = owner
		}
		id, err := a.fresh.insert(x)
		if err != nil || a.relation != nil {
			return err
		}
		other = engine.Ref{Table: a.fresh.table.LogicalName, ID: id}
	}
	return associate(x, a.many, a.name, owner, other)
}

// associate connects two rows of an N:N relationship; near is the one whose navigation property was used, which matters
// for relationships of a table with itself.
func associate(x *engine.Change, m *schema.ManyToMany, navigation string, near, far engine.Ref) error {
	from, to := ends(m, navigation, near, far)
	return x.Associate(m.SchemaName, from, to)
}

// ends puts the rows in the order of the relationship's entities.
func ends(m *schema.ManyToMany, navigation string, near, far engine.Ref) (from, to engine.Ref) {
	if near.Table == m.Entity1 && navigation == m.Navigation1 {
		return near, far
	}
	return far, near
}
