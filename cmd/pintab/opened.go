package main

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/workspace"
)

// openedDataverse is Dataverse for the connection check, with no other organizations than those that the operator opened.
type openedDataverse struct {
	*dataverse.Client
	opened workspace.Allowed
}

// TestDiscovery tests the discovery service.
func (o openedDataverse) TestDiscovery(ctx context.Context, caller crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, x crm.Exchange, err error) {
	listed, leftOut, x, err = o.Client.TestDiscovery(ctx, caller)
	listed, leftOut = o.opened.Split(listed, leftOut)
	return listed, leftOut, x, err
}
