package web

import (
	"io"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/static"
)

// Server answers people. It is an http.Handler; HTTP gives it the limits that a public port needs.
type Server struct {
	cfg      Config
	echo     *echo.Echo
	sessions *cookieSessions
	guard    *guard
	// pages are the pages that GET answers, by path: the only places that signing in leads to.
	pages    map[string]echo.HandlerFunc
	paces    map[string]*throttle // by method and route
	marks    []securecookie.Codec // of the list page
	exports  exports
	draining atomic.Bool
}

// New makes the server. It asks nobody anything yet.
func New(cfg Config) (*Server, error) {
	if err := cfg.complete(); err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, echo: echo.New(), sessions: newCookieSessions(cfg), pages: map[string]echo.HandlerFunc{}}
	s.paces, s.marks = s.paced(), markCodecs(cfg.CookieKeys)
	var err error
	if s.guard, err = newGuard(cfg); err != nil {
		return nil, err
	}
	e := s.echo
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.HTTPErrorHandler = s.fail
	e.IPExtractor = addressExtractor(cfg.TrustedProxies)
	e.Use(s.logged, s.guard.headers, s.compressed, s.language, s.answered, s.throttled, s.capBody, s.guard.crossOrigin)
	s.route()
	return s, nil
}

// route lists every address of ours.
func (s *Server) route() {
	e := s.echo
	s.page(homePage, s.showDashboard)
	e.GET("/tab/dashboard/part", s.showPart)
	e.POST("/tab/dashboard/choose", s.chooseDashboard)
	e.POST("/tab/dashboard/refresh", s.refreshDashboard)
	s.routeSettings()

	if s.cfg.Checks != nil {
		s.routeCheck()
	}
	s.routePrivacy()
	if s.cfg.Records != nil {
		s.routeRecord()
	}
	if s.cfg.Views != nil && s.cfg.Records != nil {
		s.routeView()
	}

	if s.cfg.Bot != nil {
		s.routeBot()
	}

	if s.cfg.Pins != nil && s.cfg.Search != nil && s.cfg.Views != nil && s.cfg.Records != nil {
		s.routePins()
	}

	e.POST("/auth/teams", s.signInTab)
	e.GET("/auth/start", s.startSignIn)
	e.GET("/auth/callback", s.finishSignIn)
	e.POST("/auth/callback", s.finishSignIn)
	e.POST("/auth/handoff", s.collectHandOff)
	e.POST("/auth/signout", s.signOut)

	e.GET("/", func(c echo.Context) error { return c.Redirect(http.StatusFound, homePage) })
	e.GET("/favicon.ico", noIcon)
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		e.Add(method, "/healthz", s.healthy)
		e.Add(method, "/readyz", s.ready)
		e.Add(method, static.Prefix+"*", echo.WrapHandler(static.Handler()))
	}
}

// page adds a page for whoever is signed in (visitOf(c).session); anybody else gets the way to sign in, and is led to it then.
func (s *Server) page(path string, show echo.HandlerFunc) { s.openPage(path, s.withSession(show)) }

// withSession shows something to whoever is signed in, and the way to sign in to anybody else.
func (s *Server) withSession(show echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		session, err := s.signedIn(c)
		if err != nil {
			return err
		}
		if session == nil {
			return s.askToSignIn(c)
		}
		return show(c)
	}
}

// openPage adds a page for everybody, which a person may also be led to after signing in.
func (s *Server) openPage(path string, show echo.HandlerFunc) {
	s.pages[path] = show
	s.echo.GET(path, show)
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// HTTP gives an http.Server for this server with limits on time and size, for the caller to serve and to shut down.
// Once its shutdown has begun, /readyz says so.
func (s *Server) HTTP() *http.Server {
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      s.cfg.PageDeadline + 20*time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	server.RegisterOnShutdown(func() { s.draining.Store(true) })
	return server
}

// Drain makes /readyz refuse from now on, so that a load balancer sends no more people before the shutdown.
func (s *Server) Drain() { s.draining.Store(true) }
