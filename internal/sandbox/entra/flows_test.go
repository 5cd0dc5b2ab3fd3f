package entra

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// An access token has the claims that Entra ID v2.0 gives, whatever grant it comes from.
func TestClaimsOfAccessTokens(t *testing.T) {
	at := start(t)
	for _, c := range []struct {
		scope, aud, scp, azp string
	}{
		{orgURL + "/.default", orgURL, "user_impersonation", world.Registration.ID},
		{orgURL + "/user_impersonation", orgURL, "user_impersonation", world.Registration.ID},
		{disco + "//user_impersonation", disco, "user_impersonation", world.Registration.ID},
		{disco + "//.default", disco, "user_impersonation", world.Registration.ID},
		{ssoScope, world.Registration.ID, "access_as_user", world.TeamsWebClient},
		{world.Registration.ID + "/.default", world.Registration.ID, "access_as_user", world.TeamsWebClient},
		{"openid profile", graphResource, "openid profile", world.Registration.ID},
	} {
		a := at.pass(jakub, c.scope)
		a.wantTokens(t)
		got := at.claims(world.Second.ID, c.aud, a.AccessToken)
		for name, want := range map[string]any{
			"iss": at.base + "/" + world.Second.ID + "/v2.0", "tid": world.Second.ID, "oid": jakub.ObjectID, "scp": c.scp, "azp": c.azp,
			"ver": "2.0", "name": jakub.Name, "preferred_username": jakub.Username, "aud": c.aud,
		} {
			if got[name] != want {
				t.Errorf("%s: %s = %v, want %v", c.scope, name, got[name], want)
			}
		}
		for _, name := range []string{"sub", "uti", "iat", "nbf", "exp"} {
			if got[name] == nil {
				t.Errorf("%s: no %s", c.scope, name)
			}
		}
		if got["sub"] == jakub.ObjectID {
			t.Error("sub is not pairwise")
		}
	}
}

func TestScopesThatDoNotExist(t *testing.T) {
	at := start(t)
	for scope, want := range map[string]int{
		"https://graph.example/.default": 500011, orgURL + "x/.default": 500011, orgURL + "/write": 70011, "nonsense": 70011,
		orgURL + "/.default " + disco + "/.default": 28000, orgURL + "/.default " + orgURL + "/user_impersonation": 70011, " ": 900144,
	} {
		a := at.pass(tomas, scope)
		if a.Status != 400 || len(a.Codes) != 1 || a.Codes[0] != want {
			t.Errorf("%q: %d %v %s", scope, a.Status, a.Codes, a.Description)
		}
	}
}

func TestPassword(t *testing.T) {
	at := start(t)
	for name, form := range map[string]url.Values{
		"wrong password": {"username": {tomas.Username}, "password": {"guess"}},
		"nobody":         {"username": {"nobody@" + world.Home.Domain}, "password": {tomas.Password}},
		"other tenant":   {"username": {jakub.Username}, "password": {jakub.Password}},
	} {
		form.Set("grant_type", "password")
		form.Set("scope", disco+"/.default")
		t.Run(name, func(t *testing.T) { at.tokens(form).want(t, "invalid_grant", 50126) })
	}
	for _, tenant := range []string{"organizations", "common", world.Second.Domain, strings.ToUpper(world.Second.ID)} {
		a := at.tokenAt(tenant, url.Values{"grant_type": {"password"}, "username": {strings.ToUpper(jakub.Username)}, "password": {jakub.Password}, "scope": {disco + "/.default"}})
		a.wantTokens(t)
	}
}

func TestClientCredentials(t *testing.T) {
	at := start(t)
	ask := func(tenant, scope string) answer {
		return at.tokenAt(tenant, url.Values{"grant_type": {"client_credentials"}, "scope": {scope}})
	}
	a := ask(world.Home.Domain, "https://api.botframework.com/.default")
	a.wantTokens(t)
	c := at.claims(world.Home.ID, "https://api.botframework.com", a.AccessToken)
	if c["idtyp"] != "app" || c["scp"] != nil || c["oid"] != c["sub"] || a.RefreshToken != "" || a.IDToken != "" {
		t.Error(c, a)
	}
	ask(world.Home.ID, orgURL+"/user_impersonation").want(t, "invalid_scope", 1002012)
	ask("organizations", orgURL+"/.default").want(t, "invalid_request", 50059)
}

func TestClientAuthentication(t *testing.T) {
	at := start(t)
	form := func(id, secret string) url.Values {
		return url.Values{"grant_type": {"client_credentials"}, "scope": {orgURL + "/.default"}, "client_id": {id}, "client_secret": {secret}}
	}
	bad := at.tokens(form(world.Registration.ID, "wrong"))
	bad.want(t, "invalid_client", 7000215)
	if bad.Status != http.StatusUnauthorized {
		t.Error(bad.Status)
	}
	at.tokens(form(world.Registration.ID, "")).want(t, "invalid_client", 7000218)
	at.tokens(form("11111111-1111-1111-1111-111111111111", "x")).want(t, "unauthorized_client", 700016)

	basic := func(id, secret string, form url.Values) int {
		req, _ := http.NewRequest(http.MethodPost, at.base+"/"+world.Home.ID+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode
	}
	rest := url.Values{"grant_type": {"client_credentials"}, "scope": {orgURL + "/.default"}}
	if got := basic(world.Registration.ID, world.Registration.Secret, rest); got != 200 {
		t.Error("client_secret_basic:", got)
	}
	if got := basic(world.Registration.ID, "wrong", rest); got != 401 {
		t.Error("wrong basic secret:", got)
	}
	if got := basic(world.Registration.ID, world.Registration.Secret, form(world.Registration.ID, world.Registration.Secret)); got != 400 {
		t.Error("two ways at once:", got)
	}
}

// Every refusal of the token endpoint has the fields that Entra ID's have.
func TestShapeOfRefusals(t *testing.T) {
	at := start(t)
	for _, form := range []url.Values{
		{}, {"grant_type": {"implicit"}}, {"grant_type": {"password"}}, {"grant_type": {"refresh_token"}, "refresh_token": {"x"}},
		{"grant_type": {"authorization_code"}, "code": {"x"}}, {"grant_type": {grantJWTBearer}, "assertion": {"x"}, "scope": {disco + "/.default"}, "requested_token_use": {"on_behalf_of"}},
	} {
		a := at.tokens(form)
		if a.Status != 400 || a.Error == "" || len(a.Codes) != 1 || !strings.HasPrefix(a.Description, "AADSTS") ||
			!guid.MatchString(a.TraceID) || !guid.MatchString(a.Correlation) || !strings.Contains(a.Description, "Trace ID: "+a.TraceID) {
			t.Errorf("%v: %+v", form, a)
		}
		if _, err := time.Parse("2006-01-02 15:04:05Z", a.Timestamp); err != nil {
			t.Error(err)
		}
	}
	at.tokenAt("nowhere.example", url.Values{}).want(t, "invalid_request", 90002)
	at.tokens(url.Values{"grant_type": {"password", "password"}}).want(t, "invalid_request", 9000411)
	res, err := http.Get(at.base + "/organizations/oauth2/v2.0/token")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusMethodNotAllowed {
		t.Error("GET:", res.StatusCode)
	}
}

// A refresh token works once, for any API; one that comes back ends the whole sign-in.
func TestRefreshTokensRotate(t *testing.T) {
	at := start(t)
	first := at.pass(tomas, "openid offline_access "+disco+"/.default")
	second := at.refreshed(first.RefreshToken, orgURL+"/.default")
	second.wantTokens(t)
	at.claims(world.Home.ID, orgURL, second.AccessToken)
	if second.RefreshToken == first.RefreshToken || second.RefreshToken == "" {
		t.Fatal("not rotated")
	}
	at.refreshed(second.RefreshToken, "https://unknown.example/.default").want(t, "invalid_resource", 500011)
	third := at.refreshed(second.RefreshToken, "")
	third.wantTokens(t)
	at.refreshed(first.RefreshToken, "").want(t, "invalid_grant", 70000)
	at.refreshed(third.RefreshToken, "").want(t, "invalid_grant", 50173)

	other := at.pass(tomas, "offline_access "+disco+"/.default")
	at.tokenAt(world.Second.ID, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {other.RefreshToken}}).want(t, "invalid_grant", 70000)
	at.control("clock", `{"forward":"2160h"}`)
	at.refreshed(other.RefreshToken, "").want(t, "invalid_grant", 700082)
}

func TestWithoutOfflineAccessThereIsNoRefreshToken(t *testing.T) {
	at := start(t)
	if a := at.pass(tomas, disco+"/.default"); a.RefreshToken != "" {
		t.Error("refresh token given")
	}
}

// A code can be redeemed once, by whom it was made for; the second attempt takes the tokens of the first with it.
func TestCodesWorkOnce(t *testing.T) {
	at := start(t)
	code := func(change map[string]string) string {
		return at.browser().get(at.authorizeURL(change)).press("account", tomas.ObjectID).sent("code")
	}
	redeem := func(code, redirect string, more ...string) answer {
		form := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}}
		if len(more) > 0 {
			form.Set("code_verifier", more[0])
		}
		return at.tokens(form)
	}
	c := code(nil)
	first := redeem(c, callback)
	first.wantTokens(t)
	redeem(c, callback).want(t, "invalid_grant", 54005)
	at.refreshed(first.RefreshToken, "").want(t, "invalid_grant", 50173)

	redeem(code(nil), callback+"/").want(t, "invalid_grant", 500112)
	redeem(code(nil), "").want(t, "invalid_grant", 500112)
	redeem("1.unknown", callback).want(t, "invalid_grant", 9002313)
	at.tokenAt(world.Second.ID, url.Values{"grant_type": {"authorization_code"}, "code": {code(nil)}, "redirect_uri": {callback}}).want(t, "invalid_grant", 70000)

	verifier := strings.Repeat("v", 43)
	const challenge = "c7YjWbZNA1y1nnGpIGwwZYnC6BtPkvVrC2Xn4Ci5o2c" // of another verifier
	redeem(code(map[string]string{"code_challenge": challenge, "code_challenge_method": "S256"}), callback, verifier).want(t, "invalid_grant", 501481)
	redeem(code(map[string]string{"code_challenge": challenge, "code_challenge_method": "S256"}), callback).want(t, "invalid_request", 900144)
	redeem(code(nil), callback, verifier).want(t, "invalid_grant", 501481)
}

func TestOnBehalfOf(t *testing.T) {
	at := start(t)
	tab := at.pass(tomas, ssoScope).AccessToken
	good := at.onBehalfOf(tab, "openid offline_access "+orgURL+"/.default")
	good.wantTokens(t)
	c := at.claims(world.Home.ID, orgURL, good.AccessToken)
	if c["oid"] != tomas.ObjectID || c["azp"] != world.Registration.ID || good.RefreshToken == "" {
		t.Error(c)
	}
	if again := at.onBehalfOf(tab, orgURL+"/.default"); again.RefreshToken != "" {
		t.Error("refresh token without offline_access")
	}
	at.onBehalfOf(good.AccessToken, disco+"/.default").want(t, "invalid_grant", 500131)
	at.onBehalfOf(at.pass(jakub, ssoScope).AccessToken, disco+"/.default").want(t, "invalid_grant", 50013)
	at.onBehalfOf(tab[:len(tab)-8]+"AAAAAAAA", disco+"/.default").want(t, "invalid_grant", 50013)
	at.onBehalfOf(at.pass(tomas, "openid "+disco+"/.default").IDToken, disco+"/.default").want(t, "invalid_grant", 7000114)
	app := at.tokens(url.Values{"grant_type": {"client_credentials"}, "scope": {world.Registration.ID + "/.default"}})
	at.onBehalfOf(app.AccessToken, disco+"/.default").want(t, "invalid_grant", 7000114)
	at.tokens(url.Values{"grant_type": {grantJWTBearer}, "assertion": {tab}, "scope": {disco + "/.default"}}).want(t, "invalid_request", 900144)
	at.control("clock", `{"forward":"76m"}`)
	at.onBehalfOf(tab, disco+"/.default").want(t, "invalid_grant", 500133)
}

// A withdrawn key signs nothing and proves nothing any more.
func TestKeyRotation(t *testing.T) {
	at := start(t)
	old := at.pass(tomas, ssoScope).AccessToken
	at.control("rotate-keys", "")
	if _, err := at.verified(world.Home.ID, world.Registration.ID, old); err == nil {
		t.Error("the old key is still published")
	}
	at.onBehalfOf(old, disco+"/.default").want(t, "invalid_grant", 50013)
	at.claims(world.Home.ID, world.Registration.ID, at.pass(tomas, ssoScope).AccessToken)
}

func TestFaultsLookLikeEntra(t *testing.T) {
	at := start(t)
	at.control("faults", `{"path":"/oauth2/v2.0/token","status":503,"retry_after":3}`)
	at.pass(tomas, ssoScope).want(t, "temporarily_unavailable", 90033)
	at.control("faults", `{"path":"/oauth2/v2.0/token","status":429}`)
	at.pass(tomas, ssoScope).want(t, "temporarily_unavailable", 90055)
	at.pass(tomas, ssoScope).wantTokens(t)
}

func TestControlsRefuseWhatTheyDoNotUnderstand(t *testing.T) {
	at := start(t)
	for path, bodies := range map[string][]string{
		"require": {``, `{"username":"nobody","kind":"mfa"}`, `{"username":"` + tomas.Username + `","kind":"all"}`, `{"user":"x"}`},
		"clock":   {``, `{"forward":"soon"}`, `{"forward":1}`},
	} {
		for _, body := range bodies {
			res, err := http.Post(at.base+"/_sandbox/"+path, "application/json", strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			if res.StatusCode != 400 && res.StatusCode != 404 {
				t.Errorf("%s %s: %d", path, body, res.StatusCode)
			}
		}
	}
}

// Of many who come with the same code or the same refresh token at once, one is served, and then nobody any more.
func TestRacesForOneUse(t *testing.T) {
	at := start(t)
	race := func(form func() url.Values) (served []answer) {
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 12 {
			all.Go(func() {
				if a := at.tokens(form()); a.Status == 200 {
					mu.Lock()
					served = append(served, a)
					mu.Unlock()
				}
			})
		}
		all.Wait()
		return served
	}
	code := at.browser().get(at.authorizeURL(nil)).press("account", tomas.ObjectID).sent("code")
	first := at.pass(tomas, "offline_access "+disco+"/.default").RefreshToken
	for name, form := range map[string]func() url.Values{
		"code": func() url.Values {
			return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}}
		},
		"refresh": func() url.Values { return url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first}} },
	} {
		served := race(form)
		if len(served) != 1 {
			t.Fatal(name, len(served), "were served")
		}
		at.refreshed(served[0].RefreshToken, "").want(t, "invalid_grant", 50173)
	}
}
