package web

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

const (
	// signInCookie holds a secret of the browser, so that only the browser which started a sign-in can finish it.
	signInCookie = "__Host-pintab-signin"
	// signInLife is how long a person may take at Entra ID.
	signInLife = 10 * time.Minute
	// handOffLife is how long a finished pop-up waits to be collected.
	handOffLife = time.Minute
	// hintLimit bounds what the address may say about who signs in and how.
	hintLimit = 4096
)

// signInTab takes the token that Teams gave the tab and answers the page that was asked for.
func (s *Server) signInTab(c echo.Context) error {
	form, err := s.form(c)
	if err != nil {
		return err
	}
	next := s.next(form.Get("next"))
	s.bound(c, next)
	if err := s.recognizing(c); err != nil {
		return err
	}
	ctx, cancel := s.deadline(c)
	defer cancel()
	profile, err := s.cfg.SignIn.SignInTab(ctx, form.Get("token"))
	if err != nil {
		return err
	}
	return s.welcome(c, profile, next)
}

// startSignIn sends a browser, or a pop-up that a tab opened with a challenge, to Entra ID.
func (s *Server) startSignIn(c echo.Context) error {
	q := c.QueryParams()
	challenge := q.Get("challenge")
	if challenge != "" && !isSecret(challenge) {
		return fault.New(fault.Invalid, "web.bad_request")
	}
	return s.sendToSignIn(c, crm.SignIn{Next: s.next(q.Get("next")), Challenge: challenge})
}

// sendToSignIn begins a sign-in and sends the browser to Entra ID. Without a challenge the browser that begins it has to end it.
func (s *Server) sendToSignIn(c echo.Context, flow crm.SignIn) error {
	q := c.QueryParams()
	state, err := s.secret()
	if err != nil {
		return err
	}
	if flow.Nonce, err = s.secret(); err != nil {
		return err
	}
	if flow.Verifier, err = s.secret(); err != nil {
		return err
	}
	flow.Expires = s.cfg.Now().Add(signInLife)
	if flow.Challenge == "" {
		secret, err := s.browserSecret(c)
		if err != nil {
			return err
		}
		flow.Browser = challengeOf(secret)
	}
	if err := s.cfg.Store.StartSignIn(c.Request().Context(), hashOf(state), flow); err != nil {
		return err
	}
	address := s.cfg.AuthorizeURL(AuthRequest{
		State: state, Nonce: flow.Nonce, Verifier: flow.Verifier,
		LoginHint: hint(q.Get("login_hint")), Claims: claims(q.Get("claims")), Prompt: prompt(q.Get("prompt")),
	})
	if address == "" {
		return fault.New(fault.Unreachable, "entra.unreachable")
	}
	return c.Redirect(http.StatusFound, address)
}

// browserSecret gives the secret of this browser, so that sign-ins in two windows do not disturb each other.
func (s *Server) browserSecret(c echo.Context) (string, error) {
	secret := ""
	if cookie, err := c.Cookie(signInCookie); err == nil && isSecret(cookie.Value) {
		secret = cookie.Value
	}
	if secret == "" {
		var err error
		if secret, err = s.secret(); err != nil {
			return "", err
		}
	}
	c.SetCookie(signInSecret(secret, int(signInLife/time.Second)))
	return secret, nil
}

func signInSecret(value string, maxAge int) *http.Cookie {
	return &http.Cookie{Name: signInCookie, Value: value, Path: "/", MaxAge: maxAge, Secure: true, HttpOnly: true,
		SameSite: http.SameSiteNoneMode, Partitioned: true}
}

// finishSignIn is where Entra ID sends the browser back to, with a code or with a refusal.
func (s *Server) finishSignIn(c echo.Context) error {
	answer := c.QueryParams()
	if c.Request().Method == http.MethodPost {
		var err error
		if answer, err = s.form(c); err != nil {
			return err
		}
	}
	for _, name := range []string{"state", "code", "error", "iss"} {
		if len(answer[name]) > 1 {
			return fault.New(fault.Invalid, "web.bad_request")
		}
	}
	if err := s.recognizing(c); err != nil {
		return err
	}
	flow, known, err := s.cfg.Store.TakeSignIn(c.Request().Context(), hashOf(answer.Get("state")))
	if err != nil {
		return err
	}
	if !known {
		return fault.New(fault.SignedOut, "web.sign_in_expired")
	}
	s.bound(c, flow.Next)
	switch {
	case flow.Challenge != "":
		return s.finishPopup(c, flow, answer)
	case s.cfg.Bot != nil && botState(flow) != "":
		return s.finishBot(c, flow, answer)
	}
	return s.finishBrowser(c, flow, answer)
}

// finishBrowser ends an ordinary sign-in, in the browser that began it.
func (s *Server) finishBrowser(c echo.Context, flow crm.SignIn, answer url.Values) error {
	cookie, err := c.Cookie(signInCookie)
	if err != nil {
		return s.withoutSecret(c, flow)
	}
	if !sameText(challengeOf(cookie.Value), flow.Browser) {
		return fault.New(fault.SignedOut, "web.sign_in_expired")
	}
	profile, err := s.redeem(c, flow, answer)
	if err != nil {
		return err
	}
	if _, _, err := s.sessions.start(c.Response(), c.Request(), profile); err != nil {
		return err
	}
	c.SetCookie(signInSecret("", -1))
	return c.Redirect(http.StatusSeeOther, flow.Next)
}

// withoutSecret answers a browser that does not bring the secret with which it began. Another window of it may have finished
// meanwhile, which uses the secret up; else it keeps no cookies.
func (s *Server) withoutSecret(c echo.Context, flow crm.SignIn) error {
	session, err := s.signedIn(c)
	switch {
	case err != nil:
		return err
	case session != nil:
		return c.Redirect(http.StatusSeeOther, flow.Next)
	case visitOf(c).cookieCame:
		return fault.New(fault.SignedOut, "web.sign_in_expired")
	}
	return s.draw(c, http.StatusBadRequest, templates.StatePage(templates.StateModel{Page: s.pageOf(c), State: templates.State{
		Situation: templates.CookiesBlocked, RetryPath: flow.Next, Fault: fault.New(fault.Invalid, "web.no_cookies"),
	}}))
}

// finishPopup ends a sign-in in a pop-up. Its cookies are not the tab's, so all that it gets is a one-time code, worth
// nothing to anybody without the tab's verifier.
func (s *Server) finishPopup(c echo.Context, flow crm.SignIn, answer url.Values) error {
	model := templates.HandOffModel{Page: s.pageOf(c), AppOrigin: s.cfg.PublicURL}
	model.Page.Path = ""
	status := http.StatusOK
	code, err := s.offer(c, flow, answer)
	if err != nil {
		s.blame(c, err)
		model.Fault = fault.Of(err)
		status = statuses[model.Fault.Kind]
	}
	model.Code = code
	return s.draw(c, status, templates.HandOffPage(model))
}

func (s *Server) offer(c echo.Context, flow crm.SignIn, answer url.Values) (string, error) {
	profile, err := s.redeem(c, flow, answer)
	if err != nil {
		return "", err
	}
	code, err := s.secret()
	if err != nil {
		return "", err
	}
	return code, s.cfg.Store.OfferHandOff(c.Request().Context(), hashOf(code), crm.HandOff{
		Profile: profile, Next: flow.Next, Challenge: flow.Challenge, Expires: s.cfg.Now().Add(handOffLife),
	})
}

// redeem reads what Entra ID answered; its own words are for developers and are not shown.
func (s *Server) redeem(c echo.Context, flow crm.SignIn, answer url.Values) (crm.Profile, error) {
	ctx, cancel := s.deadline(c)
	defer cancel()
	if err := s.cfg.SignIn.CheckIssuer(ctx, answer.Get("iss")); err != nil {
		return crm.Profile{}, err
	}
	switch answer.Get("error") {
	case "":
	case "access_denied":
		return crm.Profile{}, fault.New(fault.SignedOut, "web.sign_in_declined")
	case "temporarily_unavailable", "server_error":
		return crm.Profile{}, fault.New(fault.Unreachable, "entra.unreachable")
	default:
		return crm.Profile{}, fault.New(fault.SignedOut, "web.sign_in_refused")
	}
	if answer.Get("code") == "" {
		return crm.Profile{}, fault.New(fault.Invalid, "web.bad_request")
	}
	return s.cfg.SignIn.Redeem(ctx, answer.Get("code"), flow.Verifier, flow.Nonce)
}

// collectHandOff gives the tab the session that its pop-up has earned, with a cookie from inside the frame.
func (s *Server) collectHandOff(c echo.Context) error {
	form, err := s.form(c)
	if err != nil {
		return err
	}
	if err := s.recognizing(c); err != nil {
		return err
	}
	offer, known, err := s.cfg.Store.TakeHandOff(c.Request().Context(), hashOf(form.Get("code")))
	if err != nil {
		return err
	}
	s.bound(c, offer.Next)
	if !known || !sameText(challengeOf(form.Get("verifier")), offer.Challenge) {
		return fault.New(fault.SignedOut, "web.sign_in_expired")
	}
	return s.welcome(c, offer.Profile, offer.Next)
}

// signOut ends all sessions of the person, in every browser and host, and forgets their tokens.
func (s *Server) signOut(c echo.Context) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	if session != nil {
		user := session.Profile.User
		if err := s.cfg.Store.EndSessions(ctx, user); err != nil {
			return err
		}
		if err := s.cfg.SignIn.SignOut(ctx, user); err != nil {
			return err
		}
	}
	s.sessions.takeBack(c.Response())
	return s.draw(c, http.StatusOK, templates.SignInPage(templates.SignInModel{Page: s.pageOf(c), Next: homePage, SignedOut: true}))
}

// hint passes on a username to prefill.
func hint(text string) string {
	if len(text) > 256 || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return ""
	}
	return text
}

// claims passes on a claims challenge, which is a JSON object (OpenID Connect Core 5.5).
func claims(text string) string {
	if len(text) > hintLimit || !strings.HasPrefix(text, "{") || !json.Valid([]byte(text)) {
		return ""
	}
	return text
}

// prompt passes on the prompts that lead a person somewhere.
func prompt(text string) string {
	switch text {
	case "login", "consent", "select_account":
		return text
	}
	return ""
}
