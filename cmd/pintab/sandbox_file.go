package main

import (
	"encoding/json"
	"os"
	"path/filepath"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// sandboxFile is DIR/sandbox.json, by which other people's programs find and use a running sandbox.
type sandboxFile struct {
	App           string                `json:"app"`
	Teams         string                `json:"teams"`
	Entra         string                `json:"entra"`
	Dataverse     string                `json:"dataverse"`
	Discovery     string                `json:"discovery"`
	Tenant        string                `json:"tenant"`
	ClientID      string                `json:"client_id"`
	ClientSecret  string                `json:"client_secret"`
	BotAppID      string                `json:"bot_app_id"`
	SSOScope      string                `json:"sso_scope"`
	Organizations []sandboxOrganization `json:"organizations"`
	People        []sandboxPerson       `json:"people"`
}

type sandboxOrganization struct {
	Name   string `json:"name"`
	URL    string `json:"url"`
	Listed bool   `json:"listed"`
}

type sandboxPerson struct {
	Username    string `json:"username"`
	Password    string `json:"password"`
	Description string `json:"description"`
	Tenant      string `json:"tenant"`
}

// describe lists what a sandbox at these addresses offers.
func describe(at addresses) sandboxFile {
	file := sandboxFile{
		App: at.App, Teams: at.Teams, Entra: at.Entra, Dataverse: at.Dataverse, Discovery: at.Dataverse,
		Tenant: world.Home.ID, ClientID: world.Registration.ID, ClientSecret: world.Registration.Secret,
		BotAppID: world.Registration.BotAppID, SSOScope: at.ssoScope(),
	}
	for _, o := range world.Organizations() {
		file.Organizations = append(file.Organizations, sandboxOrganization{Name: o.Name, URL: at.Dataverse + "/" + o.Name, Listed: o.Listed})
	}
	for _, p := range world.People() {
		file.People = append(file.People, sandboxPerson{Username: p.Username, Password: p.Password, Description: p.Description, Tenant: p.TenantID})
	}
	return file
}

// write replaces the file in one step, so that a reader never sees half of it.
func (f sandboxFile) write(folder string) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err != nil {
		return err
	}
	next := filepath.Join(folder, ".sandbox.json.next")
	if err := os.WriteFile(next, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(next, filepath.Join(folder, "sandbox.json"))
}
