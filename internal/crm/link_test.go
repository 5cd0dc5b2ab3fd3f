package crm

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

const (
	linkID   = "91330924-802a-4b0d-a900-34fd9d790829"
	linkView = "00000000-0000-0000-00aa-000010001031"
	linkApp  = "12fd1cf3-e06e-e911-a95f-000d3a13c42a"
)

// R25, section 4 no. 10: whatever link people have at hand is understood.
func TestLinksThatPeoplePaste(t *testing.T) {
	const org = "https://contoso.crm4.dynamics.com"
	record := Link{Page: LinkRecord, Address: org, App: linkApp, Table: "account", ID: linkID}
	for text, want := range map[string]Link{
		org + "/main.aspx?appid=" + linkApp + "&pagetype=entityrecord&etn=account&id=" + linkID:                                                                  record,
		org + "/main.aspx?appid=" + linkApp + "&pagetype=entityrecord&etn=account&id=%7B" + linkID + "%7D":                                                       record,
		" <" + org + "//main.aspx?appid=" + linkApp + "&forceUCI=1&pagetype=entityrecord&etn=account&id=" + linkID + "> ":                                        record,
		"HTTPS://CONTOSO.crm4.dynamics.com:443/MAIN.ASPX?AppId=" + linkApp + "&PageType=EntityRecord&ETN=Account&ID={" + strings.ToUpper(linkID) + "}#392649339": record,
		org + "/main.aspx?etn=account&id=" + linkID + "&appid=" + linkApp:                                                                                        record,
		org + "/main.aspx?appid=" + linkApp + "&etn=account&id=" + strings.ReplaceAll(linkID, "-", ""):                                                           record,
		org + "/main.aspx?etc=1&extraqs=%3fid%3d%257b" + linkID + "%257d&pagetype=entityrecord":                                                                  {Page: LinkRecord, Address: org, TypeCode: 1, ID: linkID},
		org + "/userdefined/edit.aspx?etc=10012&id=%7b" + linkID + "%7d":                                                                                         {Page: LinkRecord, Address: org, TypeCode: 10012, ID: linkID},
		org + "/sfa/opps/edit.aspx?id=%7b" + linkID + "%7d":                                                                                                      {Page: LinkRecord, Address: org, Table: "opportunity", ID: linkID},
		org + "/apps/saleshub?pagetype=entityrecord&etn=account&id=" + linkID:                                                                                    {Page: LinkRecord, Address: org, App: "saleshub", Table: "account", ID: linkID},
		org + "/Apps/uniquename/msdynce_saleshub?pagetype=entityrecord&etn=account&id=" + linkID:                                                                 {Page: LinkRecord, Address: org, App: "msdynce_saleshub", Table: "account", ID: linkID},
		org + "/main.aspx?appname=msdynce_saleshub&pagetype=entityrecord&etn=account&id=" + linkID + "&formid=" + linkView:                                       {Page: LinkRecord, Address: org, App: "msdynce_saleshub", Table: "account", ID: linkID, Form: linkView},
		org + "/main.aspx?appid=" + linkApp + "&pagetype=entitylist&etn=account&viewid=" + linkView + "&viewType=1039":                                           {Page: LinkView, Address: org, App: linkApp, Table: "account", ViewID: linkView},
		org + "/main.aspx?appid=" + linkApp + "&pagetype=entitylist&etn=account&viewid={" + linkView + "}&viewtype=4230":                                         {Page: LinkView, Address: org, App: linkApp, Table: "account", ViewID: linkView, Personal: true},
		org + "/main.aspx?appid=" + linkApp + "&pagetype=entitylist&etn=account":                                                                                 {Page: LinkView, Address: org, App: linkApp, Table: "account"},
		org + "/main.aspx?appid=" + linkApp + "&pagetype=dashboard&id=" + linkID + "&type=system&_canOverride=true":                                              {Page: LinkDashboard, Address: org, App: linkApp, ID: linkID},
		org + "/main.aspx?appid=" + linkApp + "&pagetype=dashboard&id=" + linkID + "&type=user":                                                                  {Page: LinkDashboard, Address: org, App: linkApp, ID: linkID, Personal: true},
		org + "/main.aspx?appid=" + linkApp:                          {Page: LinkApp, Address: org, App: linkApp},
		org + "/apps/saleshub":                                       {Page: LinkApp, Address: org, App: "saleshub"},
		org + "/api/data/v9.2/accounts(" + linkID + ")?$select=name": {Page: LinkRecord, Address: org, SetName: "accounts", ID: linkID},
		"https://crm.contoso.example/Sales/main.aspx?etn=new_thing&id=" + linkID + "&pagetype=entityrecord":                                              {Page: LinkRecord, Address: "https://crm.contoso.example/Sales", Table: "new_thing", ID: linkID},
		"https://contoso.crm9.dynamics.com/main.aspx?etn=account&id=" + linkID:                                                                           {Page: LinkRecord, Address: "https://contoso.crm9.dynamics.com", Table: "account", ID: linkID},
		"https://contoso.crm.dynamics.cn/main.aspx?etn=account&id=" + linkID:                                                                             {Page: LinkRecord, Address: "https://contoso.crm.dynamics.cn", Table: "account", ID: linkID},
		"http://localhost:3981/contoso/main.aspx?etn=account&id=" + linkID:                                                                               {Page: LinkRecord, Address: "http://localhost:3981/contoso", Table: "account", ID: linkID},
		"ms-dynamicsxrm://?pagetype=entity&etn=account&id=" + linkID:                                                                                     {Page: LinkRecord, Table: "account", ID: linkID},
		"https://teams.microsoft.com/l/entity/abc/pin?webUrl=" + url.QueryEscape(org+"/main.aspx?etn=account&id="+linkID+"&appid="+linkApp) + "&label=x": record,
		"http://localhost:3978/tab/record?org=" + url.QueryEscape(org) + "&app=" + linkApp + "&table=account&id=" + linkID:                               record,
		"http://localhost:3978/tab/view?org=" + url.QueryEscape(org+"/") + "&app=" + linkApp + "&table=account&view=" + linkView + ".personal":           {Page: LinkView, Address: org, App: linkApp, Table: "account", ViewID: linkView, Personal: true},
		linkID:                              {Page: LinkID, ID: linkID},
		"{" + strings.ToUpper(linkID) + "}": {Page: LinkID, ID: linkID},
		"%7B" + linkID + "%7D":              {Page: LinkID, ID: linkID},
		strings.ReplaceAll(linkID, "-", ""): {Page: LinkID, ID: linkID},
	} {
		got, ok := LinkFrom(text)
		if diff := cmp.Diff(want, got); diff != "" || !ok {
			t.Errorf("%s: %v\n%s", text, ok, diff)
		}
	}
}

func TestTextThatIsNoLink(t *testing.T) {
	for _, text := range []string{
		"", " ", "contoso", "https://", "https://contoso.crm4.dynamics.com", "https://contoso.crm4.dynamics.com/main.aspx", "https://example.com/news?q=1",
		"javascript:alert(1)", "file:///etc/passwd", "https://user:pw@contoso.crm4.dynamics.com/main.aspx?etn=account&id=" + linkID, "91330924-802a-4b0d-a900",
		"ftp://contoso.crm4.dynamics.com/main.aspx?etn=account&id=" + linkID, "https://contoso.crm4.dynamics.com/api/data/v9.2/accounts(name='x')",
		"http://localhost:3978/tab/record?org=javascript:alert(1)&table=account&id=" + linkID, strings.Repeat("x", 1<<20),
		"https://contoso.crm4.dynamics.com/main.aspx?etn=acc'ount", "http://[::1/main.aspx?etn=account",
	} {
		if l, ok := LinkFrom(text); ok {
			t.Errorf("%.80q was read as %+v", text, l)
		}
	}
}

// A link leads into an organization by its whole address alone: one that only begins alike is somebody else's.
func TestOrganizationsOfLinks(t *testing.T) {
	org := Organization{URL: "https://contoso.crm4.dynamics.com", API: "https://contoso.api.crm4.dynamics.com"}
	path := Organization{URL: "http://localhost:3981/contoso", API: "http://localhost:3981/contoso"}
	for address, want := range map[string]Organization{
		"https://contoso.crm4.dynamics.com": org, "https://CONTOSO.crm4.dynamics.com": org, "https://contoso.api.crm4.dynamics.com": org,
		"https://contoso.crm4.dynamics.com.evil.example": {}, "https://evil.example/contoso.crm4.dynamics.com": {}, "http://contoso.crm4.dynamics.com": {}, "": {},
		"http://localhost:3981/contoso": path, "http://localhost:3981/contoso2": {}, "http://localhost:3981": {},
	} {
		l := Link{Address: address}
		for _, o := range []Organization{org, path} {
			if got := l.In(o); got != (o == want) {
				t.Errorf("%q in %s: %v", address, o.URL, got)
			}
		}
	}
	if (Link{}).In(Organization{}) {
		t.Error("no address is in an organization without one")
	}
}

func FuzzLinkFrom(f *testing.F) {
	f.Add("https://contoso.crm4.dynamics.com/main.aspx?etn=account&id=%7B" + linkID + "%7D")
	f.Add("https://contoso.crm4.dynamics.com/apps/uniquename/x?pagetype=entitylist&etc=1")
	f.Add("https://teams.microsoft.com/l/entity/a/b?webUrl=https%3A%2F%2Fx%2Fmain.aspx%3Fetc%3D1")
	f.Add("https://x/tab/record?org=https://y&table=account&id=" + linkID)
	f.Add("{" + linkID + "}")
	f.Fuzz(func(t *testing.T, text string) {
		l, ok := LinkFrom(text)
		if !ok {
			if l != (Link{}) && l.Page == "" {
				t.Errorf("half a link: %+v", l)
			}
			return
		}
		for _, id := range []string{l.ID, l.ViewID, l.Form} {
			if id != "" && !isGUID(id) {
				t.Errorf("%q is no id", id)
			}
		}
		for _, name := range []string{l.Table, l.SetName} {
			if name != "" && !isLogicalName(name) {
				t.Errorf("%q is no name", name)
			}
		}
		if l.Page == "" || l.Page == LinkRecord && l.ID == "" || l.TypeCode < 0 {
			t.Errorf("%+v", l)
		}
		if l.Address != "" {
			if u, err := url.Parse(l.Address); utf8.ValidString(text) && (err != nil || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "") {
				t.Errorf("address %q: %v", l.Address, err)
			}
		}
	})
}
