package record_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/record"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func (s *seeker) paste(text string) (crm.Pasted, error) {
	return s.service.Paste(s.t.Context(), s.caller, s.place, text)
}

// Section 4 no. 10: whichever link somebody has at hand leads to the record or the view, in the organization that it names.
func TestPastedLinks(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	s.switchSearch("harbor-sales", true, false)
	s.switchSearch("harbor-service", true, false)
	found := map[string]crm.FoundRecord{}
	for _, f := range s.search("contoso", "account").Records {
		found[f.Place.Organization.UniqueName] = f
	}
	here, there := s.places[0], s.places[1]
	mine, other := found[here.Organization.UniqueName], found[there.Organization.UniqueName]
	views, err := s.service.SearchViews(t.Context(), s.caller, crm.SearchQuery{Text: "active accounts", Places: s.places[:1]}, nil)
	if err != nil || len(views.Views) == 0 || mine.Ref.ID == "" || other.Ref.ID == "" {
		t.Fatal(err, views.Views, found)
	}
	view := views.Views[0].View.ID
	org := here.Organization.URL
	apps, _, err := s.client.Apps(t.Context(), s.caller, here.Organization)
	if err != nil || len(apps) < 2 {
		t.Fatal(len(apps), err)
	}
	for text, want := range map[string]struct {
		at           crm.Place
		record, view string
	}{
		org + "/main.aspx?appid=" + here.App.ID + "&pagetype=entityrecord&etn=account&id=" + mine.Ref.ID:                                         {here, mine.Ref.ID, ""},
		org + "/main.aspx?etc=1&id=%7b" + strings.ToUpper(mine.Ref.ID) + "%7d&pagetype=entityrecord":                                             {here, mine.Ref.ID, ""},
		org + "/main.aspx?appid=" + apps[1].ID + "&pagetype=entityrecord&etn=account&id=" + mine.Ref.ID:                                          {crm.Place{Organization: here.Organization, App: apps[1]}, mine.Ref.ID, ""},
		org + "/apps/uniquename/" + strings.ToUpper(apps[1].UniqueName) + "?pagetype=entityrecord&etn=account&id=" + mine.Ref.ID:                 {crm.Place{Organization: here.Organization, App: apps[1]}, mine.Ref.ID, ""},
		org + "/main.aspx?appid=00000000-0000-4000-8000-000000000bad&pagetype=entityrecord&etn=account&id=" + mine.Ref.ID:                        {here, mine.Ref.ID, ""},
		org + "/api/data/v9.2/accounts(" + mine.Ref.ID + ")":                                                                                     {here, mine.Ref.ID, ""},
		"https://teams.microsoft.com/l/entity/x/y?webUrl=" + url.QueryEscape(org+"/main.aspx?pagetype=entityrecord&etn=account&id="+mine.Ref.ID): {here, mine.Ref.ID, ""},
		there.Organization.URL + "/main.aspx?pagetype=entityrecord&etn=account&id=" + other.Ref.ID:                                               {there, other.Ref.ID, ""},
		mine.Ref.ID: {here, mine.Ref.ID, ""},
		"{" + strings.ToUpper(strings.ReplaceAll(mine.Ref.ID, "-", "")) + "}":                                          {here, mine.Ref.ID, ""},
		org + "/main.aspx?appid=" + here.App.ID + "&pagetype=entitylist&etn=account&viewid=" + view + "&viewType=1039": {here, "", view},
		org + "/main.aspx?pagetype=entitylist&etn=account&viewid=%7b" + view + "%7d&viewType=4230":                     {here, "", view},
		org + "/main.aspx?pagetype=entitylist&etn=account":                                                             {here, "", "any"},
		view: {here, "", view},
	} {
		got, err := s.paste(text)
		if err != nil || got.Place != want.at {
			t.Errorf("%s: in %s, %s: %v", text, got.Place.Organization.Name, got.Place.App.Name, err)
			continue
		}
		switch {
		case want.record != "" && (got.Record == nil || got.Record.Ref.ID != want.record || got.Record.Name == "" || len(got.Record.Fields) == 0):
			t.Errorf("%s: %+v", text, got.Record)
		case want.view != "" && (got.View == nil || got.View.View.ID != want.view && want.view != "any" || got.View.View.Name == "" || got.View.Table.LogicalName != "account"):
			t.Errorf("%s: %+v", text, got.View)
		}
	}
}

// lame is a directory in which another organization is disabled.
type lame struct {
	record.Directory
	near string
}

func (l lame) Organizations(ctx context.Context, caller crm.Caller) ([]crm.Organization, []crm.LeftOut, error) {
	listed, leftOut, err := l.Directory.Organizations(ctx, caller)
	return listed, append(leftOut, crm.LeftOut{Name: "Harbor Retired", URL: strings.Replace(l.near, "harbor-sales", "harbor-retired", 1), Reason: crm.ReasonDisabled}), err
}

// What leads nowhere says so in words of its own, and no address of a link is ever asked for anything.
func TestPastedLinksThatLeadNowhere(t *testing.T) {
	var asked atomic.Int64
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer elsewhere.Close()
	s := seeking(t, world.Seller, "en-US")
	org := s.place.Organization.URL
	s.service.Directory = lame{s.client, org}
	const nobody = "00000000-0000-4000-8000-00000000dead"
	for text, key := range map[string]string{
		"":                             "paste.not_link",
		"contoso":                      "paste.not_link",
		"javascript:alert(1)":          "paste.not_link",
		"https://example.com/news":     "paste.not_link",
		strings.Repeat("https://", 99): "paste.not_link",
		elsewhere.URL + "/main.aspx?pagetype=entityrecord&etn=account&id=" + nobody:                       "paste.other_organization",
		elsewhere.URL + "/harbor-sales/main.aspx?pagetype=entityrecord&etn=account&id=" + nobody:          "paste.other_organization",
		"https://contoso.crm9.dynamics.com/main.aspx?pagetype=entityrecord&etn=account&id=" + nobody:      "paste.other_organization",
		org + "x/main.aspx?pagetype=entityrecord&etn=account&id=" + nobody:                                "paste.other_organization",
		org + ".evil.example/main.aspx?pagetype=entityrecord&etn=account&id=" + nobody:                    "paste.other_organization",
		strings.Replace(org, "harbor-sales", "moravia", 1) + "/main.aspx?etn=account&id=" + nobody:        "paste.other_organization",
		strings.Replace(org, "harbor-sales", "harbor-retired", 1) + "/main.aspx?etn=account&id=" + nobody: "paste.left_out",
		org + "/main.aspx?pagetype=dashboard&id=" + nobody:                                                "paste.dashboard",
		org + "/main.aspx?appid=" + s.place.App.ID:                                                        "paste.page",
		org + "/main.aspx?pagetype=entityrecord&etn=account&id=" + nobody:                                 "record.deleted",
		org + "/main.aspx?pagetype=entityrecord&etn=nosuchtable&id=" + nobody:                             "record.no_table",
		org + "/main.aspx?pagetype=entityrecord&etc=31999&id=" + nobody:                                   "record.no_table",
		org + "/api/data/v9.2/nosuchset(" + nobody + ")":                                                  "record.no_table",
		org + "/main.aspx?pagetype=entitylist&etn=account&viewid=" + nobody:                               "view.gone",
		org + "/main.aspx?pagetype=entitylist&etn=nosuchtable":                                            "record.no_table",
		nobody: "paste.nowhere",
	} {
		got, err := s.paste(text)
		if f := fault.Of(err); f == nil || f.Key != key {
			t.Errorf("%.120s: %v, want %s; %+v", text, err, key, got)
		}
	}
	if asked.Load() != 0 {
		t.Error("an address in a link was asked", asked.Load(), "times")
	}
}

// A record that the person may not read says so, and nothing of itself.
func TestPastedLinksToClosedRecords(t *testing.T) {
	s := seeking(t, world.Seller, "en-US")
	boss := seeking(t, world.Administrator, "en-US")
	ref := boss.account("Canary closed to sellers")
	if status, _ := s.api(world.Seller, http.MethodGet, "accounts("+ref.ID+")", nil); status != http.StatusForbidden {
		t.Fatal("sellers read everything here:", status)
	}
	for _, text := range []string{s.place.Organization.URL + "/main.aspx?pagetype=entityrecord&etn=account&id=" + ref.ID, ref.ID} {
		got, err := s.paste(text)
		if f := fault.Of(err); f == nil || f.Key != "record.no_access" && f.Key != "paste.nowhere" || got.Record != nil || strings.Contains(err.Error(), "Canary") {
			t.Errorf("%s: %+v %v", text, got, err)
		}
	}
}
