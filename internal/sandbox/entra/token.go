package entra

import (
	"crypto/subtle"
	"mime"
	"net/http"
	"net/url"
)

const (
	grantJWTBearer = "urn:ietf:params:oauth:grant-type:jwt-bearer"
	maxForm        = 64 << 10
)

// tokenRequest is a checked form of the token endpoint: known client, no parameter twice.
type tokenRequest struct {
	audience audience
	form     url.Values
}

func (q tokenRequest) get(name string) string { return q.form.Get(name) }

// need gives a required parameter.
func (q tokenRequest) need(name string) (string, *aadError) {
	if v := q.form.Get(name); v != "" {
		return v, nil
	}
	return "", aad(900144, "invalid_request", "The request body must contain the following parameter: '%s'.", name)
}

// token is the token endpoint.
func (s *Server) token(w http.ResponseWriter, r *http.Request) {
	answer, fail := s.exchange(w, r)
	if fail != nil {
		s.writeError(w, r, fail)
		return
	}
	signed, err := answer.sign()
	if err != nil {
		fail := aad(90033, "server_error", "The stand-in could not sign a token: %v.", err)
		fail.status = http.StatusInternalServerError
		s.writeError(w, r, fail)
		return
	}
	writeJSON(w, http.StatusOK, signed)
}

func (s *Server) exchange(w http.ResponseWriter, r *http.Request) (unsigned, *aadError) {
	a, fail := s.audience(r)
	if fail != nil {
		return unsigned{}, fail
	}
	if r.Method != http.MethodPost {
		e := aad(900561, "invalid_request", "The endpoint only accepts POST requests. Received a %s request.", r.Method)
		e.status = http.StatusMethodNotAllowed
		w.Header().Set("Allow", "POST")
		return unsigned{}, e
	}
	form, fail := readForm(w, r)
	if fail != nil {
		return unsigned{}, fail
	}
	if fail := s.authenticate(r, form); fail != nil {
		return unsigned{}, fail
	}
	q := tokenRequest{a, form}
	switch grant := form.Get("grant_type"); grant {
	case "authorization_code":
		return s.redeemCode(q)
	case "refresh_token":
		return s.redeemRefresh(q)
	case "client_credentials":
		return s.clientCredentials(q)
	case grantJWTBearer:
		return s.onBehalfOf(q)
	case "password":
		return s.password(q)
	case "":
		_, fail := q.need("grant_type")
		return unsigned{}, fail
	default:
		return unsigned{}, aad(70003, "unsupported_grant_type", "The app requested an unsupported grant type '%s'.", grant)
	}
}

// readForm reads a form body and refuses what browsers and libraries never send: queries, repeated parameters.
func readForm(w http.ResponseWriter, r *http.Request) (url.Values, *aadError) {
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/x-www-form-urlencoded" {
		return nil, aad(900144, "invalid_request", "The request body must be application/x-www-form-urlencoded and contain the following parameter: 'grant_type'.")
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxForm)
	if err := r.ParseForm(); err != nil {
		return nil, aad(9002313, "invalid_request", "Invalid request. Request is malformed or invalid.")
	}
	return r.PostForm, duplicate(r.PostForm)
}

func duplicate(form url.Values) *aadError {
	for name, values := range form {
		if len(values) > 1 {
			return aad(9000411, "invalid_request", "The request is not properly formatted. The parameter '%s' is duplicated.", name)
		}
	}
	return nil
}

// authenticate checks the client by exactly one of client_secret_post and client_secret_basic.
func (s *Server) authenticate(r *http.Request, form url.Values) *aadError {
	id, secret := form.Get("client_id"), form.Get("client_secret")
	if user, pass, ok := r.BasicAuth(); ok {
		if secret != "" {
			return aad(9002313, "invalid_request", "Invalid request. The client authenticates in more than one way.")
		}
		basicID, errID := url.QueryUnescape(user)
		basicSecret, errSecret := url.QueryUnescape(pass)
		if errID != nil || errSecret != nil || id != "" && id != basicID {
			return aad(9002313, "invalid_request", "Invalid request. Request is malformed or invalid.")
		}
		id, secret = basicID, basicSecret
	}
	switch {
	case id == "":
		return aad(900144, "invalid_request", "The request body must contain the following parameter: 'client_id'.")
	case id != s.cfg.Client.ID:
		return aad(700016, "unauthorized_client", "Application with identifier '%s' was not found in the directory. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", id)
	case secret == "":
		return aad(7000218, "invalid_client", "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	case subtle.ConstantTimeCompare([]byte(secret), []byte(s.cfg.Client.Secret)) != 1:
		return aad(7000215, "invalid_client", "Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '%s'.", id)
	}
	return nil
}
