package engine

import (
	"slices"
	"strings"
)

// Privileges lists everything this person has, by name.
func (c *Caller) Privileges() []Grant {
	list := make([]Grant, 0, len(c.privileges))
	for _, p := range c.privileges {
		if p.depth != None {
			list = append(list, Grant{Name: p.name, PrivilegeID: p.id, BusinessUnitID: c.BusinessUnitID, Depth: p.depth})
		}
	}
	slices.SortFunc(list, func(a, b Grant) int { return strings.Compare(a.Name, b.Name) })
	return list
}
