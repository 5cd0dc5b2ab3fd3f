package dataverse

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
)

// moment is a group of dates: a year, or the n-th part of one (FetchXML dategrouping). Dataverse answers each part as a
// number of its own; grouped by years too, they make a time line. In year 0 it is the part of any year.
type moment struct {
	unit string // day, week, month, quarter, year, fiscal-period, fiscal-year
	year int
	n    int // month, quarter, week or fiscal period, from 1
	day  int
}

// parts are the further groupings without which a unit would mix years.
func dateParts(unit string) []string {
	switch unit {
	case "day":
		return []string{"year", "month"}
	case "week", "month", "quarter":
		return []string{"year"}
	case "fiscal-period":
		return []string{"fiscal-year"}
	}
	return nil
}

// key writes the group for an address: 2026, 2026-Q1, 2026-03, 2026-W07, 2026-03-05, FY2026, FY2026-P2.
func (m moment) key() string {
	switch m.unit {
	case "year":
		return fmt.Sprintf("%04d", m.year)
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", m.year, m.n)
	case "month":
		return fmt.Sprintf("%04d-%02d", m.year, m.n)
	case "week":
		return fmt.Sprintf("%04d-W%02d", m.year, m.n)
	case "day":
		return fmt.Sprintf("%04d-%02d-%02d", m.year, m.n, m.day)
	case "fiscal-year":
		return fmt.Sprintf("FY%04d", m.year)
	}
	return fmt.Sprintf("FY%04d-P%d", m.year, m.n)
}

// momentOf reads a key of a unit; an address may hold anything.
func momentOf(unit, key string) (moment, bool) {
	m := moment{unit: unit}
	if unit == "" {
		return m, false
	}
	text := strings.NewReplacer("FY", "", "Q", "", "W", "", "P", "").Replace(key)
	for i, part := range strings.Split(text, "-") {
		n, err := strconv.Atoi(part)
		if err != nil || i > 2 {
			return moment{}, false
		}
		*[]*int{&m.year, &m.n, &m.day}[i] = n
	}
	return m, m.sane() && m.key() == key
}

func (m moment) sane() bool {
	if m.year != 0 && (m.year < 1753 || m.year > 9999) {
		return false
	}
	most := map[string]int{"quarter": 4, "month": 12, "week": 54, "day": 12, "fiscal-period": 99}[m.unit]
	return most == 0 || m.n >= 1 && m.n <= most && (m.unit != "day" || m.day >= 1 && m.day <= 31)
}

// serial orders moments of a unit.
func (m moment) serial() int { return m.year*10000 + m.n*100 + m.day }

// next is the group that follows on the calendar; false where the unit's calendar is the organization's own.
func (m moment) next() (moment, bool) {
	if m.year == 0 {
		m.n++
		return m, m.sane() && m.unit != "fiscal-period"
	}
	switch m.unit {
	case "year", "fiscal-year":
		m.year++
	case "quarter":
		m.n++
		if m.n > 4 {
			m.year, m.n = m.year+1, 1
		}
	case "month":
		m.n++
		if m.n > 12 {
			m.year, m.n = m.year+1, 1
		}
	case "week":
		m.n++
		if from, _, _ := m.span(); from.Year() > m.year {
			m.year, m.n = m.year+1, 1
		}
	case "day":
		t := day(m.year, time.Month(m.n), m.day+1)
		m.year, m.n, m.day = t.Year(), int(t.Month()), t.Day()
	default:
		return m, false
	}
	return m, true
}

// span gives the first and the last day; false for fiscal groups. Weeks begin on Sunday and the first has January 1, which
// is how the service's database counts them.
func (m moment) span() (from, to time.Time, ok bool) {
	switch m.unit {
	case "year":
		return day(m.year, 1, 1), day(m.year, 12, 31), true
	case "quarter":
		first := time.Month(3*m.n - 2)
		return day(m.year, first, 1), day(m.year, first+3, 0), true
	case "month":
		return day(m.year, time.Month(m.n), 1), day(m.year, time.Month(m.n)+1, 0), true
	case "week":
		first := day(m.year, 1, 1)
		from = first.AddDate(0, 0, 7*(m.n-1)-int(first.Weekday()))
		to = from.AddDate(0, 0, 6)
		if from.Before(first) {
			from = first
		}
		if last := day(m.year, 12, 31); to.After(last) && !from.After(last) {
			to = last
		}
		return from, to, true
	case "day":
		t := day(m.year, time.Month(m.n), m.day)
		return t, t, true
	}
	return time.Time{}, time.Time{}, false
}

// label names the group in the reader's language.
func (m moment) label(w words) string {
	if m.year == 0 {
		return m.anyYear(w)
	}
	switch m.unit {
	case "year":
		return strconv.Itoa(m.year)
	case "quarter", "month", "week":
		return fmt.Sprintf(w.of, m.anyYear(w), m.year)
	case "day":
		return w.calendar.FmtDateMedium(day(m.year, time.Month(m.n), m.day))
	case "fiscal-year":
		return fmt.Sprintf(w.fiscal, m.year)
	}
	return fmt.Sprintf(w.ofFiscal, fmt.Sprintf(w.period, m.n), fmt.Sprintf(w.fiscal, m.year))
}

func (m moment) anyYear(w words) string {
	switch m.unit {
	case "quarter":
		return fmt.Sprintf(w.quarter, m.n)
	case "month":
		return w.calendar.MonthAbbreviated(time.Month(m.n))
	case "week":
		return fmt.Sprintf(w.week, m.n)
	}
	return fmt.Sprintf(w.period, m.n)
}

// conditions select the group's records. The service takes days on the person's own clock, as it does when it groups.
func (m moment) conditions(c crmxml.Condition) []crmxml.Condition {
	if from, to, ok := m.span(); ok {
		after, before := c, c
		after.Operator, after.Value = "on-or-after", from.Format(time.DateOnly)
		before.Operator, before.Value = "on-or-before", to.Format(time.DateOnly)
		return []crmxml.Condition{after, before}
	}
	if m.unit == "fiscal-year" {
		c.Operator, c.Value = "in-fiscal-year", strconv.Itoa(m.year)
		return []crmxml.Condition{c}
	}
	c.Operator, c.Values = "in-fiscal-period-and-year", []crmxml.ConditionValue{{Text: strconv.Itoa(m.n)}, {Text: strconv.Itoa(m.year)}}
	return []crmxml.Condition{c}
}
