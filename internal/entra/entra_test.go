package entra

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	sandbox "github.com/pintab/pintab/internal/sandbox/entra"
	"github.com/pintab/pintab/internal/sandbox/world"
)

const (
	callback = "http://localhost:3978/auth/callback"
	orgURL   = "http://localhost:3981/harbor-sales"
	otherOrg = "http://localhost:3981/harbor-service"
	disco    = "http://localhost:3981"
	ssoURI   = "api://localhost:3978/6f1d3c52-8a44-4c0e-9d57-2f6e0b7a1c90"
)

var (
	ingrid = world.People()[0]
	tomas  = world.People()[1]
	jakub  = world.People()[6]
)

func userOf(p world.Person) crm.User { return crm.User{Tenant: p.TenantID, Object: p.ObjectID} }

// clock is a clock that only moves when told to.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// login is the login service that the tests run against, with a count of what it was asked.
type login struct {
	*testing.T
	clock   *clock
	idp     *sandbox.Server
	base    string
	counted sync.Map // last part of the path -> *atomic.Int64
	vault   *memoryVault
}

func startLogin(t *testing.T) *login {
	t.Helper()
	at := &login{T: t, clock: &clock{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}}
	at.vault = newMemoryVault(at.clock.Now)
	var handler http.Handler
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		at.counter(r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:]).Add(1)
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(srv.Close)
	at.base = srv.URL
	var err error
	at.idp, err = sandbox.New(sandbox.Config{
		Base: srv.URL, Tenants: world.Tenants(), People: world.People(), Client: world.Registration, RedirectURIs: []string{callback},
		SSOResource: ssoURI, Now: at.clock.Now, Resources: func(r string) bool { return r == orgURL || r == otherOrg || r == disco },
	})
	if err != nil {
		t.Fatal(err)
	}
	handler = at.idp
	return at
}

func (at *login) counter(name string) *atomic.Int64 {
	n, _ := at.counted.LoadOrStore(name, new(atomic.Int64))
	return n.(*atomic.Int64)
}

func (at *login) config() Config {
	return Config{
		Authority: at.base, TenantID: Organizations, AllowedTenants: []string{world.Home.ID, world.Second.ID},
		ClientID: world.Registration.ID, ClientSecret: world.Registration.Secret, Audiences: []string{ssoURI},
		DiscoveryResource: disco, RedirectURL: callback, SealKeys: [][]byte{bytes.Repeat([]byte{1}, 32)}, Now: at.clock.Now,
	}
}

// replica is one process of Pintab.
func (at *login) replica() *Service { return New(at.config(), at.vault) }

func (at *login) control(path, body string) {
	at.Helper()
	res, err := http.Post(at.base+"/_sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		at.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != 200 {
		b, _ := io.ReadAll(res.Body)
		at.Fatalf("%s: %d %s", path, res.StatusCode, b)
	}
}

// password asks as a program without a browser does.
func (at *login) password(p world.Person, scope string) map[string]any {
	at.Helper()
	res, err := http.PostForm(at.base+"/"+p.TenantID+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"password"}, "client_id": {world.Registration.ID}, "client_secret": {world.Registration.Secret},
		"username": {p.Username}, "password": {p.Password}, "scope": {scope},
	})
	if err != nil {
		at.Fatal(err)
	}
	defer res.Body.Close()
	var answer map[string]any
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || answer["access_token"] == nil {
		at.Fatal(err, answer)
	}
	at.counter("token").Add(-1)
	return answer
}

// tabToken is what getAuthToken gives a tab.
func (at *login) tabToken(p world.Person) string {
	at.Helper()
	return at.password(p, ssoURI+"/access_as_user")["access_token"].(string)
}

// approve walks an interactive sign-in in a browser and gives the code.
func (at *login) approve(address string, p world.Person, decision string) url.Values {
	at.Helper()
	jar, _ := cookiejar.New(nil)
	client := &http.Client{Jar: jar, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if strings.HasPrefix(r.URL.String(), callback) {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	res, err := client.Get(address)
	for range 4 {
		if err != nil {
			at.Fatal(err)
		}
		if to := res.Header.Get("Location"); to != "" {
			u, _ := url.Parse(to)
			return u.Query()
		}
		page, _ := goquery.NewDocumentFromReader(res.Body)
		res.Body.Close()
		form := page.Find("form").First()
		values := url.Values{}
		form.Find("input").Each(func(_ int, in *goquery.Selection) { values.Set(in.AttrOr("name", ""), in.AttrOr("value", "")) })
		if form.Find("button[name=decision]").Length() > 0 {
			values.Set("decision", decision)
		} else {
			values.Set("account", p.ObjectID)
		}
		to, err2 := res.Request.URL.Parse(form.AttrOr("action", ""))
		if err2 != nil || form.Length() == 0 {
			at.Fatal("no form on ", page.Text())
		}
		res, err = client.PostForm(to.String(), values)
	}
	at.Fatal("sign-in does not end")
	return nil
}

// signedIn is a replica where a person is signed in.
func (at *login) signedIn(p world.Person) *Service {
	at.Helper()
	s := at.replica()
	if _, err := s.SignInTab(at.Context(), at.tabToken(p)); err != nil {
		at.Fatal(err)
	}
	return s
}

func wantFault(t *testing.T, err error, kind fault.Kind, key string) *fault.Error {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != kind || f.Key != key {
		t.Fatalf("want fault %d %s, got %v", kind, key, err)
	}
	return f
}

// memoryVault keeps rows as the store does, and counts and fails on request.
type memoryVault struct {
	mu     sync.Mutex
	rows   map[purpose]memoryRow
	leases map[string]memoryLease
	fail   error
	now    func() time.Time
}

type memoryRow struct {
	sealed  []byte
	expires time.Time
}

type memoryLease struct {
	holder string
	until  time.Time
}

func newMemoryVault(now func() time.Time) *memoryVault {
	return &memoryVault{rows: map[purpose]memoryRow{}, leases: map[string]memoryLease{}, now: now}
}

func (v *memoryVault) LoadToken(_ context.Context, user crm.User, resource string) ([]byte, time.Time, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	row := v.rows[purpose{user, resource}]
	return row.sealed, row.expires, v.fail
}

func (v *memoryVault) SaveToken(_ context.Context, user crm.User, resource string, sealed []byte, expires time.Time) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.fail == nil {
		v.rows[purpose{user, resource}] = memoryRow{bytes.Clone(sealed), expires}
	}
	return v.fail
}

func (v *memoryVault) DeleteTokens(_ context.Context, user crm.User) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for key := range v.rows {
		if key.user == user {
			delete(v.rows, key)
		}
	}
	return v.fail
}

func (v *memoryVault) Lease(_ context.Context, name, holder string, until time.Time) (bool, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if l, taken := v.leases[name]; taken && l.holder != holder && v.now().Before(l.until) {
		return false, v.fail
	}
	v.leases[name] = memoryLease{holder, until}
	return true, v.fail
}

func (v *memoryVault) ReleaseLease(_ context.Context, name, holder string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.leases[name].holder == holder {
		delete(v.leases, name)
	}
	return v.fail
}

func (v *memoryVault) count(user crm.User) (n int) {
	v.mu.Lock()
	defer v.mu.Unlock()
	for key := range v.rows {
		if key.user == user {
			n++
		}
	}
	return n
}
