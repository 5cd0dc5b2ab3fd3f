package web

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/dashboard"
	"github.com/pintab/pintab/internal/entra"
	"github.com/pintab/pintab/internal/privacy"
	standin "github.com/pintab/pintab/internal/sandbox/entra"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
	"github.com/pintab/pintab/internal/workspace"
)

const frameAncestors = "https://teams.microsoft.com https://*.cloud.microsoft"

// pintab is the whole web door over https, with a real store and the Entra ID stand-in over HTTP. Dataverse is a small
// catalogue in memory, because what is tested here is the door.
type pintab struct {
	testing.TB
	*Server
	url   string
	idp   string // origin of the Entra ID stand-in
	store *store.Store
	crm   *catalogue
	clock *clock
	log   *lockedBuffer
	file  string // of the database
}

// clock is a time that tests move.
type clock struct {
	mu sync.Mutex
	by time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.by)
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.by += d
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.Write(p)
}

func (b *lockedBuffer) text() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.Buffer.String()
}

// key makes a key of 32 bytes for a test.
func key(b byte) []byte { return bytes.Repeat([]byte{b}, 32) }

func start(t testing.TB, changes ...func(*Config)) *pintab {
	t.Helper()
	return startOn(t, "sqlite:"+filepath.Join(t.TempDir(), "pintab.db"), changes...)
}

// startOn starts one replica on a database.
func startOn(t testing.TB, database string, changes ...func(*Config)) *pintab {
	t.Helper()
	at := &pintab{TB: t}
	srv := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { at.Server.ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	at.url = srv.URL
	at.wire(database, changes...)
	return at
}

// startOnLoopback is what the sandbox does: plain http on localhost, which browsers trust as they trust https.
func startOnLoopback(t testing.TB, changes ...func(*Config)) *pintab {
	t.Helper()
	at := &pintab{TB: t}
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { at.Server.ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	at.url = strings.Replace(srv.URL, "127.0.0.1", "localhost", 1)
	at.wire("sqlite:"+filepath.Join(t.TempDir(), "pintab.db"), changes...)
	return at
}

// wire builds the server that answers at at.url.
func (at *pintab) wire(database string, changes ...func(*Config)) {
	t := at.TB
	t.Helper()
	at.clock, at.log, at.crm, at.file = &clock{}, &lockedBuffer{}, newCatalogue(), strings.TrimPrefix(database, "sqlite:")

	var err error
	if at.store, err = store.Open(t.Context(), database); err != nil {
		t.Fatal(err)
	}
	at.store.Now = at.clock.now
	t.Cleanup(func() { at.store.Close() })

	at.startEntra()
	redirect, resource := at.url+"/auth/callback", "https://discovery.example"
	tokens := entra.New(entra.Config{
		Authority: at.idp, TenantID: world.Home.ID, AllowedTenants: []string{world.Second.ID},
		ClientID: world.Registration.ID, ClientSecret: world.Registration.Secret, Audiences: []string{ssoResource},
		DiscoveryResource: resource, RedirectURL: redirect, SealKeys: [][]byte{key('s')}, Now: at.clock.now,
	}, at.store)
	cfg := Config{
		PublicURL: at.url, FrameAncestors: strings.Fields(frameAncestors), CookieKeys: [][]byte{key('k')},
		SignIn: tokens, Store: at.store,
		AuthorizeURL: func(r AuthRequest) string { return tokens.AuthorizeURL(entra.AuthRequest(r)) },
		Places:       workspace.Service{Catalog: at.crm, Preferences: at.store},
		Dashboards:   dashboard.Service{Source: at.crm, Choices: at.store, Now: at.clock.now},
		Privacy:      privacy.Service{Rows: at.store, Memory: []privacy.Memory{tokens}, Now: at.clock.now},
		Log:          slog.New(slog.NewJSONHandler(at.log, nil)), Now: at.clock.now,
	}
	for _, change := range changes {
		change(&cfg)
	}
	if at.Server, err = New(cfg); err != nil {
		t.Fatal(err)
	}
}

// databaseText is everything that stands in the database's files.
func (at *pintab) databaseText() string {
	at.Helper()
	var all strings.Builder
	for _, name := range []string{at.file, at.file + "-wal"} {
		content, err := os.ReadFile(name)
		if err != nil {
			at.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

const ssoResource = "api://pintab.example/6f1d3c52-8a44-4c0e-9d57-2f6e0b7a1c90"

func (at *pintab) startEntra() {
	at.Helper()
	var handler http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	at.Cleanup(srv.Close)
	at.idp = srv.URL
	s, err := standin.New(standin.Config{
		Base: srv.URL, Tenants: world.Tenants(), People: world.People(), Client: world.Registration,
		RedirectURIs: []string{at.url + "/auth/callback"}, SSOResource: ssoResource,
		Resources: func(r string) bool { return r == "https://discovery.example" },
	})
	if err != nil {
		at.Fatal(err)
	}
	handler = s
}

func person(role world.Role) world.Person {
	for _, p := range world.People() {
		if p.Role == role {
			return p
		}
	}
	panic(role)
}

// teamsToken is what getAuthToken gives a tab.
func (at *pintab) teamsToken(p world.Person) string {
	at.Helper()
	res, err := http.PostForm(at.idp+"/"+p.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"password"}, "client_id": {world.Registration.ID}, "client_secret": {world.Registration.Secret},
		"username": {p.Username}, "password": {p.Password}, "scope": {ssoResource + "/access_as_user"},
	})
	if err != nil {
		at.Fatal(err)
	}
	defer res.Body.Close()
	var answer struct {
		Token string `json:"access_token"`
	}
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer.Token == "" {
		at.Fatal("no token", err, res.StatusCode)
	}
	return answer.Token
}

// require makes Entra ID want to see a person: "consent", "mfa" or "none".
func (at *pintab) require(p world.Person, kind string) {
	at.Helper()
	body, err := json.Marshal(map[string]string{"username": p.Username, "kind": kind})
	if err != nil {
		at.Fatal(err)
	}
	res, err := http.Post(at.idp+"/_sandbox/require", "application/json", bytes.NewReader(body))
	if err != nil || res.StatusCode != http.StatusOK {
		at.Fatal(err, res.Status)
	}
	res.Body.Close()
}

// browser is a client with cookies. It does not follow redirects of ours unless asked, and it sends the headers by which
// browsers tell what a request is for.
type browser struct {
	*pintab
	client *http.Client
	framed bool
}

func (at *pintab) browser(framed bool) *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		at.Fatal(err)
	}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // the certificate of httptest is nobody's
		DialContext:     (&net.Dialer{Timeout: 5 * time.Second}).DialContext,
	}
	at.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return &browser{at, client, framed}
}

// page is an answer, read to its end.
type page struct {
	testing.TB
	*http.Response
	body string
	doc  *goquery.Document
}

func (b *browser) request(method, address string, form url.Values, change ...func(*http.Request)) *page {
	b.Helper()
	if strings.HasPrefix(address, "/") {
		address = b.url + address
	}
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	r, err := http.NewRequestWithContext(b.Context(), method, address, body)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Dest", "document")
	r.Header.Set("Sec-Fetch-Site", "none")
	if b.framed {
		r.Header.Set("Sec-Fetch-Dest", "iframe")
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		r.Header.Set("Origin", b.url)
	}
	for _, f := range change {
		f(r)
	}
	res, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(method, address, err)
	}
	p := &page{TB: b.TB, Response: res, body: string(text)}
	if p.doc, err = goquery.NewDocumentFromReader(strings.NewReader(p.body)); err != nil {
		b.Fatal(err)
	}
	return p
}

func (b *browser) get(address string, change ...func(*http.Request)) *page {
	b.Helper()
	return b.request(http.MethodGet, address, nil, change...)
}

func (b *browser) post(address string, form url.Values, change ...func(*http.Request)) *page {
	b.Helper()
	return b.request(http.MethodPost, address, form, change...)
}

// inTeams is a tab that has signed in silently.
func (at *pintab) inTeams(p world.Person) *browser {
	at.Helper()
	b := at.browser(true)
	b.post("/auth/teams", url.Values{"token": {at.teamsToken(p)}, "next": {"/tab/dashboard"}}).wantStatus(http.StatusOK)
	return b
}

// atEntra goes through the pages of Entra ID, choosing and accepting, until they lead back to us.
func (b *browser) atEntra(p world.Person, address, decision string) string {
	b.Helper()
	next := b.get(address)
	for range 8 {
		if to := next.Header.Get("Location"); to != "" {
			if strings.HasPrefix(to, b.url) {
				return to
			}
			address = resolve(b.TB, address, to)
			next = b.get(address)
			continue
		}
		form := next.doc.Find("form").First()
		values := url.Values{"account": {p.ObjectID}}
		form.Find("input").Each(func(_ int, i *goquery.Selection) { values.Set(i.AttrOr("name", ""), i.AttrOr("value", "")) })
		if form.Find(`button[name="decision"]`).Length() > 0 {
			values.Set("decision", decision)
		}
		address = resolve(b.TB, address, form.AttrOr("action", ""))
		next = b.post(address, values, func(r *http.Request) { r.Header.Set("Origin", b.idp) })
	}
	b.Fatal("Entra ID does not lead back:", next.Status, next.body)
	return ""
}

func resolve(t testing.TB, base, to string) string {
	t.Helper()
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	if u, err = u.Parse(to); err != nil {
		t.Fatal(err)
	}
	return u.String()
}

func (p *page) wantStatus(status int) *page {
	p.Helper()
	if p.StatusCode != status {
		p.Fatalf("%s %s: %s, want %d\n%.600s", p.Request.Method, p.Request.URL.Path, p.Status, status, p.body)
	}
	return p
}

func (p *page) wantOne(selector string) *goquery.Selection {
	p.Helper()
	found := p.doc.Find(selector)
	if found.Length() != 1 {
		p.Errorf("%s: %d elements match %s\n%.1500s", p.Request.URL.Path, found.Length(), selector, p.body)
	}
	return found
}

func (p *page) wantText(text string) {
	p.Helper()
	if !strings.Contains(p.doc.Text(), text) {
		p.Errorf("%s does not say %q\n%.1500s", p.Request.URL.Path, text, p.body)
	}
}

func (p *page) wantLocation(to string) {
	p.Helper()
	if got := p.Header.Get("Location"); got != to {
		p.Errorf("%s %s leads to %q, want %q", p.Request.Method, p.Request.URL.Path, got, to)
	}
}

// cookie gives what the answer sets under a name.
func (p *page) cookie(name string) *http.Cookie {
	for _, c := range p.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}
