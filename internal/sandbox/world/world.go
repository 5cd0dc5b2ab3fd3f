// Package world is the cast of the sandbox: two tenants, the people who can sign in, the organizations and the client
// registration. The stand-ins are told of it by cmd/pintab; it knows none of them. Tables and rows are package seed.
package world

// Tenant is one Entra ID tenant of the sandbox.
type Tenant struct {
	ID     string
	Name   string
	Domain string
}

// Role is what a person is in the sandbox's story; the words are part of the published sandbox.json.
type Role string

// The roles that outside programs look for.
const (
	Administrator  Role = "administrator"
	Seller         Role = "seller"
	Manager        Role = "manager"
	ReadOnly       Role = "read-only"
	NoLicence      Role = "no licence"
	NoOrganization Role = "no organization"
	SecondTenant   Role = "second tenant"
	Guest          Role = "guest"
)

// Person is somebody who can sign in.
type Person struct {
	ObjectID    string
	TenantID    string
	Role        Role
	Name        string
	Username    string
	Password    string
	Description string // for the account chooser and sandbox.json; contains the Role
	JobTitle    string
}

// Organization is one Dataverse environment. Name is its path on the Dataverse stand-in.
type Organization struct {
	ID            string
	Name          string
	FriendlyName  string
	TenantID      string
	Version       string
	State         int // 0 enabled, 1 disabled (discovery service, OrganizationState)
	StatusMessage *int
	Type          int // discovery service OrganizationType: 0 customer, 5 test, 13 developer
	Region        string
	Seed          string // which data it holds: "sales", "service", "second" or "" for none
	LCID          int
	Currency      string // ISO code of the base currency
	Listed        bool   // whether Pintab offers it to its members
	SearchOff     bool   // Dataverse search is switched off, as in many organizations
}

// Client is Pintab's own application registration at the Entra stand-in.
type Client struct {
	ID       string
	Secret   string
	BotAppID string
}

// TeamsWebClient is the application id of Teams on the web, which is the azp of every tab token it hands out
// (Microsoft's tab single sign-on registration page lists it).
const TeamsWebClient = "5e3ce6c0-2b1f-4285-8d4b-75ee78787346"

// Registration is the fixed application registration of the sandbox.
var Registration = Client{
	ID:       "6f1d3c52-8a44-4c0e-9d57-2f6e0b7a1c90",
	Secret:   "pintab-sandbox-secret-not-for-production",
	BotAppID: "6f1d3c52-8a44-4c0e-9d57-2f6e0b7a1c90",
}

// Home and Second are the tenants.
var (
	Home   = Tenant{ID: "3b0f7f2e-5d0a-4f0b-8f51-6a1b0c9d2e11", Name: "Harbor & Finch", Domain: "harborfinch.example"}
	Second = Tenant{ID: "9c4e8d17-2b6a-4a7d-b0c3-54f1e8a7d622", Name: "Moravia Werke", Domain: "moraviawerke.example"}
)

// Tenants lists both tenants.
func Tenants() []Tenant { return []Tenant{Home, Second} }

const password = "pintab-sandbox"

// People lists everybody who can sign in.
func People() []Person {
	return []Person{
		{ObjectID: "a1000000-0000-4000-8000-000000000001", TenantID: Home.ID, Role: Administrator, Name: "Ingrid Sommer", Username: "ingrid@" + Home.Domain, Password: password, JobTitle: "CRM administrator", Description: "administrator: sees every organization and app"},
		{ObjectID: "a1000000-0000-4000-8000-000000000002", TenantID: Home.ID, Role: Seller, Name: "Tomas Lindqvist", Username: "tomas@" + Home.Domain, Password: password, JobTitle: "Account executive", Description: "seller: own records in sales and service"},
		{ObjectID: "a1000000-0000-4000-8000-000000000003", TenantID: Home.ID, Role: Manager, Name: "Priya Raman", Username: "priya@" + Home.Domain, Password: password, JobTitle: "Sales manager", Description: "manager: the whole business unit and its children"},
		{ObjectID: "a1000000-0000-4000-8000-000000000004", TenantID: Home.ID, Role: ReadOnly, Name: "Joanna Reed", Username: "joanna@" + Home.Domain, Password: password, JobTitle: "Auditor", Description: "read-only: may look at everything in sales, changes nothing"},
		{ObjectID: "a1000000-0000-4000-8000-000000000005", TenantID: Home.ID, Role: NoLicence, Name: "Omar Haddad", Username: "omar@" + Home.Domain, Password: password, JobTitle: "Contractor", Description: "no licence for any listed app"},
		{ObjectID: "a1000000-0000-4000-8000-000000000006", TenantID: Home.ID, Role: NoOrganization, Name: "Mei Tanaka", Username: "mei@" + Home.Domain, Password: password, JobTitle: "New starter", Description: "no organization: signs in, belongs to none"},
		{ObjectID: "a1000000-0000-4000-8000-000000000007", TenantID: Second.ID, Role: SecondTenant, Name: "Jakub Novák", Username: "jakub@" + Second.Domain, Password: password, JobTitle: "Vertrieb", Description: "second tenant: another company altogether, reads German"},
		{ObjectID: "a1000000-0000-4000-8000-000000000009", TenantID: Home.ID, Role: Guest, Name: "Nora Beck", Username: "nora_brightlake.example#EXT#@" + Home.Domain, Password: password, JobTitle: "Consultant", Description: "guest: invited from another company into one team, unknown to Dynamics 365"},
		{ObjectID: "a1000000-0000-4000-8000-000000000008", TenantID: Home.ID, Role: "service agent", Name: "Lucía Fernández", Username: "lucia@" + Home.Domain, Password: password, JobTitle: "Support engineer", Description: "service agent: one organization, one app, nothing to choose"},
	}
}

func code(n int) *int { return &n }

// Organizations lists every environment: healthy ones, and one for each rule that leaves one out.
func Organizations() []Organization {
	return []Organization{
		{ID: "0c000000-0000-4000-8000-000000000001", Name: "harbor-sales", FriendlyName: "Harbor & Finch Sales", TenantID: Home.ID, Version: "9.2.24054.198", Region: "EMEA", Seed: "sales", LCID: 1033, Currency: "EUR", Listed: true},
		{ID: "0c000000-0000-4000-8000-000000000002", Name: "harbor-service", FriendlyName: "Harbor & Finch Service", TenantID: Home.ID, Version: "9.2.24061.140", Region: "EMEA", Seed: "service", LCID: 1033, Currency: "USD", Listed: true},
		{ID: "0c000000-0000-4000-8000-000000000003", Name: "harbor-archive", FriendlyName: "Harbor & Finch Archive (2018)", TenantID: Home.ID, Version: "8.2.25.7", Region: "EMEA", LCID: 1033, Currency: "EUR"},
		{ID: "0c000000-0000-4000-8000-000000000004", Name: "harbor-retired", FriendlyName: "Harbor & Finch Retired", TenantID: Home.ID, Version: "9.2.23082.110", State: 1, StatusMessage: code(4), Region: "EMEA", LCID: 1033, Currency: "EUR"},
		{ID: "0c000000-0000-4000-8000-000000000005", Name: "harbor-next", FriendlyName: "Harbor & Finch Next", TenantID: Home.ID, Version: "9.2.24072.100", StatusMessage: code(3), Type: 5, Region: "EMEA", LCID: 1033, Currency: "EUR"},
		{ID: "0c000000-0000-4000-8000-000000000006", Name: "moravia", FriendlyName: "Moravia Werke Vertrieb", TenantID: Second.ID, Version: "9.2.24054.198", Region: "EMEA", Seed: "second", LCID: 1031, Currency: "EUR", Listed: true, SearchOff: true},
	}
}
