package locale

import (
	"time"
)

// dayOrder is the order in which a region writes a date in digits.
type dayOrder int

const (
	dayFirst dayOrder = iota // 23/11/2026, or 23.11.2026 in German
	monthFirst
	dayFirstDots
)

func dayOrderOf(base, region string) dayOrder {
	switch {
	case base == "de":
		return dayFirstDots
	case region == "US" || region == "PH":
		return monthFirst
	}
	return dayFirst
}

// Clock writes a time of day in UTC and says so, since the server does not know where the reader is; script replaces it
// by the reader's own.
func (l *Locale) Clock(t time.Time) string {
	layout := "15:04"
	if l.hour12 {
		layout = "3:04 PM"
	}
	return t.UTC().Format(layout) + noBreak + "UTC"
}

// Date writes a day in digits.
func (l *Locale) Date(t time.Time) string {
	switch l.days {
	case monthFirst:
		return t.Format("1/2/2006")
	case dayFirstDots:
		return t.Format("2.1.2006")
	}
	return t.Format("02/01/2006")
}

// Wait writes how long to wait, in the largest unit that says enough; it rounds up.
func (l *Locale) Wait(d time.Duration) string {
	seconds := max(1, int((d+time.Second-1)/time.Second))
	if seconds <= 90 {
		return l.T("wait.seconds", Args{"n": seconds})
	}
	return l.T("wait.minutes", Args{"n": (seconds + 59) / 60})
}

// ISO writes a time for a datetime attribute.
func ISO(t time.Time) string { return t.UTC().Format(time.RFC3339) }
