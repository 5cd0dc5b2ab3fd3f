package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// visitor speaks HTTP to Pintab as a browser inside Teams does, without being one.
type visitor struct {
	*testing.T
	http *http.Client
}

// visit signs somebody in with the token that Teams would give the tab, as contract and README describe it.
func visit(t *testing.T, person string) (*visitor, answer) {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{T: t, http: &http.Client{Jar: looseJar{jar}, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
	return v, v.post("/auth/teams", url.Values{"token": {v.token(person, at.ssoScope())}, "next": {"/tab/dashboard"}})
}

// looseJar keeps Secure cookies for http on this machine, as browsers do for localhost.
type looseJar struct{ *cookiejar.Jar }

func (j looseJar) SetCookies(u *url.URL, cookies []*http.Cookie) {
	secure := *u
	secure.Scheme = "https"
	j.Jar.SetCookies(&secure, cookies)
}

func (j looseJar) Cookies(u *url.URL) []*http.Cookie {
	secure := *u
	secure.Scheme = "https"
	return j.Jar.Cookies(&secure)
}

// token asks the Entra stand-in with the password grant.
func (v *visitor) token(person, scope string) string {
	v.Helper()
	var tenant, password string
	for _, p := range world.People() {
		if p.Username == person {
			tenant, password = p.TenantID, p.Password
		}
	}
	reply, err := http.PostForm(at.Entra+"/"+tenant+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"password"}, "client_id": {world.Registration.ID}, "client_secret": {world.Registration.Secret},
		"username": {person}, "password": {password}, "scope": {scope},
	})
	if err != nil {
		v.Fatal(err)
	}
	defer reply.Body.Close()
	var body struct {
		AccessToken string `json:"access_token"`
		Error       string `json:"error_description"`
	}
	if err := json.NewDecoder(reply.Body).Decode(&body); err != nil || body.AccessToken == "" {
		v.Fatalf("no token for %s: %v %s", person, err, body.Error)
	}
	return body.AccessToken
}

// answer is a page as it came over the wire.
type answer struct {
	*testing.T
	status int
	header http.Header
	body   []byte
	page   *goquery.Document
}

func (v *visitor) get(path string) answer { return v.send(http.MethodGet, path, nil) }

func (v *visitor) post(path string, form url.Values) answer {
	return v.send(http.MethodPost, path, form)
}

func (v *visitor) send(method, path string, form url.Values) answer {
	v.Helper()
	request, err := http.NewRequestWithContext(v.Context(), method, at.App+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.Fatal(err)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return v.ask(request)
}

// ask sends a request as a page of ours inside Teams does.
func (v *visitor) ask(request *http.Request) answer {
	v.Helper()
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("Sec-Fetch-Dest", "iframe")
	reply, err := v.http.Do(request)
	if err != nil {
		v.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		v.Fatal(err)
	}
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(body))
	if err != nil {
		v.Fatal(err)
	}
	return answer{T: v.T, status: reply.StatusCode, header: reply.Header, body: body, page: page}
}

// text is what an element says.
func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.page.Find(selector).First().Text()), " ")
}

// wantStatus checks the status.
func (a answer) wantStatus(status int) {
	a.Helper()
	if a.status != status {
		a.Errorf("status %d, want %d: %.300s", a.status, status, a.body)
	}
}

// wantText checks that an element says something.
func (a answer) wantText(selector, words string) {
	a.Helper()
	if got := a.text(selector); !strings.Contains(got, words) {
		a.Errorf("%s says %q, want %q", selector, got, words)
	}
}

// misbehave tells a stand-in to fail, until the test ends.
func misbehave(t *testing.T, standIn string, rule map[string]any) {
	t.Helper()
	text, err := json.Marshal(rule)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.Post(standIn+"/_sandbox/faults", "application/json", bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
	if reply.StatusCode >= 300 {
		t.Fatalf("fault refused: %d", reply.StatusCode)
	}
	t.Cleanup(func() { behave(t, standIn) })
}

// behave ends all misbehaviour of a stand-in.
func behave(t *testing.T, standIn string) {
	t.Helper()
	request, err := http.NewRequest(http.MethodDelete, standIn+"/_sandbox/faults", nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = reply.Body.Close()
}

// dashboard opens one of the person's dashboards by name, without choosing it.
func (v *visitor) dashboard(name string) answer {
	v.Helper()
	home := v.get("/tab/dashboard")
	for _, option := range home.page.Find(`select[name="dashboard"] option`).EachIter() {
		if strings.TrimSpace(option.Text()) == name {
			return v.get("/tab/dashboard?dashboard=" + option.AttrOr("value", ""))
		}
	}
	v.Fatalf("no dashboard %q among %q", name, home.dashboards())
	return home
}
