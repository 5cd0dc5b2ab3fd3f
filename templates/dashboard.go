package templates

import (
	"context"
	"iter"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// DashboardModel is the dashboard page. It is drawn in three stages, each flushed: what is known at once, the frame of the
// board, and each part the moment it is there.
type DashboardModel struct {
	Page    Page
	Profile crm.Profile
	// Open says what the board is. It is called once, after the first flush, and may take as long as Dataverse takes. A non-nil
	// State is shown in the board's stead.
	Open func(ctx context.Context) (Board, *State)
}

// Board is an opened dashboard.
type Board struct {
	Place     crm.Place
	Dashboard crm.Dashboard
	// Choices are the dashboards this person may see, for the picker; with fewer than two there is none.
	Choices []crm.DashboardRef
	// Parts yields every part of Dashboard once, in whatever order they arrive.
	Parts iter.Seq[crm.Filled]
	// AsOf is when the reading began.
	AsOf time.Time
	// Notice is a message key of package locale to show above the board, for example "dashboard.choice-gone"; "" for none.
	Notice string
}

// PartModel is one part as a piece of its own: the answer of GET /tab/dashboard/part.
type PartModel struct {
	Place       crm.Place
	DashboardID string
	Filled      crm.Filled
}
