package entra

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

var pkce = regexp.MustCompile(`^[A-Za-z0-9._~-]{43,128}$`)

// authRequest is a checked authorization request. Its client and redirect address are known to be right, so that
// refusals may be sent there.
type authRequest struct {
	audience audience
	params   url.Values
	redirect string
	scope    scope
	prompt   []string
}

func (q authRequest) get(name string) string    { return q.params.Get(name) }
func (q authRequest) prompts(value string) bool { return slices.Contains(q.prompt, value) }

// outcome is how an authorization request cannot go on: a page for the person, or an answer to the client.
type outcome struct {
	page   *aadError
	client *aadError
}

// readAuth checks an authorization request, first what decides whether the redirect address can be trusted at all.
func (s *Server) readAuth(w http.ResponseWriter, r *http.Request) (q authRequest, no outcome) {
	if q.audience, no.page = s.audience(r); no.page != nil {
		return q, no
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	query, err := url.ParseQuery(r.URL.RawQuery)
	if err == nil {
		err = r.ParseForm()
	}
	if err != nil {
		no.page = aad(9002313, "invalid_request", "Invalid request. Request is malformed or invalid.")
		return q, no
	}
	q.params = query
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/authorize") {
		q.params = r.Form
	}
	if no.page = duplicate(q.params); no.page != nil {
		return q, no
	}
	if no.page = s.checkAddress(&q); no.page != nil {
		return q, no
	}
	no.client = s.checkAuth(&q)
	return q, no
}

func (s *Server) checkAddress(q *authRequest) *aadError {
	id := q.get("client_id")
	switch {
	case id == "":
		return aad(900144, "invalid_request", "The request body must contain the following parameter: 'client_id'.")
	case id != s.cfg.Client.ID:
		return aad(700016, "unauthorized_client", "Application with identifier '%s' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", id)
	}
	q.redirect = q.get("redirect_uri")
	if q.redirect == "" {
		return aad(900144, "invalid_request", "The request body must contain the following parameter: 'redirect_uri'.")
	}
	if !s.redirects[q.redirect] {
		return aad(50011, "invalid_request", "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the application '%s'. Make sure the redirect URI sent in the request matches one added to your application in the Azure portal.", q.redirect, id)
	}
	return nil
}

func (s *Server) checkAuth(q *authRequest) (fail *aadError) {
	switch kind := q.get("response_type"); kind {
	case "code":
	case "":
		return aad(900144, "invalid_request", "The request body must contain the following parameter: 'response_type'.")
	default:
		return aad(700054, "unsupported_response_type", "response_type '%s' is not enabled for the application.", kind)
	}
	switch mode := q.get("response_mode"); mode {
	case "", "query", "form_post":
	default:
		return aad(70007, "invalid_request", "The provided value '%s' for the input parameter 'response_mode' is not allowed. Expected values are 'query', 'form_post'.", mode)
	}
	asked := q.get("scope")
	if asked == "" {
		return aad(900144, "invalid_request", "The request body must contain the following parameter: 'scope'.")
	}
	if q.scope, fail = s.parseScope(asked); fail != nil {
		return fail
	}
	if fail := checkChallenge(q); fail != nil {
		return fail
	}
	q.prompt = strings.Fields(q.get("prompt"))
	for _, p := range q.prompt {
		if !slices.Contains([]string{"none", "login", "consent", "select_account"}, p) || p == "none" && len(q.prompt) > 1 {
			return aad(90023, "invalid_request", "Unsupported 'prompt' value '%s'.", q.get("prompt"))
		}
	}
	if claims := q.get("claims"); claims != "" {
		var object map[string]any
		if json.Unmarshal([]byte(claims), &object) != nil {
			return aad(50146, "invalid_request", "The claims parameter is not a JSON object.")
		}
	}
	return nil
}

func checkChallenge(q *authRequest) *aadError {
	challenge, method := q.get("code_challenge"), q.get("code_challenge_method")
	switch {
	case challenge == "" && method == "":
		return nil
	case method != "S256":
		return aad(501491, "invalid_request", "The code_challenge_method '%s' is not supported. Use 'S256'.", method)
	case len(challenge) != 43 || !pkce.MatchString(challenge):
		return aad(50147, "invalid_request", "The size of the code challenge parameter is not valid.")
	}
	return nil
}

// authorize starts an interactive sign-in.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q, ok := s.authRequest(w, r)
	if !ok {
		return
	}
	s.mu.Lock()
	current := s.ensureSession(w, r)
	known := s.candidates(q, current)
	form := current.form
	s.mu.Unlock()
	silent := len(known) == 1 && len(q.prompt) == 0
	switch {
	case q.prompts("none"):
		s.withoutAsking(w, r, q, known)
	case silent, q.prompts("consent") && len(known) == 1:
		s.goOn(w, r, q, known[0])
	default:
		s.showChooser(w, q, form)
	}
}

// authRequest reads the request and answers it when it cannot go on.
func (s *Server) authRequest(w http.ResponseWriter, r *http.Request) (authRequest, bool) {
	q, no := s.readAuth(w, r)
	switch {
	case no.page != nil:
		s.showError(w, r, no.page)
	case no.client != nil:
		s.answerError(w, r, q, no.client)
	default:
		return q, true
	}
	return q, false
}

// candidates are the signed-in accounts that a request can mean. Callers hold mu.
func (s *Server) candidates(q authRequest, current *session) []world.Person {
	hint := q.get("login_hint")
	var found []world.Person
	for _, p := range s.cfg.People {
		if current.has(p) && q.audience.has(p) && (hint == "" || strings.EqualFold(hint, p.Username)) {
			found = append(found, p)
		}
	}
	return found
}

// withoutAsking answers prompt=none.
func (s *Server) withoutAsking(w http.ResponseWriter, r *http.Request, q authRequest, known []world.Person) {
	switch {
	case len(known) == 0:
		s.answerError(w, r, q, aad(50058, "login_required", "A silent sign-in request was sent but no user is signed in."))
	case len(known) > 1:
		s.answerError(w, r, q, aad(16000, "interaction_required", "Either multiple user identities are available for the current request or selected account is not supported for the scenario."))
	default:
		s.mu.Lock()
		c, fail := s.parseScope(q.get("scope"))
		if fail == nil {
			fail = s.interaction(known[0], c.resource)
		}
		s.mu.Unlock()
		if fail != nil {
			fail.claims = ""
			s.answerError(w, r, q, fail)
			return
		}
		s.answerCode(w, r, q, known[0])
	}
}

// goOn asks a signed-in person for what is still missing, or answers with a code.
func (s *Server) goOn(w http.ResponseWriter, r *http.Request, q authRequest, p world.Person) {
	s.mu.Lock()
	current := s.ensureSession(w, r)
	need := s.required[p.ObjectID]
	form := current.form
	s.mu.Unlock()
	switch {
	case need.kind == "mfa" && sameClaims(q.get("claims"), need.claims):
		s.showApproval(w, q, p, form)
	case need.kind == "consent", q.prompts("consent"):
		s.showConsent(w, q, p, form)
	default:
		s.answerCode(w, r, q, p)
	}
}

// sameClaims compares a claims parameter with the challenge, as JSON: clients may add to it or print it anew.
func sameClaims(sent, challenge string) bool {
	var a, b struct {
		AccessToken struct {
			Policies struct {
				Values []string `json:"values"`
			} `json:"capolids"`
		} `json:"access_token"`
	}
	if json.Unmarshal([]byte(sent), &a) != nil || json.Unmarshal([]byte(challenge), &b) != nil {
		return false
	}
	return len(b.AccessToken.Policies.Values) > 0 && slices.Equal(a.AccessToken.Policies.Values, b.AccessToken.Policies.Values)
}
