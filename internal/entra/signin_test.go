package entra

import (
	"net/url"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/bearer"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// A tab's token opens a session and, behind it, tokens for discovery and for an organization.
func TestSigningInFromATab(t *testing.T) {
	at := startLogin(t)
	s := at.replica()
	got, err := s.SignInTab(t.Context(), at.tabToken(tomas))
	if err != nil {
		t.Fatal(err)
	}
	if want := (crm.Profile{User: userOf(tomas), Name: tomas.Name, Username: tomas.Username}); got != want {
		t.Errorf("%+v", got)
	}
	for _, resource := range []string{disco, disco + "/", orgURL, orgURL + "/"} {
		token, err := s.Token(t.Context(), userOf(tomas), resource)
		if err != nil {
			t.Fatal(resource, err)
		}
		u, err := bearer.TakeApart(token)
		if err != nil || u.Claims.Optional("aud") != strings.TrimSuffix(resource, "/") || u.Claims.Optional("oid") != tomas.ObjectID {
			t.Error(resource, err, u.Claims.Optional("aud"))
		}
	}
	if n := at.counter("token").Load(); n != 2 {
		t.Error("token endpoint asked", n, "times, want one exchange and one refresh")
	}
	// Another replica finds everything in the vault.
	if _, err := at.replica().Token(t.Context(), userOf(tomas), orgURL); err != nil || at.counter("token").Load() != 2 {
		t.Error(err, at.counter("token").Load())
	}
}

func request() AuthRequest {
	return AuthRequest{State: "st", Nonce: "n-0S6_WzA2Mj", Verifier: strings.Repeat("v", 43)}
}

func TestSigningInFromABrowser(t *testing.T) {
	at := startLogin(t)
	for _, who := range []world.Person{ingrid, jakub} {
		s := at.replica()
		q := request()
		q.LoginHint = who.Username
		back := at.approve(s.AuthorizeURL(q), who, "accept")
		if back.Get("state") != "st" {
			t.Error(back)
		}
		got, err := s.Redeem(t.Context(), back.Get("code"), q.Verifier, q.Nonce)
		if err != nil || got.User != userOf(who) {
			t.Fatal(got, err)
		}
		if _, err := s.Token(t.Context(), userOf(who), orgURL); err != nil {
			t.Error(err)
		}
		_, err = s.Redeem(t.Context(), back.Get("code"), q.Verifier, q.Nonce)
		wantFault(t, err, fault.SignedOut, "entra.signed-out")
	}
}

func TestACodeOfAnotherSignInIsRefused(t *testing.T) {
	at := startLogin(t)
	s := at.replica()
	for name, change := range map[string]func(code, verifier, nonce *string){
		"nonce":       func(_, _, nonce *string) { *nonce = "another" },
		"no nonce":    func(_, _, nonce *string) { *nonce = "" },
		"verifier":    func(_, verifier, _ *string) { *verifier = strings.Repeat("w", 43) },
		"no verifier": func(_, verifier, _ *string) { *verifier = "" },
		"code":        func(code, _, _ *string) { *code += "x" },
		"no code":     func(code, _, _ *string) { *code = "" },
	} {
		q := request()
		code, verifier, nonce := at.approve(s.AuthorizeURL(q), tomas, "accept").Get("code"), q.Verifier, q.Nonce
		change(&code, &verifier, &nonce)
		if _, err := s.Redeem(t.Context(), code, verifier, nonce); !fault.Is(err, fault.SignedOut) {
			t.Error(name, err)
		}
	}
	if n := at.vault.count(userOf(tomas)); n != 0 {
		t.Error("tokens kept:", n)
	}
}

func TestAuthorizeURLCarriesTheRequest(t *testing.T) {
	at := startLogin(t)
	q := request()
	q.Claims, q.Prompt, q.LoginHint, q.Tenant = `{"a":1}`, "select_account", "x@y", world.Second.ID
	u, err := url.Parse(at.replica().AuthorizeURL(q))
	if err != nil {
		t.Fatal(err)
	}
	v := u.Query()
	for name, want := range map[string]string{
		"claims": q.Claims, "prompt": q.Prompt, "login_hint": "x@y", "state": "st", "nonce": q.Nonce, "redirect_uri": callback,
		"response_type": "code", "code_challenge_method": "S256", "client_id": world.Registration.ID,
	} {
		if v.Get(name) != want {
			t.Errorf("%s = %q", name, v.Get(name))
		}
	}
	if u.Path != "/"+world.Second.ID+"/oauth2/v2.0/authorize" || v.Get("code_challenge") == "" || strings.Contains(u.String(), q.Verifier) {
		t.Error(u)
	}
	q.Tenant = "11111111-1111-1111-1111-111111111111"
	if !strings.Contains(at.replica().AuthorizeURL(q), "/organizations/") {
		t.Error("a tenant that is not ours is asked")
	}
}

// Consent and multi-factor: the tab cannot go on alone; the browser with the claims can, once.
func TestSomethingOnlyThePersonCanDo(t *testing.T) {
	for _, kind := range []string{"consent", "mfa"} {
		t.Run(kind, func(t *testing.T) {
			at := startLogin(t)
			s := at.signedIn(tomas)
			at.control("require", `{"username":"`+tomas.Username+`","kind":"`+kind+`"}`)
			_, err := s.SignInTab(t.Context(), at.tabToken(tomas))
			f := wantFault(t, err, fault.Consent, "entra.consent")
			_, err = s.Token(t.Context(), userOf(tomas), orgURL)
			if again := wantFault(t, err, fault.Consent, "entra.consent"); again.Claims != f.Claims || f.Claims == "" {
				t.Error("claims", f.Claims, again.Claims)
			}
			q := request()
			q.Claims = f.Claims
			back := at.approve(s.AuthorizeURL(q), tomas, "accept")
			if _, err := s.Redeem(t.Context(), back.Get("code"), q.Verifier, q.Nonce); err != nil {
				t.Fatal(err)
			}
			if _, err := s.Token(t.Context(), userOf(tomas), orgURL); err != nil {
				t.Error(err)
			}
			if _, err := s.SignInTab(t.Context(), at.tabToken(tomas)); err != nil {
				t.Error(err)
			}
			if denied := at.approve(s.AuthorizeURL(AuthRequest{State: "s", Nonce: "n", Verifier: q.Verifier, Prompt: "consent"}), tomas, "cancel"); denied.Get("error") != "access_denied" {
				t.Error(denied)
			}
		})
	}
}
