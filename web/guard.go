package web

import (
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"strings"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/fault"
)

// bodyLimit is the largest request body, in bytes. Nothing that we take is near it.
const bodyLimit = 1 << 20

// bodyLimits are the routes that take more or less: messages to the bot, a record with its long texts, twice, and a note with its attachment.
var bodyLimits = map[string]int64{
	messagesPath: messageLimit,
	recordPage:   12 << 20, recordPage + "/new": 12 << 20, recordPage + "/undo": 12 << 20, recordPage + "/act": 12 << 20, recordPage + "/note": attachmentLimit + 12<<20,
	recordPage + "/related": 12 << 20, recordPage + "/file": fileLimit + 12<<20,
}

// guard sets what browsers are told to forbid and refuses what other sites make them send.
type guard struct {
	policyStart string // Content-Security-Policy up to the nonce
	secure      bool   // we are reached by https
	origins     *http.CrossOriginProtection
	rand        io.Reader
}

func newGuard(cfg Config) (*guard, error) {
	ancestors := "'none'"
	if len(cfg.FrameAncestors) > 0 {
		ancestors = strings.Join(cfg.FrameAncestors, " ")
	}
	g := &guard{
		policyStart: "default-src 'none'; base-uri 'none'; connect-src 'self'; form-action 'self'; img-src 'self' data:; " +
			"frame-ancestors " + ancestors + "; script-src 'self' 'nonce-",
		secure:  strings.HasPrefix(cfg.PublicURL, "https:"),
		origins: http.NewCrossOriginProtection(),
		rand:    cfg.Rand,
	}
	// Entra ID posts its answer from its own site; state and the browser's secret protect that route.
	g.origins.AddInsecureBypassPattern("POST /auth/callback")
	return g, g.origins.AddTrustedOrigin(cfg.PublicURL)
}

// headers sets the security headers of every answer and gives the page its nonce. There is no X-Frame-Options, which
// cannot name Teams, and no Cross-Origin-Opener-Policy, which would cut a sign-in pop-up off from its opener.
func (g *guard) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		raw := make([]byte, 16)
		if _, err := io.ReadFull(g.rand, raw); err != nil {
			return err
		}
		nonce := base64.RawStdEncoding.EncodeToString(raw)
		h := c.Response().Header()
		h.Set("Content-Security-Policy", g.policyStart+nonce+"'; style-src 'self' 'nonce-"+nonce+"'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if g.secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		r := c.Request()
		c.SetRequest(r.WithContext(templ.WithNonce(r.Context(), nonce)))
		return next(c)
	}
}

// ownProof lists the unsafe routes that no cookie authenticates: what they are sent proves itself, so programs without a
// browser's headers may send it.
var ownProof = map[string]bool{"/auth/teams": true, "/auth/handoff": true, "/auth/callback": true, messagesPath: true}

// crossOrigin refuses unsafe requests that another site made a browser send. Where a cookie authenticates, a request
// that says nothing of where it comes from is refused too.
func (g *guard) crossOrigin(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		switch r.Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
			return next(c)
		}
		if err := g.origins.Check(r); err != nil {
			return fault.Wrap(err, fault.Forbidden, "web.cross_origin")
		}
		silent := r.Header.Get("Sec-Fetch-Site") == "" && r.Header.Get("Origin") == ""
		if silent && !ownProof[c.Path()] {
			return fault.New(fault.Forbidden, "web.cross_origin")
		}
		return next(c)
	}
}

// capBody refuses bodies over bodyLimit: at once when their size is announced, else when the handler reads too far.
func (s *Server) capBody(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r, limit := c.Request(), int64(bodyLimit)
		if more := bodyLimits[c.Path()]; more > 0 {
			limit = more
		}
		if r.ContentLength > limit {
			c.Response().Header().Set("Connection", "close") // or the server would read on to keep the connection
			return fault.New(fault.TooLarge, "web.too_large")
		}
		if r.Body != nil && r.Body != http.NoBody {
			r.Body = http.MaxBytesReader(c.Response(), r.Body, limit)
		}
		return next(c)
	}
}

// addressExtractor takes the client's address from X-Forwarded-For only when a trusted proxy wrote it.
func addressExtractor(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range proxies {
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}
