package entra

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/sandbox/faults"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// Config is the world that the stand-in serves.
type Config struct {
	Base         string // own origin without a trailing slash, for example http://localhost:3980
	Tenants      []world.Tenant
	People       []world.Person
	Client       world.Client
	RedirectURIs []string // registered addresses, compared letter for letter
	// SSOResource is the application ID URI of the client, for example api://localhost:3978/<client id>. Its scope
	// access_as_user is the token that a tab is given.
	SSOResource string
	// Resources reports whether an API of that identifier (an origin and path without a trailing slash) exists.
	Resources func(resource string) bool
	StatePath string           // file for keys and refresh tokens; "" keeps them in memory
	Now       func() time.Time // nil: time.Now
	Rand      io.Reader        // nil: crypto/rand; safe for concurrent use
}

// Server is the stand-in. Handle it at the root of its own origin.
type Server struct {
	cfg       Config
	redirects map[string]bool
	origins   string // of all redirect addresses, for form-action
	faults    *faults.Injector
	handler   http.Handler

	mu       sync.Mutex
	forward  time.Duration
	keys     *keyRing
	codes    map[string]*authCode  // by hash
	families map[string]*family    // by id
	refresh  map[string]*refreshed // by hash
	sessions map[string]*session   // by cookie hash
	required map[string]requirement
	journal  *journal
}

// New starts the stand-in from what StatePath holds, or with a new signing key.
func New(cfg Config) (*Server, error) {
	cfg.Base = strings.TrimRight(cfg.Base, "/")
	if cfg.Base == "" || cfg.Client.ID == "" || len(cfg.Tenants) == 0 {
		return nil, fmt.Errorf("entra stand-in: Base, Client and Tenants are needed")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Resources == nil {
		cfg.Resources = func(string) bool { return false }
	}
	s := &Server{
		cfg:       cfg,
		redirects: map[string]bool{},
		faults:    faults.New(),
		codes:     map[string]*authCode{},
		families:  map[string]*family{},
		refresh:   map[string]*refreshed{},
		sessions:  map[string]*session{},
		required:  map[string]requirement{},
	}
	for _, uri := range cfg.RedirectURIs {
		s.redirects[uri] = true
	}
	s.origins = origins(cfg.RedirectURIs)
	if err := s.open(); err != nil {
		return nil, err
	}
	s.faults.Answer = s.refuse
	s.handler = s.faults.Handler(s.routes())
	return s, nil
}

// Close closes the state file. Everything in it has already been written.
func (s *Server) Close() error { return s.journal.close() }

// Now is the stand-in's clock: Config.Now plus what /_sandbox/clock added. Other stand-ins may share it.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// now is Now for those who hold mu.
func (s *Server) now() time.Time { return s.cfg.Now().Add(s.forward) }

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.home)
	mux.HandleFunc("GET /{tenant}/v2.0/.well-known/openid-configuration", s.metadata)
	mux.HandleFunc("GET /{tenant}/discovery/v2.0/keys", s.publicKeys)
	mux.HandleFunc("GET /{tenant}/oauth2/v2.0/authorize", s.authorize)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/authorize", s.authorize)
	mux.HandleFunc("POST /{tenant}/login", s.login)
	mux.HandleFunc("POST /{tenant}/approve", s.approve)
	mux.HandleFunc("POST /{tenant}/consent", s.consent)
	mux.HandleFunc("/{tenant}/oauth2/v2.0/token", s.token)
	mux.HandleFunc("GET /{tenant}/oauth2/v2.0/logout", s.logout)
	mux.HandleFunc("POST /{tenant}/oauth2/v2.0/logout", s.logout)
	mux.HandleFunc("POST /_sandbox/require", s.require)
	mux.HandleFunc("POST /_sandbox/rotate-keys", s.rotateKeys)
	mux.HandleFunc("POST /_sandbox/clock", s.moveClock)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Pragma", "no-cache")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "no-referrer")
		mux.ServeHTTP(w, r)
	})
}

// audience is who a tenant segment of a path stands for: one tenant, or any (Tenant nil).
type audience struct {
	segment string
	tenant  *world.Tenant
}

// has reports whether a person may use this audience.
func (a audience) has(p world.Person) bool { return a.tenant == nil || a.tenant.ID == p.TenantID }

// audience resolves the tenant segment as Entra ID does: GUID, domain, organizations or common.
func (s *Server) audience(r *http.Request) (audience, *aadError) {
	segment := r.PathValue("tenant")
	if segment == "organizations" || segment == "common" {
		return audience{segment: segment}, nil
	}
	for i, t := range s.cfg.Tenants {
		if strings.EqualFold(segment, t.ID) || strings.EqualFold(segment, t.Domain) {
			return audience{segment: t.ID, tenant: &s.cfg.Tenants[i]}, nil
		}
	}
	return audience{}, aad(90002, "invalid_request", "Tenant '%s' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud.", segment)
}

func (s *Server) person(match func(world.Person) bool) (world.Person, bool) {
	for _, p := range s.cfg.People {
		if match(p) {
			return p, true
		}
	}
	return world.Person{}, false
}

func (s *Server) byUsername(username string) (world.Person, bool) {
	return s.person(func(p world.Person) bool { return strings.EqualFold(p.Username, username) })
}

func (s *Server) byObject(id string) (world.Person, bool) {
	return s.person(func(p world.Person) bool { return p.ObjectID == id })
}
