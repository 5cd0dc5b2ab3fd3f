package crm

import (
	"strconv"
	"strings"
	"time"
)

// How inputs of browsers and cards write days and times.
const (
	inputDay  = "2006-01-02"
	inputTime = "2006-01-02T15:04"
)

// zone is where a field's times are read: only instants depend on the reader.
func (x Field) zone(reading Reading) *time.Location {
	if x.Behavior != UserLocal || reading.Zone == nil {
		return time.UTC
	}
	return reading.Zone
}

// date brings a date of Dataverse into Raw, and gives it as an input has it.
func (x Field) date(reading Reading, raw string) (string, []string) {
	layout := inputTime
	if x.Kind == KindDate {
		layout = inputDay
	}
	t, err := time.Parse(time.RFC3339, raw)
	if err != nil {
		if t, err = time.Parse(inputDay, raw); err != nil {
			return raw, []string{raw}
		}
		return raw, []string{t.Format(layout)}
	}
	return t.UTC().Format(time.RFC3339), []string{t.In(x.zone(reading)).Format(layout)}
}

// firstDay is the first that Dataverse keeps.
var firstDay = time.Date(1753, 1, 1, 0, 0, 0, 0, time.UTC)

func (x *Field) parseDate(reading Reading, text string) (Value, *Problem) {
	day, clock, timed := strings.Cut(latin(text), "T")
	if !timed {
		day, clock, _ = strings.Cut(strings.TrimSpace(day), " ")
	}
	y, m, d, ok := reading.day(day)
	if !ok {
		return Value{}, &Problem{Key: "problem.date"}
	}
	hour, minute, second := 0, 0, 0
	if clock != "" && x.Kind == KindDateTime {
		if hour, minute, second, ok = timeOfDay(clock); !ok {
			return Value{}, &Problem{Key: "problem.time"}
		}
	}
	zone := x.zone(reading)
	t := time.Date(y, time.Month(m), d, hour, minute, second, 0, zone)
	if t.Year() != y || int(t.Month()) != m || t.Day() != d {
		return Value{}, &Problem{Key: "problem.date"}
	}
	// Where clocks go forward an hour does not exist; which one was meant is not ours to say.
	if t.Hour() != hour || t.Minute() != minute {
		if x.Kind == KindDateTime {
			return Value{}, &Problem{Key: "problem.no_such_time"}
		}
	}
	if t.Before(firstDay) || t.Year() > 9999 {
		return Value{}, &Problem{Key: "problem.date_range"}
	}
	raw := t.UTC().Format(time.RFC3339)
	if x.Behavior == DateOnly {
		raw = t.Format(inputDay)
	}
	return x.ValueOf(reading, raw, ""), nil
}

// day reads a day: as inputs write it, else in the order in which the person writes days.
func (r Reading) day(text string) (y, m, d int, ok bool) {
	parts := strings.FieldsFunc(text, func(c rune) bool { return c < '0' || c > '9' })
	if len(parts) != 3 {
		return 0, 0, 0, false
	}
	var n [3]int
	for i, p := range parts {
		v, err := strconv.Atoi(p)
		if err != nil || len(p) > 4 {
			return 0, 0, 0, false
		}
		n[i] = v
	}
	order := "ymd"
	if len(parts[0]) != 4 {
		order = r.dayOrder()
	}
	for i, part := range order {
		switch part {
		case 'y':
			y = n[i]
			if len(parts[i]) == 2 {
				y += 2000
			} else if len(parts[i]) != 4 {
				return 0, 0, 0, false
			}
		case 'm':
			m = n[i]
		case 'd':
			d = n[i]
		}
	}
	return y, m, d, m >= 1 && m <= 12 && d >= 1 && d <= 31
}

// dayOrder is "dmy", "mdy" or "ymd".
func (r Reading) dayOrder() string {
	if order := patternOrder(r.Formats.Date); order != "" {
		return order
	}
	switch base, _, _ := strings.Cut(r.Locale, "-"); {
	case strings.HasSuffix(r.Locale, "-US") || strings.HasSuffix(r.Locale, "-PH"):
		return "mdy"
	case base == "ja" || base == "zh" || base == "ko" || base == "hu" || base == "sv":
		return "ymd"
	}
	return "dmy"
}

func patternOrder(pattern string) string {
	order := ""
	for _, c := range pattern {
		part := map[rune]string{'d': "d", 'M': "m", 'y': "y"}[c]
		if part != "" && !strings.Contains(order, part) {
			order += part
		}
	}
	if len(order) != 3 {
		return ""
	}
	return order
}

// timeOfDay reads "14:05", "14:05:30" and "2:05 PM".
func timeOfDay(text string) (hour, minute, second int, ok bool) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{"15:04", "15:04:05", "15:04:05.000", "3:04 PM", "3:04PM", "3:04:05 PM"} {
		if t, err := time.Parse(layout, strings.ToUpper(text)); err == nil {
			return t.Hour(), t.Minute(), t.Second(), true
		}
	}
	return 0, 0, 0, false
}

// shownDate writes a date as the person's own options have it, else as inputs do.
func (x Field) shownDate(reading Reading, v Value) string {
	if len(v.Inputs) == 0 {
		return v.Raw
	}
	layout := inputTime
	if x.Kind == KindDate {
		layout = inputDay
	}
	t, err := time.Parse(layout, v.Inputs[0])
	if err != nil {
		return v.Raw
	}
	if reading.Formats.Date == "" {
		return strings.Replace(v.Inputs[0], "T", " ", 1)
	}
	pattern := reading.Formats.Date
	if x.Kind == KindDateTime {
		pattern += " " + reading.Formats.Time
	}
	return netDate(t, pattern)
}

// netDate writes a date by a custom pattern of .NET.
func netDate(t time.Time, pattern string) string {
	var out strings.Builder
	for i := 0; i < len(pattern); {
		c := pattern[i]
		n := 1
		for i+n < len(pattern) && pattern[i+n] == c {
			n++
		}
		out.WriteString(netPart(t, c, n, pattern[i:i+n]))
		i += n
	}
	return out.String()
}

func netPart(t time.Time, c byte, n int, text string) string {
	two := func(v int) string {
		if n == 1 {
			return strconv.Itoa(v)
		}
		return pad(v)
	}
	switch c {
	case 'd':
		if n > 2 {
			return ""
		}
		return two(t.Day())
	case 'M':
		if n > 2 {
			return pad(int(t.Month()))
		}
		return two(int(t.Month()))
	case 'y':
		if n == 2 {
			return pad(t.Year() % 100)
		}
		return strconv.Itoa(t.Year())
	case 'H':
		return two(t.Hour())
	case 'h':
		return two((t.Hour()+11)%12 + 1)
	case 'm':
		return two(t.Minute())
	case 's':
		return two(t.Second())
	case 't':
		return t.Format("PM")
	case '\'', '\\':
		return ""
	}
	return text
}
