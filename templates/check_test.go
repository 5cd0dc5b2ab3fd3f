package templates

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/checkup"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// outcomes are what each step may find.
var outcomes = map[checkup.Step][]checkup.Outcome{
	checkup.Renewal:        {checkup.Good, checkup.Slow, checkup.Broken},
	checkup.LoginClock:     {checkup.Good, checkup.Differs, checkup.Unknown, checkup.Broken},
	checkup.Discovery:      {checkup.Good, checkup.Slow, checkup.Nothing, checkup.Broken},
	checkup.DataverseClock: {checkup.Good, checkup.Differs, checkup.Unknown, checkup.Untested},
	checkup.Offer:          {checkup.LeftOut, checkup.TooMany},
	checkup.Answer:         {checkup.Good, checkup.Slow, checkup.Broken},
	checkup.Member:         {checkup.Good, checkup.Slow, checkup.Broken, checkup.Untested},
	checkup.Apps:           {checkup.Good, checkup.Slow, checkup.Nothing, checkup.Broken, checkup.Untested},
	checkup.Rights:         {checkup.Good, checkup.Slow, checkup.Missing, checkup.Unknown, checkup.Broken, checkup.Untested},
	checkup.Search:         {checkup.Good, checkup.Slow, checkup.Off, checkup.Unknown, checkup.Broken, checkup.Untested},
}

// Whatever a check finds has a sentence of its own, and what failed has advice.
func TestEveryFindingHasItsSentence(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		ctx := reader(language)
		l := locale.From(ctx)
		for step, all := range outcomes {
			if !l.Has("check.step." + string(step)) {
				t.Errorf("%s: %s has no name", language, step)
			}
			for _, o := range all {
				if key := "check." + string(step) + "." + string(o); !l.Has(key) {
					t.Errorf("%s: no %s", language, key)
				}
				f := checkup.Finding{Step: step, Outcome: o, Missing: checkup.Privileges(), Listed: 2, Seconds: -90}
				if text := checkText(ctx, f); strings.ContainsAny(text, "{}") || strings.Contains(text, "-90") {
					t.Errorf("%s: %s %s says %q", language, step, o, text)
				}
			}
		}
		for _, c := range checkup.Causes() {
			if !l.Has("check.because."+string(c)) || checkAdvice(ctx, checkup.Finding{Step: checkup.Apps, Outcome: checkup.Broken, Cause: c}) == "" {
				t.Errorf("%s: %s has no sentence or advice", language, c)
			}
		}
		for _, name := range checkup.Privileges() {
			if !l.Has("check.right." + name) {
				t.Errorf("%s: no right %s", language, name)
			}
		}
		for _, s := range browserSteps() {
			for _, o := range s.outcomes {
				if key := "check." + s.name + "." + o.name; !l.Has(key) || !l.Has("check.step."+s.name) {
					t.Errorf("%s: no %s", language, key)
				}
			}
		}
	}
}

func sampleCheck(findings ...checkup.Finding) CheckModel {
	return CheckModel{
		SignedIn: true, At: time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC), Reference: "c0ffee", Program: "v1",
		General: slices.Values(findings),
		Organizations: func() []checkup.Organization {
			return []checkup.Organization{{ID: "o1", Name: "Har <b>\nbor", URL: "https://harbor.crm4.dynamics.com", Steps: []checkup.Step{checkup.Answer}}}
		},
		Findings: slices.Values([]checkup.Finding{{Step: checkup.Answer, Organization: "o1", Verdict: checkup.Failed, Outcome: checkup.Broken, Cause: checkup.CauseOurs, Err: errors.New("secret-canary")}}),
	}
}

func TestACheckIsSafeAndSaysNothingRaw(t *testing.T) {
	consent := fault.Wrap(errors.New("secret-canary"), fault.Consent, "entra.consent")
	consent.Claims, consent.LoginHint = `{"a":1}`, "canary@example.com"
	m := sampleCheck(checkup.Finding{Step: checkup.Renewal, Verdict: checkup.Failed, Outcome: checkup.Broken, Cause: checkup.CauseConsent, Err: consent})
	doc := draw(t, CheckPage(m))
	safe(t, doc)
	report := doc.Find("#report").Text()
	if strings.Contains(doc.Text(), "secret-canary") || strings.Contains(report, "canary") || !strings.Contains(report, "entra.consent") {
		t.Error(report)
	}
	if !strings.Contains(report, "\nHar <b> bor (https://harbor.crm4.dynamics.com)\n[Failed] Answer: It did not tell its version. That is a fault of Pintab. (internal)\n") {
		t.Error(report)
	}
	if href := doc.Find("#sign-in").AttrOr("href", ""); !strings.Contains(href, "claims=") || doc.Find("form#redeem").Length() != 1 {
		t.Errorf("no way to sign in: %q", href)
	}
	if words(doc.Find("[data-testid=summary]")) != "Everything that Pintab could test for you is tested: 0 fine, 0 to note, 2 failed." {
		t.Error(words(doc.Find("[data-testid=summary]")))
	}
}

// Each step is flushed the moment it is found, and until then it is said to be under way.
func TestACheckIsDrawnAsItGoes(t *testing.T) {
	var out flushes
	m := sampleCheck()
	m.General = func(yield func(checkup.Finding) bool) {
		if got := out.String(); !strings.Contains(got, "Is being tested…") || strings.Contains(got, "data-step") {
			t.Error("nothing is said to be under way")
		}
		yield(checkup.Finding{Step: checkup.Renewal, Verdict: checkup.Fine, Outcome: checkup.Good})
		if !strings.Contains(out.String(), `data-step="renewal"`) {
			t.Error("the finding is not there yet")
		}
	}
	if err := CheckPage(m).Render(reader("en"), &out); err != nil {
		t.Fatal(err)
	}
}

func TestStatesLeadToTheCheck(t *testing.T) {
	for situation, want := range map[Situation]int{UpstreamDown: 1, NoOrganization: 1, NoApp: 1, Broken: 1, PageNotFound: 0, SignedOut: 0} {
		s := sampleState(situation)
		if got := draw(t, StatePage(StateModel{State: s})).Find(`a[href^="/tab/check"]`).Length(); got != want {
			t.Errorf("%s: %d links", situation, got)
		}
	}
}
