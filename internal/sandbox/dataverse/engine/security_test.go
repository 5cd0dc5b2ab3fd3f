package engine

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestAMissingPrivilegeIsNamed(t *testing.T) {
	w := organization(t, nil)
	for name, xml := range map[string]string{
		"table": `<fetch><entity name="opportunity"/></fetch>`,
		"link":  `<fetch><entity name="account"><link-entity name="opportunity" from="parentaccountid" to="accountid" link-type="outer"/></entity></fetch>`,
		"any":   `<fetch><entity name="account"><filter><link-entity name="opportunity" from="parentaccountid" to="accountid" link-type="any"/></filter></entity></fetch>`,
		"deep":  `<fetch><entity name="account"><link-entity name="contact" from="contactid" to="primarycontactid" link-type="exists"><link-entity name="opportunity" from="customerid" to="contactid"/></link-entity></entity></fetch>`,
	} {
		_, err := w.Fetch(w.ctx, w.as(bob), parse(t, xml), FetchOptions{})
		var e *Error
		if !errors.As(err, &e) || e.Code != CodePrivilegeDenied || !strings.Contains(e.Message, "missing prvReadOpportunity privilege") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if code := w.refused(fay, `<fetch><entity name="account"/></fetch>`); code != CodePrivilegeDenied {
		t.Errorf("without any role: %s", code)
	}
}

func TestStrangersAndDisabledPeopleAreNoMembers(t *testing.T) {
	w := organization(t, func(l *Loader) error {
		_, err := l.Insert("systemuser", Row{"fullname": "Gone", "azureactivedirectoryobjectid": oid(9), "businessunitid": unitRoot, "isdisabled": true})
		return err
	})
	for _, id := range []string{oid(8), oid(9), "", "x' OR 1=1 --"} {
		if _, err := w.Caller(w.ctx, id); !errors.Is(err, ErrNotMember) {
			t.Errorf("%q: %v", id, err)
		}
	}
}

func TestSharingShowsARowToAPersonOrTeam(t *testing.T) {
	w := organization(t, nil)
	share := func(principal string, mask int, n int) {
		w.load(func(l *Loader) error {
			_, err := l.Insert("principalobjectaccess", Row{"principalid": principal, "principaltypecode": "systemuser", "objectid": account(n), "objecttypecode": "account", "accessrightsmask": mask})
			return err
		})
	}
	share(user(ann), 1, 5)
	share(teamDeals, 1|2, 4)
	share(user(ann), 2, 3) // writing alone shows nothing
	const all = `<fetch><entity name="account"><order attribute="accountnumber"/></entity></fetch>`
	for who, want := range map[int]string{ann: "1 4 5 6", dee: "4 6", cid: "3 6"} {
		if got := w.fetch(who, all).numbers(); got != want {
			t.Errorf("%s sees %q, wanted %q", names[who], got, want)
		}
	}
}

func TestRightsFollowChangesAtOnce(t *testing.T) {
	w := organization(t, nil)
	const all = `<fetch><entity name="account"><order attribute="accountnumber"/></entity></fetch>`
	if got := w.fetch(ann, all).numbers(); got != "1 6" {
		t.Fatal(got)
	}
	w.load(func(l *Loader) error {
		_, err := l.Insert("systemuserroles", Row{"systemuserid": user(ann), "roleid": role(2)})
		return err
	})
	if got := w.fetch(ann, all).numbers(); got != "1 2 6" {
		t.Errorf("with the new role Ann sees %q", got)
	}
}

func TestOrganizationOwnedRowsTakeGlobalDepth(t *testing.T) {
	w := organization(t, nil)
	const all = `<fetch><entity name="setting"/></fetch>`
	if n := len(w.fetch(cid, all).Rows); n != 0 {
		t.Errorf("Cid sees %d settings with a privilege for the business unit", n)
	}
	if n := len(w.fetch(eve, all).Rows); n != 1 {
		t.Errorf("Eve sees %d settings", n)
	}
}

func TestLinkedRowsAreTrimmedToo(t *testing.T) {
	w := organization(t, nil)
	const link = `<fetch><entity name="account"><attribute name="accountnumber"/><order attribute="accountnumber"/><link-entity name="account" from="accountid" to="parentaccountid" alias="p" link-type="%s"><attribute name="name"/></link-entity></entity></fetch>`
	for _, tc := range []struct {
		who        int
		kind, want string
		parents    string
	}{
		{cid, "outer", "3 6", "[<nil> <nil>]"}, {cid, "inner", "", "[]"}, {bob, "inner", "2 3", "[Ärger & Söhne argon]"},
	} {
		page := w.fetch(tc.who, fmt.Sprintf(link, tc.kind))
		if got := page.numbers(); got != tc.want || fmt.Sprint(page.values("p.name")) != tc.parents {
			t.Errorf("%s %s: %q %v", names[tc.who], tc.kind, got, page.values("p.name"))
		}
	}
}

// What a person may not read has to look empty however it is asked for.
func TestSecuredColumnsTellNothing(t *testing.T) {
	secret := `<fetch><entity name="account"><attribute name="name"/><attribute name="taxid"/><attribute name="credit"/><attribute name="credit_base"/><order attribute="%s"/></entity></fetch>`
	w := organization(t, func(l *Loader) error {
		_, err := l.Insert("systemuserroles", Row{"systemuserid": user(ann), "roleid": role(4)})
		return err
	})
	// Ann became an administrator, Cid gets the profile, Bob is an ordinary person.
	w.load(func(l *Loader) error {
		_, err := l.Insert("systemuserprofiles", Row{"systemuserid": user(cid), "fieldsecurityprofileid": profile})
		return err
	})
	w.load(func(l *Loader) error {
		_, err := l.Insert("account", Row{"accountid": account(7), "name": "Cid's own", "accountnumber": "A7", "taxid": "XX", "credit": 9, "ownerid": owner(cid)})
		return err
	})
	if got := fmt.Sprint(w.fetch(cid, fmt.Sprintf(secret, "taxid")).values("taxid")); got != "[<nil> <nil> XX]" {
		t.Errorf("with the profile: %s", got)
	}
	if got := w.fetch(ann, where(condition("taxid", "eq", "de2"))).numbers(); got != "2" {
		t.Errorf("the administrator finds %q", got)
	}
	for _, column := range []string{"taxid", "credit", "credit_base"} {
		page := w.fetch(bob, fmt.Sprintf(secret, column))
		for _, cell := range page.column(column) {
			if cell != (Cell{}) {
				t.Errorf("%s shows %v", column, cell)
			}
		}
		if down := w.fetch(bob, strings.Replace(fmt.Sprintf(secret, column), "/></entity>", ` descending="true"/></entity>`, 1)); down.numbers() != page.numbers() {
			t.Errorf("sorting by %s tells %q from %q", column, page.numbers(), down.numbers())
		}
		if got := w.fetch(bob, where(condition(column, "null", ""))).numbers(); got != "1 2 3 6 7" {
			t.Errorf("%s is null finds %q", column, got)
		}
		for _, filter := range []string{condition(column, "not-null", ""), condition(column, "ge", "0"), condition(column, "like", "%"), condition(column, "in", "", "500", "700"),
			condition(column, "between", "", "0", "9999"), fmt.Sprintf(`<condition attribute="%s" operator="le" valueof="%s"/>`, "revenue", column)} {
			if column == "taxid" && strings.Contains(filter, "valueof") {
				continue
			}
			if got := w.fetch(bob, where(filter)).numbers(); got != "" {
				t.Errorf("%s finds %q", filter, got)
			}
		}
		group := w.fetch(bob, fmt.Sprintf(`<fetch aggregate="true"><entity name="account"><attribute name="%[1]s" groupby="true" alias="g"/><attribute name="accountid" aggregate="count" alias="n"/><attribute name="%[1]s" aggregate="countcolumn" alias="c"/></entity></fetch>`, column))
		if got := fmt.Sprint(group.values("g"), group.values("n"), group.values("c")); got != "[<nil>] [5] [0]" {
			t.Errorf("grouping by %s tells %s", column, got)
		}
		distinct := w.fetch(bob, fmt.Sprintf(`<fetch distinct="true"><entity name="account"><attribute name="%s"/></entity></fetch>`, column))
		if len(distinct.Rows) != 1 {
			t.Errorf("distinct %s tells %d rows", column, len(distinct.Rows))
		}
	}
	for _, function := range []string{"sum", "avg", "min", "max"} {
		page := w.fetch(bob, `<fetch aggregate="true"><entity name="account"><attribute name="credit" aggregate="`+function+`" alias="v"/></entity></fetch>`)
		if got := fmt.Sprint(page.values("v")); got != "[<nil>]" {
			t.Errorf("%s tells %s", function, got)
		}
	}
	linked := w.fetch(bob, `<fetch><entity name="account"><filter><condition entityname="c" attribute="secret" operator="like" value="s%"/></filter><link-entity name="contact" from="contactid" to="primarycontactid" alias="c" link-type="outer"><attribute name="secret"/></link-entity></entity></fetch>`)
	if len(linked.Rows) != 0 {
		t.Errorf("a filter on a linked secret finds %d rows", len(linked.Rows))
	}
	joined := w.fetch(bob, `<fetch><entity name="account"><link-entity name="contact" from="secret" to="name" alias="c"/></entity></fetch>`)
	if len(joined.Rows) != 0 {
		t.Errorf("a join on a secret finds %d rows", len(joined.Rows))
	}
}

func TestAccessFollowsPrivilegesAndShares(t *testing.T) {
	w := organization(t, func(l *Loader) error {
		_, err := l.Insert("principalobjectaccess", Row{"principalid": user(ann), "objectid": account(5), "objecttypecode": "account", "accessrightsmask": 1 | 2})
		return err
	})
	for n, want := range map[int]Rights{1: ReadAccess, 2: 0, 5: ReadAccess, 6: ReadAccess} { // the tests' roles hold read privileges alone
		if got, err := w.Access(w.ctx, w.as(ann), "account", account(n)); err != nil || got != want {
			t.Errorf("account %d: %v %v", n, got, err)
		}
	}
	if _, err := w.Access(w.ctx, w.as(ann), "account", account(99)); err == nil {
		t.Error("a row that does not exist has access rights")
	}
}

func TestPrivilegesAreTheUnionOfAllRoles(t *testing.T) {
	w := organization(t, nil)
	c := w.as(ann)
	for name, want := range map[string]Depth{"prvReadAccount": Basic, "prvReadOpportunity": Local, "prvReadSetting": None, "PRVREADACCOUNT": Basic} {
		if got := c.Depth(name); got != want {
			t.Errorf("%s: %v, wanted %v", name, got, want)
		}
	}
	var list []string
	for _, g := range c.Privileges() {
		list = append(list, g.Name+" "+g.Depth.String())
	}
	if got := strings.Join(list, ", "); got != "prvReadAccount Basic, prvReadActivity Basic, prvReadContact Basic, prvReadOpportunity Local" {
		t.Error(got)
	}
}

// A question for somebody's rows shows of them what a question for all shows, however it is put.
func TestAskingForAnOwnerShowsNoMore(t *testing.T) {
	w := organization(t, func(l *Loader) error {
		_, err := l.Insert("principalobjectaccess", Row{"principalid": user(ann), "principaltypecode": "systemuser", "objectid": account(5), "objecttypecode": "account", "accessrightsmask": 1})
		return err
	})
	const order = `<order attribute="accountnumber"/>`
	told := 0
	for _, who := range []int{ann, bob, cid, dee, eve} {
		owners := map[string][]string{}
		for _, r := range w.fetch(who, `<fetch><entity name="account"><attribute name="ownerid"/>`+order+`</entity></fetch>`).Rows {
			id, _ := r.Cells[0].Value.(string)
			owners[id] = append(owners[id], strings.TrimLeft(r.ID[34:], "0"))
		}
		for _, owner := range []string{user(ann), user(bob), user(cid), user(dee), user(eve), user(fay), teamDeals} {
			is := condition("ownerid", "eq", owner)
			other := condition("name", "not-null", "")
			for _, filter := range []string{
				"<filter>" + is + "</filter>", "<filter>" + condition("ownerid", "eq", "{"+strings.ToUpper(owner)+"}") + other + "</filter>",
				"<filter>" + other + "<filter>" + is + "</filter></filter>", "<filter>" + other + "</filter><filter>" + is + "</filter>",
				`<filter type="or">` + is + `</filter>`,
			} {
				got, want := w.fetch(who, `<fetch><entity name="account">`+filter+order+`</entity></fetch>`).numbers(), strings.Join(owners[owner], " ")
				if got != want {
					t.Errorf("%s sees %q, not %q, of what %s owns by %s", names[who], got, want, owner, filter)
				}
				told += len(got)
			}
			any := `<filter type="or">` + is + condition("name", "like", "%") + `</filter>`
			all := w.fetch(who, `<fetch><entity name="account">`+order+`</entity></fetch>`).numbers()
			if got := w.fetch(who, `<fetch><entity name="account">`+any+order+`</entity></fetch>`).numbers(); got != all {
				t.Errorf("%s sees %q, not %q, by %s", names[who], got, all, any)
			}
		}
		mine := w.fetch(who, `<fetch><entity name="account"><filter>`+condition("ownerid", "eq-userid", "")+`</filter>`+order+`</entity></fetch>`).numbers()
		if want := strings.Join(owners[user(who)], " "); mine != want {
			t.Errorf("%s sees %q, not %q, as own", names[who], mine, want)
		}
	}
	if told == 0 {
		t.Error("nobody sees anything")
	}
}
