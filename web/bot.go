package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

const (
	messagesPath  = "/api/messages"
	botSignInPath = "/auth/bot/start"
)

// messageLimit is the largest activity, in bytes.
const messageLimit = 256 << 10

// Bot is the chat.
type Bot interface {
	// Receive takes what the Bot Connector posts and says what to answer it; the error is for the log.
	Receive(ctx context.Context, authorization string, body []byte) (status int, answer []byte, err error)
	// MaySignIn says whom the sign-in card with this state was made for.
	MaySignIn(state string) (crm.User, error)
	// SignedIn takes what that person's sign-in came to, and gives the code by which they confirm it in the chat.
	SignedIn(ctx context.Context, state string, profile crm.Profile) (code string, err error)
}

func (s *Server) routeBot() {
	s.echo.POST(messagesPath, s.takeMessage)
	s.echo.GET(botSignInPath, s.startBotSignIn)
}

// takeMessage answers the Bot Connector, which is a program: a refusal has no page.
func (s *Server) takeMessage(c echo.Context) error {
	r := c.Request()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.blame(c, err)
		return c.NoContent(statuses[asFault(err).Kind])
	}
	authorization := ""
	if given := r.Header.Values(echo.HeaderAuthorization); len(given) == 1 {
		authorization = given[0]
	}
	status, answer, err := s.cfg.Bot.Receive(r.Context(), authorization, body)
	if err != nil {
		s.blame(c, err)
	}
	if answer == nil {
		return c.NoContent(status)
	}
	return c.JSONBlob(status, answer)
}

// startBotSignIn sends the window that a sign-in card of the chat opens to Entra ID.
func (s *Server) startBotSignIn(c echo.Context) error {
	state := c.QueryParam("state")
	if _, err := s.cfg.Bot.MaySignIn(state); err != nil {
		return err
	}
	return s.sendToSignIn(c, crm.SignIn{Next: botSignInPath + "?" + url.Values{"state": {state}}.Encode()})
}

// botState is the state of the sign-in card that a sign-in began with; "" for one that began elsewhere. Only startBotSignIn
// makes a sign-in lead to that path: it is no page of ours.
func botState(flow crm.SignIn) string {
	query, ours := strings.CutPrefix(flow.Next, botSignInPath+"?")
	if !ours {
		return ""
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return ""
	}
	return values.Get("state")
}

// finishBot ends the sign-in of a sign-in card, in the window that began it: it shows the code, and hands it to the chat.
func (s *Server) finishBot(c echo.Context, flow crm.SignIn, answer url.Values) error {
	model := templates.HandOffModel{Page: s.pageOf(c), AppOrigin: s.cfg.PublicURL}
	model.Page.Path = ""
	status := http.StatusOK
	code, err := s.confirmBot(c, flow, answer)
	if err != nil {
		s.blame(c, err)
		model.Fault = fault.Of(err)
		status = statuses[model.Fault.Kind]
	}
	model.Code, model.ShownCode = code, code
	c.SetCookie(signInSecret("", -1))
	return s.draw(c, status, templates.HandOffPage(model))
}

func (s *Server) confirmBot(c echo.Context, flow crm.SignIn, answer url.Values) (string, error) {
	cookie, err := c.Cookie(signInCookie)
	if err != nil || !sameText(challengeOf(cookie.Value), flow.Browser) {
		return "", fault.New(fault.SignedOut, "web.sign_in_expired")
	}
	profile, err := s.redeem(c, flow, answer)
	if err != nil {
		return "", err
	}
	return s.cfg.Bot.SignedIn(c.Request().Context(), botState(flow), profile)
}
