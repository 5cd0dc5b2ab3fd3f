package web

import (
	"bytes"
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/privacy"
	"github.com/pintab/pintab/templates"
)

const (
	privacyPage = "/tab/privacy"
	erasePage   = "/tab/privacy/erase"
)

// Privacy says what is held of a person, and erases it.
type Privacy interface {
	Inventory() []crm.StoredTable
	Holdings(ctx context.Context, user crm.User) ([]crm.HeldRow, error)
	Export(ctx context.Context, user crm.User) (privacy.Export, error)
	Erase(ctx context.Context, user crm.User, dryRun bool) (crm.Receipt, error)
	privacy.BotConsent
	SetBotConsent(ctx context.Context, user crm.User, agree bool) error
}

// routePrivacy lists the addresses of the privacy pages.
func (s *Server) routePrivacy() {
	e := s.echo
	s.page(privacyPage, s.showPrivacy)
	e.GET("/tab/privacy/export", s.exportPrivacy)
	e.GET(erasePage, s.confirmErasing)
	e.POST(erasePage, s.erase)
	e.POST("/tab/privacy/consent", s.setConsent)
	e.GET("/privacy", s.showNotice(templates.PrivacyNoticePage))
	e.GET("/terms", s.showNotice(templates.TermsPage))
}

// showNotice answers a page that everybody may read, signed in or not.
func (s *Server) showNotice(page templates.Notice) echo.HandlerFunc {
	return func(c echo.Context) error {
		return s.draw(c, http.StatusOK, page(templates.NoticeModel{Page: s.pageOf(c), Operator: s.cfg.Operator, Inventory: s.cfg.Privacy.Inventory()}))
	}
}

// showPrivacy answers what is held of the person who asks.
func (s *Server) showPrivacy(c echo.Context) error {
	profile := visitOf(c).session.Profile
	ctx, cancel := s.deadline(c)
	defer cancel()
	held, err := s.cfg.Privacy.Holdings(ctx, profile.User)
	if err != nil {
		return err
	}
	given, agreed, err := s.cfg.Privacy.BotConsent(ctx, profile.User)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.PrivacyPage(templates.PrivacyModel{
		Page: s.pageOf(c), Profile: profile, Held: held, Inventory: s.cfg.Privacy.Inventory(),
		Agreed: agreed, AgreedSince: given, Operator: s.cfg.Operator,
	}))
}

// exportPrivacy answers the same as a file.
func (s *Server) exportPrivacy(c echo.Context) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return c.Redirect(http.StatusSeeOther, privacyPage)
	}
	ctx, cancel := s.deadline(c)
	defer cancel()
	export, err := s.cfg.Privacy.Export(ctx, session.Profile.User)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	if err := export.Write(&file); err != nil {
		return fault.Wrap(err, fault.Internal, "internal")
	}
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="pintab-`+export.Exported.Format("2006-01-02")+`.json"`)
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, file.Bytes())
}

// confirmErasing asks once more, and tells what would go.
func (s *Server) confirmErasing(c echo.Context) error {
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return c.Redirect(http.StatusSeeOther, privacyPage)
	}
	return s.askToErase(c, session.Profile.User)
}

func (s *Server) askToErase(c echo.Context, user crm.User) error {
	ctx, cancel := s.deadline(c)
	defer cancel()
	would, err := s.cfg.Privacy.Erase(ctx, user, true)
	if err != nil {
		return err
	}
	return s.draw(c, http.StatusOK, templates.ErasePage(templates.EraseModel{Page: s.pageOf(c), Receipt: would}))
}

// erase removes everything about the person and answers the receipt. Only what the confirmation sends is acted on.
func (s *Server) erase(c echo.Context) error {
	form, err := s.form(c)
	if err != nil {
		return err
	}
	s.dress(c, form)
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session == nil {
		return c.Redirect(http.StatusSeeOther, s.privacyBack(form))
	}
	if form.Get("confirm") != "yes" {
		return s.askToErase(c, session.Profile.User)
	}
	// Begun, it is finished, even when the browser does not wait for the receipt.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request().Context()), s.cfg.PageDeadline)
	defer cancel()
	receipt, err := s.cfg.Privacy.Erase(ctx, session.Profile.User, false)
	if err != nil {
		return err
	}
	s.sessions.takeBack(c.Response())
	s.keepLanguage(c, "")
	return s.draw(c, http.StatusOK, templates.ErasePage(templates.EraseModel{
		Page: s.pageOf(c), Receipt: receipt, Correlation: visitOf(c).correlation,
	}))
}

// setConsent gives or withdraws the consent to the bot's reading of text.
func (s *Server) setConsent(c echo.Context) error {
	form, err := s.form(c)
	if err != nil {
		return err
	}
	s.dress(c, form)
	session, err := s.signedIn(c)
	if err != nil {
		return err
	}
	if session != nil {
		agree := form.Get("agree")
		if agree != "yes" && agree != "no" {
			return fault.New(fault.Invalid, "web.bad_request")
		}
		ctx, cancel := s.deadline(c)
		defer cancel()
		if err := s.cfg.Privacy.SetBotConsent(ctx, session.Profile.User, agree == "yes"); err != nil {
			return err
		}
	}
	return c.Redirect(http.StatusSeeOther, s.privacyBack(form))
}

// privacyBack is the privacy page in the look that the form had.
func (s *Server) privacyBack(form url.Values) string {
	kept := url.Values{}
	for _, name := range []string{"theme", "locale"} {
		if value := form.Get(name); value != "" {
			kept.Set(name, value)
		}
	}
	return s.next(privacyPage + "?" + kept.Encode())
}
