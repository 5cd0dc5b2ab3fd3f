package seed

import "github.com/pintab/pintab/internal/sandbox/world"

// serviceAgent is the person with one organization and one app, for whom there is nothing to choose.
const serviceAgent world.Role = "service agent"

// plan is what one organization is like: how it is divided, who works there and how much there is.
type plan struct {
	key   string
	units []unit
	cast  map[world.Role]part // the people who can sign in
	staff []colleague         // everybody else
	teams []teamPlan
	roles []string // keys of the roles that exist here

	accounts, contacts, deals, leads, cases, activities, visits int
	currencies                                                  []string
}

// unit is a business unit; the first is the root.
type unit struct{ key, name, parent, currency string }

// part is the place of a sign-in person in an organization.
type part struct {
	unit     string
	roles    []string
	plans    []string // service plans
	manager  string   // key of a colleague or the role of a person
	zone     int      // time zone code
	language int
	deals    int // share of the business
}

// colleague is somebody who owns rows but never signs in.
type colleague struct {
	key, first, last, title string
	part
	disabled, robot bool
}

// teamPlan is a team beside the default teams that every business unit has.
type teamPlan struct {
	key, name, unit string
	kind            int // teamtype
	members         []string
	roles           []string
	profile         bool // has the column security profile of managers
}

// Time zone codes of usersettings.
const (
	pacific, eastern, london, berlin, helsinki, tokyo, sydney, saoPaulo, utc = 4, 35, 85, 110, 125, 235, 255, 65, 92
)

// Service plans by their Entra names.
const (
	planSales    = "DYN365_ENTERPRISE_SALES"
	planInsights = "DYN365_SALES_INSIGHTS"
	planService  = "DYN365_ENTERPRISE_CUSTOMER_SERVICE"
	planField    = "DYN365_ENTERPRISE_FIELD_SERVICE"
	planForecast = "HF_REVENUE_FORECASTING"
)

func planOf(org world.Organization) *plan {
	switch org.Seed {
	case "service":
		return servicePlan
	case "second":
		return secondPlan
	}
	return salesPlan
}

var salesPlan = &plan{
	key: "sales",
	units: []unit{
		{"root", "Harbor & Finch", "", "EUR"},
		{"emea", "EMEA", "root", "EUR"},
		{"nordics", "Nordics", "emea", "SEK"},
		{"dach", "DACH", "emea", "EUR"},
		{"uk", "UK & Ireland", "emea", "GBP"},
		{"americas", "Americas", "root", "USD"},
		{"apac", "Asia Pacific", "root", "JPY"},
	},
	cast: map[world.Role]part{
		world.Administrator: {unit: "root", roles: []string{"admin"}, plans: []string{planSales, planInsights}, zone: berlin, language: 1033},
		world.Seller:        {unit: "nordics", roles: []string{"seller"}, plans: []string{planSales, planInsights}, manager: string(world.Manager), zone: berlin, language: 1033, deals: 16},
		world.Manager:       {unit: "emea", roles: []string{"manager"}, plans: []string{planSales, planInsights}, manager: "marguerite", zone: london, language: 1033, deals: 5},
		world.ReadOnly:      {unit: "root", roles: []string{"readonly"}, plans: []string{planSales}, manager: "marguerite", zone: eastern, language: 1033},
		world.NoLicence:     {unit: "dach", roles: []string{"seller"}, manager: string(world.Manager), zone: berlin, language: 1033, deals: 2},
	},
	staff: []colleague{
		{key: "marguerite", first: "Marguerite", last: "Delacroix-Oyelaran", title: "VP Sales", part: part{unit: "root", roles: []string{"manager"}, plans: []string{planSales, planInsights}, zone: london, language: 1033, deals: 3}},
		{key: "elin", first: "Elin", last: "Forsbäck", title: "Account executive", part: part{unit: "nordics", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.Manager), zone: berlin, language: 1033, deals: 10}},
		{key: "mikkel", first: "Mikkel", last: "Thorsager", title: "Account executive", part: part{unit: "nordics", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.Manager), zone: berlin, language: 1033, deals: 8}},
		{key: "aino", first: "Aino", last: "Rautalampi", title: "Inside sales", part: part{unit: "nordics", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.Manager), zone: helsinki, language: 1033, deals: 6}},
		{key: "katrin", first: "Katrin", last: "Vogelsänger", title: "Senior account executive", part: part{unit: "dach", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.Manager), zone: berlin, language: 1031, deals: 10}},
		{key: "lukas", first: "Lukas", last: "Brandstötter", title: "Account executive", part: part{unit: "dach", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.Manager), zone: berlin, language: 1031, deals: 8}},
		{key: "sean", first: "Seán", last: "O'Shaughnessy", title: "Account executive", part: part{unit: "uk", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.Manager), zone: london, language: 1033, deals: 8}},
		{key: "imogen", first: "Imogen", last: "Fairweather", title: "Business development", part: part{unit: "uk", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.Manager), zone: london, language: 1033, deals: 6}},
		{key: "dana", first: "Dana", last: "Whitcombe", title: "Sales manager Americas", part: part{unit: "americas", roles: []string{"manager"}, plans: []string{planSales, planInsights}, manager: "marguerite", zone: eastern, language: 1033, deals: 4}},
		{key: "carlos", first: "Carlos", last: "Iturbide Peña", title: "Account executive", part: part{unit: "americas", roles: []string{"seller"}, plans: []string{planSales}, manager: "dana", zone: pacific, language: 1033, deals: 9}},
		{key: "shreya", first: "Shreya", last: "Banerji", title: "Account executive", part: part{unit: "americas", roles: []string{"seller"}, plans: []string{planSales}, manager: "dana", zone: eastern, language: 1033, deals: 9}},
		{key: "beatriz", first: "Beatriz", last: "Nogueira", title: "Account executive", part: part{unit: "americas", roles: []string{"seller"}, plans: []string{planSales}, manager: "dana", zone: saoPaulo, language: 1033, deals: 6}},
		{key: "haruka", first: "Haruka", last: "Minamoto", title: "Account executive", part: part{unit: "apac", roles: []string{"seller"}, plans: []string{planSales}, manager: "marguerite", zone: tokyo, language: 1033, deals: 7}},
		{key: "lachlan", first: "Lachlan", last: "Pryce", title: "Account executive", part: part{unit: "apac", roles: []string{"seller"}, plans: []string{planSales}, manager: "marguerite", zone: sydney, language: 1033, deals: 5}},
		{key: "renate", first: "Renate", last: "Klingbiel", title: "Channel controller", part: part{unit: "root", roles: []string{"channel"}, plans: []string{planSales}, zone: berlin, language: 1031}},
		{key: "viktor", first: "Viktor", last: "Halewood", title: "Account executive (left)", disabled: true, part: part{unit: "dach", roles: []string{"seller"}, zone: berlin, language: 1033, deals: 2}},
		{key: "robot", first: "#", last: "Integration", title: "", robot: true, part: part{unit: "root", roles: []string{"customizer"}, zone: utc, language: 1033}},
	},
	teams: []teamPlan{
		{key: "keyaccounts", name: "Key Accounts Nordics", unit: "nordics", members: []string{string(world.Seller), "elin"}, roles: []string{"seller"}},
		{key: "dealdesk", name: "Deal Desk", unit: "emea", members: []string{"katrin", "marguerite"}, roles: []string{"manager"}, profile: true},
		{key: "bid", name: "Tender 2026 / Access", unit: "root", kind: 1, members: []string{string(world.Seller), "lukas", "sean"}},
	},
	roles:    []string{"admin", "customizer", "seller", "manager", "readonly", "channel"},
	accounts: 300, contacts: 800, deals: 1500, leads: 200, cases: 100, activities: 3000, visits: 60,
	currencies: []string{"EUR", "USD", "GBP", "SEK", "JPY"},
}

var servicePlan = &plan{
	key: "service",
	units: []unit{
		{"root", "Harbor & Finch Service", "", "USD"},
		{"europe", "Service Desk Europe", "root", "EUR"},
		{"baltic", "Field Team Baltic", "europe", "EUR"},
		{"usdesk", "Service Desk Americas", "root", "USD"},
	},
	cast: map[world.Role]part{
		world.Administrator: {unit: "root", roles: []string{"admin"}, plans: []string{planService, planField}, zone: berlin, language: 1033},
		world.Seller:        {unit: "baltic", roles: []string{"csr", "field"}, plans: []string{planService, planField}, manager: string(world.Manager), zone: berlin, language: 1033, deals: 8},
		world.Manager:       {unit: "europe", roles: []string{"csrmanager", "field"}, plans: []string{planService, planField}, zone: london, language: 1033, deals: 5},
		serviceAgent:        {unit: "europe", roles: []string{"csr"}, plans: []string{planService}, manager: string(world.Manager), zone: berlin, language: 1033, deals: 20},
	},
	staff: []colleague{
		{key: "henrik", first: "Henrik", last: "Aaltonoja", title: "Support engineer", part: part{unit: "europe", roles: []string{"csr"}, plans: []string{planService}, manager: string(world.Manager), zone: helsinki, language: 1033, deals: 12}},
		{key: "giulia", first: "Giulia", last: "Marangonato", title: "Support engineer", part: part{unit: "europe", roles: []string{"csr"}, plans: []string{planService}, manager: string(world.Manager), zone: berlin, language: 1033, deals: 12}},
		{key: "pawel", first: "Paweł", last: "Szczęsnowicz", title: "Field technician", part: part{unit: "baltic", roles: []string{"csr", "field"}, plans: []string{planField}, manager: string(world.Manager), zone: berlin, language: 1033, deals: 9}},
		{key: "wendell", first: "Wendell", last: "Okonjo-Hayes", title: "Service manager", part: part{unit: "usdesk", roles: []string{"csrmanager"}, plans: []string{planService}, zone: eastern, language: 1033, deals: 5}},
		{key: "tamsin", first: "Tamsin", last: "Leighbourne", title: "Support engineer", part: part{unit: "usdesk", roles: []string{"csr"}, plans: []string{planService}, manager: "wendell", zone: eastern, language: 1033, deals: 11}},
		{key: "ngozi", first: "Ngozi", last: "Adeleye-Brandt", title: "Support engineer", part: part{unit: "usdesk", roles: []string{"csr"}, plans: []string{planService}, manager: "wendell", zone: pacific, language: 1033, deals: 11}},
		{key: "robot", first: "#", last: "Integration", robot: true, part: part{unit: "root", roles: []string{"customizer"}, zone: utc, language: 1033}},
	},
	teams: []teamPlan{
		{key: "tier2", name: "Tier 2", unit: "europe", members: []string{string(world.Manager), "henrik"}, roles: []string{"csr"}},
	},
	roles:    []string{"admin", "customizer", "csr", "csrmanager", "field"},
	accounts: 300, contacts: 800, deals: 60, leads: 0, cases: 600, activities: 1200, visits: 90,
	currencies: []string{"USD", "EUR"},
}

var secondPlan = &plan{
	key: "second",
	units: []unit{
		{"root", "Moravia Werke", "", "EUR"},
		{"bayern", "Vertrieb Bayern", "root", "EUR"},
		{"austria", "Vertrieb Österreich", "root", "EUR"},
	},
	cast: map[world.Role]part{
		world.SecondTenant: {unit: "root", roles: []string{"manager"}, plans: []string{planSales}, zone: berlin, language: 1031, deals: 8},
	},
	staff: []colleague{
		{key: "annegret", first: "Annegret", last: "Hüttenmüller", title: "Vertriebsinnendienst", part: part{unit: "bayern", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.SecondTenant), zone: berlin, language: 1031, deals: 8}},
		{key: "florian", first: "Florian", last: "Größwang", title: "Außendienst", part: part{unit: "bayern", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.SecondTenant), zone: berlin, language: 1031, deals: 7}},
		{key: "zdenka", first: "Zdeňka", last: "Říhová", title: "Außendienst", part: part{unit: "austria", roles: []string{"seller"}, plans: []string{planSales}, manager: string(world.SecondTenant), zone: berlin, language: 1031, deals: 6}},
		{key: "admin", first: "Petra", last: "Administratorová", title: "CRM-Administration", part: part{unit: "root", roles: []string{"admin"}, plans: []string{planSales}, zone: berlin, language: 1031}},
	},
	roles:    []string{"admin", "seller", "manager"},
	accounts: 80, contacts: 200, deals: 260, leads: 40, cases: 20, activities: 400, visits: 20,
	currencies: []string{"EUR", "USD"},
}
