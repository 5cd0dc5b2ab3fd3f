package templates

import (
	"context"
	"strconv"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// sinceView is what happened to a record since the person looked last.
type sinceView struct {
	crm.Since
	reading crm.Reading
	asOf    time.Time
}

func newSince(r Record) *sinceView {
	return &sinceView{Since: r.Since(), reading: r.Form.Reading, asOf: r.AsOf}
}

func (v *sinceView) who(ctx context.Context, h crm.Happened) string {
	if h.By.Name != "" {
		return h.By.Name
	}
	return t(ctx, "since.somebody")
}

// summary counts the fields that changed and the people who changed them.
func (v *sinceView) summary(ctx context.Context) string {
	fields, people := 0, map[string]bool{}
	for _, h := range v.Changes {
		fields += len(h.Fields)
		people[h.By.ID+" "+h.By.Name] = true
	}
	args := locale.Args{"date": v.day(ctx), "by": v.who(ctx, v.Changes[0])}
	if len(people) > 1 {
		args["by"] = t(ctx, "since.people", locale.Args{"n": len(people)})
	}
	args["n"] = fields
	return t(ctx, "since.summary", args)
}

// latest says who changed the record last, where nobody tells what.
func (v *sinceView) latest(ctx context.Context) string {
	return t(ctx, "since.latest", locale.Args{"name": v.who(ctx, v.Changes[0]), "date": v.day(ctx)})
}

// day says when the person looked last: a time of today, a day of this week, else a date.
func (v *sinceView) day(ctx context.Context) string {
	l, last, now := locale.From(ctx), v.Last.In(v.zone()), v.asOf.In(v.zone())
	switch today := now.Format(time.DateOnly); {
	case last.Format(time.DateOnly) == today && v.device():
		return t(ctx, "since.time", locale.Args{"time": l.Clock(last)})
	case last.Format(time.DateOnly) == today:
		return t(ctx, "since.time", locale.Args{"time": l.Time(last)})
	case last.After(now.AddDate(0, 0, -6)):
		return t(ctx, "since.day."+strconv.Itoa(int(last.Weekday())))
	}
	return t(ctx, "since.date", locale.Args{"date": l.Date(last)})
}

func (v *sinceView) zone() *time.Location {
	if v.reading.Zone == nil {
		return time.UTC
	}
	return v.reading.Zone
}

// device reports whether times are the device's, which script knows.
func (v *sinceView) device() bool { return v.reading.ZoneFrom == crm.ReadingOfDevice }

func (v *sinceView) written(ctx context.Context, at time.Time) string {
	l := locale.From(ctx)
	if v.device() {
		return l.Date(at.UTC()) + " " + l.Clock(at)
	}
	at = at.In(v.zone())
	return l.Date(at) + " " + l.Time(at)
}
