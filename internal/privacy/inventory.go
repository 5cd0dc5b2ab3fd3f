package privacy

import "github.com/pintab/pintab/internal/crm"

const (
	exampleTenant  = "72f988bf-86f1-41af-91ab-2d7cd011db47"
	exampleObject  = "6d1b1a3e-0f52-4c0f-9a43-5d1f6e2c7b90"
	exampleOrg     = "https://contoso.crm.dynamics.com"
	exampleApp     = "2c3f8a6e-91d4-4f0e-8f2b-7a5d90b1c6e3"
	exampleBoard   = "7e0b4d52-5a19-4b7a-9f1c-3d2e8c6a5f41"
	examplePin     = "5c9e2f10-7a4b-4d86-9b3e-1f0a6d8c2e57"
	exampleRecord  = "475b158c-541c-e511-80d3-3863bb347ba8"
	exampleTime    = "1795461600000"
	exampleHash    = "32 bytes"
	examplePage    = "/tab/dashboard?theme=dark"
	exampleOneTime = "43 characters"
)

func tenant() crm.StoredColumn {
	return crm.StoredColumn{Name: "tenant", Data: "tenant", Class: crm.ClassOrganization, Example: exampleTenant}
}

func object() crm.StoredColumn {
	return crm.StoredColumn{Name: "object", Data: "object", Class: crm.ClassPseudonymous, Example: exampleObject}
}

func moment(name, data string) crm.StoredColumn {
	return crm.StoredColumn{Name: name, Data: data, Class: crm.ClassTechnical, Time: true, Example: exampleTime}
}

func hashed(name string) crm.StoredColumn {
	return crm.StoredColumn{Name: name, Data: "hash", Class: crm.ClassSecret, Example: exampleHash}
}

func column(name, data string, class crm.Class, example string) crm.StoredColumn {
	return crm.StoredColumn{Name: name, Data: data, Class: class, Example: example}
}

// inventory is everything that the database can hold. Tests compare it with the schema of both databases and with
// PRIVACY.md, and Erase goes by it: a table that is missing here fails them.
var inventory = []crm.StoredTable{
	{Name: "sessions", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		hashed("id"), tenant(), object(),
		column("name", "name", crm.ClassIdentifying, "Alex Kim"),
		column("username", "username", crm.ClassIdentifying, "alex@contoso.com"),
		moment("created", "created"), moment("seen", "seen"), moment("expires", "expires"),
	}},
	{Name: "tokens", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(),
		column("resource", "resource", crm.ClassOrganization, exampleOrg),
		column("sealed", "sealed", crm.ClassSecret, "1,800 bytes"),
		moment("expires", "expires"),
	}},
	{Name: "preferences", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(),
		column("organization", "organization", crm.ClassOrganization, exampleOrg),
		column("app", "app", crm.ClassPseudonymous, exampleApp),
		moment("updated", "updated"),
	}},
	{Name: "dashboard_choices", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(),
		column("organization", "organization", crm.ClassOrganization, exampleOrg),
		column("app", "app", crm.ClassPseudonymous, exampleApp),
		column("dashboard", "dashboard", crm.ClassPseudonymous, exampleBoard),
		column("personal", "personal", crm.ClassTechnical, "false"),
		moment("updated", "updated"),
	}},
	{Name: "undos", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(),
		moment("saved", "updated"),
		column("organization", "organization", crm.ClassOrganization, exampleOrg),
		column("app", "app", crm.ClassPseudonymous, exampleApp),
		column("board_organization", "organization", crm.ClassOrganization, exampleOrg),
		column("board_app", "app", crm.ClassPseudonymous, exampleApp),
		column("board", "dashboard", crm.ClassPseudonymous, exampleBoard),
		column("board_personal", "personal", crm.ClassTechnical, "false"),
		moment("expires", "expires"),
	}},
	{Name: "languages", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(),
		column("language", "language", crm.ClassTechnical, "fr"),
		moment("updated", "updated"),
	}},
	{Name: "writes", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		column("id", "operation", crm.ClassTechnical, "0b6f8f8e-3a1c-4f43-9d5e-6a2f1c7b8d90"),
		tenant(), object(),
		column("organization", "record-organization", crm.ClassOrganization, exampleOrg),
		column("record_table", "record-table", crm.ClassTechnical, "account"),
		column("record", "record", crm.ClassPseudonymous, "475b158c-541c-e511-80d3-3863bb347ba8"),
		column("state", "write-state", crm.ClassTechnical, "done"),
		column("version", "record-version", crm.ClassTechnical, `W/"5012"`),
		column("made", "record-version-after", crm.ClassTechnical, `W/"5013"`),
		moment("at", "written"),
	}},
	{Name: "looks", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(),
		column("organization", "record-organization", crm.ClassOrganization, exampleOrg),
		column("record_table", "record-table", crm.ClassTechnical, "account"),
		column("record", "record", crm.ClassPseudonymous, "475b158c-541c-e511-80d3-3863bb347ba8"),
		column("version", "record-version", crm.ClassTechnical, `W/"5012"`),
		moment("at", "seen"),
	}},
	{Name: "consents", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(),
		column("subject", "subject", crm.ClassTechnical, ConsentBotText),
		moment("given", "given"),
	}},
	{Name: "bot_sessions", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(), moment("since", "since"), moment("seen", "seen"),
	}},
	{Name: "bot_codes", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(), hashed("code"),
		column("tries", "tries", crm.ClassTechnical, "0"),
		moment("expires", "expires"),
	}},
	{Name: "conversations", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		column("id", "conversation", crm.ClassSecret, exampleHash), tenant(), object(),
		column("kind", "conversation-kind", crm.ClassTechnical, "personal"),
		moment("at", "since"),
	}},
	{Name: "turns", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		column("seq", "turn-order", crm.ClassTechnical, "1"),
		column("id", "activity", crm.ClassSecret, exampleHash), tenant(), object(),
		column("conversation", "conversation", crm.ClassSecret, exampleHash),
		column("sealed", "message", crm.ClassSecret, "900 bytes"),
		column("epoch", "epoch", crm.ClassTechnical, "17"),
		moment("at", "received"),
		column("holder", "turn-holder", crm.ClassTechnical, "a1b2c3…"),
		moment("until", "expires"),
		column("tries", "tries", crm.ClassTechnical, "1"),
	}},
	{Name: "pin_creators", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		tenant(), object(), column("pin", "pin", crm.ClassTechnical, examplePin),
	}},
	{Name: "hand_offs", Find: crm.FindPerson, Columns: []crm.StoredColumn{
		hashed("id"), tenant(), object(),
		column("name", "name", crm.ClassIdentifying, "Alex Kim"),
		column("username", "username", crm.ClassIdentifying, "alex@contoso.com"),
		column("next", "next", crm.ClassTechnical, examplePage),
		column("challenge", "hash", crm.ClassSecret, exampleOneTime),
		moment("expires", "expires"),
	}},
	{Name: "leases", Find: crm.FindLease, Columns: []crm.StoredColumn{
		hashed("name"),
		column("holder", "holder", crm.ClassTechnical, "a1b2c3…"),
		moment("until", "expires"),
	}},
	{Name: "sign_ins", Find: crm.FindNobody, Columns: []crm.StoredColumn{
		hashed("id"),
		column("nonce", "one-time", crm.ClassSecret, exampleOneTime),
		column("verifier", "one-time", crm.ClassSecret, exampleOneTime),
		column("next", "next", crm.ClassTechnical, examplePage),
		column("browser", "hash", crm.ClassSecret, exampleOneTime),
		column("challenge", "hash", crm.ClassSecret, exampleOneTime),
		moment("expires", "expires"),
	}},
	{Name: "heard", Find: crm.FindNobody, Columns: []crm.StoredColumn{
		column("id", "activity", crm.ClassSecret, exampleHash), moment("at", "received"),
	}},
	{Name: "pins", Find: crm.FindNobody, Columns: []crm.StoredColumn{
		tenant(), column("id", "pin", crm.ClassTechnical, examplePin),
		column("organization", "record-organization", crm.ClassOrganization, exampleOrg),
		column("app", "pin-app", crm.ClassOrganization, exampleApp),
		column("pinned_table", "record-table", crm.ClassTechnical, "account"),
		column("record", "record", crm.ClassPseudonymous, exampleRecord),
		column("pinned_view", "view", crm.ClassTechnical, exampleBoard),
		column("personal", "personal", crm.ClassTechnical, "false"),
		column("lists", "lists", crm.ClassTechnical, "opportunity_customer_accounts"),
		column("beside", "beside", crm.ClassTechnical, "true"),
		column("team", "team", crm.ClassOrganization, "19:3f1c…@thread.tacv2"),
		column("team_group", "team-group", crm.ClassOrganization, "b7d1c0a4-2e58-4c7d-8a64-0c5f1e9d2b73"),
		column("channel", "channel", crm.ClassOrganization, "19:8e40…@thread.tacv2"),
		column("chat", "chat", crm.ClassOrganization, "19:a1b2…@thread.v2"),
		column("meeting", "meeting", crm.ClassOrganization, "MCMxOTptZWV0…"),
		column("link", "pin-link", crm.ClassTechnical, "connected"),
		moment("created", "pin-made"), moment("changed", "pin-changed"), moment("opened", "pin-opened"), moment("removed", "pin-removed"),
	}},
	{Name: "pin_rows", Find: crm.FindNobody, Columns: []crm.StoredColumn{
		tenant(), column("id", "pin-row", crm.ClassTechnical, examplePin),
		column("organization", "record-organization", crm.ClassOrganization, exampleOrg),
		moment("since", "since"),
	}},
	{Name: "erasures", Find: crm.FindMark, Columns: []crm.StoredColumn{
		column("mark", "mark", crm.ClassSecret, exampleHash),
		column("epoch", "epoch", crm.ClassTechnical, "17"),
		moment("until", "expires"),
	}},
	{Name: "stopped_tenants", Find: crm.FindNobody, Columns: []crm.StoredColumn{
		tenant(), moment("since", "since"),
	}},
	{Name: "erasure_epoch", Columns: []crm.StoredColumn{
		column("single", "single", crm.ClassTechnical, "1"),
		column("epoch", "epoch", crm.ClassTechnical, "17"),
	}},
	{Name: "goose_db_version", Columns: []crm.StoredColumn{
		column("id", "version", crm.ClassTechnical, "3"),
		column("version_id", "version", crm.ClassTechnical, "2"),
		column("is_applied", "version", crm.ClassTechnical, "true"),
		column("tstamp", "version", crm.ClassTechnical, "2026-11-23 17:00:00"),
	}},
}

// Inventory gives every table that the database can hold, the ones about people first.
func Inventory() []crm.StoredTable { return inventory }
