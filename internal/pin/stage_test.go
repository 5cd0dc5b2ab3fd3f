package pin_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/pin"
	standin "github.com/pintab/pintab/internal/sandbox/dataverse"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/entra"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
	"github.com/pintab/pintab/internal/workspace"
)

var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "pin"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}

// stage is the sandbox's upstreams, started once for all tests of the package.
type stage struct {
	entra, dataverse *httptest.Server
	tokens           sync.Map

	mu     sync.Mutex
	before func(w http.ResponseWriter, r *http.Request) bool
	seen   []string
}

var sandbox = sync.OnceValues(newStage)

func newStage() (*stage, error) {
	s := &stage{}
	var issuer, service http.Handler
	s.entra = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { issuer.ServeHTTP(w, r) }))
	s.dataverse = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.seen = append(s.seen, r.Method+" "+r.URL.Path)
		before := s.before
		s.mu.Unlock()
		if before == nil || !before(w, r) {
			service.ServeHTTP(w, r)
		}
	}))
	var err error
	issuer, err = entra.New(entra.Config{
		Base: s.entra.URL, Tenants: world.Tenants(), People: world.People(), Client: world.Registration,
		SSOResource: "api://localhost/" + world.Registration.ID, Resources: func(string) bool { return true },
	})
	if err != nil {
		return nil, err
	}
	var organizations []standin.Organization
	for _, o := range world.Organizations() {
		served := standin.Organization{Organization: o, Members: seed.Members(o)}
		if o.Seed != "" {
			db, err := engine.Open(context.Background(), filepath.Join(scratch, o.Name+".db"), seed.Model(), seed.Options(o, time.Now))
			if err != nil {
				return nil, err
			}
			if err := seed.Fill(context.Background(), db, o, world.People(), time.Now()); err != nil {
				return nil, err
			}
			served.DB = db
		}
		organizations = append(organizations, served)
	}
	service = standin.New(standin.Config{Base: s.dataverse.URL, Entra: s.entra.URL, Organizations: organizations})
	return s, nil
}

// Token signs in by password, once for each person and resource.
func (s *stage) Token(_ context.Context, user crm.User, resource string) (string, error) {
	key := user.Object + " " + resource
	if token, ok := s.tokens.Load(key); ok {
		return token.(string), nil
	}
	i := slices.IndexFunc(world.People(), func(p world.Person) bool { return p.ObjectID == user.Object })
	if i < 0 {
		return "", fmt.Errorf("nobody is %v", user)
	}
	person := world.People()[i]
	response, err := http.PostForm(s.entra.URL+"/"+person.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"password"}, "client_id": {world.Registration.ID}, "client_secret": {world.Registration.Secret},
		"username": {person.Username}, "password": {person.Password}, "scope": {resource + "/.default"},
	})
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", err
	}
	if answer.AccessToken == "" {
		return "", errors.New(answer.Description)
	}
	s.tokens.Store(key, answer.AccessToken)
	return answer.AccessToken, nil
}

// channel is one place in Teams with its people, on one server of ours.
type channel struct {
	t       *testing.T
	stage   *stage
	service *pin.Service
	db      *store.Store
	file    string
	place   crm.Place // where pins are made: the sales organization, its first app
	spot    crm.Spot
}

func open(t *testing.T) *channel {
	t.Helper()
	s, err := sandbox()
	if err != nil {
		t.Fatal(err)
	}
	c := &channel{t: t, stage: s, file: filepath.Join(t.TempDir(), "pintab.db"), spot: crm.Spot{Team: "19:team@thread.tacv2", Group: "b7d1c0a4-2e58-4c7d-8a64-0c5f1e9d2b73", Channel: "19:channel@thread.tacv2"}}
	if c.db, err = store.Open(t.Context(), "sqlite:"+c.file); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.db.Close() })
	c.restart()
	boss := who(world.Administrator)
	c.place, err = c.service.Places.Check(t.Context(), boss, s.dataverse.URL+"/harbor-sales", "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// restart is another server on the same database that knows nothing yet.
func (c *channel) restart() {
	client := dataverse.New(dataverse.Config{DiscoveryURL: c.stage.dataverse.URL, Tokens: c.stage, AllowHTTP: true})
	c.service = &pin.Service{
		Memory: c.db, Places: workspace.Service{Catalog: client, Preferences: c.db}, Source: client, PublicURL: "https://pintab.example", Now: time.Now,
	}
}

func who(role world.Role) crm.Caller {
	i := slices.IndexFunc(world.People(), func(p world.Person) bool { return p.Role == role })
	person := world.People()[i]
	return crm.Caller{User: crm.User{Tenant: person.TenantID, Object: person.ObjectID}, Locale: "en-US"}
}

// intercept lets a test see every request first.
func (s *stage) intercept(t *testing.T, before func(w http.ResponseWriter, r *http.Request) bool) {
	t.Helper()
	s.set(before)
	t.Cleanup(func() { s.set(nil) })
}

func (s *stage) set(before func(w http.ResponseWriter, r *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before = before
}

// api is another client of the organization, with the rights of a person.
func (c *channel) api(role world.Role, method, path string, body map[string]any) (int, map[string]any) {
	c.t.Helper()
	token, err := c.stage.Token(c.t.Context(), who(role).User, c.place.Organization.URL)
	if err != nil {
		c.t.Fatal(err)
	}
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			c.t.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, c.place.Organization.API+"/api/data/v9.2/"+path, reader)
	if err != nil {
		c.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		request.Header.Set("If-Match", "*")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		c.t.Fatal(err)
	}
	defer response.Body.Close()
	answer := map[string]any{}
	_ = json.NewDecoder(response.Body).Decode(&answer) // an empty answer stays empty
	if id := response.Header.Get("OData-EntityId"); id != "" {
		answer["id"] = strings.TrimSuffix(id[strings.LastIndex(id, "(")+1:], ")")
	}
	return response.StatusCode, answer
}

// account makes an account as the administrator.
func (c *channel) account(name string) string {
	c.t.Helper()
	status, answer := c.api(world.Administrator, http.MethodPost, "accounts", map[string]any{"name": name})
	id, _ := answer["id"].(string)
	if status != http.StatusNoContent || id == "" {
		c.t.Fatal("not created:", status, answer)
	}
	return id
}

// to leads to an account.
func (c *channel) to(id string) crm.PinTarget {
	return crm.PinTarget{Organization: c.place.Organization.URL, App: c.place.App.ID, Table: "account", Record: id}
}

// save saves what somebody chose for a new tab.
func (c *channel) save(role world.Role, to crm.PinTarget) (crm.Pin, crm.TabSettings) {
	c.t.Helper()
	id, err := c.service.NewID()
	if err != nil {
		c.t.Fatal(err)
	}
	p, settings, err := c.service.Create(c.t.Context(), who(role), pin.Draft{ID: id, Target: to, Spot: c.spot})
	if err != nil {
		c.t.Fatal(err)
	}
	return p, settings
}

// look opens a tab by the address that Teams keeps, as the page of the tab does.
func (c *channel) look(role world.Role, address string) (crm.Pinned, error) {
	c.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		c.t.Fatal(err)
	}
	a, err := pin.AddressFrom(u.Query())
	if err != nil {
		return crm.Pinned{}, err
	}
	p, err := c.service.Open(c.t.Context(), who(role), a)
	if err != nil {
		return crm.Pinned{}, err
	}
	checked, err := c.service.Check(c.t.Context(), who(role), []crm.Pinned{p})
	if err != nil {
		return crm.Pinned{}, err
	}
	return checked[0], c.service.Opened(c.t.Context(), who(role), checked[0], c.spot)
}
