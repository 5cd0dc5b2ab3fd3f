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
	moments
	asOf time.Time
}

func newSince(r Record) *sinceView {
	return &sinceView{Since: r.Since(), moments: moments{r.Form.Reading}, asOf: r.AsOf}
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
	last, now := v.in(v.Last), v.in(v.asOf)
	switch {
	case last.Format(time.DateOnly) == now.Format(time.DateOnly):
		return t(ctx, "since.time", locale.Args{"time": v.clock(ctx, last)})
	case last.After(now.AddDate(0, 0, -6)):
		return t(ctx, "since.day."+strconv.Itoa(int(last.Weekday())))
	}
	return t(ctx, "since.date", locale.Args{"date": v.date(ctx, last)})
}
