package dataverse

import (
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// membership is the relationship of teams and the people in them.
const membership = "teammembership_association"

// addMembers is teams(<id>)/Microsoft.Dynamics.CRM.AddMembersTeam {"Members": [people]}.
func (c *call) addMembers(at written, given odata.Node) (reply, error) {
	return c.changeMembers(at, given, (*engine.Change).Associate)
}

// removeMembers is the opposite.
func (c *call) removeMembers(at written, given odata.Node) (reply, error) {
	return c.changeMembers(at, given, (*engine.Change).Disassociate)
}

func (c *call) changeMembers(at written, given odata.Node, change func(*engine.Change, string, engine.Ref, engine.Ref) error) (reply, error) {
	team := engine.Ref{Table: "team", ID: at.id}
	people, _ := given.Member("Members")
	for _, one := range people.Items {
		user, err := c.rowNamed(one, "Members")
		if err != nil {
			return nil, err
		}
		if err := change(c.x, membership, team, user); err != nil {
			return nil, err
		}
	}
	return c.sendNothing, nil
}
