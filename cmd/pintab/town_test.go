package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
)

// town is a sandbox of one test's own, for stories that turn its clock, change its people's rights or read its log.
// While the test runs, `at` leads to it, so that visitors and clients go there.
type town struct {
	*testing.T
	*standIns
	at     addresses
	config Config
	folder string // what the sandbox keeps
	log    *lines
	issued *lines // every answer of a token endpoint
}

// moveTo starts a sandbox and leads everybody of this test to it. What is to lie in its folder before is prepared first.
func moveTo(t *testing.T, prepare ...func(folder string)) *town {
	t.Helper()
	port, err := freePorts()
	if err != nil {
		t.Fatal(err)
	}
	town := &town{T: t, at: sandboxAddresses(port), log: &lines{}, issued: &lines{}}
	town.folder = t.TempDir()
	for _, p := range prepare {
		p(town.folder)
	}
	command := sandboxCommand{Port: port, Data: town.folder}
	sockets, err := openSockets(port)
	if err != nil {
		t.Fatal(err)
	}
	if town.standIns, err = newStandIns(t.Context(), town.at, command); err != nil {
		t.Fatal(err)
	}
	if town.config, err = command.config(town.at); err != nil {
		t.Fatal(err)
	}
	app, err := wire(t.Context(), town.config, newLog(town.log, slog.LevelInfo), town.now)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	var serving sync.WaitGroup
	for i, server := range []*http.Server{app.server, standInServer(town.teams), standInServer(town.overheard(town.issuer)), standInServer(town.dataverse)} {
		serving.Go(func() {
			if err := serveUntil(ctx, server, sockets[i], 3*time.Second); err != nil {
				t.Error(err)
			}
		})
	}
	elsewhere := at
	at = town.at
	t.Cleanup(func() {
		at = elsewhere
		stop()
		serving.Wait()
		app.close()
		town.close()
	})
	return town
}

// overheard keeps what the token endpoints answer.
func (t *town) overheard(issuer http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, "/token") {
			issuer.ServeHTTP(w, r)
			return
		}
		answer := httptest.NewRecorder()
		issuer.ServeHTTP(answer, r)
		_, _ = t.issued.Write(append(answer.Body.Bytes(), '\n'))
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// secrets are all the tokens that have been issued so far.
func (t *town) secrets() (all []string) {
	t.Helper()
	for line := range strings.Lines(t.issued.String()) {
		var given tokens
		if strings.TrimSpace(line) == "" {
			continue
		}
		if err := json.Unmarshal([]byte(line), &given); err != nil {
			t.Fatal(err)
		}
		for _, token := range []string{given.Access, given.ID, given.Refresh} {
			if token != "" {
				all = append(all, token)
			}
		}
	}
	return all
}

// another starts a second Pintab beside the same stand-ins, with empty caches and an empty database of its own.
func (t *town) another() (base string, db *store.Store, end func()) {
	t.Helper()
	folder, err := os.MkdirTemp("", "pintab-another-")
	if err != nil {
		t.Fatal(err)
	}
	cfg := t.config
	cfg.DatabaseURL = "sqlite:" + filepath.Join(folder, "pintab.db")
	app, err := wire(t.Context(), cfg, newLog(t.log, slog.LevelInfo), t.now)
	if err != nil {
		t.Fatal(err)
	}
	if db, err = store.Open(t.Context(), cfg.DatabaseURL); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(app.server.Handler)
	return server.URL, db, func() {
		server.Close()
		_ = db.Close()
		app.close()
		_ = os.RemoveAll(folder)
	}
}

// read asks an organization's Web API as the administrator.
func (t *town) read(organization, path string, into any) {
	t.Helper()
	address := t.at.Dataverse + "/" + organization
	request, err := http.NewRequest(http.MethodGet, address+"/api/data/v9.2/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+personalTokens(t.T, "ingrid@harborfinch.example", address+"/.default").Access)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if err := json.NewDecoder(reply.Body).Decode(into); err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", path, reply.StatusCode, err)
	}
}

// forward turns the sandbox's clock.
func (t *town) forward(d time.Duration) {
	t.Helper()
	reply, err := http.Post(t.at.Entra+"/_sandbox/clock", "application/json", strings.NewReader(fmt.Sprintf(`{"forward":%q}`, d)))
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode != http.StatusOK {
		t.Fatalf("the clock stands still: %d", reply.StatusCode)
	}
}

// lines is a log that may be written and read at once.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// guest is a browser at one Pintab, wherever it listens. Unlike a visitor it may be used beside others and never ends the test.
type guest struct {
	base, person string
	http         *http.Client
}

func newGuest(base, person string) *guest {
	jar, _ := cookiejar.New(nil) // never fails
	return &guest{base: base, person: person, http: &http.Client{
		Jar: looseJar{jar}, Timeout: 40 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// said is an answer, whole.
type said struct {
	status int
	header http.Header
	body   string
	err    error
}

func (g *guest) ask(method, path string, form url.Values) said {
	request, err := http.NewRequest(method, g.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		return said{err: err}
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Sec-Fetch-Dest", "iframe")
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return g.do(request)
}

func (g *guest) do(request *http.Request) said {
	reply, err := g.http.Do(request)
	if err != nil {
		return said{err: err}
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	return said{reply.StatusCode, reply.Header, string(body), err}
}

// signIn comes in as Teams would bring the person, with a token of the Entra stand-in.
func (g *guest) signIn(token, next string) said {
	return g.ask(http.MethodPost, "/auth/teams", url.Values{"token": {token}, "next": {next}})
}

// tokens are what a grant of the Entra stand-in gave.
type tokens struct {
	Access  string `json:"access_token"`
	ID      string `json:"id_token"`
	Refresh string `json:"refresh_token"`
	Problem string `json:"error_description"`
}

// grant asks the Entra stand-in's token endpoint as Pintab's own registration.
func grant(t *testing.T, tenant string, form url.Values) tokens {
	t.Helper()
	form.Set("client_id", world.Registration.ID)
	form.Set("client_secret", world.Registration.Secret)
	reply, err := http.PostForm(at.Entra+"/"+tenant+"/oauth2/v2.0/token", form)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var got tokens
	if err := json.NewDecoder(reply.Body).Decode(&got); err != nil || got.Access == "" {
		t.Fatalf("no token: %v %s", err, got.Problem)
	}
	return got
}

// personal asks for tokens of somebody by password.
func personalTokens(t *testing.T, username, scope string) tokens {
	t.Helper()
	for _, p := range world.People() {
		if p.Username == username {
			return grant(t, p.TenantID, url.Values{"grant_type": {"password"}, "username": {username}, "password": {p.Password}, "scope": {scope}})
		}
	}
	t.Fatalf("nobody is %s", username)
	return tokens{}
}

// placesOf lists where somebody can work, one app after the other.
func (t *town) placesOf(one world.Person) (places []crm.Preference) {
	t.Helper()
	for _, o := range world.Organizations() {
		if o.TenantID != one.TenantID || !o.Listed {
			continue
		}
		organization := t.at.Dataverse + "/" + o.Name
		request, err := http.NewRequest(http.MethodGet, organization+"/api/data/v9.2/appmodules?$select=appmoduleid", nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Authorization", "Bearer "+personalTokens(t.T, one.Username, organization+"/.default").Access)
		reply, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		var body struct {
			Value []struct{ AppModuleID string }
		}
		if reply.StatusCode == http.StatusOK { // else the person does not belong there
			err = json.NewDecoder(reply.Body).Decode(&body)
		}
		_ = reply.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, app := range body.Value {
			places = append(places, crm.Preference{OrganizationURL: organization, AppID: app.AppModuleID})
		}
	}
	return places
}

var (
	policyNonce = regexp.MustCompile(`'nonce-([^']+)'`)
	timeElement = regexp.MustCompile(`<time[^>]*>[^<]*</time>`)
)

// plain is an answer without what differs each time it is given: the nonce, the reference and the time of day.
func (s said) plain() string {
	body := s.body
	if found := policyNonce.FindStringSubmatch(s.header.Get("Content-Security-Policy")); found != nil {
		body = strings.ReplaceAll(body, found[1], "NONCE")
	}
	if id := s.header.Get("X-Request-Id"); id != "" {
		body = strings.ReplaceAll(body, id, "REFERENCE")
	}
	return fmt.Sprintf("%d %s\n%s", s.status, s.header.Get("Location"), timeElement.ReplaceAllString(body, "<time/>"))
}
