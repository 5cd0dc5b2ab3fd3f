package dataverse

import "github.com/pintab/pintab/internal/crm"

// Drop forgets what is cached for the people who match: they were erased.
func (c *Client) Drop(match func(crm.User) bool) {
	c.people.drop(func(k personal) bool { return match(k.user) })
	c.trails.drop(func(k scene) bool { return match(k.user) })
}
