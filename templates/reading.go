package templates

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// chose reports that the person chose this language.
func (m SettingsModel) chose(ctx context.Context, language string) bool {
	return m.LanguageFrom == LanguageChosen && locale.From(ctx).Language() == language
}

// readingView is how records of an organization are read.
type readingView struct {
	crm.Reading
	organization string
}

func (r readingView) ownZone() bool { return r.ZoneFrom == crm.ReadingOfDynamics }

func (r readingView) zoneText(ctx context.Context) string {
	if r.ownZone() {
		return t(ctx, "settings.records-dynamics", locale.Args{"organization": r.organization})
	}
	return t(ctx, "settings.records-device", locale.Args{"organization": r.organization})
}

func (r readingView) formatsText(ctx context.Context) string {
	if r.FormatsFrom == crm.ReadingOfDynamics {
		return t(ctx, "settings.records-dynamics", locale.Args{"organization": r.organization})
	}
	return t(ctx, "settings.formats-page", locale.Args{"organization": r.organization})
}

// exampleMoment has a day, a month and an hour that cannot be mistaken for one another.
var exampleMoment = time.Date(2026, time.November, 23, 17, 5, 0, 0, time.UTC)

// sample shows what the formats look like.
func (r readingView) sample(ctx context.Context) string {
	if r.FormatsFrom == crm.ReadingOfDynamics {
		return r.Formats.WriteDate(exampleMoment) + " " + r.Formats.WriteTime(exampleMoment) + " · 1" + r.Formats.Group + "234" + r.Formats.Decimal + "56"
	}
	l := locale.From(ctx)
	return l.Date(exampleMoment) + " " + l.Time(exampleMoment) + " · " + l.Number(1234.56, 2)
}
