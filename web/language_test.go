package web

import (
	"net/http"
	"net/url"
	"testing"
)

// wantLanguage fails unless the page is in a language, and runs in its direction.
func (p *page) wantLanguage(tag, direction, text string) {
	p.Helper()
	html := p.wantOne("html")
	if got := html.AttrOr("lang", ""); got != tag || html.AttrOr("dir", "") != direction {
		p.Errorf("%s is in %s, %s, not %s", p.Request.URL.Path, got, html.AttrOr("dir", ""), tag)
	}
	p.wantText(text)
}

// Somebody whose Teams speaks German reads Pintab in Arabic, on every page, until they follow Teams again.
func TestAChosenLanguageIsThatOfEveryPage(t *testing.T) {
	b := inTown(t, newTown(2))
	german := func(r *http.Request) { r.Header.Set("Accept-Language", "de-AT") }
	p := b.get("/tab/settings?theme=dark&locale=de-AT", german).wantStatus(http.StatusOK)
	p.wantLanguage("de-AT", "ltr", "so wünscht es Teams")
	p = b.save(p, "form.speak", url.Values{"language": {"ar"}})
	p.wantLanguage("ar-SA", "rtl", "اخترتها أنت")
	p.wantText("تم الحفظ")
	if theme := p.doc.Find("html").AttrOr("data-theme", ""); theme != "dark" {
		t.Error("the look is lost:", theme)
	}
	if got := p.wantOne(`select[name="language"] option[selected]`).AttrOr("value", ""); got != "ar" {
		t.Error("chosen is", got)
	}
	if got := p.wantOne(`form.speak input[name="locale"]`).AttrOr("value", ""); got != "de-AT" {
		t.Error("links ask for", got, "as if Teams did")
	}
	for _, address := range []string{"/tab/dashboard?locale=de-AT", "/tab/settings?locale=de-AT", "/tab/dashboard?locale=de-AT&org=https://nowhere.example", "/no/such/page", "/privacy", "/terms"} {
		b.get(address, german).wantLanguage("ar-SA", "rtl", "")
	}

	b.post("/auth/signout", url.Values{}).wantStatus(http.StatusOK).wantLanguage("ar-SA", "rtl", "تم تسجيل خروجك")
	b.get("/tab/settings?locale=de-AT", german).wantLanguage("ar-SA", "rtl", "") // the sign-in page knows by the cookie
}

func TestWhoFollowsTeamsAgainReadsWhatTeamsAsksFor(t *testing.T) {
	b := inTown(t, newTown(1))
	p := b.save(b.get("/tab/settings?locale=fr-CA"), "form.speak", url.Values{"language": {"ja"}})
	p.wantLanguage("ja-JP", "ltr", "自分で選択")
	p = b.save(p, "form.speak", url.Values{"language": {""}})
	p.wantLanguage("fr-CA", "ltr", "demandée par Teams")
	if cookie := p.cookie(languageCookie); cookie != nil && cookie.Value != "" {
		t.Error("the browser still remembers", cookie.Value)
	}
	b.get("/privacy?locale=es").wantLanguage("es-ES", "ltr", "Privacidad")
}

func TestALanguageThatNobodySpeaksIsRefused(t *testing.T) {
	b := inTown(t, newTown(1))
	for _, language := range []string{"tlh", "fr-FR", "../en"} {
		b.post("/tab/settings/language", url.Values{"language": {language}}).wantStatus(http.StatusBadRequest)
	}
	b.get("/tab/settings", func(r *http.Request) {
		r.AddCookie(&http.Cookie{Name: languageCookie, Value: "<script>"})
	}).wantLanguage("en-US", "ltr", "Settings")
}
