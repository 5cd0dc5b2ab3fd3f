package dataverse

import (
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

func TestExpandedCollectionsHavePages(t *testing.T) {
	s := start(t, func(insert func(string, engine.Row)) {
		for _, name := range []string{"a", "b", "c", "d&e", "f", "g"} {
			insert("contact", engine.Row{"fullname": name, "emailaddress1": "x", "parentcustomerid": engine.Ref{Table: "account", ID: boreas}, "ownerid": engine.Ref{Table: "systemuser", ID: ingrid}})
		}
	})
	const expand = "$expand=contact_customer_accounts($select=fullname;$filter=emailaddress1 eq @p and fullname ne 'c';$orderby=fullname;$count=true)&@p='x'"
	names := func(rows any) string {
		var list []string
		for _, row := range rows.([]any) {
			list = append(list, row.(map[string]any)["fullname"].(string))
		}
		return strings.Join(list, ",")
	}
	for _, path := range []string{"accounts(" + boreas + ")?$select=name&" + expand, "accounts?$select=name&$orderby=name&" + expand} {
		a := s.get(administrator, path, "Prefer: odata.maxpagesize=2").ok()
		row, _ := a.body, 0
		if list, ok := a.body["value"].([]any); ok {
			row = list[1].(map[string]any)
			if first := list[0].(map[string]any); first["contact_customer_accounts@odata.nextLink"] != nil {
				t.Error("a page that is whole has a link")
			}
		}
		if got := names(row["contact_customer_accounts"]); got != "a,b" || row["contact_customer_accounts@odata.count"] != 5.0 {
			t.Error(got, a.text)
		}
		link, _ := row["contact_customer_accounts@odata.nextLink"].(string)
		if !strings.HasPrefix(link, s.root()+"accounts("+boreas+")/contact_customer_accounts?") {
			t.Fatal(link)
		}
		b := s.send("GET", link, administrator, "", "Prefer: odata.maxpagesize=2").ok()
		if got := names(b.body["value"]); got != "d&e,f" || b.at("@odata.count") != 5.0 {
			t.Error(got, b.text)
		}
		last := s.send("GET", b.at("@odata.nextLink").(string), administrator, "", "Prefer: odata.maxpagesize=2").ok()
		if got := names(last.body["value"]); got != "g" || last.at("@odata.nextLink") != nil {
			t.Error(got, last.text)
		}
		s.send("GET", strings.Replace(link, "fullname", "emailaddress1", 1), administrator, "", "Prefer: odata.maxpagesize=2").refused(400, codeResource)
	}
	many := s.get(administrator, "roles("+admins+")?$select=name&$expand=systemuserroles_association($select=fullname;$orderby=fullname)", "Prefer: odata.maxpagesize=1")
	if link := many.ok().at("systemuserroles_association@odata.nextLink"); link != nil {
		t.Error(link)
	}
}
