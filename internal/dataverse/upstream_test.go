package dataverse_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/fault"
)

// fake is an upstream that answers what a test says, by the beginning of path and query after the organization's prefix.
type fake struct {
	*httptest.Server
	mu      sync.Mutex
	now     time.Time
	answers map[string]http.HandlerFunc
	asked   []string // "person path", in order
}

func newFake(t *testing.T) *fake {
	f := &fake{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), answers: map[string]http.HandlerFunc{}}
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.TrimPrefix(strings.TrimPrefix(r.URL.RequestURI(), "/org"), "/api/data/v9.2/")
		f.mu.Lock()
		f.asked = append(f.asked, strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")+" "+path)
		var answer http.HandlerFunc
		best := -1
		for prefix, h := range f.answers {
			if strings.HasPrefix(path, prefix) && len(prefix) > best {
				answer, best = h, len(prefix)
			}
		}
		f.mu.Unlock()
		if answer == nil {
			http.Error(w, `{"error":{"code":"0x80060888","message":"Resource not found for the segment"}}`, http.StatusNotFound)
			return
		}
		answer(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func (f *fake) on(prefix string, h http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.answers[prefix] = h
}

func (f *fake) json(prefix, body string) {
	f.on(prefix, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json; odata.metadata=minimal")
		_, _ = io.WriteString(w, body)
	})
}

func (f *fake) count(part string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, a := range f.asked {
		if strings.Contains(a, part) {
			n++
		}
	}
	return n
}

func (f *fake) forward(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}

// Token gives a token that names its person, so that a test sees who asked.
func (f *fake) Token(_ context.Context, user crm.User, _ string) (string, error) {
	return user.Object, nil
}

func (f *fake) config() dataverse.Config {
	return dataverse.Config{
		DiscoveryURL: f.URL, Tokens: f, AllowHTTP: true, Random: func() float64 { return 0 },
		Now: func() time.Time {
			f.mu.Lock()
			defer f.mu.Unlock()
			return f.now
		},
	}
}

func (f *fake) client() *dataverse.Client { return dataverse.New(f.config()) }

func (f *fake) place() crm.Place {
	url := f.URL + "/org"
	return crm.Place{
		Organization: crm.Organization{ID: "o", Name: "Org", URL: url, API: url},
		App:          crm.App{ID: "aa000000-0000-4000-8000-000000000001", LayerID: "ab000000-0000-4000-8000-000000000001", Name: "App"},
	}
}

var (
	anna = crm.Caller{User: crm.User{Tenant: "t", Object: "anna"}, Locale: "en-US"}
	ben  = crm.Caller{User: crm.User{Tenant: "t", Object: "ben"}, Locale: "en-US"}
)

const discovered = "/api/discovery/v2.0/Instances"

// organizations is the simplest question to an upstream.
func organizations(c *dataverse.Client, caller crm.Caller) error {
	_, _, err := c.Organizations(context.Background(), caller)
	return err
}

func wantFault(t *testing.T, name string, err error, kind fault.Kind, key string) {
	t.Helper()
	f := fault.Of(err)
	if f == nil || f.Kind != kind || f.Key != key {
		t.Errorf("%s: %v, want kind %d key %s", name, err, kind, key)
	}
}

func TestRefusalsAreNamed(t *testing.T) {
	claims := base64.StdEncoding.EncodeToString([]byte(`{"access_token":{"nbf":{"essential":true}}}`))
	for name, c := range map[string]struct {
		status    int
		body      string
		challenge string
		kind      fault.Kind
		key       string
	}{
		"odata":         {403, `{"error":{"code":"0x80040220","message":"missing prvReadLead"}}`, "", fault.Forbidden, "dataverse.forbidden"},
		"not a member":  {403, `{"error":{"code":"0x80072560","message":"not a member"}}`, "", fault.Forbidden, "dataverse.not_member"},
		"disabled":      {403, `{"error":{"code":"0x8004A104","message":"disabled"}}`, "", fault.Forbidden, "dataverse.organization_disabled"},
		"gateway":       {404, `{"Message":"No HTTP resource was found"}`, "", fault.NotFound, "dataverse.not_found"},
		"search":        {400, `{"Message":"m","ExceptionMessage":"e","StackTrace":"s","ErrorCode":-2147164125}`, "", fault.TooLarge, "dataverse.too_many_rows"},
		"too many":      {400, `{"error":{"code":"0x8004E023","message":"AggregateQueryRecordLimit exceeded"}}`, "", fault.TooLarge, "dataverse.too_many_rows"},
		"bad query":     {400, `{"error":{"code":"0x80041103","message":"no attribute"}}`, "", fault.Invalid, "dataverse.refused"},
		"page":          {500, `<html><body>Server Error</body></html>`, "", fault.Unreachable, "dataverse.unreachable"},
		"nothing":       {401, ``, "Bearer authorization_uri=https://login.example/x, resource_id=https://y/", fault.SignedOut, "dataverse.signed_out"},
		"claims":        {401, ``, `Bearer error="insufficient_claims", claims="` + claims + `"`, fault.Consent, "dataverse.claims"},
		"claims broken": {401, ``, `Bearer error="insufficient_claims", claims="%%%"`, fault.SignedOut, "dataverse.signed_out"},
		"redirect":      {302, ``, "", fault.Unreachable, "dataverse.not_understood"},
		"no content":    {204, ``, "", fault.Unreachable, "dataverse.not_understood"},
	} {
		f := newFake(t)
		f.on(discovered, func(w http.ResponseWriter, _ *http.Request) {
			if c.challenge != "" {
				w.Header().Set("WWW-Authenticate", c.challenge)
			}
			if c.status == 302 {
				w.Header().Set("Location", "/login")
			}
			w.WriteHeader(c.status)
			if c.body != "" {
				_, _ = io.WriteString(w, c.body)
			}
		})
		err := organizations(f.client(), anna)
		wantFault(t, name, err, c.kind, c.key)
		if c.kind == fault.Consent && !strings.Contains(fault.Of(err).Claims, `"essential":true`) {
			t.Errorf("%s: claims %q", name, fault.Of(err).Claims)
		}
		if f.count("/login") > 0 {
			t.Errorf("%s: a redirect was followed", name)
		}
	}
}

func TestAnswersThatAreNoneAreRefused(t *testing.T) {
	for name, c := range map[string]struct{ kind, body, key string }{
		"sign-in page":  {"text/html", "<html>Sign in</html>", "dataverse.not_understood"},
		"no collection": {"application/json", "{}", "dataverse.not_understood"},
		"null":          {"application/json", "null", "dataverse.not_understood"},
		"wrong types":   {"application/json", `{"value":[{"State":"enabled"}]}`, "dataverse.not_understood"},
		"cut":           {"application/json", `{"value":[{"Id":"a"`, "dataverse.not_understood"},
		"deep":          {"application/json", `{"value":` + strings.Repeat("[", 20000), "dataverse.not_understood"},
		"large":         {"application/json", `{"value":[],"x":"` + strings.Repeat("a", 9<<20) + `"}`, "dataverse.too_large"},
	} {
		f := newFake(t)
		f.on(discovered, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", c.kind)
			_, _ = io.WriteString(w, c.body)
		})
		if err := organizations(f.client(), anna); err == nil || fault.Of(err).Key != c.key {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A half answer is never shown as a whole one.
func TestABrokenConnectionIsAFailure(t *testing.T) {
	f := newFake(t)
	f.on(discovered, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", "1000")
		_, _ = io.WriteString(w, `{"value":[]}`)
	})
	wantFault(t, "cut", organizations(f.client(), anna), fault.Unreachable, "dataverse.unreachable")
	if n := f.count(discovered); n != 3 {
		t.Errorf("asked %d times", n)
	}
}

func TestTheTokenStaysOnItsServer(t *testing.T) {
	var stolen []string
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		stolen = append(stolen, r.Header.Get("Authorization"))
	}))
	defer thief.Close()
	f := newFake(t)
	for name, next := range map[string]string{
		"another host":      thief.URL + discovered,
		"another path":      f.URL + "/elsewhere",
		"out of the prefix": f.URL + "/api/discovery/v2.0/../../x",
		"with a person":     strings.Replace(f.URL, "http://", "http://a@", 1) + discovered,
		"scheme":            strings.Replace(f.URL, "http://", "https://", 1) + discovered,
	} {
		f.json(discovered, `{"value":[],"@odata.nextLink":"`+next+`"}`)
		wantFault(t, name, organizations(f.client(), anna), fault.Unreachable, "dataverse.not_understood")
	}
	f.on(discovered, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, thief.URL, http.StatusTemporaryRedirect)
	})
	wantFault(t, "redirect", organizations(f.client(), anna), fault.Unreachable, "dataverse.not_understood")
	if len(stolen) > 0 {
		t.Errorf("another server was asked with %q", stolen)
	}
}

func TestNextLinksAreFollowed(t *testing.T) {
	f := newFake(t)
	f.json(discovered, `{"value":[`+instance(`"Id":"1","FriendlyName":"B"`)+`],"@odata.nextLink":"`+f.URL+discovered+`?page=2"}`)
	f.json(discovered+"?page=2", `{"value":[`+instance(`"Id":"2","FriendlyName":"A"`)+`]}`)
	listed, _, err := f.client().Organizations(context.Background(), anna)
	if err != nil || len(listed) != 2 || listed[0].Name != "A" {
		t.Error(listed, err)
	}
	f.json(discovered, `{"value":[],"@odata.nextLink":"`+f.URL+discovered+`"}`)
	wantFault(t, "endless", organizations(f.client(), anna), fault.TooLarge, "dataverse.too_large")
}

func TestPlainHTTPIsForLoopbackOnly(t *testing.T) {
	f := newFake(t)
	for address, allowed := range map[string]bool{f.URL: false, "http://disco.example": true, "ftp://127.0.0.1": true, "": true, "http://127.0.0.1@evil.example": true} {
		config := f.config()
		config.DiscoveryURL, config.AllowHTTP = address, allowed
		wantFault(t, address, organizations(dataverse.New(config), anna), fault.Unreachable, "dataverse.bad_address")
	}
	if f.count("") > 0 {
		t.Error("something was sent")
	}
}

// What one person is told is never told to another, however close together they ask; and one person's failure is theirs.
func TestPeopleAreKeptApart(t *testing.T) {
	f := newFake(t)
	f.on(discovered, func(w http.ResponseWriter, r *http.Request) {
		who := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if who == "ben" {
			w.WriteHeader(403)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"value":[`+instance(`"Id":"1","FriendlyName":"for `+who+`"`)+`]}`)
	})
	c := f.client()
	var all sync.WaitGroup
	for i := range 60 {
		caller := crm.Caller{User: crm.User{Tenant: fmt.Sprint("t", i%2), Object: fmt.Sprint("p", i%5)}}
		if i%6 == 5 {
			caller = ben
		}
		all.Go(func() {
			listed, _, err := c.Organizations(context.Background(), caller)
			if caller == ben {
				wantFault(t, "ben", err, fault.Forbidden, "dataverse.forbidden")
				return
			}
			if err != nil || len(listed) != 1 || listed[0].Name != "for "+caller.User.Object {
				t.Errorf("%v was told %v %v", caller, listed, err)
			}
		})
	}
	all.Wait()
	// Five people in two tenants, each of whom asked once.
	if n := f.count(discovered) - f.count("ben "); n > 10 {
		t.Errorf("asked %d times", n)
	}
}

func TestWhatIsKeptEnds(t *testing.T) {
	f := newFake(t)
	f.json(discovered, `{"value":[]}`)
	c := f.client()
	ask := func(want int) {
		t.Helper()
		if err := organizations(c, anna); err != nil || f.count(discovered) != want {
			t.Errorf("asked %d times, want %d: %v", f.count(discovered), want, err)
		}
	}
	ask(1)
	ask(1)
	f.forward(61 * time.Second)
	ask(2)
	if err := c.Refresh(context.Background(), ben, f.place()); err != nil {
		t.Fatal(err)
	}
	ask(2)
	if err := c.Refresh(context.Background(), anna, f.place()); err != nil {
		t.Fatal(err)
	}
	ask(3)
}

// instance is an organization of discovery; fields given later win.
func instance(fields string) string {
	return `{"UniqueName":"u","State":0,"StatusMessage":null,"Version":"9.2.1","Url":"https://x.crm4.dynamics.com/","ApiUrl":"https://x.api.crm4.dynamics.com",` + fields + `}`
}

func TestWhichOrganizationsAreListed(t *testing.T) {
	f := newFake(t)
	var rows []string
	for i, c := range []struct{ name, fields string }{
		{"old", `"Version":"8.2.25.7"`}, {"ten", `"Version":"10.0.1"`}, {"nine", `"Version":"9.0"`}, {"unversioned", `"Version":""`},
		{"disabled", `"State":1,"StatusMessage":4`}, {"provisioning", `"StatusMessage":3`}, {"provisioning off", `"State":1,"StatusMessage":3`},
		{"failed", `"StatusMessage":2`}, {"locked but on", `"StatusMessage":0`}, {"new", `"StatusMessage":5`}, {"ready", `"StatusMessage":6`},
		{"foreign api", `"ApiUrl":"https://thief.example"`}, {"no address", `"Url":"javascript:alert(1)"`},
	} {
		rows = append(rows, instance(c.fields+fmt.Sprintf(`,"Id":"{0A%06d-0000-4000-8000-000000000000}","FriendlyName":%q`, i, c.name)))
	}
	f.json(discovered, `{"value":[`+strings.Join(rows, ",")+`]}`)
	listed, leftOut, err := f.client().Organizations(context.Background(), anna)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, o := range listed {
		names = append(names, o.Name)
		want := "https://x.api.crm4.dynamics.com"
		if o.Name == "foreign api" {
			want = "https://x.crm4.dynamics.com"
		}
		if o.URL != "https://x.crm4.dynamics.com" || o.API != want {
			t.Errorf("%s: %s %s", o.Name, o.URL, o.API)
		}
	}
	if diff := cmp.Diff([]string{"foreign api", "locked but on", "new", "nine", "ready", "ten"}, names); diff != "" {
		t.Error(diff)
	}
	reasons := map[string]crm.Reason{}
	for _, l := range leftOut {
		reasons[l.Name] = l.Reason
		if l.Name == "old" && l.Detail != "8.2.25.7" {
			t.Errorf("detail %q", l.Detail)
		}
	}
	want := map[string]crm.Reason{
		"old": crm.ReasonVersion, "unversioned": crm.ReasonVersion, "disabled": crm.ReasonDisabled, "provisioning": crm.ReasonProvisioning,
		"provisioning off": crm.ReasonProvisioning, "failed": crm.ReasonFailed, "no address": crm.ReasonUnanswered,
	}
	if diff := cmp.Diff(want, reasons); diff != "" {
		t.Error(diff)
	}
}
