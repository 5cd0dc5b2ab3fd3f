package crm

import (
	"strconv"
	"strings"
	"time"
)

// Reading is how a person reads and types values in one organization, and who says so.
type Reading struct {
	Locale   string         // BCP 47 tag of the pages, as in Caller
	Zone     *time.Location // of times in records; never nil
	ZoneFrom ReadingSource
	Formats  Formats // zero unless FormatsFrom is ReadingOfDynamics
	// FormatsFrom is ReadingOfPage when Dynamics 365 tells no formats.
	FormatsFrom ReadingSource
}

// Formats are the personal options of Dynamics 365 for dates and numbers. Dataverse formats with them itself; Pintab needs
// them to read what a person types.
type Formats struct {
	Date, Time     string // custom patterns of .NET: "dd.MM.yyyy", "h:mm tt"
	Decimal, Group string // decimal separator and digit grouping symbol: "," and "."
}

// ReadingSource says who decides a part of Reading.
type ReadingSource string

// The sources.
const (
	ReadingOfDynamics ReadingSource = "dynamics" // the person's options in the organization
	ReadingOfDevice   ReadingSource = "device"   // times are UTC until script makes them the device's own
	ReadingOfPage     ReadingSource = "page"     // as the page's language does it
)

// WriteDate writes the day of a moment, in its own zone, as the pattern says. Names of months and days stay numbers.
func (f Formats) WriteDate(t time.Time) string { return pattern(f.Date, t) }

// WriteTime writes the time of day of a moment, in its own zone, as the pattern says.
func (f Formats) WriteTime(t time.Time) string { return pattern(f.Time, t) }

// pattern fills a custom date and time pattern of .NET ("dd.MM.yyyy", "h:mm tt") and leaves what it does not know as it is.
func pattern(text string, t time.Time) string {
	layouts := map[string]string{
		"d": "2", "dd": "02", "M": "1", "MM": "01", "MMM": "01", "MMMM": "01", "yy": "06", "yyyy": "2006",
		"h": "3", "hh": "03", "HH": "15", "m": "4", "mm": "04", "s": "5", "ss": "05", "tt": "PM",
	}
	var out strings.Builder
	for i := 0; i < len(text); {
		end := i + 1
		for end < len(text) && text[end] == text[i] {
			end++
		}
		token := text[i:end]
		switch layout, ok := layouts[token]; {
		case ok:
			out.WriteString(t.Format(layout))
		case token == "H":
			out.WriteString(strconv.Itoa(t.Hour()))
		default:
			out.WriteString(token)
		}
		i = end
	}
	return out.String()
}
