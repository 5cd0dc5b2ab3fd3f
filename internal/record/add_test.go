package record_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

func (d *desk) count(path string) int {
	d.t.Helper()
	_, answer := d.api(world.Administrator, http.MethodGet, strings.ReplaceAll(path, " ", "%20"), nil)
	rows, ok := answer["value"].([]any)
	if !ok {
		d.t.Fatal(answer)
	}
	return len(rows)
}

func TestANoteIsAddedOnce(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Notes")
	f := d.open(ref)
	lost := 0
	d.stage.intercept(t, func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPatch && strings.Contains(r.URL.Path, "annotations") && r.Header.Get("X-Elsewhere") == "" {
			if lost++; lost == 1 {
				http.Error(w, "", http.StatusBadGateway)
				return true
			}
		}
		return false
	})
	note := crm.Note{Token: f.Token, Title: "Call", Text: "They agreed", File: &crm.Download{FileValue: crm.FileValue{Name: "offer.txt", Type: "text/plain"}, Content: []byte("10 boats")}}
	for range 2 {
		if err := d.service.AddNote(t.Context(), d.caller, d.place, note); err != nil {
			t.Fatal(err)
		}
	}
	note.Text = "They agreed, later"
	if err := d.service.AddNote(t.Context(), d.caller, d.place, note); err != nil {
		t.Fatal(err)
	}
	if n := d.count("annotations?$select=subject&$filter=_objectid_value eq " + ref.ID); n != 2 {
		t.Error(n, "notes")
	}
	for _, bad := range []crm.Note{{Token: f.Token}, {Token: f.Token, Text: strings.Repeat("x", 100_001)}, {Token: "x", Text: "x"}} {
		if err := d.service.AddNote(t.Context(), d.caller, d.place, bad); err == nil {
			t.Error("accepted")
		}
	}
}

func TestSharing(t *testing.T) {
	d, seller := at(t, world.Administrator, "en-US"), at(t, world.Seller, "en-US")
	ref := d.account("Shared")
	if f, err := seller.service.Open(t.Context(), seller.caller, seller.place, ref, ""); err == nil && f.Access.Write {
		t.Fatal("they may write it anyway")
	}
	found, err := d.service.Lookup(t.Context(), d.caller, d.place, crm.LookupQuery{Table: "account", Column: "ownerid", Target: "systemuser", Text: "Tomas"})
	if err != nil || len(found.Found) != 1 {
		t.Fatal(err, found)
	}
	if err := d.service.Share(t.Context(), d.caller, d.place, d.open(ref).Token, found.Found[0], crm.Access{Write: true}); err != nil {
		t.Fatal(err)
	}
	if f := seller.open(ref); !f.Access.Write || !f.Editable() {
		t.Errorf("%+v", f.Access)
	}
}

func TestWhatHasChangedSinceSomebodyLooked(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Since")
	f := d.open(ref)
	if since, err := d.service.Since(t.Context(), d.caller, d.place, f); err != nil || !since.Last.IsZero() || len(since.Changes) != 0 {
		t.Fatal(err, since)
	}
	if since, err := d.service.Since(t.Context(), d.caller, d.place, f); err != nil || since.Last.IsZero() || len(since.Changes) != 0 {
		t.Fatal(err, since)
	}
	d.api(world.Administrator, http.MethodPatch, "accounts("+ref.ID+")", map[string]any{"telephone1": "theirs"})
	d.api(world.Administrator, http.MethodPatch, "accounts("+ref.ID+")", map[string]any{"sic": "new"})
	since, err := d.service.Since(t.Context(), d.caller, d.place, d.open(ref))
	if err != nil || len(since.Changes) == 0 || since.Changes[0].By.Name == "" || since.Changes[0].At.IsZero() {
		t.Fatal(err, since)
	}
	// The organization keeps a history of accounts, and the administrator may read it.
	said := map[string]string{}
	for _, h := range since.Changes {
		for _, change := range h.Fields {
			if _, later := said[change.Column.LogicalName]; later {
				continue // its making, within the same second
			}
			said[change.Column.LogicalName] = change.Old.Raw + " became " + change.New.Raw
		}
	}
	if since.Unlisted || said["telephone1"] != "1 became theirs" || said["sic"] != "2 became new" {
		t.Errorf("%v, %q, %q", since.Unlisted, said["telephone1"], said["sic"])
	}
	if again, _ := d.service.Since(t.Context(), d.caller, d.place, d.open(ref)); len(again.Changes) != 0 {
		t.Error("told twice")
	}
}
