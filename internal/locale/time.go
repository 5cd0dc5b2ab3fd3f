package locale

import (
	"strings"
	"time"
)

// times is how a region writes dates and times of day, as layouts of package time.
type times struct {
	date   string
	clock  string
	am, pm string // for the hours of a half day; "" where the clock has 24
}

// halves are the regions of each language that count twelve hours, with their words for the halves of a day.
var halves = map[string]struct{ regions, am, pm string }{
	"en": {" US CA AU NZ IN PH PK ", "AM", "PM"},
	"es": {" AR CL CO DO MX PA PE PR US VE ", "a.\u00a0m.", "p.\u00a0m."},
	"ar": {" AE BH DZ EG IQ JO KW LB LY OM QA SA SD SY TN YE ", "ص", "م"},
}

func timesOf(base, region string) times {
	t := times{date: dateOf(base, region), clock: "15:04"}
	if h, ok := halves[base]; ok && strings.Contains(h.regions, " "+region+" ") {
		t.clock, t.am, t.pm = "3:04", h.am, h.pm
	}
	return t
}

// dateOf is how a day is written in digits.
func dateOf(base, region string) string {
	switch base + "-" + region {
	case "en-US", "en-PH":
		return "1/2/2006"
	case "fr-CA":
		return "2006-01-02"
	case "fr-CH":
		return "02.01.2006"
	case "es-CL":
		return "02-01-2006"
	}
	switch base {
	case "de":
		return "2.1.2006"
	case "es":
		return "2/1/2006"
	case "ja":
		return "2006/1/2"
	case "ar":
		return "2" + rightMark + "/1" + rightMark + "/2006"
	}
	return "02/01/2006"
}

// Clock writes a time of day in UTC and says so, since the server does not know where the reader is; script replaces it
// by the reader's own.
func (l *Locale) Clock(t time.Time) string { return l.Time(t.UTC()) + noBreak + "UTC" }

// Time writes a time of day in the time's own zone.
func (l *Locale) Time(t time.Time) string {
	text := t.Format(l.times.clock)
	if half := l.times.am; half != "" {
		if t.Hour() >= 12 {
			half = l.times.pm
		}
		text += noBreak + half
	}
	return text
}

// Date writes a day in digits, in the time's own zone.
func (l *Locale) Date(t time.Time) string { return t.Format(l.times.date) }

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
