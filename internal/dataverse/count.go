package dataverse

import (
	"context"
	"strconv"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// countLimit is where Dataverse stops counting (aggregate query record limit).
const countLimit = 50000

// Count counts the records of a part's view that the person may see.
func (c *Client) Count(ctx context.Context, caller crm.Caller, place crm.Place, part crm.Part, state crm.PartState) (crm.TileNumber, error) {
	l, err := c.prepare(ctx, caller, place.Organization, part, crm.PartState{ViewID: state.ViewID, PersonalView: state.PersonalView})
	if err != nil {
		return crm.TileNumber{}, err
	}
	tile := crm.TileNumber{Table: l.table.Table, View: l.view.ViewRef}
	fetch := l.view.fetch.Counted(l.table.PrimaryID)
	if part.Queue != "" {
		fetch.Entity.Filters = append(fetch.Entity.Filters, queueFilter(part.Queue))
	}
	found, err := c.run(ctx, caller, place.Organization, l.table.SetName, fetch)
	if fault.Is(err, fault.TooLarge) && fault.Of(err).Key == "dataverse.too_many_rows" {
		tile.Count, tile.CountOver = countLimit, true
		return tile, nil
	}
	if err != nil {
		return crm.TileNumber{}, err
	}
	if len(*found.Value) > 0 {
		n, err := strconv.Atoi((*found.Value)[0].cell("n").raw)
		if err != nil || n < 0 {
			return crm.TileNumber{}, notUnderstood("count is no number")
		}
		tile.Count = n
	}
	return tile, nil
}
