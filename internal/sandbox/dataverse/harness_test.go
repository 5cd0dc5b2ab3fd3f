package dataverse

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/entra"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// sandbox is the stand-in on a port of its own, with the Entra stand-in beside it.
type sandbox struct {
	t      *testing.T
	base   string // of Dataverse
	issuer string // of Entra
	tokens map[string]string
}

// common is started once for all tests that add no rows of their own.
var common *sandbox

// start gives both stand-ins. Organizations are the sandbox's, of which only the first has rows.
func start(t *testing.T, more func(insert func(string, engine.Row))) *sandbox {
	t.Helper()
	if more != nil {
		s, stop := run(t, smallOrganization(t, more))
		t.Cleanup(stop)
		return s
	}
	if common == nil {
		common, _ = run(t, smallOrganization(untilExit{t}, nil))
	}
	s := *common
	s.t = t
	return &s
}

// untilExit keeps what a test opened for the tests after it.
type untilExit struct{ testing.TB }

func (untilExit) Cleanup(func()) {}

// run starts both stand-ins.
func run(t *testing.T, db *engine.DB) (*sandbox, func()) {
	t.Helper()
	login, service := httptest.NewUnstartedServer(nil), httptest.NewUnstartedServer(nil)
	s := &sandbox{t: t, tokens: map[string]string{}, base: "http://" + service.Listener.Addr().String(), issuer: "http://" + login.Listener.Addr().String()}
	id, err := entra.New(entra.Config{
		Base: s.issuer, Tenants: world.Tenants(), People: world.People(), Client: world.Registration,
		Resources: func(resource string) bool { return strings.HasPrefix(resource, s.base) },
	})
	if err != nil {
		t.Fatal(err)
	}
	var organizations []Organization
	for i, o := range world.Organizations() {
		org := Organization{Organization: o, Members: []string{world.People()[0].ObjectID}}
		if i == 0 {
			org.DB = db
		}
		organizations = append(organizations, org)
	}
	server := New(Config{Base: s.base, Entra: s.issuer, Organizations: organizations})
	login.Config.Handler, service.Config.Handler = id, server
	login.Start()
	service.Start()
	return s, func() { login.Close(); service.Close() }
}

// token signs a person in for a resource.
func (s *sandbox) token(person int, resource string) string {
	s.t.Helper()
	p := world.People()[person]
	key := p.Username + " " + resource
	if s.tokens[key] != "" {
		return s.tokens[key]
	}
	response, err := http.PostForm(s.issuer+"/"+p.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"password"}, "client_id": {world.Registration.ID}, "client_secret": {world.Registration.Secret},
		"username": {p.Username}, "password": {p.Password}, "scope": {resource + "/.default"},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	body, _ := io.ReadAll(response.Body)
	if err := json.Unmarshal(body, &answer); err != nil || answer.Token == "" {
		s.t.Fatalf("no token: %s", body)
	}
	s.tokens[key] = answer.Token
	return answer.Token
}

const (
	administrator = 0
	salesperson   = 1
	stranger      = 5
)

func (s *sandbox) organization() string { return s.base + "/" + world.Organizations()[0].Name }
func (s *sandbox) root() string         { return s.organization() + "/api/data/v9.2/" }

// answer is a response with its JSON read.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	text   string
	body   map[string]any
}

// send makes a request with a person's token; headers are "Name: value".
func (s *sandbox) send(method, address string, person int, body string, headers ...string) answer {
	s.t.Helper()
	request, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	resource := s.organization()
	if strings.HasPrefix(address, s.base+"/api/discovery") {
		resource = s.base
	}
	request.Header.Set("Authorization", "Bearer "+s.token(person, resource))
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		request.Header.Add(name, value)
	}
	return s.do(request)
}

func (s *sandbox) do(request *http.Request) answer {
	s.t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	a := answer{t: s.t, status: response.StatusCode, header: response.Header, text: string(text)}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &a.body); err != nil {
			s.t.Fatalf("%s is not JSON: %v\n%s", request.URL, err, text)
		}
	}
	return a
}

// get asks the Web API as a person; the query is encoded here.
func (s *sandbox) get(person int, path string, headers ...string) answer {
	s.t.Helper()
	path, query, asked := strings.Cut(path, "?")
	address := s.root() + path
	if asked {
		address += "?" + strings.NewReplacer(" ", "%20", "<", "%3C", ">", "%3E", `"`, "%22", "{", "%7B", "}", "%7D", "#", "%23").Replace(query)
	}
	return s.send(http.MethodGet, address, person, "", headers...)
}

// ok demands 200.
func (a answer) ok() answer {
	a.t.Helper()
	if a.status != http.StatusOK {
		a.t.Fatalf("status %d: %s", a.status, a.text)
	}
	return a
}

// refused demands a status and a code.
func (a answer) refused(status int, code string) {
	a.t.Helper()
	problem, _ := a.body["error"].(map[string]any)
	if a.status != status || problem["code"] != code || problem["message"] == "" {
		a.t.Errorf("status %d: %s, not %d %s", a.status, a.text, status, code)
	}
}

// at follows keys and positions into the JSON.
func (a answer) at(path ...any) any {
	a.t.Helper()
	var v any = a.body
	for _, p := range path {
		switch p := p.(type) {
		case string:
			object, _ := v.(map[string]any)
			v = object[p]
		case int:
			list, _ := v.([]any)
			if p >= len(list) {
				a.t.Fatalf("no element %d in %s", p, a.text)
			}
			v = list[p]
		}
	}
	return v
}

// column lists one member of every row, joined by commas.
func (a answer) column(name string) string {
	a.t.Helper()
	var texts []string
	rows, _ := a.body["value"].([]any)
	for _, row := range rows {
		text, _ := row.(map[string]any)[name].(string)
		texts = append(texts, text)
	}
	return strings.Join(texts, ",")
}
