package templates

import (
	"context"
	"iter"
	"time"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
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
	// More reports, between two parts, whether another one comes at once, so that both reach the browser together; nil: never.
	More func() bool
	// Touched is the key of the part that the address is about; "" for none. Its pickers come with all their choices.
	Touched string
	// AsOf is when the reading began.
	AsOf time.Time
	// Notice is a message key of package locale to show above the board, for example "dashboard.choice-gone"; "" for none.
	Notice string
	// Lost is the remembered choice that no longer holds, so that this is another dashboard; nil when there is none.
	Lost *Lost
}

// PartModel is one part as a piece of its own: the answer of GET /tab/dashboard/part.
type PartModel struct {
	Place       crm.Place
	DashboardID string
	Filled      crm.Filled
	// OnBoard says that the part comes with its board, which tells the time of reading for all of its parts.
	OnBoard bool
	// Touched says that somebody is at work on this part: its pickers hold all choices, where those of a part that just comes
	// with its board hold the current one and ask for the rest.
	Touched bool
	// Theme goes into the part's own links, so that the pages behind them look the same before any script runs.
	Theme Theme
	// Record is the record that the part belongs to; nil on a dashboard.
	Record *RecordPartModel
}

func boardName(ctx context.Context, b Board) string {
	if b.Dashboard.Name == "" {
		return t(ctx, "dashboard.title")
	}
	return b.Dashboard.Name
}

// choiceName says which dashboards are the person's own.
func choiceName(ctx context.Context, c crm.DashboardRef) string {
	if c.Personal {
		return t(ctx, "dashboard.personal", locale.Args{"name": c.Name})
	}
	return c.Name
}

func boardLink(b Board) templ.SafeURL {
	l := links{place: b.Place, origin: safeURL(b.Place.Organization.URL), dashboard: b.Dashboard.ID}
	return l.board()
}

// organizationType names the type of an environment; an unknown one has no name.
func organizationType(ctx context.Context, o crm.Organization) string {
	if key := "organization." + o.Type; o.Type != "" && locale.From(ctx).Has(key) {
		return t(ctx, key)
	}
	return ""
}

func slotName(key string) string { return "part-" + key }

func skeletonClass(kind crm.PartKind) string {
	switch kind {
	case crm.PartTile:
		return "small"
	case crm.PartUnsupported:
		return "still"
	}
	return ""
}
