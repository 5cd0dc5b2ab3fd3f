package crm

import "time"

// Exchange is one question to an upstream and its answer, as a connection check sees it.
type Exchange struct {
	Took    time.Duration
	Request string // the upstream's own name for the request; "" when it gave none
	// Ahead is how far the upstream's clock is ahead of ours, exact to about a second; Dated is false when it told no time.
	Ahead time.Duration
	Dated bool
}

// Dating makes an exchange of what was measured: its start and end by our clock, and the answer's Date header (RFC 9110,
// 6.6.1), which is cut to whole seconds.
func Dating(start, end time.Time, date string) Exchange {
	x := Exchange{Took: end.Sub(start)}
	// The layout is http.TimeFormat.
	if at, err := time.Parse("Mon, 02 Jan 2006 15:04:05 GMT", date); err == nil {
		x.Ahead, x.Dated = at.Add(time.Second/2).Sub(start.Add(x.Took/2)), true
	}
	return x
}

// Right is whether a person holds a privilege of an organization.
type Right string

// What can be known of a right.
const (
	RightHeld    Right = "held"
	RightMissing Right = "missing"
	RightUnknown Right = "unknown" // the organization does not tell
)

// Search is whether an organization has Dataverse search.
type Search string

// What can be known of it.
const (
	SearchOn      Search = "on"
	SearchOff     Search = "off"
	SearchUnknown Search = "unknown" // the organization does not tell
)
