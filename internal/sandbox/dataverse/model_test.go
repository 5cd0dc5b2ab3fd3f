package dataverse

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// The rows of these tests. Ingrid is the administrator; Tomas reads his own accounts and contacts only; Mei is nobody.
const (
	unit   = "b0000000-0000-4000-8000-000000000001"
	euro   = "c0000000-0000-4000-8000-000000000001"
	ingrid = "50000000-0000-4000-8000-000000000001"
	tomas  = "50000000-0000-4000-8000-000000000002"
	admins = "60000000-0000-4000-8000-000000000001"
	seller = "60000000-0000-4000-8000-000000000002"
	acme   = "ac000000-0000-4000-8000-000000000001"
	boreas = "ac000000-0000-4000-8000-000000000002"
	celik  = "ac000000-0000-4000-8000-000000000003"
	ada    = "c1000000-0000-4000-8000-000000000001"
	bert   = "c1000000-0000-4000-8000-000000000002"
	view   = "f1000000-0000-4000-8000-000000000001"
	app    = "a9000000-0000-4000-8000-000000000001"
	layer  = "a9000000-0000-4000-8000-00000000000f"
	plan   = "91000000-0000-4000-8000-000000000001"
)

var now = time.Date(2026, 11, 18, 12, 30, 0, 0, time.UTC)

func label(en string) schema.Label { return schema.Label{1033: en, 1031: en + " (de)"} }

func column(kind schema.ColumnType, name string, more ...func(*schema.Column)) schema.Column {
	c := schema.Column{LogicalName: strings.ToLower(name), SchemaName: name, Type: kind, Label: label(name)}
	for _, m := range more {
		m(&c)
	}
	return c
}

func to(table, single, collection string) func(*schema.Column) {
	return func(c *schema.Column) {
		if c.Navigation == nil {
			c.Navigation, c.Collection = map[string]string{}, map[string]string{}
		}
		c.Targets = append(c.Targets, table)
		c.Navigation[table], c.Collection[table] = single, collection
	}
}

// kept is a column that the service keeps itself.
func kept(c *schema.Column) { c.ReadOnly = true }

// beside is a column that tells more about a file or image.
func beside(of string, kind schema.ColumnType, suffix string) schema.Column {
	return column(kind, of+suffix, kept, func(c *schema.Column) { c.AttributeOf, c.MaxLength = strings.ToLower(of), 300 })
}

func choices(texts ...string) func(*schema.Column) {
	return func(c *schema.Column) {
		for i, t := range texts {
			c.Options = append(c.Options, schema.Option{Value: i, Label: label(t), State: i})
		}
	}
}

func text(name string) schema.Column {
	return column(schema.String, name, func(c *schema.Column) { c.MaxLength = 100 })
}

func table(name, set string, owner schema.Ownership, primary string, columns ...schema.Column) *schema.Table {
	t := &schema.Table{
		LogicalName: strings.ToLower(name), SchemaName: name, SetName: set, PrimaryID: columns[0].LogicalName, PrimaryName: primary,
		Ownership: owner, Label: label(name), PluralLabel: label(name + "s"), ObjectType: 1000 + len(name), Columns: columns,
	}
	if owner == schema.UserOwned {
		t.Columns = append(t.Columns,
			column(schema.Owner, "OwnerId", to("systemuser", "ownerid", ""), to("team", "ownerid", "")),
			column(schema.Lookup, "OwningUser", to("systemuser", "owninguser", "user_"+set)),
			column(schema.Lookup, "OwningBusinessUnit", to("businessunit", "owningbusinessunit", "")))
	}
	t.Columns = append(t.Columns, column(schema.DateTime, "CreatedOn", kept), column(schema.DateTime, "ModifiedOn", kept), column(schema.BigInt, "VersionNumber", kept))
	return t
}

func crossing(name, left, right string) *schema.Table {
	id := func(n string) schema.Column { return column(schema.Uniqueidentifier, n) }
	return &schema.Table{LogicalName: name, SchemaName: name, SetName: name + "set", PrimaryID: name + "id", Ownership: schema.NoOwner, IsIntersect: true,
		PrivilegeSet: "Role", Columns: []schema.Column{id(name + "id"), id(left), id(right)}}
}

func smallModel() *schema.Model {
	id := func(n string) schema.Column { return column(schema.Uniqueidentifier, n) }
	account := table("Account", "accounts", schema.UserOwned, "name", id("AccountId"), text("Name"), text("AccountNumber"), column(schema.Memo, "Description"),
		column(schema.Integer, "Employees"), column(schema.Money, "Revenue", func(c *schema.Column) { c.Precision = 2 }),
		column(schema.Money, "Revenue_Base", func(c *schema.Column) { c.BaseOf, c.Precision = "revenue", 2 }),
		column(schema.Lookup, "TransactionCurrencyId", to("transactioncurrency", "transactioncurrencyid", "")), column(schema.Decimal, "ExchangeRate"),
		column(schema.Picklist, "Rating", choices("Warm", "Cold", "Hot")), column(schema.MultiSelectPicklist, "Interests", choices("Sea", "Air", "Rail")),
		column(schema.Boolean, "Vip", choices("No", "Yes")), column(schema.DateTime, "Founded", func(c *schema.Column) { c.DateOnly, c.Format = true, "DateOnly" }),
		column(schema.DateTime, "LastCall"), column(schema.String, "TaxId", func(c *schema.Column) { c.Secured = true }),
		column(schema.Picklist, "Tier", func(c *schema.Column) { c.OptionSet = "new_tier" }),
		column(schema.Lookup, "PrimaryContactId", to("contact", "primarycontactid", "account_primary_contact")),
		column(schema.Lookup, "ParentAccountId", to("account", "parentaccountid", "account_parent_account")),
		column(schema.State, "StateCode", choices("Active", "Inactive")), column(schema.Status, "StatusCode", choices("Active", "Inactive")),
		column(schema.File, "Contract", func(c *schema.Column) { c.MaxSizeKB = 8 << 10 }), beside("Contract", schema.String, "_Name"),
		column(schema.Image, "EntityImage", func(c *schema.Column) { c.MaxSizeKB, c.FullImage = 8<<10, true }), beside("EntityImage", schema.Uniqueidentifier, "Id"),
		beside("EntityImage", schema.BigInt, "_Timestamp"), beside("EntityImage", schema.String, "_URL"),
		column(schema.Image, "Badge", func(c *schema.Column) { c.MaxSizeKB = 8 << 10 }), beside("Badge", schema.Uniqueidentifier, "Id"))
	account.Tracked = true
	account.Keys = []schema.Key{{Name: "account_number", Columns: []string{"accountnumber"}}}
	m := &schema.Model{
		OptionSets: map[string][]schema.Option{"new_tier": {{Value: 7, Label: label("Gold"), Color: "#b8860b"}}},
		Tables: []*schema.Table{
			account,
			table("Contact", "contacts", schema.UserOwned, "fullname", id("ContactId"), text("FullName"), text("EMailAddress1"),
				column(schema.Customer, "ParentCustomerId", to("account", "parentcustomerid_account", "contact_customer_accounts"), to("contact", "parentcustomerid_contact", "contact_customer_contacts"))),
			table("BusinessUnit", "businessunits", schema.BusinessOwned, "name", id("BusinessUnitId"), text("Name"), column(schema.Lookup, "ParentBusinessUnitId", to("businessunit", "parentbusinessunitid", ""))),
			table("SystemUser", "systemusers", schema.BusinessOwned, "fullname", id("SystemUserId"), text("FullName"), id("AzureActiveDirectoryObjectId"),
				column(schema.Lookup, "BusinessUnitId", to("businessunit", "businessunitid", "business_unit_system_users")), column(schema.Boolean, "IsDisabled", choices("No", "Yes"))),
			table("Team", "teams", schema.BusinessOwned, "name", id("TeamId"), text("Name"), column(schema.Lookup, "BusinessUnitId", to("businessunit", "businessunitid", ""))),
			table("Role", "roles", schema.BusinessOwned, "name", id("RoleId"), text("Name"), id("RoleTemplateId"), column(schema.Lookup, "BusinessUnitId", to("businessunit", "businessunitid", ""))),
			table("Privilege", "privileges", schema.NoOwner, "name", id("PrivilegeId"), text("Name"), column(schema.Integer, "AccessRight")),
			table("TransactionCurrency", "transactioncurrencies", schema.OrganizationOwned, "currencyname", id("TransactionCurrencyId"), text("CurrencyName"), text("ISOCurrencyCode"),
				text("CurrencySymbol"), column(schema.Integer, "CurrencyPrecision"), column(schema.Decimal, "ExchangeRate")),
			table("SavedQuery", "savedqueries", schema.OrganizationOwned, "name", id("SavedQueryId"), text("Name"), column(schema.Memo, "FetchXml"), column(schema.EntityName, "ReturnedTypeCode")),
			table("AppModule", "appmodules", schema.OrganizationOwned, "name", id("AppModuleId"), id("AppModuleIdUnique"), text("Name")),
			table("AppModuleComponent", "appmodulecomponents", schema.NoOwner, "", id("AppModuleComponentId"), column(schema.Lookup, "AppModuleIdUnique", to("appmodule", "appmoduleidunique", "appmodule_components")),
				column(schema.Integer, "ComponentType"), id("ObjectId")),
			table("ServicePlan", "serviceplans", schema.OrganizationOwned, "name", id("ServicePlanId"), text("Name"), text("DisplayName")),
			{LogicalName: "principalobjectaccess", SchemaName: "PrincipalObjectAccess", SetName: "principalobjectaccessset", PrimaryID: "principalobjectaccessid", Ownership: schema.NoOwner,
				Columns: []schema.Column{id("principalobjectaccessid"), id("principalid"), text("principaltypecode"), id("objectid"), text("objecttypecode"), column(schema.Integer, "accessrightsmask"), column(schema.Integer, "inheritedaccessrightsmask")}},
			crossing("systemuserroles", "systemuserid", "roleid"), crossing("teammembership", "teamid", "systemuserid"), crossing("teamroles", "teamid", "roleid"),
			crossing("plansofusers", "systemuserid", "serviceplanid"), crossing("supply", "supplierid", "buyerid"),
			{LogicalName: "roleprivileges", SchemaName: "RolePrivileges", SetName: "roleprivilegescollection", PrimaryID: "roleprivilegeid", IsIntersect: true, Ownership: schema.NoOwner, PrivilegeSet: "Role",
				Columns: []schema.Column{id("roleprivilegeid"), id("roleid"), id("privilegeid"), column(schema.Integer, "privilegedepthmask")}},
		},
		ManyToMany: []schema.ManyToMany{{SchemaName: "systemuserroles_association", Intersect: "systemuserroles", Entity1: "systemuser", Entity2: "role",
			Attribute1: "systemuserid", Attribute2: "roleid", Navigation1: "systemuserroles_association", Navigation2: "systemuserroles_association"},
			{SchemaName: "account_supply", Intersect: "supply", Entity1: "account", Entity2: "account", Attribute1: "supplierid", Attribute2: "buyerid", Navigation1: "buyers", Navigation2: "suppliers"}},
	}
	m.Index()
	return m
}

// smallOrganization opens the rows of these tests.
func smallOrganization(t testing.TB, more func(insert func(string, engine.Row))) *engine.DB {
	t.Helper()
	ctx, model := context.Background(), smallModel()
	db, err := engine.Open(ctx, "", model, engine.Options{OrganizationID: world.Organizations()[0].ID, LCID: 1033, BaseCurrency: euro, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	err = db.Load(ctx, func(l *engine.Loader) error {
		insert := func(table string, row engine.Row) {
			if _, err := l.Insert(table, row); err != nil {
				t.Fatal(table, err)
			}
		}
		people(insert, model)
		records(insert)
		if more != nil {
			more(insert)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func people(insert func(string, engine.Row), model *schema.Model) {
	insert("transactioncurrency", engine.Row{"transactioncurrencyid": euro, "currencyname": "Euro", "isocurrencycode": "EUR", "currencysymbol": "€", "currencyprecision": 2, "exchangerate": 1})
	insert("businessunit", engine.Row{"businessunitid": unit, "name": "Root"})
	insert("systemuser", engine.Row{"systemuserid": ingrid, "fullname": "Ingrid Sommer", "azureactivedirectoryobjectid": world.People()[0].ObjectID, "businessunitid": unit, "isdisabled": false})
	insert("systemuser", engine.Row{"systemuserid": tomas, "fullname": "Tomas Lindqvist", "azureactivedirectoryobjectid": world.People()[1].ObjectID, "businessunitid": unit, "isdisabled": false})
	insert("role", engine.Row{"roleid": admins, "name": "System Administrator", "roletemplateid": "627090ff-40a3-4053-8790-584edc5be201", "businessunitid": unit})
	insert("role", engine.Row{"roleid": seller, "name": "Seller", "businessunitid": unit})
	seen := map[string]bool{}
	for _, t := range model.Tables {
		name := t.Privilege("Read")
		if seen[name] {
			continue
		}
		seen[name] = true
		insert("privilege", engine.Row{"privilegeid": schema.PrivilegeID(name), "name": name, "accessright": 1})
		insert("roleprivileges", engine.Row{"roleid": admins, "privilegeid": schema.PrivilegeID(name), "privilegedepthmask": int(engine.Global)})
		depth := engine.Global
		switch t.LogicalName {
		case "team", "transactioncurrency":
			continue
		case "account", "contact":
			depth = engine.Basic
		}
		insert("roleprivileges", engine.Row{"roleid": seller, "privilegeid": schema.PrivilegeID(name), "privilegedepthmask": int(depth)})
	}
	writing(insert, model)
	insert("systemuserroles", engine.Row{"systemuserid": ingrid, "roleid": admins})
	insert("systemuserroles", engine.Row{"systemuserid": tomas, "roleid": seller})
	insert("serviceplan", engine.Row{"serviceplanid": plan, "name": "D365_SALES", "displayname": "Dynamics 365 Sales"})
	insert("plansofusers", engine.Row{"systemuserid": tomas, "serviceplanid": plan})
}

// writing lets Ingrid change everything, and Tomas his own accounts and contacts, except delete accounts.
func writing(insert func(string, engine.Row), model *schema.Model) {
	seen := map[string]bool{}
	for _, t := range model.Tables {
		for i, verb := range []string{"Create", "Write", "Delete", "Append", "AppendTo", "Assign", "Share"} {
			name := t.Privilege(verb)
			if seen[name] {
				continue
			}
			seen[name] = true
			insert("privilege", engine.Row{"privilegeid": schema.PrivilegeID(name), "name": name, "accessright": 2 + i})
			insert("roleprivileges", engine.Row{"roleid": admins, "privilegeid": schema.PrivilegeID(name), "privilegedepthmask": int(engine.Global)})
			if own := t.LogicalName == "account" && verb != "Delete" || t.LogicalName == "contact"; own {
				insert("roleprivileges", engine.Row{"roleid": seller, "privilegeid": schema.PrivilegeID(name), "privilegedepthmask": int(engine.Basic)})
			}
		}
	}
}

func records(insert func(string, engine.Row)) {
	owner := func(id string) engine.Ref { return engine.Ref{Table: "systemuser", ID: id} }
	insert("contact", engine.Row{"contactid": ada, "fullname": "Ada O'Hara", "emailaddress1": "ada@example.com", "parentcustomerid": engine.Ref{Table: "account", ID: acme}, "ownerid": owner(tomas)})
	insert("contact", engine.Row{"contactid": bert, "fullname": "Bert <b>", "parentcustomerid": engine.Ref{Table: "account", ID: acme}, "ownerid": owner(ingrid)})
	insert("account", engine.Row{"accountid": acme, "name": "Acme", "accountnumber": "A1", "employees": 10, "revenue": 1200.5, "transactioncurrencyid": euro, "rating": 0, "interests": []int{0, 2},
		"vip": true, "founded": time.Date(1999, 5, 1, 0, 0, 0, 0, time.UTC), "lastcall": now.Add(-time.Hour + 123*time.Millisecond), "primarycontactid": ada, "tier": 7, "ownerid": owner(tomas), "taxid": "DE1"})
	insert("account", engine.Row{"accountid": boreas, "name": "Boreas 50%_[x]", "accountnumber": "B/2)", "employees": 20, "revenue": 300, "transactioncurrencyid": euro, "rating": 1, "parentaccountid": acme,
		"primarycontactid": bert, "ownerid": owner(ingrid), "taxid": "DE2"})
	insert("account", engine.Row{"accountid": celik, "name": "Çelik & 'Söhne'", "rating": 1, "statecode": 1, "ownerid": owner(ingrid)})
	insert("savedquery", engine.Row{"savedqueryid": view, "name": "Accounts by name", "returnedtypecode": "account",
		"fetchxml": `<fetch version="1.0" mapping="logical"><entity name="account"><attribute name="name"/><attribute name="primarycontactid"/><order attribute="name"/><link-entity name="contact" from="contactid" to="primarycontactid" alias="pc" link-type="outer"><attribute name="emailaddress1"/></link-entity></entity></fetch>`})
	insert("appmodule", engine.Row{"appmoduleid": app, "appmoduleidunique": layer, "name": "Sales"})
	insert("appmodulecomponent", engine.Row{"appmodulecomponentid": "a9000000-0000-4000-8000-0000000000c1", "appmoduleidunique": layer, "componenttype": 26, "objectid": view})
}
