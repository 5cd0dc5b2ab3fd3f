package main

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

const seededTable = `{"tables": [{"schemaName": "new_Berth", "label": {"1033": "Berth", "1031": "Liegeplatz"}, "primaryName": "new_Name", "apps": ["msdynce_saleshub"],
 "columns": [{"schemaName": "new_Name", "type": "String"}, {"schemaName": "new_AccountId", "type": "Lookup", "targets": [{"table": "account"}]}]}],
 "rows": [{"table": "new_berth", "organizations": ["harbor-sales"], "rows": [{"new_name": "Zwergpinguin quay", "ownerid": {"table": "systemuser", "name": "SELLER"}}]}]}`

// Somebody puts a table of their own into the seed folder and starts afresh: it is there in metadata, rows, forms, views
// and queries, and the folder stays.
func TestATableFromASeedFileIsServed(t *testing.T) {
	folder := t.TempDir()
	port, err := freePorts()
	if err != nil {
		t.Fatal(err)
	}
	seller := ""
	for _, p := range world.People() {
		if p.Role == world.Seller {
			seller = p.Name
		}
	}
	file := filepath.Join(folder, seedFolder, "berth.json")
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(seededTable, "SELLER", seller, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- runSandbox(ctx, sandboxCommand{Port: port, Data: folder, Fresh: true}, io.Discard, newLog(io.Discard, slog.LevelError))
	}()
	own := sandboxAddresses(port)
	if err := untilReady(own.App, ended); err != nil {
		t.Fatal(err)
	}
	defer func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	if _, err := os.Stat(file); err != nil {
		t.Errorf("--fresh took the seed file: %v", err)
	}

	api := own.Dataverse + "/harbor-sales/api/data/v9.2/"
	token := passwordToken(t, own, world.Seller, own.Dataverse+"/harbor-sales/.default")
	for question, want := range map[string]string{
		"EntityDefinitions(LogicalName='new_berth')?$select=EntitySetName,DisplayName":                                                     `"EntitySetName":"new_berths"`,
		"EntityDefinitions(LogicalName='new_berth')/Attributes/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=LogicalName,Targets": `"Targets":["account"]`,
		"new_berths?$select=new_name": "Zwergpinguin quay",
		"systemforms?$select=formxml&$filter=objecttypecode%20eq%20%27new_berth%27%20and%20type%20eq%202": `datafieldname=\"new_name\"`,
		"savedqueries?$select=name&$filter=returnedtypecode%20eq%20%27new_berth%27":                       "Active Berths",
		"$metadata": `<EntitySet Name="new_berths"`,
		"":          `"@search.entityname":"new_berth"`,
	} {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, api+question, nil)
		if question == "" { // search is another service
			request, err = http.NewRequestWithContext(ctx, http.MethodPost, own.Dataverse+"/harbor-sales/api/search/v1.0/query", strings.NewReader(`{"search":"zwergpinguin","entities":["new_berth"]}`))
		}
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/json")
		request.Header.Set("Authorization", "Bearer "+token)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		_ = answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %d %.600s", question, answer.StatusCode, body)
		}
	}
}

// passwordToken signs a person in without a browser.
func passwordToken(t *testing.T, own addresses, role world.Role, scope string) string {
	t.Helper()
	form := url.Values{"grant_type": {"password"}, "client_id": {world.Registration.ID}, "client_secret": {world.Registration.Secret}, "scope": {scope}}
	tenant := ""
	for _, p := range world.People() {
		if p.Role == role {
			form.Set("username", p.Username)
			form.Set("password", p.Password)
			tenant = p.TenantID
		}
	}
	answer, err := http.PostForm(own.Entra+"/"+tenant+"/oauth2/v2.0/token", form)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var given struct {
		AccessToken string `json:"access_token"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&given); err != nil || given.AccessToken == "" {
		t.Fatal(err, answer.Status)
	}
	return given.AccessToken
}
