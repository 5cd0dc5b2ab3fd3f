package record_test

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
	"github.com/pintab/pintab/internal/record"
	standin "github.com/pintab/pintab/internal/sandbox/dataverse"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/entra"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
)

// scratch holds the organization while the tests run.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "pintab-record"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}

// stage is the sandbox with its two upstreams and one organization, started once for all tests of the package.
type stage struct {
	entra, dataverse *httptest.Server
	tokens           sync.Map
	mu               sync.Mutex
	seen             []string // method and path of everything asked of Dataverse
	// before, when set, sees every request first; what it answers true to has been answered.
	before func(w http.ResponseWriter, r *http.Request) bool
	serve  func(w http.ResponseWriter, r *http.Request) // Dataverse itself
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
		if o.Name != "harbor-sales" && o.Name != "harbor-service" {
			continue
		}
		db, err := engine.Open(context.Background(), filepath.Join(scratch, o.Name+".db"), seed.Model(), seed.Options(o, time.Now))
		if err != nil {
			return nil, err
		}
		if err := seed.Fill(context.Background(), db, o, world.People(), time.Now()); err != nil {
			return nil, err
		}
		organizations = append(organizations, standin.Organization{Organization: o, Members: seed.Members(o), DB: db})
	}
	service = standin.New(standin.Config{Base: s.dataverse.URL, Entra: s.entra.URL, Organizations: organizations})
	s.serve = service.ServeHTTP
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

// desk is one person at work with records, on one server of ours.
type desk struct {
	t       *testing.T
	stage   *stage
	caller  crm.Caller
	place   crm.Place
	client  *dataverse.Client
	service *record.Service
}

func at(t *testing.T, role world.Role, locale string) *desk {
	return atIn(t, role, locale, "harbor-sales")
}

func atIn(t *testing.T, role world.Role, locale, organization string) *desk {
	t.Helper()
	s, err := sandbox()
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(world.People(), func(p world.Person) bool { return p.Role == role })
	person := world.People()[i]
	address := s.dataverse.URL + "/" + organization
	d := &desk{
		t: t, stage: s, caller: crm.Caller{User: crm.User{Tenant: person.TenantID, Object: person.ObjectID}, Locale: locale},
		place:  crm.Place{Organization: crm.Organization{Name: organization, URL: address, API: address}},
		client: dataverse.New(dataverse.Config{DiscoveryURL: s.dataverse.URL, Tokens: s, AllowHTTP: true}),
	}
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "pintab.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	d.service = d.server(db)
	return d
}

var sealKey = bytes.Repeat([]byte{7}, 32)

// server is a server of ours on a database; several on one are replicas.
func (d *desk) server(db record.Writes) *record.Service {
	seal, err := record.NewSeal([][]byte{sealKey})
	if err != nil {
		d.t.Fatal(err)
	}
	looks, _ := db.(record.Looks)
	return &record.Service{Looks: looks, Source: d.client, Around: d.client, Closer: d.client, Adder: d.client, Mover: d.client, Chronicle: d.client, Writes: db, Seal: seal, Now: time.Now}
}

// intercept lets a test see every request first.
func (s *stage) intercept(t *testing.T, before func(w http.ResponseWriter, r *http.Request) bool) {
	t.Helper()
	s.mu.Lock()
	s.before = before
	s.mu.Unlock()
	t.Cleanup(func() {
		s.mu.Lock()
		s.before = nil
		s.mu.Unlock()
	})
}

// sent counts the requests to paths that contain a text, by method.
func (s *stage) sent(method, path string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, r := range s.seen {
		if strings.HasPrefix(r, method+" ") && strings.Contains(r, path) {
			n++
		}
	}
	return n
}

func (s *stage) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = nil
}

// api is another client of the organization, with the rights of a person, to which nothing of ours belongs.
func (d *desk) api(role world.Role, method, path string, body map[string]any) (int, map[string]any) {
	d.t.Helper()
	i := slices.IndexFunc(world.People(), func(p world.Person) bool { return p.Role == role })
	person := world.People()[i]
	token, err := d.stage.Token(d.t.Context(), crm.User{Tenant: person.TenantID, Object: person.ObjectID}, d.place.Organization.URL)
	if err != nil {
		d.t.Fatal(err)
	}
	text, err := json.Marshal(body)
	if err != nil {
		d.t.Fatal(err)
	}
	var reader io.Reader
	if body != nil {
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(context.Background(), method, d.place.Organization.API+"/api/data/v9.2/"+path, reader)
	if err != nil {
		d.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("X-Elsewhere", "1")
	if method == http.MethodPatch {
		request.Header.Set("If-Match", "*")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		d.t.Fatal(err)
	}
	defer response.Body.Close()
	answer := map[string]any{}
	_ = json.NewDecoder(response.Body).Decode(&answer) // an empty answer stays empty
	if id := response.Header.Get("OData-EntityId"); id != "" {
		answer["id"] = strings.TrimSuffix(id[strings.LastIndex(id, "(")+1:], ")")
	}
	return response.StatusCode, answer
}

// make creates a row as the administrator, and gives it to whoever the test is about.
func (d *desk) make(set, table string, body map[string]any) crm.RecordRef {
	d.t.Helper()
	status, answer := d.api(world.Administrator, http.MethodPost, set, body)
	id, _ := answer["id"].(string)
	if status != http.StatusNoContent || id == "" {
		d.t.Fatal("not created:", status, answer)
	}
	return crm.RecordRef{Organization: d.place.Organization.URL, Table: table, ID: id}
}

// held is what the organization holds.
func (d *desk) held(set string, ref crm.RecordRef, column string) any {
	d.t.Helper()
	status, answer := d.api(world.Administrator, http.MethodGet, set+"("+ref.ID+")", nil)
	if status != http.StatusOK {
		d.t.Fatal(status, answer)
	}
	return answer[column]
}

// open opens a record on the form that is called like its table.
func (d *desk) open(ref crm.RecordRef) crm.Form {
	d.t.Helper()
	f, err := d.service.Open(d.t.Context(), d.caller, d.place, ref, "")
	if err != nil {
		d.t.Fatal(err)
	}
	for _, other := range f.Forms {
		if other.Name == f.Table.Label && other.ID != f.ID {
			if f, err = d.service.Open(d.t.Context(), d.caller, d.place, ref, other.ID); err != nil || f.ID != other.ID {
				d.t.Fatal("the other form does not open:", err)
			}
		}
	}
	return f
}

// typed is what a browser posts of a form in which some fields were typed into.
func typed(f crm.Form, with map[string]string) crm.Input {
	values := url.Values{crm.TokenName: {f.Token}}
	for _, x := range f.Fields {
		if x.ReadOnly == "" {
			values[x.LogicalName] = append([]string{""}, x.Inputs()...)
		}
	}
	for column, text := range with {
		values[column] = []string{text}
	}
	return crm.InputFrom(values)
}

func (d *desk) save(f crm.Form, with map[string]string) crm.Saved {
	d.t.Helper()
	saved, err := d.service.Save(d.t.Context(), d.caller, d.place, typed(f, with))
	if err != nil {
		d.t.Fatal(err)
	}
	return saved
}
