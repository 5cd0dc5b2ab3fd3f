package dataverse

import (
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// replaceParties takes the parties of an activity away when an update brings others.
func (c *call) replaceParties(p *payload, activity engine.Ref) error {
	for _, a := range p.attached {
		if !isParties(a.relation) {
			continue
		}
		ids, err := c.x.Pointing(a.relation.Many.LogicalName, a.relation.Column.LogicalName, activity.ID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := c.x.Delete(a.relation.Many.LogicalName, id, engine.Guard{}); err != nil {
				return err
			}
		}
		return nil
	}
	return nil
}
