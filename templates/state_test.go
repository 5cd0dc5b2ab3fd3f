package templates

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Every state has a title, a sentence and a way on, in every language, as a page and in the place of a board.
func TestEverySituationHasAWayOn(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		seen := map[string]bool{}
		for _, situation := range Situations() {
			page := text(t, language, StatePage(StateModel{State: sampleState(situation)}))
			if strings.Contains(page, "state.") || strings.Contains(page, "{") && strings.Contains(page, "{wait}") {
				t.Errorf("%s %s shows a key", language, situation)
			}
			doc := draw(t, StatePage(StateModel{Page: Page{Theme: ThemeContrast}, State: sampleState(situation)}))
			safe(t, doc)
			title := words(doc.Find("main h1"))
			if title == "" || seen[title] && language == "en" && title != words(doc.Find("main h1")) {
				t.Errorf("%s: %q", situation, title)
			}
			seen[title] = true
			if doc.Find("[data-testid=state] .ways a, [data-testid=state] .ways button").Length() == 0 {
				t.Errorf("%s is a dead end", situation)
			}
			if doc.Find("html").AttrOr("data-theme", "") != "contrast" || doc.Find("h1").Length() != 1 {
				t.Errorf("%s", situation)
			}
		}
		if len(seen) != len(Situations()) {
			t.Errorf("%d titles for %d situations", len(seen), len(Situations()))
		}
	}
}

func TestWhatIsNotListedIsListedWithItsReason(t *testing.T) {
	doc := draw(t, StatePage(StateModel{State: sampleState(NoOrganization)}))
	items := doc.Find(".reasons li")
	if items.Length() != len(reasons) {
		t.Errorf("%d reasons of %d", items.Length(), len(reasons))
	}
	if got := words(items.First()); got != "Harbor & Finch version It has version 8.2.25.7; Pintab needs 9.0 or later." {
		t.Error(got)
	}
	other := StatePage(StateModel{State: State{Situation: NoApp, LeftOut: []crm.LeftOut{{Name: "", Reason: "new-rule"}}}})
	if got := words(draw(t, other).Find(".reasons li")); !strings.HasPrefix(got, "(no name)") || strings.Contains(got, "reason.") {
		t.Error(got)
	}
}

func TestABusyUpstreamSaysHowLong(t *testing.T) {
	f := fault.New(fault.Busy, "dataverse.busy")
	f.RetryAfter = 90 * time.Second
	doc := draw(t, StatePage(StateModel{State: StateOf(f, "/tab/dashboard?part=p1", "c0ffee")}))
	if got := words(doc.Find("[data-testid=state] p").First()); !strings.Contains(got, "in 90 seconds") {
		t.Error(got)
	}
	if doc.Find(`a[href="/tab/dashboard?part=p1"]`).Length() != 1 {
		t.Error("no way to try again")
	}
}

func TestEveryFaultHasItsSituation(t *testing.T) {
	for kind, want := range map[fault.Kind]Situation{
		fault.Internal: Broken, fault.Invalid: BadRequest, fault.SignedOut: SignedOut, fault.Consent: SignedOut, fault.Forbidden: NoPermission,
		fault.NotFound: PageNotFound, fault.Conflict: Conflicting, fault.Busy: UpstreamBusy, fault.Unreachable: UpstreamDown, fault.TooLarge: OverLimit,
	} {
		if got := SituationOf(fault.New(kind, "x")); got != want {
			t.Errorf("%d is %s, not %s", kind, got, want)
		}
	}
}

func TestTheWayBackIsOurOwn(t *testing.T) {
	for _, path := range []string{"https://evil.example/", "//evil.example", `/\evil.example`, "", "javascript:x"} {
		doc := draw(t, StatePage(StateModel{State: State{Situation: UpstreamDown, RetryPath: path}}))
		if got := doc.Find(".ways a").AttrOr("href", ""); got != dashboardPath {
			t.Errorf("%q leads to %q", path, got)
		}
	}
}

func TestConsentInPlaceOfABoardOpensThePopup(t *testing.T) {
	f := fault.New(fault.Consent, "entra.consent")
	f.Claims = `{"access_token":{"acrs":{"essential":true}}}`
	doc := draw(t, StatePage(StateModel{Page: Page{InTeams: true}, State: StateOf(f, "/tab/dashboard", "")}))
	safe(t, doc)
	link := doc.Find("a#sign-in")
	u, err := url.Parse(link.AttrOr("href", ""))
	if err != nil || u.Path != "/auth/start" || u.Query().Get("claims") != f.Claims || u.Query().Get("next") != "/tab/dashboard" || link.AttrOr("target", "") != "_blank" {
		t.Error(u, err)
	}
	if doc.Find(`form#redeem[method=post][action="/auth/handoff"] input[name=verifier]`).Length() != 1 {
		t.Error("nothing redeems the code")
	}
}

func TestTheShellWorksWithoutScriptToo(t *testing.T) {
	doc := draw(t, ShellPage(ShellModel{Page: Page{Theme: ThemeDark, HostOrigins: []string{"http://127.0.0.1:3979"}}, Next: "/tab/dashboard?theme=dark&x='\"<>"}))
	safe(t, doc)
	form := doc.Find(`form#token[method=post][action="/auth/teams"]`)
	if got := form.Find("input[name=next]").AttrOr("value", ""); got != "/tab/dashboard?theme=dark&x='\"<>" || form.Find("input[name=token]").Length() != 1 {
		t.Error(got)
	}
	if !strings.Contains(doc.Find("noscript").Text(), "Sign in") || doc.Find("html").AttrOr("data-hosts", "") != "http://127.0.0.1:3979" {
		t.Error("no way on without script, or no host")
	}
	if doc.Find("script[src]").Length() != 0 {
		t.Error("the shell waits for a file")
	}
	blocked := draw(t, ShellPage(ShellModel{CookiesBlocked: true}))
	if _, hidden := blocked.Find("#blocked").Attr("hidden"); hidden || blocked.Find("html").AttrOr("data-cookies", "") != "blocked" {
		t.Error("nothing says that cookies are blocked")
	}
}

func TestSignInPages(t *testing.T) {
	for want, m := range map[string]SignInModel{
		"Sign in to see your dashboard": {},
		"You have signed out":           {SignedOut: true},
		"One more step":                 {Fault: fault.New(fault.Consent, "entra.consent")},
		"We could not sign you in":      {Fault: fault.New(fault.Unreachable, "entra.unreachable")},
	} {
		doc := draw(t, SignInPage(m))
		safe(t, doc)
		if got := words(doc.Find("h1")); got != want {
			t.Errorf("%q, not %q", got, want)
		}
		if doc.Find("a#sign-in").AttrOr("href", "") != "/auth/start" || doc.Find("a#sign-in[target]").Length() != 0 {
			t.Error("in a browser the button is a link in the same window")
		}
	}
}

func TestTheHandOffGivesTheCodeToNobodyElse(t *testing.T) {
	doc := draw(t, HandOffPage(HandOffModel{Code: "abc", AppOrigin: "http://localhost:3978"}))
	safe(t, doc)
	main := doc.Find("main")
	if main.AttrOr("data-code", "") != "abc" || main.AttrOr("data-origin", "") != "http://localhost:3978" || strings.Contains(main.Text(), "abc") {
		t.Error("the code is not where only the script looks")
	}
	failed := draw(t, HandOffPage(HandOffModel{Fault: fault.New(fault.SignedOut, "web.sign_in_declined")}))
	if got := words(failed.Find("main")); !strings.Contains(got, "Signing in was cancelled.") || failed.Find("main").AttrOr("data-problem", "") != "web.sign_in_declined" {
		t.Error(got)
	}
}
