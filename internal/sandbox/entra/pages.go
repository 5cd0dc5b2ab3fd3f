package entra

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

//go:embed pages.html
var pagesSource string

//go:embed pages.css
var style string

// submitScript sends a form_post answer on; its hash is the only script the policy allows.
const submitScript = "document.forms[0].submit()"

var pages = template.Must(template.New("pages").Parse(pagesSource))

// page is what one page shows.
type page struct {
	Title     string
	Tenant    string
	Text      string
	Detail    string
	Action    string
	Form      string
	Person    world.Person
	People    []world.Person
	Values    map[string]string
	Endpoints []string
	Style     template.CSS
	Script    template.JS
}

func (a audience) name() string {
	if a.tenant == nil {
		return "Any organization"
	}
	return a.tenant.Name
}

// show draws a page. The policy lets its forms lead to registered addresses, because browsers also hold a redirect after
// a form to form-action. There is no Cross-Origin-Opener-Policy: it would cut a sign-in window off from its opener.
func (s *Server) show(w http.ResponseWriter, status int, name string, p page) {
	p.Style, p.Script = template.CSS(style), template.JS(submitScript)
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, name, p); err != nil {
		http.Error(w, "this page cannot be shown", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; img-src data:; style-src "+source(style)+"; script-src "+source(submitScript)+
		"; form-action 'self'"+s.origins+"; base-uri 'none'; frame-ancestors 'none'")
	h.Set("X-Frame-Options", "DENY")
	w.WriteHeader(status)
	w.Write(out.Bytes())
}

func source(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// origins lists the origins of addresses, each after a space.
func origins(addresses []string) string {
	var found []string
	for _, address := range addresses {
		if u, err := url.Parse(address); err == nil && u.Host != "" {
			if o := " " + u.Scheme + "://" + u.Host; !slices.Contains(found, o) {
				found = append(found, o)
			}
		}
	}
	return strings.Join(found, "")
}

// showError shows a refusal that must not be sent anywhere.
func (s *Server) showError(w http.ResponseWriter, r *http.Request, e *aadError) {
	t := s.tell(r, e)
	s.show(w, e.status, "message", page{
		Title: "Sorry, we cannot sign you in", Text: "The application sent a request that cannot be answered. Go back and try again, or tell its administrator this:",
		Detail: t.description(),
	})
}

// address is a form's: the authorization request travels in it. Spaces are written %20, because a plus sign would be
// written as a character reference, which simple readers of these pages do not undo.
func (q authRequest) address(path string) string {
	return "/" + q.audience.segment + path + "?" + strings.ReplaceAll(q.params.Encode(), "+", "%20")
}

// showChooser lists the accounts of the audience; an account that was hinted at comes first.
func (s *Server) showChooser(w http.ResponseWriter, q authRequest, form string) {
	var people []world.Person
	hint := q.get("login_hint")
	for _, p := range s.cfg.People {
		switch {
		case !q.audience.has(p):
		case strings.EqualFold(hint, p.Username):
			people = append([]world.Person{p}, people...)
		default:
			people = append(people, p)
		}
	}
	s.show(w, http.StatusOK, "chooser", page{Title: "Pick an account", Tenant: q.audience.name(), People: people, Form: form, Action: q.address("/login")})
}

func (s *Server) showConsent(w http.ResponseWriter, q authRequest, p world.Person, form string) {
	s.show(w, http.StatusOK, "consent", page{Title: "Permissions requested", Tenant: q.audience.name(), Person: p, Form: form, Action: q.address("/consent")})
}

func (s *Server) showApproval(w http.ResponseWriter, q authRequest, p world.Person, form string) {
	s.show(w, http.StatusOK, "approval", page{Title: "Approve sign-in request", Tenant: q.audience.name(), Person: p, Form: form, Action: q.address("/approve")})
}

// home tells a developer who opens the origin what this is.
func (s *Server) home(w http.ResponseWriter, r *http.Request) {
	p := page{Title: "Sandbox sign-in", Text: "This stands in for Microsoft Entra ID. It knows these tenants:"}
	for _, t := range s.cfg.Tenants {
		p.Endpoints = append(p.Endpoints, "/"+t.ID+"/v2.0/.well-known/openid-configuration")
	}
	s.show(w, http.StatusOK, "home", p)
}
