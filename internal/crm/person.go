package crm

import "time"

// User is the identity of a person: Entra tenant id (tid) and object id (oid), both lower-case GUIDs. Nothing else ever
// identifies a person (an e-mail address can change hands). It is comparable, so that it can be part of a cache key.
type User struct {
	Tenant string
	Object string
}

// Profile is who a person is shown as. It comes from verified token claims and is never used to decide anything.
type Profile struct {
	User
	Name     string
	Username string // user principal name
}

// Caller is the person on whose behalf a request runs, and how they read. Every call to Dataverse carries one.
type Caller struct {
	User   User
	Locale string // BCP 47 tag of the page, for example "en-US"
}

// Place is where a person works: an organization and an app in it.
type Place struct {
	Organization Organization
	App          App
}

// Organization is one Dataverse environment that discovery returned for a person.
type Organization struct {
	ID         string // GUID, lower case
	UniqueName string
	Name       string // friendly name, as shown
	URL        string // web address without a trailing slash; also the token resource
	API        string // origin and path before /api/data, without a trailing slash
	Version    string // for example 9.2.24054.198
	Type       string // "production", "sandbox", "trial", "developer", "teams", or "" when unknown
	Region     string
}

// App is a model-driven app of an organization.
type App struct {
	ID          string // appmoduleid
	LayerID     string // appmoduleidunique, by which appmodulecomponents refer to it
	UniqueName  string
	Name        string
	Description string
}

// Reason says by which rule something is not offered.
type Reason string

// The rules (requirements S31-S34) and the ways in which asking can fail.
const (
	ReasonVersion      Reason = "version"      // organization older than 9.0
	ReasonDisabled     Reason = "disabled"     // organization disabled by an administrator
	ReasonProvisioning Reason = "provisioning" // organization still being set up
	ReasonFailed       Reason = "failed"       // organization whose set-up failed
	ReasonNotAllowed   Reason = "not-allowed"  // organization for which the operator has not opened Pintab
	ReasonNoApp        Reason = "no-app"       // organization without an app the person can use
	ReasonUnanswered   Reason = "unanswered"   // organization that did not answer in time
	ReasonSignIn       Reason = "sign-in"      // organization that wants the person to sign in once more
	ReasonNotMember    Reason = "not-member"   // organization that does not know the person (any more)
	ReasonClassic      Reason = "classic"      // app without the Unified Interface
	ReasonInactive     Reason = "inactive"     // app that is switched off or not published
	ReasonRole         Reason = "role"         // app that none of the person's roles opens
	ReasonLicence      Reason = "licence"      // app that the person is not licensed for
)

// LeftOut is an organization or an app that is not offered, and why.
type LeftOut struct {
	ID     string
	Name   string
	URL    string // of an organization, as Organization.URL; "" for apps
	Reason Reason
	Detail string // what the rule saw, for example the version; shown as it is
}

// Preference is what a person asked us to remember about where they work. Empty fields mean "no choice".
type Preference struct {
	OrganizationURL string
	AppID           string
	Updated         time.Time
}

// DashboardChoice is the dashboard that a person wants to open in an app of an organization; DashboardID is "" for none.
type DashboardChoice struct {
	OrganizationURL string
	AppID           string
	DashboardID     string
	Personal        bool // a userform rather than a systemform
}
