package engine

import (
	"strconv"
	"strings"
	"time"
)

// span is a stretch of time; a zero end is open. Its ends are on the person's clock.
type span struct {
	from, to  time.Time
	inclusive bool // to belongs to it
}

// dates answers the operators on dates. The relative ones count from the person's own day: "last x" goes back whole
// periods from this morning and ends now, "next x" starts now and ends whole periods after tonight.
func (c *comparison) dates() (frag, error) {
	s, known, err := c.span()
	switch {
	case err != nil:
		return frag{}, err
	case !known:
		return frag{}, refuse(CodeInvalidOperator, "The operator '%s' is not valid or is not supported.", c.Operator)
	case c.kind() != kTime:
		return frag{}, c.invalid("is for dates")
	}
	part := c.within(s)
	if c.op == "not-on" {
		return c.orEmpty(text("NOT "+part.sql, part.args...)), nil
	}
	return part, nil
}

func (c *comparison) within(s span) frag {
	column := c.compared(c.field)
	var parts []frag
	if !s.from.IsZero() {
		parts = append(parts, text(column+" >= ?", c.seconds(s.from)))
	}
	if !s.to.IsZero() {
		operator := " < ?"
		if s.inclusive {
			operator = " <= ?"
		}
		parts = append(parts, text(column+operator, c.seconds(s.to)))
	}
	return and(parts...)
}

// seconds is a moment as the column keeps it: for columns without a zone the reading of the person's clock.
func (c *comparison) seconds(t time.Time) int64 {
	if c.field.col.zoneless() {
		t = t.In(c.zone)
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, time.UTC).Unix()
	}
	return t.Unix()
}

func (q *query) midnight(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, q.zone)
}

// today is the midnight that the person's day began with, moved by days.
func (q *query) today(days int) time.Time {
	return q.midnight(q.now.Year(), q.now.Month(), q.now.Day()+days)
}

// period is a calendar unit: its start shifted by a number of units.
type period func(q *query, shift int) time.Time

var periods = map[string]period{
	"day":  (*query).today,
	"week": func(q *query, n int) time.Time { return q.today(7*n - (int(q.now.Weekday()-q.db.opts.WeekStart)+7)%7) },
	"month": func(q *query, n int) time.Time {
		return q.midnight(q.now.Year(), q.now.Month()+time.Month(n), 1)
	},
	"year":          func(q *query, n int) time.Time { return q.midnight(q.now.Year()+n, 1, 1) },
	"fiscal-period": func(q *query, n int) time.Time { return q.fiscalStart(q.fiscalNow() + n) },
	"fiscal-year": func(q *query, n int) time.Time {
		return q.fiscalStart((floorDiv(q.fiscalNow(), 4) + n) * 4)
	},
}

func (c *comparison) span() (s span, known bool, err error) {
	switch c.op {
	case "today":
		return span{from: c.today(0), to: c.today(1)}, true, nil
	case "yesterday":
		return span{from: c.today(-1), to: c.today(0)}, true, nil
	case "tomorrow":
		return span{from: c.today(1), to: c.today(2)}, true, nil
	case "last-seven-days":
		return span{c.today(-7), c.now, true}, true, nil
	case "next-seven-days":
		return span{from: c.now, to: c.today(8)}, true, nil
	case "on", "not-on", "on-or-before", "on-or-after":
		s, err := c.onDay()
		return s, true, err
	case "in-fiscal-year", "in-fiscal-period-and-year", "in-or-before-fiscal-period-and-year", "in-or-after-fiscal-period-and-year":
		s, err := c.inFiscal()
		return s, true, err
	}
	for prefix, shift := range map[string]int{"last-": -1, "this-": 0, "next-": 1} {
		if p := periods[strings.TrimPrefix(c.op, prefix)]; p != nil && strings.HasPrefix(c.op, prefix) && c.op != prefix+"day" {
			return span{from: p(c.query, shift), to: p(c.query, shift+1)}, true, nil
		}
	}
	direction, unit, ok := strings.Cut(c.op, "-x-")
	if !ok {
		return span{}, false, nil
	}
	s, known, err = c.counted(direction, unit)
	return s, known, err
}

// counted answers last-x-days and its kind.
func (c *comparison) counted(direction, unit string) (s span, known bool, err error) {
	move := c.mover(unit)
	if move == nil || direction != "last" && direction != "next" && (direction != "olderthan" || strings.HasPrefix(unit, "fiscal")) {
		return span{}, false, nil
	}
	if unit == "minutes" && direction != "olderthan" {
		return span{}, false, nil
	}
	x, err := strconv.Atoi(strings.TrimSpace(c.values[0]))
	if err != nil || x < 1 || x > 100_000 {
		return span{}, true, c.mismatch(c.values[0])
	}
	short := unit == "hours" || unit == "minutes"
	switch {
	case direction == "last" && unit == "hours":
		hour := time.Date(c.now.Year(), c.now.Month(), c.now.Day(), c.now.Hour(), 0, 0, 0, c.zone)
		return span{move(hour, -x), c.now, true}, true, nil
	case direction == "last":
		return span{move(c.today(0), -x), c.now, true}, true, nil
	case direction == "next" && short:
		return span{c.now, move(c.now, x), true}, true, nil
	case direction == "next":
		return span{from: c.now, to: move(c.today(1), x)}, true, nil
	case short:
		return span{to: move(c.now, -x)}, true, nil
	}
	return span{to: move(c.today(0), -x)}, true, nil
}

// mover moves a moment by a number of units; nil for an unknown unit.
func (q *query) mover(unit string) func(t time.Time, n int) time.Time {
	switch unit {
	case "minutes":
		return func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Minute) }
	case "hours":
		return func(t time.Time, n int) time.Time { return t.Add(time.Duration(n) * time.Hour) }
	case "days":
		return func(t time.Time, n int) time.Time { return t.AddDate(0, 0, n) }
	case "weeks":
		return func(t time.Time, n int) time.Time { return t.AddDate(0, 0, 7*n) }
	case "months":
		return addMonths
	case "years":
		return func(t time.Time, n int) time.Time { return addMonths(t, 12*n) }
	case "fiscal-periods":
		return q.fiscalMover(1)
	case "fiscal-years":
		return q.fiscalMover(4)
	}
	return nil
}

// fiscalMover moves whole fiscal periods: back to the start of the one x before, forward to the end of the one x after.
func (q *query) fiscalMover(size int) func(t time.Time, n int) time.Time {
	return func(_ time.Time, n int) time.Time {
		if n > 0 {
			n++
		}
		return q.fiscalStart((floorDiv(q.fiscalNow(), size) + n) * size)
	}
}

// addMonths keeps to the last day of a shorter month, where AddDate would run into the next.
func addMonths(t time.Time, n int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, t.Hour(), t.Minute(), t.Second(), 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

// onDay answers on and its kind: the day that the value names on the person's clock.
func (c *comparison) onDay() (span, error) {
	t, err := parseTime(c.values[0], c.zone)
	if err != nil {
		return span{}, refuse(CodeInvalidDateTime, "The date-time format for %s is invalid, or value is outside the supported range.", c.values[0])
	}
	if !c.field.col.zoneless() {
		t = t.In(c.zone)
	}
	day, next := c.midnight(t.Year(), t.Month(), t.Day()), c.midnight(t.Year(), t.Month(), t.Day()+1)
	switch c.op {
	case "on-or-before":
		return span{to: next}, nil
	case "on-or-after":
		return span{from: day}, nil
	}
	return span{from: day, to: next}, nil
}
