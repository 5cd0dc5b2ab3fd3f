package dataverse

import (
	"crypto/rand"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/faults"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// Config says what the stand-in serves and to whom.
type Config struct {
	Base          string // own origin without a trailing slash, for example http://localhost:3981
	Entra         string // origin of the token issuer, for example http://localhost:3980
	Organizations []Organization
	Latency       time.Duration    // added to every answer
	Now           func() time.Time // clock of token checks; nil is time.Now
	Client        *http.Client     // reaches the issuer's keys; nil is a client of its own
	PagingKey     []byte           // signs page links, so that they outlive a restart; nil is a random key
}

// Organization is an environment and its rows.
type Organization struct {
	world.Organization
	DB *engine.DB // nil when nobody can reach the organization: disabled, provisioning or older than the Web API served here
	// Members are the object ids of the people who belong to an organization without a DB.
	Members []string
}

// Server answers for all organizations and for global discovery.
type Server struct {
	cfg           Config
	organizations map[string]*organization
	tokens        *verifier
	faults        *faults.Injector
	handler       http.Handler
	pagingKey     []byte
	latency       atomic.Int64
	uploads       uploads
}

type organization struct {
	Organization
	url     string // Base and name, no trailing slash: what tokens are for
	graph   *metadata.Graph
	started time.Time
	limits  *limits

	searches searchLimits

	mu       sync.Mutex
	catalogs map[int]*metadata.Catalog // by language
	version  string                    // of the data model
}

// New makes a server. Databases are opened and closed by the caller.
func New(cfg Config) *Server {
	cfg.Base, cfg.Entra = strings.TrimRight(cfg.Base, "/"), strings.TrimRight(cfg.Entra, "/")
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	s := &Server{cfg: cfg, organizations: map[string]*organization{}, tokens: newVerifier(cfg), faults: faults.New(), pagingKey: cfg.PagingKey}
	if s.pagingKey == nil {
		s.pagingKey = make([]byte, 32)
		_, _ = rand.Read(s.pagingKey) // never fails (crypto/rand)
	}
	s.latency.Store(int64(cfg.Latency))
	for _, o := range cfg.Organizations {
		org := &organization{Organization: o, url: cfg.Base + "/" + o.Name, limits: newLimits(cfg.Now), catalogs: map[int]*metadata.Catalog{}, started: cfg.Now(), searches: searchLimits{now: cfg.Now}}
		if o.DB != nil {
			org.graph = metadata.NewGraph(o.DB.Model())
		}
		s.organizations[o.Name] = org
	}
	s.faults.Answer = refuseWith
	s.handler = s.faults.Handler(new(requestLog).recorded(http.HandlerFunc(s.serve)))
	return s
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// SetLatency changes what is added to every answer from now on.
func (s *Server) SetLatency(d time.Duration) { s.latency.Store(int64(d)) }

func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	if d := time.Duration(s.latency.Load()); d > 0 {
		timer := time.NewTimer(d)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-r.Context().Done():
			return
		}
	}
	path := r.URL.Path
	if path == "/api/discovery" || strings.HasPrefix(path, "/api/discovery/") {
		s.serveDiscovery(w, r)
		return
	}
	if path == limitSwitchPath {
		s.switchLimits(w, r)
		return
	}
	if path == searchSwitchPath {
		s.switchSearch(w, r)
		return
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if org := s.organizations[name]; org != nil {
		if below, ok := strings.CutPrefix(rest, "api/search"); ok && (below == "" || below[0] == '/') {
			s.serveSearch(w, r, org, below)
			return
		}
		if below, ok := strings.CutPrefix(rest, "api/data"); ok && (below == "" || below[0] == '/') {
			s.serveOrganization(w, r, org, strings.TrimPrefix(below, "/"))
			return
		}
		if rest == "Image/download.aspx" {
			s.serveImage(w, r, org)
			return
		}
		if strings.HasPrefix(rest, "api/") {
			fail(w, &Error{http.StatusNotFound, "", "There is no service at " + path + "."})
			return
		}
		serveWebClient(w, r, org)
		return
	}
	fail(w, &Error{http.StatusNotFound, "", "There is no organization and no service at " + path + "."})
}

// origin is how the caller reached the server, so that every link in an answer begins with the caller's own base address
// (clients cut it off as a string prefix).
func origin(r *http.Request) string {
	scheme, host := "http", r.Host
	if r.TLS != nil {
		scheme = "https"
	}
	if p := r.Header.Get("X-Forwarded-Proto"); p == "http" || p == "https" {
		scheme = p
	}
	if h := r.Header.Get("X-Forwarded-Host"); h != "" && !strings.ContainsAny(h, "/\\ \"'<>,") {
		host = h
	}
	return scheme + "://" + host
}

// serveOrganization finds the version and answers one Web API request.
func (s *Server) serveOrganization(w http.ResponseWriter, r *http.Request, org *organization, below string) {
	version, path, _ := strings.Cut(below, "/")
	s.authenticated(w, r, org, version, func(c *call) error {
		c.path = path
		return c.dispatch()
	})
}

// authenticated finds the person behind a request, answers it and counts it.
func (s *Server) authenticated(w http.ResponseWriter, r *http.Request, org *organization, version string, answer func(*call) error) {
	who, err := s.tokens.bearer(r, org.TenantID, org.url)
	if err != nil {
		s.unauthorized(w, err, org.TenantID, org.url+"/")
		return
	}
	c := &call{server: s, org: org, w: w, r: r, version: version}
	c.root = origin(r) + "/" + org.Name + "/api/data/" + version + "/"
	if err := c.admit(who); err != nil {
		fail(w, err)
		return
	}
	person := c.caller.UserID
	wait, why := org.limits.admit(person)
	c.standardHeaders()
	if why != nil {
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		failWith(w, why, odata.ParsePrefer(r.Header))
		return
	}
	start := s.cfg.Now()
	defer func() { org.limits.spend(person, s.cfg.Now().Sub(start)) }()
	if err := answer(c); err != nil {
		failWith(w, err, odata.ParsePrefer(r.Header))
	}
}

// admit checks that the organization is there and that the person belongs to it.
func (c *call) admit(who identity) error {
	if c.org.State == 1 {
		return &Error{http.StatusForbidden, codeOrganizationDisabled, "The organization is disabled."}
	}
	if c.org.DB == nil && c.org.StatusMessage != nil && *c.org.StatusMessage == 3 {
		return &Error{http.StatusServiceUnavailable, codeUnexpected, "The organization is still being provisioned."}
	}
	switch c.version {
	case "v9.0", "v9.1", "v9.2":
	default:
		return notFound("data/" + c.version)
	}
	if c.org.DB == nil {
		return notFound("data/" + c.version)
	}
	caller, err := c.org.DB.Caller(c.r.Context(), who.Object)
	if err != nil {
		return callerError(err)
	}
	c.caller = caller
	return c.impersonate()
}

// impersonate runs the request as the person whom a header names, for callers who may act on behalf of others.
func (c *call) impersonate() error {
	object, user := c.r.Header.Get("CallerObjectId"), c.r.Header.Get("MSCRMCallerID")
	if object == "" && user == "" {
		return nil
	}
	if c.caller.Depth("prvActOnBehalfOfAnotherUser") == engine.None {
		return &Error{http.StatusForbidden, codeNoDelegation, "The caller may not act on behalf of another user."}
	}
	var err error
	if object != "" {
		c.caller, err = c.org.DB.Caller(c.r.Context(), object)
	} else {
		c.caller, err = c.org.DB.CallerByUser(c.r.Context(), user)
	}
	return callerError(err)
}

// standardHeaders are what every answer of the Web API carries (Microsoft Learn, "Compose HTTP requests" and "Service
// protection API limits"). Microsoft's own sample client cannot do without x-ms-dop-hint.
func (c *call) standardHeaders() {
	h := c.w.Header()
	id := requestID()
	h.Set("OData-Version", "4.0")
	h.Set("REQ_ID", id)
	h.Set("x-ms-service-request-id", id)
	h.Set("x-ms-dop-hint", "4")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	requests, seconds := c.org.limits.remaining(c.caller.UserID)
	h.Set("x-ms-ratelimit-burst-remaining-xrm-requests", strconv.Itoa(requests))
	h.Set("x-ms-ratelimit-time-remaining-xrm-requests", seconds)
}
