package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// pinsCommand makes many tabs from a list (docs/tab-address.md).
type pinsCommand struct {
	Plan  pinsPlanCommand  `cmd:"" help:"Print the calls of Microsoft Graph that make the tabs of a list. Nothing is sent anywhere."`
	Apply pinsApplyCommand `cmd:"" help:"Send these calls with the access token in PINTAB_GRAPH_TOKEN. Tabs that are there already are left, or corrected."`
}

// pinsList says which list is read and what the calls need besides.
type pinsList struct {
	File      string `arg:"" help:"The list: a YAML or CSV file, or - for YAML from standard input."`
	TeamsApp  string `required:"" name:"teams-app" help:"Id of the app in your organization's app catalog, as Graph lists it (appCatalogs/teamsApps)."`
	Tenant    string `help:"Directory (tenant) id; the one of TENANT_ID if it names one."`
	PublicURL string `name:"public-url" env:"PINTAB_PUBLIC_URL" required:"" help:"Address people reach Pintab at."`
	Graph     string `default:"https://graph.microsoft.com/v1.0" help:"Address of Microsoft Graph in your cloud."`
}

// calls reads the list and makes calls of it; every problem is told at once.
func (l pinsList) calls(tenants string) ([]tabCall, error) {
	tenant := strings.ToLower(strings.TrimSpace(l.Tenant))
	if tenant == "" && !strings.Contains(tenants, ",") {
		tenant = strings.ToLower(strings.TrimSpace(tenants))
	}
	var problems []error
	if !guid.MatchString(tenant) {
		problems = append(problems, errors.New("--tenant takes a directory (tenant) id such as 72f988bf-86f1-41af-91ab-2d7cd011db47"))
	}
	app := strings.ToLower(strings.TrimSpace(l.TeamsApp))
	if !guid.MatchString(app) {
		problems = append(problems, errors.New("--teams-app takes the id of the app in the app catalog, a GUID"))
	}
	if !strings.HasPrefix(l.PublicURL, "https://") && !strings.HasPrefix(l.PublicURL, "http://localhost") {
		problems = append(problems, errors.New("--public-url begins with https://"))
	}
	entries, err := readPins(l.File, os.Stdin)
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, err
	}
	calls := make([]tabCall, len(entries))
	for i, e := range entries {
		calls[i] = e.call(strings.TrimRight(l.Graph, "/"), strings.TrimRight(l.PublicURL, "/"), tenant, app)
	}
	return calls, nil
}

type pinsPlanCommand struct{ pinsList }

// Run prints the calls, one JSON object a line.
func (c pinsPlanCommand) Run() error { return c.run(os.Getenv("TENANT_ID"), os.Stdout) }

func (c pinsPlanCommand) run(tenants string, out io.Writer) error {
	calls, err := c.calls(tenants)
	if err != nil {
		return err
	}
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	for _, call := range calls {
		if err := lines.Encode(call); err != nil {
			return err
		}
	}
	return nil
}

type pinsApplyCommand struct{ pinsList }

// Run sends the calls and prints what became of each tab.
func (c pinsApplyCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Getenv("TENANT_ID"), os.Getenv("PINTAB_GRAPH_TOKEN"), os.Stdout)
}

func (c pinsApplyCommand) run(ctx context.Context, tenants, token string, out io.Writer) error {
	calls, err := c.calls(tenants)
	if err != nil {
		return err
	}
	if token == "" {
		return errors.New("PINTAB_GRAPH_TOKEN is not set: it takes an access token of Microsoft Graph with TeamsTab.Create and TeamsTab.Read.All, or for chats their like; `pintab pins plan` prints the calls without one")
	}
	g := graph{client: &http.Client{Timeout: 30 * time.Second}, token: token}
	failed := 0
	for _, call := range calls {
		done, err := g.send(ctx, call)
		if err != nil {
			failed++
			done = "failed: " + err.Error()
		}
		if _, err := fmt.Fprintf(out, "%s\t%s\t%s\n", done, call.Body.Name, call.URL); err != nil {
			return err
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d tabs could not be made", failed, len(calls))
	}
	return nil
}
