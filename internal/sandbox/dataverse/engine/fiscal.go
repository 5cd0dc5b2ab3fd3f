package engine

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// Fiscal periods are quarters, numbered through: period 4·year+n is the n-th quarter (from 0) of the fiscal year that
// starts in that calendar year.

func floorDiv(a, b int) int {
	if a < 0 && a%b != 0 {
		return a/b - 1
	}
	return a / b
}

func fiscalIndex(t time.Time, start Date) int {
	months := t.Year()*12 + int(t.Month()) - int(start.Month)
	if t.Day() < start.Day {
		months--
	}
	return floorDiv(months, 3)
}

func (q *query) fiscalNow() int { return fiscalIndex(q.now, q.db.opts.FiscalStart) }

// fiscalStart is the midnight that a period begins with.
func (q *query) fiscalStart(index int) time.Time {
	start := q.db.opts.FiscalStart
	return q.midnight(0, start.Month+time.Month(3*index), start.Day)
}

// inFiscal answers the operators that name a fiscal year, or a period and a year.
func (c *comparison) inFiscal() (span, error) {
	numbers := make([]int, 0, 2)
	for _, v := range c.values {
		n, err := strconv.Atoi(strings.TrimSpace(v))
		if err != nil || n < 0 || n > 9999 {
			return span{}, c.mismatch(v)
		}
		numbers = append(numbers, n)
	}
	if c.op == "in-fiscal-year" {
		if len(numbers) != 1 {
			return span{}, c.invalid("expects a year")
		}
		return span{from: c.fiscalStart(numbers[0] * 4), to: c.fiscalStart(numbers[0]*4 + 4)}, nil
	}
	if len(numbers) != 2 || numbers[0] < 1 || numbers[0] > 4 {
		return span{}, c.invalid("expects a period and a year")
	}
	index := numbers[1]*4 + numbers[0] - 1
	s := span{from: c.fiscalStart(index), to: c.fiscalStart(index + 1)}
	switch c.op {
	case "in-or-before-fiscal-period-and-year":
		s.from = time.Time{}
	case "in-or-after-fiscal-period-and-year":
		s.to = time.Time{}
	}
	return s, nil
}

// inPeriod answers in-fiscal-period: that period of any year.
func (c *comparison) inPeriod() (frag, error) {
	n, err := strconv.Atoi(strings.TrimSpace(c.values[0]))
	if err != nil || n < 1 || n > 4 {
		return frag{}, c.mismatch(c.values[0])
	}
	if c.kind() != kTime {
		return frag{}, c.invalid("is for dates")
	}
	part := c.datePart(c.field, "fiscal-period")
	return text(part.sql+" % 100 = ?", append(part.args, int64(n))...), nil
}

// datePart is the SQL of a part of a date on the person's clock.
func (q *query) datePart(f field, part string) frag {
	zone := q.zone.String()
	if f.col.zoneless() {
		zone = "UTC"
	}
	start := q.db.opts.FiscalStart
	return text("date_part("+q.raw(f)+", ?, ?, ?)", part, zone, int64(int(start.Month)*100+start.Day))
}

var locations sync.Map // of *time.Location by name

// datePartFunction is the SQL function date_part(seconds, part, zone, fiscal start as month*100+day).
func datePartFunction(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	seconds, ok := args[0].(int64)
	if !ok {
		return nil, nil
	}
	name, _ := args[2].(string)
	zone, ok := locations.Load(name)
	if !ok {
		loaded, err := time.LoadLocation(name)
		if err != nil {
			return nil, fmt.Errorf("date_part: %w", err)
		}
		zone, _ = locations.LoadOrStore(name, loaded)
	}
	t := time.Unix(seconds, 0).In(zone.(*time.Location))
	part, _ := args[1].(string)
	start, _ := args[3].(int64)
	switch part {
	case "day":
		return int64(t.Day()), nil
	case "week":
		return int64(weekOfYear(t)), nil
	case "month":
		return int64(t.Month()), nil
	case "quarter":
		return int64(t.Month()-1)/3 + 1, nil
	case "year":
		return int64(t.Year()), nil
	case "fiscal-period":
		index := fiscalIndex(t, Date{time.Month(start / 100), int(start % 100)})
		return int64(floorDiv(index, 4)*100 + index - floorDiv(index, 4)*4 + 1), nil // year and period: 202604
	case "fiscal-year":
		return int64(floorDiv(fiscalIndex(t, Date{time.Month(start / 100), int(start % 100)}), 4)), nil
	}
	return nil, fmt.Errorf("date_part: no part %q", part)
}

// weekOfYear counts weeks from Sunday; the first is the one with January 1, as SQL Server's DATEPART does.
func weekOfYear(t time.Time) int {
	first := time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	return (t.YearDay()-1+int(first.Weekday()))/7 + 1
}
