package dataverse

import (
	"net/http"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// representable checks, before anything is written, the $select and $expand of the answer that was asked for.
func (c *call) representable(t *schema.Table) error {
	if !c.prefer.ReturnRepresentation {
		return nil
	}
	q := newQuery(c.org, t)
	if err := selectColumns(q.root, c.options.Select); err != nil {
		return err
	}
	_, err := q.expand(q.root, c.options.Expand, 0)
	return err
}

// readable undoes a write whose answer the person may not see.
func (c *call) readable(ref engine.Ref) error {
	if !c.prefer.ReturnRepresentation {
		return nil
	}
	_, there, err := c.x.Version(ref.Table, ref.ID)
	if err == nil && !there {
		err = c.denied(target{table: c.org.DB.Model().Table(ref.Table), id: ref.ID})
	}
	return err
}

// sendMade answers a create: 204 with the new row's address, or 201 with the row.
func (c *call) sendMade(t *schema.Table, id string) error {
	c.entityID(t, id)
	c.w.Header().Set("Location", c.w.Header()[entityIDHeader][0])
	if c.prefer.ReturnRepresentation {
		return c.sendRow(target{table: t, id: id}, http.StatusCreated)
	}
	c.applied()
	return c.sendNothing()
}

// sendChanged answers an update: 204 with the row's address, or 200 with the row (201 when the update has created it).
func (c *call) sendChanged(t *schema.Table, id string, created bool) error {
	if created {
		return c.sendMade(t, id)
	}
	c.entityID(t, id)
	if c.prefer.ReturnRepresentation {
		return c.sendRow(target{table: t, id: id}, http.StatusOK)
	}
	c.applied()
	return c.sendNothing()
}

// entityIDHeader is written letter for letter: net/http's own spelling is OData-Entityid, and some clients compare.
var entityIDHeader = "OData-EntityId"

func (c *call) entityID(t *schema.Table, id string) {
	c.w.Header()[entityIDHeader] = []string{c.root + t.SetName + "(" + id + ")"}
}
