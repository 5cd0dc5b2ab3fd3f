package teams_test

import (
	"archive/zip"
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/pintab/pintab/internal/sandbox/teams"
	"github.com/pintab/pintab/internal/sandbox/world"
)

const (
	appID    = "0f2c9a10-6f1b-4d8e-9e51-3c7a55d7b001"
	tomas    = "tomas@harborfinch.example"
	priya    = "priya@harborfinch.example"
	jakub    = "jakub@moraviawerke.example"
	personal = "/app/" + appID
)

var (
	hostKey  = sync.OnceValue(newKey)
	entraKey = sync.OnceValue(newKey)
)

func newKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// host is a running client with an app of our own making, an Entra ID and a bot.
type host struct {
	t      *testing.T
	URL    string
	App    *httptest.Server // serves the app's tabs and its bot
	Entra  *entra
	Bot    *bot
	config teams.Config
	server *teams.Server
	web    *http.Server
	stop   func()
	client *http.Client
}

// startHost starts everything. pages answers what the app's own server is asked beside its bot; nil answers 404.
func startHost(t *testing.T, pages http.Handler, change ...func(*teams.Config)) *host {
	t.Helper()
	h := &host{t: t, Entra: newEntra(t), Bot: &bot{t: t}}
	mux := http.NewServeMux()
	mux.Handle("POST /api/messages", h.Bot)
	if pages != nil {
		mux.Handle("/", pages)
	}
	h.App = listen(t, "localhost:0", mux)
	h.config = teams.Config{
		Packages: [][]byte{packageOf(t, sampleManifest(h.App.URL), sampleGerman)},
		Entra:    h.Entra.URL, People: world.People(), Tenants: world.Tenants(), Client: world.Registration,
		ConnectorKey: hostKey(), StatePath: t.TempDir() + "/teams.json",
	}
	for _, f := range change {
		f(&h.config)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	h.client = &http.Client{Jar: jar}
	h.start()
	return h
}

func (h *host) start() {
	h.t.Helper()
	address := "127.0.0.1:0"
	if h.config.Base != "" {
		address = strings.TrimPrefix(h.config.Base, "http://")
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		h.t.Fatal(err)
	}
	h.config.Base = "http://" + listener.Addr().String()
	server, err := teams.New(h.config)
	if err != nil {
		h.t.Fatal(err)
	}
	web := &httptest.Server{Listener: listener, Config: &http.Server{Handler: server}}
	web.Start()
	h.URL, h.server, h.web = h.config.Base, server, web.Config
	h.Bot.host = h
	h.stop = sync.OnceFunc(func() { server.Close(); web.Close() })
	h.t.Cleanup(h.stop)
}

// restart ends the client and starts it anew from what it kept.
func (h *host) restart() {
	h.t.Helper()
	h.stop()
	h.start()
}

func listen(t *testing.T, address string, handler http.Handler) *httptest.Server {
	t.Helper()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler}}
	s.Start()
	t.Cleanup(s.Close)
	if host, _, _ := strings.Cut(address, ":"); host == "localhost" {
		s.URL = "http://localhost:" + listener.Addr().String()[strings.LastIndex(listener.Addr().String(), ":")+1:]
	}
	return s
}

// page is a page as a person sees it.
type page struct {
	*goquery.Document
	t      *testing.T
	status int
	url    *url.URL
}

func (h *host) get(path string) page {
	h.t.Helper()
	r, err := h.client.Get(h.URL + path)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.read(r)
}

func (h *host) post(path string, form url.Values) page {
	h.t.Helper()
	r, err := h.client.PostForm(h.URL+path, form)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.read(r)
}

func (h *host) read(r *http.Response) page {
	h.t.Helper()
	defer r.Body.Close()
	doc, err := goquery.NewDocumentFromReader(r.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return page{doc, h.t, r.StatusCode, r.Request.URL}
}

// texts gives the trimmed text of everything that matches.
func (p page) texts(selector string) []string {
	var all []string
	p.Find(selector).Each(func(_ int, s *goquery.Selection) { all = append(all, strings.Join(strings.Fields(s.Text()), " ")) })
	return all
}

func (p page) wantText(selector, want string) {
	p.t.Helper()
	if got := strings.Join(p.texts(selector), " | "); !strings.Contains(got, want) {
		p.t.Errorf("%s: %s has %q, want %q in it", p.url, selector, got, want)
	}
}

func (p page) wantCount(selector string, want int) {
	p.t.Helper()
	if got := p.Find(selector).Length(); got != want {
		p.t.Errorf("%s: %d of %s, want %d", p.url, got, selector, want)
	}
}

// call makes a call of the host page's script and gives its status and answer.
func (h *host) call(method, path string, body any) (int, map[string]any) {
	h.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		h.t.Fatal(err)
	}
	r, err := http.NewRequest(method, h.URL+path, bytes.NewReader(raw))
	if err != nil {
		h.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	return h.do(r)
}

func (h *host) do(r *http.Request) (int, map[string]any) {
	h.t.Helper()
	answer, err := h.client.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	var out map[string]any
	_ = json.Unmarshal(raw, &out)
	return answer.StatusCode, out
}

func (h *host) installFor(person, target string) page {
	return h.post("/store/"+appID+"/install?person="+person, url.Values{"for": {target}, "yes": {"on"}})
}

// teamIDs reads the teams that the details page offers.
func (h *host) teamIDs(person string) map[string]string {
	ids := map[string]string{}
	h.get("/store/" + appID + "?person=" + person).Find("select[name=for] option").Each(func(_ int, s *goquery.Selection) {
		ids[s.Text()] = s.AttrOr("value", "")
	})
	return ids
}

// sampleManifest is an app of our own making: a tab, a settings tab, a bot, a channel tab and a German name.
func sampleManifest(origin string) map[string]any {
	host := strings.TrimPrefix(origin, "http://")
	return map[string]any{
		"manifestVersion": "1.25", "version": "2.3.4", "id": appID,
		"name":        map[string]any{"short": "Sample for Dynamics", "full": "Sample for Dynamics, in full"},
		"description": map[string]any{"short": "Shows things.", "full": "Shows things.\n\nAnd more."},
		"developer":   map[string]any{"name": "Sample makers", "websiteUrl": origin, "privacyUrl": origin + "/privacy", "termsOfUseUrl": origin + "/terms"},
		"icons":       map[string]any{"color": "color.png", "outline": "outline.png"}, "accentColor": "#000000",
		"localizationInfo": map[string]any{"defaultLanguageTag": "en", "additionalLanguages": []any{map[string]any{"languageTag": "de", "file": "de.json"}}},
		"staticTabs": []any{
			map[string]any{"entityId": "conversations", "scopes": []string{"personal"}},
			map[string]any{"entityId": "dashboard", "name": "Board", "contentUrl": origin + "/tab/board?theme={theme}&locale={locale}", "websiteUrl": origin + "/board", "scopes": []string{"personal"}},
			map[string]any{"entityId": "settings", "name": "Options", "contentUrl": origin + "/tab/options", "scopes": []string{"personal"}},
			map[string]any{"entityId": "about", "scopes": []string{"personal"}},
		},
		"configurableTabs": []any{map[string]any{"configurationUrl": origin + "/config", "canUpdateConfiguration": true, "scopes": []string{"team", "groupChat"}}},
		"bots": []any{map[string]any{"botId": world.Registration.BotAppID, "scopes": []string{"personal"}, "commandLists": []any{
			map[string]any{"scopes": []string{"personal"}, "commands": []any{map[string]any{"title": "Help", "description": "Says what it can"}}},
		}}},
		"validDomains":       []string{host, "*.sample.example"},
		"webApplicationInfo": map[string]any{"id": world.Registration.ID, "resource": "api://" + host + "/botid-" + world.Registration.ID},
	}
}

var sampleGerman = map[string]string{"name.short": "Muster für Dynamics", "staticTabs[1].name": "Tafel", "bots[0].commandLists[0].commands[0].title": "Hilfe"}

func packageOf(t *testing.T, manifest, german any) []byte {
	t.Helper()
	var picture, out bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	z := zip.NewWriter(&out)
	add := func(name string, content []byte) {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(content); err != nil {
			t.Fatal(err)
		}
	}
	for name, document := range map[string]any{"manifest.json": manifest, "de.json": german} {
		raw, err := json.Marshal(document)
		if err != nil {
			t.Fatal(err)
		}
		add(name, raw)
	}
	add("color.png", picture.Bytes())
	add("outline.png", picture.Bytes())
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// entra is the part of an Entra ID that the client needs, with every request that it got.
type entra struct {
	*httptest.Server
	mu     sync.Mutex
	asked  []url.Values
	Refuse string // error code instead of a token
}

func newEntra(t *testing.T) *entra {
	e := &entra{}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, map[string]any{
			"issuer": e.URL + "/" + r.PathValue("tenant") + "/v2.0", "jwks_uri": e.URL + "/keys",
			"authorization_endpoint": e.URL + "/authorize", "token_endpoint": e.URL + "/token", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &entraKey().PublicKey, KeyID: "entra", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/token", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		r.PostForm.Set("tenant", r.PathValue("tenant"))
		e.mu.Lock()
		e.asked = append(e.asked, r.PostForm)
		refuse := e.Refuse
		e.mu.Unlock()
		if refuse != "" {
			w.WriteHeader(http.StatusBadRequest)
			writeJSON(w, map[string]any{"error": refuse})
			return
		}
		writeJSON(w, map[string]any{"access_token": "token-of-" + r.PostForm.Get("username")})
	})
	e.Server = listen(t, "localhost:0", mux)
	return e
}

func (e *entra) requests() []url.Values {
	e.mu.Lock()
	defer e.mu.Unlock()
	return append([]url.Values(nil), e.asked...)
}

// sign makes a token of this Entra ID from the claims of a good one and what differs.
func (e *entra) sign(t *testing.T, differs map[string]any) string {
	t.Helper()
	claims := map[string]any{
		"iss": e.URL + "/" + world.Home.ID + "/v2.0", "aud": "https://api.botframework.com",
		"azp": world.Registration.BotAppID, "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Unix(),
	}
	for name, value := range differs {
		claims[name] = value
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.RS256, Key: jose.JSONWebKey{Key: entraKey(), KeyID: "entra"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func writeJSON(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body)
}
