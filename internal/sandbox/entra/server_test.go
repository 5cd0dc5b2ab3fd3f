package entra

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/pintab/pintab/internal/sandbox/world"
)

const (
	callback = "http://localhost:3978/auth/callback"
	orgURL   = "http://localhost:3981/harbor-sales"
	disco    = "http://localhost:3981"
	ssoURI   = "api://localhost:3978/6f1d3c52-8a44-4c0e-9d57-2f6e0b7a1c90"
	ssoScope = ssoURI + "/access_as_user"
)

// standIn is a running stand-in.
type standIn struct {
	*testing.T
	*Server
	base string
}

func start(t *testing.T) *standIn { return startAt(t, "") }

func startAt(t *testing.T, statePath string) *standIn {
	t.Helper()
	var handler http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(srv.Close)
	s, err := New(Config{
		Base: srv.URL, Tenants: world.Tenants(), People: world.People(), Client: world.Registration,
		RedirectURIs: []string{callback}, SSOResource: ssoURI, StatePath: statePath,
		Resources: func(r string) bool { return r == orgURL || r == disco },
	})
	if err != nil {
		t.Fatal(err)
	}
	handler = s
	t.Cleanup(func() { s.Close() })
	return &standIn{t, s, srv.URL}
}

// answer is what the token endpoint said.
type answer struct {
	Status       int
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token"`
	IDToken      string `json:"id_token"`
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope"`
	ExpiresIn    int64  `json:"expires_in"`
	Error        string `json:"error"`
	Description  string `json:"error_description"`
	Codes        []int  `json:"error_codes"`
	Suberror     string `json:"suberror"`
	Claims       string `json:"claims"`
	Timestamp    string `json:"timestamp"`
	TraceID      string `json:"trace_id"`
	Correlation  string `json:"correlation_id"`
}

func (at *standIn) tokenAt(tenant string, form url.Values) answer {
	at.Helper()
	if form.Get("client_id") == "" {
		form.Set("client_id", world.Registration.ID)
		form.Set("client_secret", world.Registration.Secret)
	}
	res, err := http.PostForm(at.base+"/"+tenant+"/oauth2/v2.0/token", form)
	if err != nil {
		at.Fatal(err)
	}
	defer res.Body.Close()
	a := answer{Status: res.StatusCode}
	if err := json.NewDecoder(res.Body).Decode(&a); err != nil {
		at.Fatal(err)
	}
	return a
}

func (at *standIn) tokens(form url.Values) answer {
	at.Helper()
	return at.tokenAt(world.Home.ID, form)
}

// pass is the password grant of a person.
func (at *standIn) pass(p world.Person, scope string) answer {
	at.Helper()
	return at.tokenAt(p.TenantID, url.Values{"grant_type": {"password"}, "username": {p.Username}, "password": {p.Password}, "scope": {scope}})
}

func (at *standIn) refreshed(token, scope string) answer {
	at.Helper()
	return at.tokens(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}, "scope": {scope}})
}

func (at *standIn) onBehalfOf(assertion, scope string) answer {
	at.Helper()
	return at.tokens(url.Values{"grant_type": {grantJWTBearer}, "requested_token_use": {"on_behalf_of"}, "assertion": {assertion}, "scope": {scope}})
}

func (a answer) want(t *testing.T, oauth string, code int) {
	t.Helper()
	if a.Error != oauth || len(a.Codes) != 1 || a.Codes[0] != code {
		t.Errorf("want %s AADSTS%d, got %d %s %v %s", oauth, code, a.Status, a.Error, a.Codes, a.Description)
	}
}

func (a answer) wantTokens(t *testing.T) {
	t.Helper()
	if a.Status != 200 || a.AccessToken == "" || a.TokenType != "Bearer" || a.ExpiresIn < 3600 || a.ExpiresIn > 4500 {
		t.Fatalf("no tokens: %d %s %s", a.Status, a.Error, a.Description)
	}
}

// control posts to a sandbox control.
func (at *standIn) control(path, body string) {
	at.Helper()
	res, err := http.Post(at.base+"/_sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		at.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 {
		b, _ := io.ReadAll(res.Body)
		at.Fatalf("%s %s: %d %s", path, body, res.StatusCode, b)
	}
}

// claims reads a token with an independent library, through the published keys.
func (at *standIn) claims(tenant, aud, token string) map[string]any {
	at.Helper()
	c, err := at.verified(tenant, aud, token)
	if err != nil {
		at.Fatal(err)
	}
	return c
}

func (at *standIn) verified(tenant, aud, token string) (map[string]any, error) {
	provider, err := oidc.NewProvider(context.Background(), at.base+"/"+tenant+"/v2.0")
	if err != nil {
		return nil, err
	}
	checked, err := provider.Verifier(&oidc.Config{ClientID: aud, Now: at.Now}).Verify(context.Background(), token)
	if err != nil {
		return nil, err
	}
	var c map[string]any
	return c, checked.Claims(&c)
}

// agent is a person's browser that stops before it leaves the stand-in.
type agent struct {
	at     *standIn
	client *http.Client
	page   *goquery.Document
	status int
	left   *url.URL // where the stand-in sent the browser to
	here   *url.URL
	header http.Header
}

func (at *standIn) browser() *agent {
	jar, _ := cookiejar.New(nil)
	return &agent{at: at, client: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

func (b *agent) do(req *http.Request) *agent {
	b.at.Helper()
	res, err := b.client.Do(req)
	if err != nil {
		b.at.Fatal(err)
	}
	defer res.Body.Close()
	b.status, b.header, b.here, b.left = res.StatusCode, res.Header, req.URL, nil
	if to := res.Header.Get("Location"); to != "" {
		if b.left, err = url.Parse(to); err != nil {
			b.at.Fatal(err)
		}
	}
	if b.page, err = goquery.NewDocumentFromReader(res.Body); err != nil {
		b.at.Fatal(err)
	}
	return b
}

func (b *agent) get(address string) *agent {
	b.at.Helper()
	req, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.at.Fatal(err)
	}
	return b.do(req)
}

// press sends the page's form with the button of this name and value.
func (b *agent) press(name, value string) *agent {
	b.at.Helper()
	form := b.page.Find("form").First()
	button := form.Find("button[name='" + name + "'][value='" + value + "']")
	if button.Length() != 1 {
		b.at.Fatalf("no button %s=%s on %q", name, value, b.page.Find("h1").Text())
	}
	values := url.Values{name: {value}}
	form.Find("input").Each(func(_ int, in *goquery.Selection) { values.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
	to, err := b.here.Parse(form.AttrOr("action", ""))
	if err != nil {
		b.at.Fatal(err)
	}
	req, _ := http.NewRequest(http.MethodPost, to.String(), strings.NewReader(values.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(req)
}

func (b *agent) wantTitle(text string) *agent {
	b.at.Helper()
	if got := b.page.Find("h1").Text(); got != text {
		b.at.Fatalf("page %q, want %q (status %d, to %v)", got, text, b.status, b.left)
	}
	return b
}

// sent is a parameter of the answer that the stand-in sent to the client.
func (b *agent) sent(name string) string {
	b.at.Helper()
	if b.left == nil {
		b.at.Fatalf("not sent back to the client but shown %q", b.page.Find("h1").Text())
	}
	return b.left.Query().Get(name)
}

func (at *standIn) oauth(tenant string) *oauth2.Config {
	return &oauth2.Config{
		ClientID: world.Registration.ID, ClientSecret: world.Registration.Secret, RedirectURL: callback,
		Scopes:   []string{"openid", "profile", "offline_access", disco + "/.default"},
		Endpoint: oauth2.Endpoint{AuthURL: at.base + "/" + tenant + "/oauth2/v2.0/authorize", TokenURL: at.base + "/" + tenant + "/oauth2/v2.0/token", AuthStyle: oauth2.AuthStyleInParams},
	}
}

// authorizeURL is an authorization request with some parameters changed ("" removes one).
func (at *standIn) authorizeURL(change map[string]string) string {
	u, _ := url.Parse(at.oauth(world.Home.ID).AuthCodeURL("st"))
	q := u.Query()
	for name, value := range change {
		q.Set(name, value)
		if value == "" {
			q.Del(name)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}

var (
	ingrid = world.People()[0]
	tomas  = world.People()[1]
	jakub  = world.People()[6]
)

func TestCodeFlowWithGoOIDC(t *testing.T) {
	at := start(t)
	provider, err := oidc.NewProvider(t.Context(), at.base+"/"+world.Home.ID+"/v2.0")
	if err != nil {
		t.Fatal(err)
	}
	cfg := at.oauth(world.Home.ID)
	cfg.Endpoint = provider.Endpoint()
	verifier := oauth2.GenerateVerifier()
	b := at.browser().get(cfg.AuthCodeURL("a state", oidc.Nonce("n-1"), oauth2.S256ChallengeOption(verifier)))
	b.wantTitle("Pick an account").press("account", tomas.ObjectID)
	if b.sent("state") != "a state" || !strings.HasPrefix(b.left.String(), callback+"?") {
		t.Fatal(b.left)
	}
	tok, err := cfg.Exchange(t.Context(), b.sent("code"), oauth2.VerifierOption(verifier))
	if err != nil {
		t.Fatal(err)
	}
	raw, _ := tok.Extra("id_token").(string)
	id, err := provider.Verifier(&oidc.Config{ClientID: cfg.ClientID}).Verify(t.Context(), raw)
	if err != nil {
		t.Fatal(err)
	}
	var c struct{ OID, TID, Name, Preferred_username, Ver string }
	if err := id.Claims(&c); err != nil {
		t.Fatal(err)
	}
	if id.Nonce != "n-1" || c.OID != tomas.ObjectID || c.TID != tomas.TenantID || c.Ver != "2.0" || tok.RefreshToken == "" {
		t.Errorf("%+v %+v", id, c)
	}
	access := at.claims(world.Home.ID, disco, tok.AccessToken)
	if access["scp"] != "user_impersonation" || access["azp"] != world.Registration.ID {
		t.Error(access)
	}
}

func TestKeysAndRefreshTokensSurviveARestart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sub", "entra.jsonl")
	at := startAt(t, path)
	first := at.pass(tomas, "openid offline_access "+disco+"/.default")
	first.wantTokens(t)
	second := at.refreshed(first.RefreshToken, "")
	second.wantTokens(t)
	kid := at.keys.kid
	at.Close()

	again := startAt(t, path)
	if again.keys.kid != kid {
		t.Error("another signing key after a restart")
	}
	third := again.refreshed(second.RefreshToken, "")
	third.wantTokens(t)
	again.refreshed(second.RefreshToken, "").want(t, "invalid_grant", 70000)
	again.Close()
	startAt(t, path).refreshed(third.RefreshToken, "").want(t, "invalid_grant", 50173)
}

func TestMovingTheClockExpiresCodes(t *testing.T) {
	at := start(t)
	b := at.browser().get(at.authorizeURL(nil)).press("account", tomas.ObjectID)
	code := b.sent("code")
	at.control("clock", `{"forward":"10m"}`)
	at.tokens(url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}}).want(t, "invalid_grant", 70008)
	if d := time.Until(at.Now()); d < 9*time.Minute {
		t.Error("clock moved by", d)
	}
}
