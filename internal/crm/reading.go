package crm

import "time"

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
