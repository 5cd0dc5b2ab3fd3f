package entra

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// redirectMutations are addresses that look like the registered one to somebody who does not compare letters.
func redirectMutations() []string {
	const host = "localhost:3978"
	found := []string{
		callback + "/", callback + "?", callback + "?a=b", callback + "#", callback + "#x", callback + "/..", callback + "/../callback",
		callback + "%2f", callback + "%20", callback + " ", " " + callback, callback + "\t", callback + "\n", callback + "\x00", callback + ";x", callback + "//",
		callback + ".evil.example", callback + "@evil.example", strings.ToUpper(callback), "HTTP://localhost:3978/auth/callback",
		"http://LOCALHOST:3978/auth/callback", "http://localhost:3978/Auth/callback", "http://localhost:3978/auth/callbacK",
		"http://localhost:3978/auth//callback", "http://localhost:3978//auth/callback", "http://localhost:3978/./auth/callback",
		"http://localhost:3978/auth/./callback", "http://localhost:3978/x/../auth/callback", "http://localhost:3978/auth%2fcallback",
		"http://localhost:3978/auth%2Fcallback", "http://localhost:3978/%61uth/callback", "http://localhost:3978/auth/callback%00",
		"http://localhost:3978\\auth\\callback", "http:/localhost:3978/auth/callback", "http:localhost:3978/auth/callback",
		"//localhost:3978/auth/callback", "/auth/callback", "auth/callback", "https://localhost:3978/auth/callback",
		"http://localhost/auth/callback", "http://localhost:80/auth/callback", "http://localhost:3979/auth/callback", "http://localhost:03978/auth/callback",
		"http://localhost:39780/auth/callback", "http://localhost:3978.evil.example/auth/callback", "http://localhost.:3978/auth/callback",
		"http://127.0.0.1:3978/auth/callback", "http://[::1]:3978/auth/callback", "http://localhost.evil.example:3978/auth/callback",
		"http://evil.example/auth/callback", "http://evil.example\\@localhost:3978/auth/callback", "http://localhost:3978@evil.example/auth/callback",
		"http://evil.example#@localhost:3978/auth/callback", "http://user@localhost:3978/auth/callback", "http://user:pw@localhost:3978/auth/callback",
		"http://@localhost:3978/auth/callback", "http://localhost:3978/auth/callback/../../evil", "javascript:alert(1)", "data:text/html,x",
		"pintab://auth/callback", "http://xn--localhost-.example:3978/auth/callback", "http://locаlhost:3978/auth/callback", "", "http://", callback + callback,
		callback + "," + callback, callback + " http://evil.example", "http://localhost:3978/auth", "http://localhost:3978/", "http://" + host,
	}
	for i := range len(callback) {
		found = append(found, callback[:i]+callback[i+1:])
	}
	return found
}

// A redirect address that is not registered letter for letter is explained on a page; nobody is sent to it.
func TestRedirectAddressesAreComparedLetterForLetter(t *testing.T) {
	at := start(t)
	mutations := redirectMutations()
	if len(mutations) < 100 {
		t.Fatal("only", len(mutations))
	}
	for _, address := range mutations {
		u, _ := url.Parse(at.authorizeURL(nil))
		q := u.Query()
		q.Set("redirect_uri", address)
		u.RawQuery = q.Encode()
		b := at.browser().get(u.String())
		if b.left != nil || b.status != 400 || b.page.Find("form").Length() != 0 {
			t.Errorf("%q: %d, sent to %v", address, b.status, b.left)
		}
		if text := b.page.Text(); !strings.Contains(text, "AADSTS50011") && !strings.Contains(text, "AADSTS900144") {
			t.Errorf("%q: page says %s", address, text)
		}
	}
	if code := at.browser().get(at.authorizeURL(nil)).press("account", tomas.ObjectID).sent("code"); code == "" {
		t.Error("the registered address is refused too")
	}
}

func TestRequestsThatShowAPage(t *testing.T) {
	at := start(t)
	good := at.authorizeURL(nil)
	for name, c := range map[string]struct{ address, code string }{
		"unknown client":   {at.authorizeURL(map[string]string{"client_id": "other"}), "700016"},
		"no client":        {at.authorizeURL(map[string]string{"client_id": ""}), "900144"},
		"twice the state":  {good + "&state=b", "9000411"},
		"twice the client": {good + "&client_id=" + world.Registration.ID, "9000411"},
		"unknown tenant":   {strings.Replace(good, world.Home.ID, "nowhere.example", 1), "90002"},
		"broken query":     {good + "&x=%zz", "9002313"},
	} {
		b := at.browser().get(c.address)
		if b.left != nil || !strings.Contains(b.page.Text(), "AADSTS"+c.code) {
			t.Errorf("%s: %v %s", name, b.left, b.page.Text())
		}
	}
}

func TestRequestsThatAreRefusedToTheClient(t *testing.T) {
	at := start(t)
	for name, c := range map[string]struct {
		change map[string]string
		oauth  string
	}{
		"implicit":         {map[string]string{"response_type": "id_token"}, "unsupported_response_type"},
		"hybrid":           {map[string]string{"response_type": "code id_token"}, "unsupported_response_type"},
		"no type":          {map[string]string{"response_type": ""}, "invalid_request"},
		"fragment":         {map[string]string{"response_mode": "fragment"}, "invalid_request"},
		"plain PKCE":       {map[string]string{"code_challenge": strings.Repeat("a", 43), "code_challenge_method": "plain"}, "invalid_request"},
		"PKCE no method":   {map[string]string{"code_challenge": strings.Repeat("a", 43)}, "invalid_request"},
		"PKCE too short":   {map[string]string{"code_challenge": "abc", "code_challenge_method": "S256"}, "invalid_request"},
		"unknown scope":    {map[string]string{"scope": "openid nonsense"}, "invalid_scope"},
		"unknown API":      {map[string]string{"scope": "https://unknown.example/.default"}, "invalid_resource"},
		"no scope":         {map[string]string{"scope": ""}, "invalid_request"},
		"unknown prompt":   {map[string]string{"prompt": "later"}, "invalid_request"},
		"none and more":    {map[string]string{"prompt": "none login"}, "invalid_request"},
		"broken claims":    {map[string]string{"claims": "{"}, "invalid_request"},
		"nobody signed in": {map[string]string{"prompt": "none"}, "login_required"},
	} {
		b := at.browser().get(at.authorizeURL(c.change))
		if b.left == nil || b.sent("error") != c.oauth || b.sent("state") != "st" || b.sent("code") != "" || !strings.HasPrefix(b.sent("error_description"), "AADSTS") {
			t.Errorf("%s: %v %s", name, b.left, b.page.Text())
		}
	}
}

// The browser remembers who signed in; hints and prompts decide whether it asks.
func TestChoosingAnAccount(t *testing.T) {
	at := start(t)
	b := at.browser()
	b.get(at.authorizeURL(nil)).wantTitle("Pick an account")
	if n := b.page.Find("button[name=account]").Length(); n != 8 {
		t.Error("accounts of the tenant:", n)
	}
	if first := b.get(at.authorizeURL(map[string]string{"login_hint": tomas.Username})).page.Find("button[name=account]").First(); first.AttrOr("value", "") != tomas.ObjectID {
		t.Error("the hinted account is not first")
	}
	b.press("account", tomas.ObjectID).sent("code")
	b.get(at.authorizeURL(nil)).sent("code")
	b.get(at.authorizeURL(map[string]string{"prompt": "none"})).sent("code")
	b.get(at.authorizeURL(map[string]string{"prompt": "select_account"})).wantTitle("Pick an account")
	b.get(at.authorizeURL(map[string]string{"prompt": "login"})).wantTitle("Pick an account")
	b.get(at.authorizeURL(map[string]string{"login_hint": ingrid.Username})).wantTitle("Pick an account")
	b.press("account", ingrid.ObjectID).sent("code")
	b.get(at.authorizeURL(nil)).wantTitle("Pick an account") // two accounts: which one?
	if got := b.get(at.authorizeURL(map[string]string{"prompt": "none"})).sent("error"); got != "interaction_required" {
		t.Error(got)
	}
	b.get(at.authorizeURL(map[string]string{"prompt": "none", "login_hint": ingrid.Username})).sent("code")

	b.get(strings.Replace(at.authorizeURL(nil), world.Home.ID, "organizations", 1)).wantTitle("Pick an account")
	if n := b.page.Find("button[name=account]").Length(); n != len(world.People()) {
		t.Error("accounts of all tenants:", n)
	}
	b.press("account", jakub.ObjectID).sent("code")
	b.get(at.base + "/" + world.Home.ID + "/oauth2/v2.0/logout").wantTitle("You signed out")
	if got := b.get(at.authorizeURL(map[string]string{"prompt": "none"})).sent("error"); got != "login_required" {
		t.Error(got)
	}
}

// Forms count only in the browser they were shown to, for an account of the tenant.
func TestFormsFromElsewhere(t *testing.T) {
	at := start(t)
	mine := at.browser().get(at.authorizeURL(nil))
	form := mine.page.Find("input[name=form]").AttrOr("value", "")
	to := at.base + mine.page.Find("form").AttrOr("action", "")
	for name, c := range map[string]struct {
		b       *agent
		account string
		form    string
	}{
		"another browser": {at.browser(), tomas.ObjectID, form},
		"no proof":        {mine, tomas.ObjectID, ""},
		"another tenant":  {mine, jakub.ObjectID, form},
		"nobody":          {mine, "x", form},
	} {
		for _, path := range []string{"/login", "/consent", "/approve"} {
			body := url.Values{"account": {c.account}, "form": {c.form}, "decision": {"accept"}}
			req, _ := http.NewRequest(http.MethodPost, strings.Replace(to, "/login", path, 1), strings.NewReader(body.Encode()))
			req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if c.b.do(req); c.b.left != nil || c.b.status != 400 {
				t.Errorf("%s %s: %d %v", name, path, c.b.status, c.b.left)
			}
		}
	}
	// Consenting without being signed in gives no code.
	body := url.Values{"account": {tomas.ObjectID}, "form": {form}, "decision": {"accept"}}
	req, _ := http.NewRequest(http.MethodPost, strings.Replace(to, "/login", "/consent", 1), strings.NewReader(body.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if mine.do(req); mine.sent("error") != "login_required" {
		t.Error(mine.left)
	}
}

func TestFormPost(t *testing.T) {
	at := start(t)
	b := at.browser().get(at.authorizeURL(map[string]string{"response_mode": "form_post"})).press("account", tomas.ObjectID)
	form := b.page.Find("form")
	if form.AttrOr("action", "") != callback || form.Find("input[name=code]").AttrOr("value", "") == "" || form.Find("input[name=state]").AttrOr("value", "") != "st" {
		t.Error(b.page.Html())
	}
	if b.page.Find("script").Length() != 1 {
		t.Error("the form does not send itself")
	}
}

func TestRequestsMayBePosted(t *testing.T) {
	at := start(t)
	u, _ := url.Parse(at.authorizeURL(nil))
	req, _ := http.NewRequest(http.MethodPost, at.base+u.Path, strings.NewReader(u.RawQuery))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	at.browser().do(req).wantTitle("Pick an account").press("account", tomas.ObjectID).sent("code")
}

// What conditional access wants: tokens stop until the person has done it interactively, with the claims.
func TestMultiFactor(t *testing.T) {
	at := start(t)
	tab := at.pass(tomas, ssoScope).AccessToken
	session := at.pass(tomas, "offline_access "+disco+"/.default")
	at.control("require", `{"username":"`+tomas.Username+`","kind":"mfa"}`)
	obo := at.onBehalfOf(tab, disco+"/.default")
	obo.want(t, "interaction_required", 50076)
	if obo.Suberror != "basic_action" || !strings.Contains(obo.Claims, "capolids") {
		t.Errorf("%+v", obo)
	}
	at.refreshed(session.RefreshToken, "").want(t, "interaction_required", 50076)
	at.onBehalfOf(at.pass(ingrid, ssoScope).AccessToken, disco+"/.default").wantTokens(t)

	b := at.browser()
	b.get(at.authorizeURL(nil)).press("account", tomas.ObjectID).sent("code")
	at.onBehalfOf(tab, disco+"/.default").want(t, "interaction_required", 50076) // signing in without the claims does not do
	if got := b.get(at.authorizeURL(map[string]string{"prompt": "none"})).sent("error"); got != "interaction_required" {
		t.Error(got)
	}
	b.get(at.authorizeURL(map[string]string{"claims": obo.Claims})).wantTitle("Approve sign-in request")
	if got := b.press("decision", "cancel").sent("error"); got != "access_denied" {
		t.Error(got)
	}
	b.get(at.authorizeURL(map[string]string{"claims": obo.Claims})).press("decision", "accept").sent("code")
	at.onBehalfOf(tab, disco+"/.default").wantTokens(t)
	at.refreshed(session.RefreshToken, "").wantTokens(t) // asking for interaction did not spend it
}

func TestConsent(t *testing.T) {
	at := start(t)
	tab := at.pass(tomas, ssoScope).AccessToken
	at.control("require", `{"username":"`+tomas.Username+`","kind":"consent"}`)
	a := at.onBehalfOf(tab, disco+"/.default")
	a.want(t, "interaction_required", 65001)
	if a.Suberror != "consent_required" {
		t.Error(a.Suberror)
	}
	b := at.browser()
	b.get(at.authorizeURL(nil)).press("account", tomas.ObjectID).wantTitle("Permissions requested")
	if got := b.press("decision", "cancel").sent("error"); got != "access_denied" {
		t.Error(got)
	}
	at.onBehalfOf(tab, disco+"/.default").want(t, "interaction_required", 65001)
	b.get(at.authorizeURL(nil)).wantTitle("Permissions requested").press("decision", "accept").sent("code")
	at.onBehalfOf(tab, disco+"/.default").wantTokens(t)
	b.get(at.authorizeURL(map[string]string{"prompt": "consent"})).wantTitle("Permissions requested")
}

// Pages are safe to open in a window that another window opened, and nowhere else.
func TestHeadersOfPages(t *testing.T) {
	at := start(t)
	b := at.browser().get(at.authorizeURL(nil))
	csp := b.header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "frame-ancestors 'none'", "form-action 'self' http://localhost:3978;", "base-uri 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("no %s in %s", want, csp)
		}
	}
	if b.header.Get("Cross-Origin-Opener-Policy") != "" || b.header.Get("Cache-Control") != "no-store" || b.header.Get("Referrer-Policy") != "no-referrer" {
		t.Error(b.header)
	}
}

// After signing out, only a registered address is returned to.
func TestLogoutReturnsOnlyToRegisteredAddresses(t *testing.T) {
	at := start(t)
	out := at.base + "/organizations/oauth2/v2.0/logout?post_logout_redirect_uri="
	if b := at.browser().get(out + url.QueryEscape(callback) + "&state=x"); b.left == nil || b.left.String() != callback+"?state=x" {
		t.Error(b.left)
	}
	for _, address := range []string{"http://evil.example/", callback + "/", "//evil.example"} {
		if b := at.browser().get(out + url.QueryEscape(address)); b.left != nil {
			t.Error("sent to", b.left)
		}
	}
}
