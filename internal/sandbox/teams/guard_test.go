package teams_test

import (
	"crypto/rsa"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// signedBy makes a token that is right in everything but its key.
func signedBy(t *testing.T, key *rsa.PrivateKey, entra string) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: key, KeyID: "entra"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := jwt.Signed(signer).Claims(map[string]any{
		"iss": entra + "/" + world.Home.ID + "/v2.0", "aud": "https://api.botframework.com",
		"azp": world.Registration.BotAppID, "exp": time.Now().Add(time.Hour).Unix(),
	}).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// The client can speak as anybody, so that no other site may make it do so.
func TestOtherSitesReachNothing(t *testing.T) {
	h := startHost(t, nil)
	body := `{"person":"` + tomas + `","app":"` + appID + `","origin":"` + h.App.URL + `"}`
	for name, c := range map[string]struct {
		header map[string]string
		host   string
		want   int
	}{
		"its own page":            {map[string]string{"Sec-Fetch-Site": "same-origin"}, "", http.StatusOK},
		"another site":            {map[string]string{"Sec-Fetch-Site": "cross-site"}, "", http.StatusForbidden},
		"the tab that it hosts":   {map[string]string{"Origin": h.App.URL}, "", http.StatusForbidden},
		"a form, by its type":     {map[string]string{"Content-Type": "text/plain"}, "", http.StatusUnsupportedMediaType},
		"a name pointed at it":    {nil, "rebound.example", http.StatusMisdirectedRequest},
		"another name of this pc": {nil, strings.Replace(strings.TrimPrefix(h.URL, "http://"), "127.0.0.1", "localhost", 1), http.StatusMisdirectedRequest},
	} {
		r, err := http.NewRequest(http.MethodPost, h.URL+"/_host/token", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/json")
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		if c.host != "" {
			r.Host = c.host
		}
		if status, out := h.do(r); status != c.want {
			t.Errorf("%s: %d %v, want %d", name, status, out, c.want)
		}
	}
}

func TestThePolicyFramesTheAppsOfTheStoreAlone(t *testing.T) {
	h := startHost(t, nil)
	r, err := h.client.Get(h.URL + "/store")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	policy := r.Header.Get("Content-Security-Policy")
	directives := map[string]string{}
	for _, d := range strings.Split(policy, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(d), " ")
		directives[name] = value
	}
	frames := strings.Fields(directives["frame-src"])
	if len(frames) != 3 || !strings.Contains(directives["frame-src"], h.App.URL) || strings.Contains(directives["frame-src"], "http://*") {
		t.Errorf("frame-src %v", frames)
	}
	for name, want := range map[string]string{"default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "frame-ancestors": "'none'"} {
		if directives[name] != want {
			t.Errorf("%s %s, want %s", name, directives[name], want)
		}
	}
}

// The policy forbids inline code, so that a page with some would not work.
func TestPagesHaveNoInlineCode(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	for _, path := range []string{"/store", "/store/" + appID, personal + "/dashboard", personal + "/conversations", personal + "/about", "/teams", northern, "/chats", "/chats/quarter-end", "/nowhere"} {
		p := h.get(path + "?person=" + tomas)
		p.wantCount("style, [style], script:not([src]):not([type='application/json'])", 0)
		p.wantCount("main h1", 1)
		for _, link := range p.Find("a[target=_blank]").EachIter() {
			if !strings.Contains(link.AttrOr("rel", ""), "noopener") {
				t.Errorf("%s: %s keeps its opener", path, link.AttrOr("href", ""))
			}
		}
	}
}

func TestWhatIsNotThereIsSaidInASentence(t *testing.T) {
	h := startHost(t, nil)
	h.installFor(tomas, "me")
	for _, path := range []string{"/nowhere", "/store/x", "/app/x", personal + "/x", "/teams/x/y", northern + "/1", "/chats/x", "/l/entity/x/y"} {
		p := h.get(path + "?person=" + tomas)
		if p.status != http.StatusNotFound {
			t.Errorf("%s: %d", path, p.status)
		}
		if sentence := strings.Join(p.texts("main [role=alert]"), ""); !strings.HasSuffix(sentence, ".") {
			t.Errorf("%s: %q", path, sentence)
		}
	}
	if p := h.post("/store/"+appID+"/install?person="+tomas, url.Values{"for": {"nobody"}, "yes": {"on"}}); p.status != http.StatusUnprocessableEntity {
		t.Errorf("an installation for nobody: %d", p.status)
	}
}
