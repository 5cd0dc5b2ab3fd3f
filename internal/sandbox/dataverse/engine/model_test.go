package engine

import (
	"context"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// The organization of these tests: business units North (with Coast below it) and South below Root; Ann and Bob in North,
// Cid in Coast, Dee in South, Eve the administrator in Root, Fay in South without roles. Team Deals is Coast's with Ann
// and Dee in it.
const (
	unitRoot  = "b0000000-0000-4000-8000-000000000001"
	unitNorth = "b0000000-0000-4000-8000-000000000002"
	unitCoast = "b0000000-0000-4000-8000-000000000003"
	unitSouth = "b0000000-0000-4000-8000-000000000004"
	teamDeals = "7ea00000-0000-4000-8000-000000000001"
	euro      = "c0000000-0000-4000-8000-000000000001"
	dollar    = "c0000000-0000-4000-8000-000000000002"
	profile   = "f0000000-0000-4000-8000-000000000001"
)

func user(n int) string    { return "a0000000-0000-4000-8000-00000000000" + strconv.Itoa(n) }
func oid(n int) string     { return "d0000000-0000-4000-8000-00000000000" + strconv.Itoa(n) }
func account(n int) string { return "ac000000-0000-4000-8000-0000000000" + two(n) }
func deal(n int) string    { return "de000000-0000-4000-8000-0000000000" + two(n) }
func person(n int) string  { return "c1000000-0000-4000-8000-0000000000" + two(n) }
func role(n int) string    { return "60000000-0000-4000-8000-0000000000" + two(n) }

func two(n int) string { return strings.Repeat("0", 2-len(strconv.Itoa(n))) + strconv.Itoa(n) }

const (
	ann = iota + 1
	bob
	cid
	dee
	eve
	fay
)

var everyone = map[int]string{ann: unitNorth, bob: unitNorth, cid: unitCoast, dee: unitSouth, eve: unitRoot, fay: unitSouth}
var names = []string{"", "Ann", "Bob", "Cid", "Dee", "Eve", "Fay"}

// noon is Wednesday, November 18, 2026, 13:30 in Berlin.
var noon = time.Date(2026, 11, 18, 12, 30, 0, 0, time.UTC)

func col(kind schema.ColumnType, name string, more ...func(*schema.Column)) schema.Column {
	c := schema.Column{LogicalName: name, SchemaName: name, Type: kind, Label: schema.Label{1033: name}}
	if kind == schema.Money || kind == schema.Decimal {
		c.Precision = 2
	}
	for _, m := range more {
		m(&c)
	}
	return c
}

func to(targets ...string) func(*schema.Column) {
	return func(c *schema.Column) { c.Targets = targets }
}

func options(texts ...string) func(*schema.Column) {
	return func(c *schema.Column) {
		for i, t := range texts {
			en, de, _ := strings.Cut(t, "|")
			c.Options = append(c.Options, schema.Option{Value: i, Label: schema.Label{1033: en, 1031: de}, State: min(i, 1)})
		}
	}
}

func secured(c *schema.Column) { c.Secured = true }
func dayOnly(c *schema.Column) { c.DateOnly, c.Format = true, "DateOnly" }

func table1(name string, owner schema.Ownership, primary string, columns ...schema.Column) *schema.Table {
	t := &schema.Table{LogicalName: name, SchemaName: strings.ToUpper(name[:1]) + name[1:], SetName: name + "s", PrimaryID: columns[0].LogicalName, PrimaryName: primary,
		Ownership: owner, Label: schema.Label{1033: name, 1031: name + " (de)"}, ObjectType: 10000 + len(name), Columns: columns}
	if owner == schema.UserOwned {
		t.Columns = append(t.Columns, col(schema.Owner, "ownerid", to("systemuser", "team")), col(schema.Lookup, "owninguser", to("systemuser")),
			col(schema.Lookup, "owningteam", to("team")), col(schema.Lookup, "owningbusinessunit", to("businessunit")))
	}
	t.Columns = append(t.Columns, col(schema.DateTime, "createdon"), col(schema.DateTime, "modifiedon"), col(schema.BigInt, "versionnumber"))
	return t
}

func id(name string) schema.Column { return col(schema.Uniqueidentifier, name) }

func intersect(name, left, right string) *schema.Table {
	return &schema.Table{LogicalName: name, SchemaName: name, SetName: name + "s", PrimaryID: name + "id", Ownership: schema.NoOwner, IsIntersect: true, PrivilegeSet: "Role",
		Columns: []schema.Column{id(name + "id"), id(left), id(right)}}
}

func testModel() *schema.Model {
	activity := func(name string, more ...schema.Column) *schema.Table {
		t := table1(name, schema.UserOwned, "subject", append([]schema.Column{id("activityid"), col(schema.String, "subject"), col(schema.EntityName, "activitytypecode"),
			col(schema.Lookup, "regardingobjectid", to("account", "opportunity")), col(schema.DateTime, "scheduledend"),
			col(schema.State, "statecode", options("Open|Offen", "Completed|Fertig"))}, more...)...)
		t.IsActivity, t.PrivilegeSet = true, "Activity"
		return t
	}
	m := &schema.Model{Tables: []*schema.Table{
		table1("businessunit", schema.BusinessOwned, "name", id("businessunitid"), col(schema.String, "name"), col(schema.Lookup, "parentbusinessunitid", to("businessunit"))),
		table1("systemuser", schema.BusinessOwned, "fullname", id("systemuserid"), col(schema.String, "fullname"), id("azureactivedirectoryobjectid"),
			col(schema.Lookup, "businessunitid", to("businessunit")), col(schema.Lookup, "parentsystemuserid", to("systemuser")), col(schema.Boolean, "isdisabled")),
		table1("team", schema.BusinessOwned, "name", id("teamid"), col(schema.String, "name"), col(schema.Lookup, "businessunitid", to("businessunit"))),
		table1("role", schema.BusinessOwned, "name", id("roleid"), col(schema.String, "name"), col(schema.Lookup, "businessunitid", to("businessunit")), col(schema.Boolean, "isinherited")),
		table1("privilege", schema.NoOwner, "name", id("privilegeid"), col(schema.String, "name"), col(schema.Integer, "accessright")),
		table1("fieldsecurityprofile", schema.OrganizationOwned, "name", id("fieldsecurityprofileid"), col(schema.String, "name")),
		table1("fieldpermission", schema.OrganizationOwned, "", id("fieldpermissionid"), col(schema.Lookup, "fieldsecurityprofileid", to("fieldsecurityprofile")),
			col(schema.String, "entityname"), col(schema.String, "attributelogicalname"), col(schema.Picklist, "canread")),
		table1("principalobjectaccess", schema.NoOwner, "", id("principalobjectaccessid"), id("principalid"), col(schema.String, "principaltypecode"), id("objectid"),
			col(schema.String, "objecttypecode"), col(schema.Integer, "accessrightsmask")),
		table1("usersettings", schema.BusinessOwned, "", id("systemuserid"), col(schema.Lookup, "businessunitid", to("businessunit")), col(schema.Integer, "uilanguageid"), col(schema.Integer, "localeid"), col(schema.Integer, "timezonecode")),
		table1("transactioncurrency", schema.OrganizationOwned, "currencyname", id("transactioncurrencyid"), col(schema.String, "currencyname"), col(schema.String, "isocurrencycode"),
			col(schema.String, "currencysymbol"), col(schema.Integer, "currencyprecision"), col(schema.Decimal, "exchangerate")),
		intersect("systemuserroles", "systemuserid", "roleid"), intersect("teammembership", "teamid", "systemuserid"), intersect("teamroles", "teamid", "roleid"),
		intersect("systemuserprofiles", "systemuserid", "fieldsecurityprofileid"), intersect("teamprofiles", "teamid", "fieldsecurityprofileid"),
		{LogicalName: "roleprivileges", SchemaName: "RolePrivileges", SetName: "roleprivilegescollection", PrimaryID: "roleprivilegeid", IsIntersect: true, Ownership: schema.NoOwner, PrivilegeSet: "Role",
			Columns: []schema.Column{id("roleprivilegeid"), id("roleid"), id("privilegeid"), col(schema.Integer, "privilegedepthmask")}},
		table1("account", schema.UserOwned, "name", id("accountid"), col(schema.String, "name"), col(schema.String, "accountnumber"), col(schema.Memo, "description"),
			col(schema.String, "city"), col(schema.Integer, "employees"), col(schema.Money, "revenue"), col(schema.Money, "revenue_base", func(c *schema.Column) { c.BaseOf = "revenue" }),
			col(schema.Lookup, "transactioncurrencyid", to("transactioncurrency")), col(schema.Decimal, "exchangerate"),
			col(schema.Money, "credit", secured), col(schema.Money, "credit_base", func(c *schema.Column) { c.BaseOf = "credit" }), col(schema.String, "taxid", secured),
			col(schema.Picklist, "rating", options("Warm|Warm", "Cold|Kalt", "Hot|Heiß")), col(schema.MultiSelectPicklist, "interests", options("Sea|See", "Air|Luft", "Rail|Bahn")),
			col(schema.Boolean, "vip", options("No|Nein", "Yes|Ja")), col(schema.DateTime, "founded", dayOnly), col(schema.DateTime, "lastcall"),
			col(schema.Lookup, "primarycontactid", to("contact")), col(schema.Lookup, "parentaccountid", to("account")), col(schema.Double, "score"),
			col(schema.State, "statecode", options("Active|Aktiv", "Inactive|Inaktiv")), col(schema.Status, "statuscode", options("Active|Aktiv", "Inactive|Inaktiv"))),
		table1("contact", schema.UserOwned, "fullname", id("contactid"), col(schema.String, "fullname"), col(schema.String, "secret", secured),
			col(schema.Customer, "parentcustomerid", to("account", "contact"))),
		table1("opportunity", schema.UserOwned, "name", id("opportunityid"), col(schema.String, "name"), col(schema.Lookup, "parentaccountid", to("account")),
			col(schema.Customer, "customerid", to("account", "contact")), col(schema.DateTime, "closedate", dayOnly), col(schema.Money, "value"), col(schema.Money, "value_base", func(c *schema.Column) { c.BaseOf = "value" }),
			col(schema.Lookup, "transactioncurrencyid", to("transactioncurrency"))),
		table1("setting", schema.OrganizationOwned, "name", id("settingid"), col(schema.String, "name")),
		activity("task", col(schema.Integer, "effort")), activity("phonecall", col(schema.String, "number")), activity("activitypointer"),
	}}
	m.Index()
	return m
}

// grants are what each role of the tests gives: privilege name and depth.
var grants = map[int]map[string]Depth{
	1: {"Account": Basic, "Contact": Basic, "Activity": Basic},
	2: {"Account": Local, "Contact": Local, "Setting": Local},
	3: {"Account": Deep, "Contact": Deep, "User": Deep},
	4: {"Account": Global, "Contact": Global, "Opportunity": Global, "Activity": Global, "Setting": Global, "Systemuser": Global, "Role": Global, "Team": Global, "Businessunit": Global, "Transactioncurrency": Global, "Fieldpermission": Global, "Usersettings": Basic, "Privilege": Global},
	5: {"Account": Basic, "Opportunity": Local},
}

type world struct {
	testing.TB
	*DB
	ctx context.Context
}

// organization loads the rows that most tests ask for; more adds to them.
func organization(t testing.TB, more func(l *Loader) error) *world {
	t.Helper()
	ctx := context.Background()
	db, err := Open(ctx, "", testModel(), Options{OrganizationID: "org", LCID: 1033, BaseCurrency: euro, Now: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	w := &world{t, db, ctx}
	w.load(func(l *Loader) error {
		w.platform(l)
		w.records(l)
		return nil
	})
	if more != nil {
		w.load(more)
	}
	return w
}

func (w *world) load(fill func(l *Loader) error) {
	w.Helper()
	if err := w.Load(w.ctx, fill); err != nil {
		w.Fatal(err)
	}
}

func (w *world) insert(l *Loader, table string, row Row) string {
	w.Helper()
	id, err := l.Insert(table, row)
	if err != nil {
		w.Fatal(err)
	}
	return id
}

func (w *world) platform(l *Loader) {
	w.insert(l, "transactioncurrency", Row{"transactioncurrencyid": euro, "currencyname": "Euro", "isocurrencycode": "EUR", "currencysymbol": "€", "currencyprecision": 2, "exchangerate": 1})
	w.insert(l, "transactioncurrency", Row{"transactioncurrencyid": dollar, "currencyname": "US Dollar", "isocurrencycode": "USD", "currencysymbol": "$", "currencyprecision": 2, "exchangerate": 2})
	w.insert(l, "businessunit", Row{"businessunitid": unitRoot, "name": "Root"})
	w.insert(l, "businessunit", Row{"businessunitid": unitNorth, "name": "North", "parentbusinessunitid": unitRoot})
	w.insert(l, "businessunit", Row{"businessunitid": unitCoast, "name": "Coast", "parentbusinessunitid": unitNorth})
	w.insert(l, "businessunit", Row{"businessunitid": unitSouth, "name": "South", "parentbusinessunitid": unitRoot})
	for n := ann; n <= fay; n++ {
		row := Row{"systemuserid": user(n), "fullname": names[n], "azureactivedirectoryobjectid": oid(n), "businessunitid": everyone[n], "isdisabled": false}
		if n == ann || n == cid {
			row["parentsystemuserid"] = user(bob)
		}
		w.insert(l, "systemuser", row)
		w.insert(l, "usersettings", Row{"systemuserid": user(n), "businessunitid": everyone[n], "uilanguageid": 1033, "localeid": 1033, "timezonecode": 110})
	}
	w.insert(l, "team", Row{"teamid": teamDeals, "name": "Deals", "businessunitid": unitCoast})
	for _, n := range []int{ann, dee} {
		w.insert(l, "teammembership", Row{"teamid": teamDeals, "systemuserid": user(n)})
	}
	seen := map[string]bool{}
	for n := 1; n <= len(grants); n++ {
		name := "Role " + strconv.Itoa(n)
		if n == 4 {
			name = "System Administrator"
		}
		w.insert(l, "role", Row{"roleid": role(n), "name": name, "businessunitid": unitRoot})
		for set, depth := range grants[n] {
			privilege := "prvRead" + set
			if !seen[privilege] {
				seen[privilege] = true
				w.insert(l, "privilege", Row{"privilegeid": schema.PrivilegeID(privilege), "name": privilege, "accessright": 1})
			}
			w.insert(l, "roleprivileges", Row{"roleid": role(n), "privilegeid": schema.PrivilegeID(privilege), "privilegedepthmask": int(depth)})
		}
	}
	for n, r := range map[int]int{ann: 1, bob: 3, cid: 2, eve: 4} {
		w.insert(l, "systemuserroles", Row{"systemuserid": user(n), "roleid": role(r)})
	}
	w.insert(l, "teamroles", Row{"teamid": teamDeals, "roleid": role(5)})
	w.insert(l, "fieldsecurityprofile", Row{"fieldsecurityprofileid": profile, "name": "Finance"})
	for _, name := range []string{"credit", "taxid"} {
		w.insert(l, "fieldpermission", Row{"fieldsecurityprofileid": profile, "entityname": "account", "attributelogicalname": name, "canread": 4})
	}
}

func owner(n int) Ref { return Ref{"systemuser", user(n)} }

func day(s string) time.Time {
	t, err := time.Parse("2006-01-02", s)
	if err != nil {
		panic(err)
	}
	return t
}

func (w *world) records(l *Loader) {
	for n, who := range []int{ann, bob, cid, dee, eve} {
		w.insert(l, "contact", Row{"contactid": person(n + 1), "fullname": names[who] + "'s contact", "secret": "s" + names[who], "ownerid": owner(who)})
	}
	w.insert(l, "account", Row{"accountid": account(1), "name": "Ärger & Söhne", "accountnumber": "A1", "city": "Köln", "employees": 10, "revenue": 1200.5, "transactioncurrencyid": euro,
		"credit": 500, "taxid": "DE1", "rating": 0, "interests": []int{0, 2}, "vip": true, "founded": day("1999-05-01"), "lastcall": noon.Add(-time.Hour), "primarycontactid": person(1), "ownerid": owner(ann)})
	w.insert(l, "account", Row{"accountid": account(2), "name": "argon", "accountnumber": "A2", "city": "köln", "employees": 20, "revenue": 300, "transactioncurrencyid": dollar,
		"credit": 700, "taxid": "DE2", "rating": 1, "interests": []int{1}, "vip": false, "founded": day("2026-11-18"), "lastcall": noon.AddDate(0, 0, -3), "primarycontactid": person(2), "parentaccountid": account(1), "ownerid": owner(bob)})
	w.insert(l, "account", Row{"accountid": account(3), "name": "Boreas 50%_[x]", "accountnumber": "A3", "city": "Paris", "employees": 30, "rating": 2, "vip": true,
		"founded": day("2026-10-01"), "primarycontactid": person(3), "parentaccountid": account(2), "ownerid": owner(cid)})
	w.insert(l, "account", Row{"accountid": account(4), "name": "Çelik", "accountnumber": "A4", "revenue": -75, "taxid": "DE4", "ownerid": owner(dee), "lastcall": noon.AddDate(1, 0, 0), "statecode": 1})
	w.insert(l, "account", Row{"accountid": account(5), "name": "Delta", "accountnumber": "A5", "employees": 20, "description": "Über alles GROSS", "ownerid": owner(eve), "rating": 0})
	w.insert(l, "account", Row{"accountid": account(6), "name": "Team account", "accountnumber": "A6", "ownerid": Ref{"team", teamDeals}, "city": "Paris"})
	for n := 1; n <= 3; n++ {
		w.insert(l, "opportunity", Row{"opportunityid": deal(n), "name": "Deal " + strconv.Itoa(n), "parentaccountid": account(n), "customerid": Ref{"account", account(n)},
			"closedate": day("2026-0" + strconv.Itoa(n+1) + "-15"), "value": 100 * n, "ownerid": owner(cid)})
	}
	w.insert(l, "opportunity", Row{"opportunityid": deal(4), "name": "Deal 4", "parentaccountid": account(1), "customerid": Ref{"contact", person(1)}, "closedate": day("2025-12-31"), "value": 50, "transactioncurrencyid": dollar, "ownerid": owner(bob)})
	w.insert(l, "task", Row{"activityid": "7a000000-0000-4000-8000-000000000001", "subject": "Call back", "regardingobjectid": Ref{"account", account(1)}, "ownerid": owner(ann), "effort": 3})
	w.insert(l, "phonecall", Row{"activityid": "7a000000-0000-4000-8000-000000000002", "subject": "Ring", "regardingobjectid": Ref{"opportunity", deal(1)}, "ownerid": owner(bob), "number": "123"})
	w.insert(l, "setting", Row{"name": "one"})
}

func (w *world) as(n int) *Caller {
	w.Helper()
	c, err := w.Caller(w.ctx, oid(n))
	if err != nil {
		w.Fatal(err)
	}
	return c
}

func parse(t testing.TB, xml string) *crmxml.Fetch {
	t.Helper()
	f, err := crmxml.ParseFetch(xml)
	if err != nil {
		t.Fatalf("%v in %s", err, xml)
	}
	return f
}

func (w *world) fetch(who int, xml string) *Page {
	w.Helper()
	page, err := w.Fetch(w.ctx, w.as(who), parse(w.TB, xml), FetchOptions{})
	if err != nil {
		w.Fatalf("%v in %s", err, xml)
	}
	return page
}

// refused runs a query that has to fail and answers the code.
func (w *world) refused(who int, xml string) string {
	w.Helper()
	_, err := w.Fetch(w.ctx, w.as(who), parse(w.TB, xml), FetchOptions{})
	if err == nil {
		w.Fatalf("not refused: %s", xml)
	}
	if e, ok := err.(*Error); ok {
		return e.Code
	}
	return err.Error()
}

// numbers are the accounts of a page by their numbers: "1 3".
func (p *Page) numbers() string {
	var list []string
	for _, r := range p.Rows {
		list = append(list, strings.TrimLeft(r.ID[len(r.ID)-2:], "0"))
	}
	return strings.Join(list, " ")
}

// column is the cells of one column by its name.
func (p *Page) column(name string) []Cell {
	for i, c := range p.Columns {
		if c.Name == name {
			var cells []Cell
			for _, r := range p.Rows {
				cells = append(cells, r.Cells[i])
			}
			return cells
		}
	}
	return nil
}

func (p *Page) texts(name string) string {
	var list []string
	for _, c := range p.column(name) {
		list = append(list, c.Text)
	}
	return strings.Join(list, " | ")
}

func (p *Page) values(name string) []any {
	var list []any
	for _, c := range p.column(name) {
		list = append(list, c.Value)
	}
	return list
}
