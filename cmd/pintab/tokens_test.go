package main

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// routes lists every route of Pintab, from the server itself.
func (t *town) routes() (all []string) {
	t.Helper()
	app, err := wire(t.Context(), t.config, newLog(t.log, 0), t.now)
	if err != nil {
		t.Fatal(err)
	}
	defer app.close()
	server := reflect.ValueOf(app.server.Handler).Elem().FieldByName("echo")
	for _, route := range (*echo.Echo)(server.UnsafePointer()).Routes() {
		all = append(all, route.Method+" "+route.Path)
	}
	slices.Sort(all)
	return all
}

// forEverybody are the routes whose answer nobody's identity changes, with the status that they give. Every other route
// has to turn up in forSomebody.
var forEverybody = map[string]int{
	"GET /": http.StatusFound, "GET /favicon.ico": http.StatusNoContent,
	"GET /healthz": http.StatusOK, "HEAD /healthz": http.StatusOK, "GET /readyz": http.StatusOK, "HEAD /readyz": http.StatusOK,
	"GET /static/*": http.StatusNotFound, "HEAD /static/*": http.StatusNotFound,
	"POST /tab/check/browser": http.StatusOK, // our clock, and whether a cookie that means nothing came back
	"GET /auth/start":         http.StatusFound, "GET /privacy": http.StatusOK, "GET /terms": http.StatusOK,
	"GET /remove": http.StatusOK, // says what removing a tab means, and knows nobody
}

// forSomebody are the routes that a session, a token or a code opens, with the statuses of a refusal.
var forSomebody = map[string][]int{
	"GET /tab/dashboard":          {http.StatusOK}, // the page that asks Teams for a token
	"GET /tab/dashboard/part":     {http.StatusUnauthorized},
	"POST /tab/dashboard/choose":  {http.StatusSeeOther},
	"POST /tab/dashboard/refresh": {http.StatusSeeOther},
	"GET /tab/settings":           {http.StatusOK},
	"POST /tab/settings":          {http.StatusSeeOther},
	"POST /tab/settings/undo":     {http.StatusSeeOther},
	"POST /tab/settings/language": {http.StatusSeeOther},
	"GET /tab/settings/choices":   {http.StatusUnauthorized},
	"GET /tab/record":             {http.StatusOK},
	"GET /tab/record/new":         {http.StatusOK},
	"GET /tab/record/panel":       {http.StatusUnauthorized},
	"GET /tab/record/part":        {http.StatusUnauthorized},
	"GET /tab/record/note":        {http.StatusOK},
	"GET /tab/record/related":     {http.StatusOK},
	"GET /tab/record/add":         {http.StatusOK},
	"GET /tab/record/file":        {http.StatusUnauthorized},
	"POST /tab/record/file":       {http.StatusUnauthorized},
	"POST /tab/record/note":       {http.StatusUnauthorized},
	"POST /tab/record/related":    {http.StatusUnauthorized},
	"POST /tab/record/add":        {http.StatusUnauthorized},
	"GET /tab/record/lookup":      {http.StatusUnauthorized},
	"GET /tab/record/act":         {http.StatusOK},
	"POST /tab/record":            {http.StatusUnauthorized}, // with what was posted, to be sent again
	"POST /tab/record/new":        {http.StatusUnauthorized},
	"POST /tab/record/undo":       {http.StatusUnauthorized},
	"POST /tab/record/act":        {http.StatusUnauthorized},
	"POST /tab/record/stage":      {http.StatusUnauthorized},
	"GET /tab/view":               {http.StatusOK},
	"GET /tab/view/part":          {http.StatusUnauthorized},
	"GET /tab/view/export":        {http.StatusUnauthorized},
	"GET /config/channel":         {http.StatusOK},
	"GET /config/channel/panel":   {http.StatusUnauthorized},
	"POST /config/channel":        {http.StatusUnauthorized},
	"GET /tab/pin":                {http.StatusOK},
	"GET /tab/pin/change":         {http.StatusOK},
	"GET /tab/pin/change/panel":   {http.StatusUnauthorized},
	"POST /tab/pin/change":        {http.StatusUnauthorized},
	"POST /tab/pin/restore":       {http.StatusUnauthorized},
	"GET /tab/pins":               {http.StatusOK},
	"POST /tab/pins":              {http.StatusSeeOther},
	"POST /remove":                {http.StatusUnauthorized},
	"GET /tab/check":              {http.StatusOK}, // without a session: what the browser can test itself
	"GET /tab/privacy":            {http.StatusOK},
	"GET /tab/privacy/export":     {http.StatusSeeOther},
	"GET /tab/privacy/erase":      {http.StatusSeeOther},
	"POST /tab/privacy/erase":     {http.StatusSeeOther},
	"POST /tab/privacy/consent":   {http.StatusSeeOther},
	"POST /api/messages":          {http.StatusUnauthorized, http.StatusBadRequest},
	"GET /auth/bot/start":         {http.StatusBadRequest},
	"POST /auth/teams":            {http.StatusUnauthorized, http.StatusForbidden},
	"GET /auth/callback":          {http.StatusUnauthorized},
	"POST /auth/callback":         {http.StatusUnauthorized},
	"POST /auth/handoff":          {http.StatusUnauthorized},
	"POST /auth/signout":          {http.StatusOK},
}

// kinds are all the tokens that Entra ID gives out, and some that it does not.
func (t *town) kinds() map[string]string {
	t.Helper()
	const person = "ingrid@harborfinch.example"
	sso := t.at.ssoScope()
	home := world.Home.ID
	app := func(scope string) string {
		return grant(t.T, home, url.Values{"grant_type": {"client_credentials"}, "scope": {scope}}).Access
	}
	all := map[string]string{
		"a Dataverse token":               personalTokens(t.T, person, t.at.Dataverse+"/harbor-sales/.default").Access,
		"a discovery token":               personalTokens(t.T, person, t.at.Dataverse+"/.default").Access,
		"a token for Graph":               personalTokens(t.T, person, "openid profile").Access,
		"an id token":                     personalTokens(t.T, person, "openid profile").ID,
		"an id token beside a tab token":  personalTokens(t.T, person, "openid "+sso).ID,
		"a refresh token":                 personalTokens(t.T, person, "offline_access "+sso).Refresh,
		"the application's own":           app(t.at.ssoResource() + "/.default"),
		"the application's for Dataverse": app(t.at.Dataverse + "/harbor-sales/.default"),
		"the bot's own":                   app("https://api.botframework.com/.default"),
		"a Dataverse token of the second": personalTokens(t.T, "jakub@moraviawerke.example", t.at.Dataverse+"/moravia/.default").Access,
		"on behalf of":                    "",
		"of another client":               "",
		"nothing":                         "",
		"a word":                          "bearer",
		"null":                            "null",
	}
	tab := personalTokens(t.T, person, "openid offline_access "+sso)
	all["on behalf of"] = grant(t.T, home, url.Values{"grant_type": {"urn:ietf:params:oauth:grant-type:jwt-bearer"}, "requested_token_use": {"on_behalf_of"},
		"assertion": {tab.Access}, "scope": {t.at.Dataverse + "/.default"}}).Access
	// By refresh token Pintab's own registration gets a token for itself: right in everything but the client that asked.
	all["of another client"] = grant(t.T, home, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tab.Refresh}, "scope": {sso}}).Access
	for name, token := range tampered(tab.Access) {
		all[name] = token
	}
	return all
}

// tampered are changes of a good token.
func tampered(good string) map[string]string {
	pieces := strings.Split(good, ".")
	header, payload, signature := pieces[0], pieces[1], pieces[2]
	raw, _ := base64.RawURLEncoding.DecodeString(payload)
	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	claims := string(raw)
	other := strings.Replace(claims, world.People()[0].ObjectID, world.People()[2].ObjectID, 1)
	return map[string]string{
		"of another person":           header + "." + encode(other) + "." + signature,
		"unsigned":                    encode(`{"alg":"none","typ":"JWT"}`) + "." + payload + ".",
		"unsigned with a signature":   encode(`{"alg":"none","typ":"JWT"}`) + "." + payload + "." + signature,
		"signed by the public key":    encode(`{"alg":"HS256","typ":"JWT","kid":"x"}`) + "." + payload + "." + signature,
		"without its last letter":     good[:len(good)-1],
		"with a letter more":          good + "A",
		"with a line end":             good + "\n",
		"with a space before":         " " + good,
		"padded":                      good + "=",
		"without its signature":       header + "." + payload + ".",
		"with another signature":      header + "." + payload + "." + strings.Repeat("A", len(signature)),
		"twice":                       good + "," + good,
		"as a bearer":                 "Bearer " + good,
		"with a key of its own":       encode(`{"alg":"RS256","typ":"JWT","kid":"x","jwk":{"kty":"RSA"}}`) + "." + payload + "." + signature,
		"of a longer life":            header + "." + encode(strings.Replace(claims, `"exp":`, `"exp":9`, 1)) + "." + signature,
		"of another tenant by letter": header + "." + encode(strings.ReplaceAll(claims, world.Home.ID, world.Second.ID)) + "." + signature,
		"a million dots":              strings.Repeat(".", 1<<19),
	}
}

// present sends a token to a route in every place that a token may stand in.
func present(base, route, token string) map[string]said {
	method, path, _ := strings.Cut(route, " ")
	path = strings.TrimSuffix(path, "*")
	answers := map[string]said{}
	for _, place := range []string{"form", "address", "bearer", "cookie"} {
		form := url.Values{"next": {"/tab/dashboard"}}
		address := path
		request, _ := http.NewRequest(method, base+address, nil) // the address is ours
		switch place {
		case "form":
			for _, field := range []string{"token", "code", "id_token", "access_token", "assertion", "verifier", "state"} {
				form.Set(field, token)
			}
		case "address":
			if len(token) > 10_000 {
				continue // no browser sends that
			}
			request, _ = http.NewRequest(method, base+address+"?"+url.Values{"token": {token}, "code": {token}, "state": {token}}.Encode(), nil)
		case "bearer":
			if strings.ContainsAny(token, "\r\n") || len(token) > 10_000 {
				continue // no client sends that
			}
			request.Header.Set("Authorization", "Bearer "+token)
		case "cookie":
			if len(token) > 10_000 {
				continue
			}
			request.AddCookie(&http.Cookie{Name: "__Host-pintab", Value: strings.TrimSpace(token)})
		}
		if method == http.MethodPost {
			body, _ := http.NewRequest(method, request.URL.String(), strings.NewReader(form.Encode()))
			body.Header = request.Header
			body.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			request = body
		}
		request.Header.Set("Sec-Fetch-Site", "same-origin")
		request.Header.Set("Sec-Fetch-Dest", "iframe")
		answers[place] = newGuest(base, "").do(request)
	}
	return answers
}

// Only a token that Teams gave a tab opens Pintab, only in the body of /auth/teams, and nothing else opens any route.
func TestEveryTokenAtEveryRoute(t *testing.T) {
	town := moveTo(t)
	tokens := town.kinds()
	requests := 0
	for _, route := range town.routes() {
		wanted, known := forSomebody[route]
		if status, everybody := forEverybody[route]; everybody {
			wanted, known = []int{status}, true
		}
		if !known {
			t.Errorf("%s is a new route: say in this file who may see it", route)
			continue
		}
		for kind, token := range tokens {
			for place, got := range present(town.at.App, route, token) {
				requests++
				if err := town.refused(got, wanted); err != nil {
					t.Errorf("%s, %s in the %s: %v", route, kind, place, err)
				}
			}
		}
	}
	t.Logf("%d requests", requests)

	// The one that is right, in every wrong place.
	right := personalTokens(t, "ingrid@harborfinch.example", town.at.ssoScope()).Access
	for _, route := range town.routes() {
		for place, got := range present(town.at.App, route, right) {
			opens := route == "POST /auth/teams" && place == "form"
			if opened := strings.Contains(got.body, `data-testid="board"`); opened != opens {
				t.Errorf("%s, the right token in the %s: %d %.200s", route, place, got.status, got.body)
			}
		}
	}
	town.forward(2 * time.Hour)
	if got := present(town.at.App, "POST /auth/teams", right)["form"]; got.status != http.StatusUnauthorized {
		t.Errorf("the right token of two hours ago: %d", got.status)
	}
}

// refused says what an answer has given away.
func (t *town) refused(got said, wanted []int) error {
	switch {
	case got.err != nil:
		return got.err
	case !slices.Contains(wanted, got.status) && got.status != http.StatusBadRequest && got.status != http.StatusRequestEntityTooLarge:
		return fmt.Errorf("status %d, want %v: %.200s", got.status, wanted, got.body)
	case strings.Contains(got.body, "Ingrid") || strings.Contains(got.body, "Jakub") || strings.Contains(got.body, `data-testid="board"`):
		return fmt.Errorf("somebody is let in: %.300s", got.body)
	}
	for _, cookie := range (&http.Response{Header: got.header}).Cookies() {
		if cookie.Name == "__Host-pintab" && cookie.MaxAge >= 0 {
			return fmt.Errorf("a session is given")
		}
	}
	return nil
}
