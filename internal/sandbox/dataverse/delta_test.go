package dataverse

import (
	"net/http"
	"strings"
	"testing"
)

func TestChangesAreToldSinceTheLastTime(t *testing.T) {
	s := writable(t)
	tracking := []string{"Prefer: odata.track-changes,odata.maxpagesize=2"}
	get := func(address string) answer {
		return s.send(http.MethodGet, address, administrator, "", tracking...).ok()
	}
	a := get(s.root() + "accounts?$select=name")
	if a.at("@odata.deltaLink") != nil || !strings.Contains(a.header.Get("Preference-Applied"), "odata.track-changes") {
		t.Fatal(a.text, a.header)
	}
	all := a.column("name")
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"name":"Acme while paging"}`).done()
	for a.at("@odata.nextLink") != nil {
		a = get(a.at("@odata.nextLink").(string))
		all += "," + a.column("name")
	}
	if !strings.HasPrefix(all, "Acme,Boreas 50%_[x],Çelik & 'Söhne'") {
		t.Error(all)
	}
	link, _ := a.at("@odata.deltaLink").(string)
	if !strings.HasPrefix(link, s.root()+"accounts?$select=name&$deltatoken=") || !strings.Contains(link, "%21") {
		t.Fatal(link)
	}
	if b := get(link); b.column("name") != "Acme while paging" || b.at("@odata.context") != s.root()+"$metadata#accounts(name)/$delta" {
		t.Error(b.text)
	}
	s.write(http.MethodPatch, "accounts("+celik+")", administrator, `{"name":"Celik"}`).done()
	s.write(http.MethodPatch, "accounts("+boreas+")", administrator, `{"name":"Boreas"}`).done()
	s.write(http.MethodDelete, "accounts("+celik+")", administrator, "").done()
	b := get(link)
	if b.column("name") != "Acme while paging,Boreas," || b.at("value", 2, "id") != celik || b.at("value", 2, "reason") != "deleted" || b.at("value", 2, "@odata.context") != s.root()+"$metadata#accounts/$deletedEntity" {
		t.Error(b.text)
	}
	counted := strings.Replace(link, "accounts?", "accounts/$count?", 1)
	if n := s.send(http.MethodGet, counted, administrator, "").ok(); n.text != "3" {
		t.Error(n.text)
	}
	again := get(b.at("@odata.deltaLink").(string))
	if again.column("name") != "" {
		t.Error(again.text)
	}
	// A token that is too old brings everything.
	old := link[:strings.Index(link, "%21")] + "%2101%2F02%2F2001%2000%3A00%3A00"
	if c := s.send(http.MethodGet, old, administrator, "", "Prefer: odata.track-changes").ok(); c.column("name") != "Acme while paging,Boreas" && c.column("name") != "Boreas,Acme while paging" {
		t.Error(c.text)
	}
	for _, query := range []string{"&$filter=name eq 'x'", "&$orderby=name", "&$top=1", "&$expand=primarycontactid"} {
		s.get(administrator, "accounts?$select=name"+query, tracking...).refused(400, codeResource)
	}
	s.get(administrator, "accounts?$deltatoken=x").refused(400, codeResource)
	s.get(administrator, "roles?$select=name", tracking...).refused(400, "0x80040203")
}
