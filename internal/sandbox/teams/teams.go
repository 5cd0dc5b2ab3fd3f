package teams

import (
	"crypto/rand"
	"crypto/rsa"
	"embed"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// Config is what the client has to know of its surroundings.
type Config struct {
	// Base is this server's own origin, for example http://127.0.0.1:3979. Requests for another host are refused.
	Base string
	// Packages are the app packages (zip files) that the store offers.
	Packages [][]byte
	// Entra is the origin of the Entra stand-in.
	Entra   string
	People  []world.Person
	Tenants []world.Tenant
	Client  world.Client
	// SSOScope is the scope of a tab's token; empty means the resource of the app's manifest plus /access_as_user.
	SSOScope string
	// Bots gives a bot's messaging endpoint by its app id. A bot that is not in it is asked at /api/messages of the origin
	// of its app's first tab.
	Bots map[string]string
	// StatePath is the JSON file that keeps installations, tabs and conversations; empty keeps them in memory.
	StatePath string
	Now       func() time.Time // nil: time.Now
	Rand      io.Reader        // nil: crypto/rand
	// ConnectorKey signs what the connector sends; nil makes a new one when it is first needed.
	ConnectorKey *rsa.PrivateKey
	// HTTP is used to reach the Entra stand-in and bots; nil means a client with a time limit.
	HTTP *http.Client
	Log  *slog.Logger // nil: no log
}

// Server is the chat client. It is an http.Handler.
type Server struct {
	config     Config
	base       *url.URL
	store      *store
	catalog    *catalog
	connector  *connector
	handler    http.Handler
	closed     chan struct{}
	closeOnce  sync.Once
	onShutdown sync.Once
}

//go:embed assets
var assetFiles embed.FS

// New reads the packages and what an earlier run kept. The error names the package or the file that cannot be read.
func New(c Config) (*Server, error) {
	base, err := url.Parse(c.Base)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("teams stand-in: %q is not an origin", c.Base)
	}
	if len(c.People) == 0 {
		return nil, errors.New("teams stand-in: nobody can sign in")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Rand == nil {
		c.Rand = rand.Reader
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: 20 * time.Second}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{config: c, base: base, closed: make(chan struct{})}
	if s.store, err = openStore(c.StatePath); err != nil {
		return nil, err
	}
	if s.catalog, err = newCatalog(c.Packages, s.store.uploads()); err != nil {
		return nil, err
	}
	s.connector = newConnector(c)
	s.handler = s.guard(s.routes())
	return s, nil
}

// ServeHTTP answers pages, the host's own calls, the connector and its metadata.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close ends the open event streams. A graceful shutdown of the http.Server does it by itself.
func (s *Server) Close() { s.closeOnce.Do(func() { close(s.closed) }) }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/", http.FileServerFS(assetFiles))

	mux.HandleFunc("GET /{$}", s.showHome)
	mux.HandleFunc("GET /store", s.showStore)
	mux.HandleFunc("POST /store/upload", s.upload)
	mux.HandleFunc("GET /store/{app}", s.showDetails)
	mux.HandleFunc("POST /store/{app}/install", s.install)
	mux.HandleFunc("POST /store/{app}/uninstall", s.uninstall)
	mux.HandleFunc("GET /store/{app}/{icon}", s.icon)
	mux.HandleFunc("GET /app/{app}", s.openApp)
	mux.HandleFunc("GET /app/{app}/{entity}", s.showPersonalTab)
	mux.HandleFunc("GET /l/entity/{app}/{entity}", s.followDeepLink)
	mux.HandleFunc("GET /teams", s.showTeams)
	mux.HandleFunc("GET /teams/{team}/{channel}", s.showSpace)
	mux.HandleFunc("GET /teams/{team}/{channel}/{tab}", s.showSpace)
	mux.HandleFunc("GET /chats", s.showChats)
	mux.HandleFunc("GET /chats/{chat}", s.showSpace)
	mux.HandleFunc("GET /chats/{chat}/{tab}", s.showSpace)
	mux.HandleFunc("POST /posts", s.addPost)

	mux.HandleFunc("POST /_host/token", s.giveTabToken)
	mux.HandleFunc("POST /_host/tabs", s.addTab)
	mux.HandleFunc("PUT /_host/tabs/{id}", s.changeTab)
	mux.HandleFunc("DELETE /_host/tabs/{id}", s.removeTab)
	mux.HandleFunc("POST /_host/tabs/{id}/posts", s.postAboutTab)
	mux.HandleFunc("GET /_host/conversations/{id}", s.listMessages)
	mux.HandleFunc("GET /_host/conversations/{id}/events", s.streamChanges)
	mux.HandleFunc("POST /_host/conversations/{id}/messages", s.sendMessage)
	mux.HandleFunc("POST /_host/conversations/{id}/deliver", s.deliverAgain)
	mux.HandleFunc("POST /_host/conversations/{id}/invoke", s.sendInvoke)

	mux.HandleFunc("POST /_sandbox/connector/token", s.giveConnectorToken)
	mux.HandleFunc("GET /botframework/v1/.well-known/openidconfiguration", s.connectorMetadata)
	mux.HandleFunc("GET /botframework/v1/.well-known/keys", s.connectorKeys)
	mux.Handle("/v3/", s.connectorAPI())
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ready\n") })
	mux.HandleFunc("/", s.notFound)
	return mux
}

// guard refuses what a page on another site could send: this server hands out tokens of everybody in the sandbox, so that
// neither a foreign form nor a name that somebody points at 127.0.0.1 may reach it. The connector is called by programs.
func (s *Server) guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	protected := sameOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.EqualFold(r.Host, s.base.Host) {
			http.Error(w, "This is "+s.config.Base+"; open it by that address.", http.StatusMisdirectedRequest)
			return
		}
		h := w.Header()
		h.Set("Content-Security-Policy", s.policy())
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		if strings.HasPrefix(r.URL.Path, "/v3/") || strings.HasPrefix(r.URL.Path, "/_sandbox/") {
			next.ServeHTTP(w, r)
			return
		}
		protected.ServeHTTP(w, r)
	})
}

// policy is the content security policy of every page: only the apps of the store can be framed.
func (s *Server) policy() string {
	apps := strings.Join(s.catalog.origins(), " ")
	return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; font-src 'self'; form-action 'self'; " +
		"base-uri 'none'; frame-ancestors 'none'; img-src 'self' data: " + apps + "; frame-src " + apps
}
