package templates

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// moments writes when something happened as the person reads the times of records: Dataverse formats those itself, and two
// ways of writing a date on one page cannot be told apart.
type moments struct{ crm.Reading }

func (m moments) in(at time.Time) time.Time {
	if m.Zone == nil {
		return at.UTC()
	}
	return at.In(m.Zone)
}

// device reports whether times are the device's, which script knows.
func (m moments) device() bool { return m.ZoneFrom == crm.ReadingOfDevice }

func (m moments) date(ctx context.Context, at time.Time) string {
	if m.FormatsFrom == crm.ReadingOfDynamics {
		return m.Formats.WriteDate(m.in(at))
	}
	return locale.From(ctx).Date(m.in(at))
}

// clock is the time of day; it names UTC where nobody says which zone is the person's.
func (m moments) clock(ctx context.Context, at time.Time) string {
	switch l := locale.From(ctx); {
	case m.device():
		return l.Clock(at)
	case m.FormatsFrom == crm.ReadingOfDynamics:
		return m.Formats.WriteTime(m.in(at))
	default:
		return l.Time(m.in(at))
	}
}
