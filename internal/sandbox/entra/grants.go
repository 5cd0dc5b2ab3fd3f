package entra

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// redeemCode is the authorization code grant.
func (s *Server) redeemCode(q tokenRequest) (unsigned, *aadError) {
	code, fail := q.need("code")
	if fail != nil {
		return unsigned{}, fail
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.codes[hash(code)]
	if c == nil {
		return unsigned{}, aad(9002313, "invalid_grant", "Invalid request. The provided authorization code is malformed, expired or was never issued.")
	}
	if fail := s.checkCode(q, c); fail != nil {
		return unsigned{}, fail
	}
	person, _ := s.byObject(c.person)
	if !q.audience.has(person) {
		return unsigned{}, aad(70000, "invalid_grant", "Provided grant is invalid or malformed. The code was issued by another tenant.")
	}
	want := c.scope
	if asked := q.get("scope"); asked != "" {
		want = asked
	}
	parsed, fail := s.parseScope(want)
	if fail != nil {
		return unsigned{}, fail
	}
	c.used = true
	answer, family := s.give(issue{person: person, scope: parsed, grant: "authorization_code", nonce: c.nonce, sid: c.sid})
	c.family = family
	return answer, nil
}

// checkCode refuses a code that was used, has expired, or is redeemed by another than asked for it.
func (s *Server) checkCode(q tokenRequest, c *authCode) *aadError {
	switch {
	case c.used:
		s.revoke(c.family)
		return aad(54005, "invalid_grant", "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.")
	case s.now().Sub(c.issued) >= codeLife:
		return aad(70008, "invalid_grant", "The provided authorization code or refresh token has expired due to inactivity. Send a new interactive authorization request for this user and resource.")
	case q.get("redirect_uri") != c.redirect:
		return aad(500112, "invalid_grant", "The reply address '%s' does not match the reply address '%s' provided when requesting Authorization code.", q.get("redirect_uri"), c.redirect)
	}
	return checkVerifier(q.get("code_verifier"), c.challenge)
}

// checkVerifier compares PKCE on both ends: a verifier without a challenge is a stripped challenge.
func checkVerifier(verifier, challenge string) *aadError {
	mismatch := aad(501481, "invalid_grant", "The Code_Verifier does not match the code_challenge supplied in the authorization request.")
	if challenge == "" {
		if verifier != "" {
			return mismatch
		}
		return nil
	}
	if verifier == "" {
		return aad(900144, "invalid_request", "The request body must contain the following parameter: 'code_verifier'.")
	}
	if !pkce.MatchString(verifier) {
		return aad(501491, "invalid_grant", "Invalid size or characters of Code_Verifier parameter.")
	}
	sum := sha256.Sum256([]byte(verifier))
	if subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(challenge)) != 1 {
		return mismatch
	}
	return nil
}

// redeemRefresh is the refresh token grant: for any API, with a new refresh token each time.
func (s *Server) redeemRefresh(q tokenRequest) (unsigned, *aadError) {
	token, fail := q.need("refresh_token")
	if fail != nil {
		return unsigned{}, fail
	}
	var parsed scope
	if asked := q.get("scope"); asked != "" {
		if parsed, fail = s.parseScope(asked); fail != nil {
			return unsigned{}, fail
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	person, fail := s.holder(token)
	if fail != nil {
		return unsigned{}, fail
	}
	if !q.audience.has(person) {
		return unsigned{}, aad(70000, "invalid_grant", "Provided grant is invalid or malformed. The refresh token was issued by another tenant.").with("bad_token")
	}
	if fail := s.interaction(person, parsed.resource); fail != nil {
		return unsigned{}, fail
	}
	f, fail := s.useRefresh(token)
	if fail != nil {
		return unsigned{}, fail
	}
	if q.get("scope") == "" {
		if parsed, fail = s.parseScope(f.scope); fail != nil {
			return unsigned{}, fail
		}
	}
	answer, _ := s.give(issue{person: person, scope: parsed, grant: "refresh_token", family: f.id})
	return answer, nil
}

// holder looks whose a refresh token is, so that a demand for interaction does not spend it. Tokens without a living
// family go on to useRefresh, which knows the right refusal.
func (s *Server) holder(token string) (world.Person, *aadError) {
	t := s.refresh[hash(token)]
	if t == nil || s.families[t.family] == nil || t.used {
		_, fail := s.useRefresh(token)
		return world.Person{}, fail
	}
	person, ok := s.byObject(s.families[t.family].person)
	if !ok {
		return person, aad(50034, "invalid_grant", "The user account does not exist in the directory.")
	}
	return person, nil
}

// clientCredentials is the application's own token.
func (s *Server) clientCredentials(q tokenRequest) (unsigned, *aadError) {
	if q.audience.tenant == nil {
		return unsigned{}, aad(50059, "invalid_request", "No tenant-identifying information found in either the request or implied by any provided credentials.")
	}
	asked, fail := q.need("scope")
	if fail != nil {
		return unsigned{}, fail
	}
	c, fail := s.parseScope(asked)
	if fail != nil {
		return unsigned{}, fail
	}
	if !slices.Equal(c.perms, []string{".default"}) {
		return unsigned{}, aad(1002012, "invalid_scope", "The provided value for scope %s is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).", asked)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.giveApp(q.audience.tenant.ID, c), nil
}

// onBehalfOf exchanges a tab token for a token of another API.
func (s *Server) onBehalfOf(q tokenRequest) (unsigned, *aadError) {
	assertion, fail := q.need("assertion")
	if fail != nil {
		return unsigned{}, fail
	}
	if use, fail := q.need("requested_token_use"); fail != nil {
		return unsigned{}, fail
	} else if use != "on_behalf_of" {
		return unsigned{}, aad(900144, "invalid_request", "The value '%s' of 'requested_token_use' is not supported.", use)
	}
	asked, fail := q.need("scope")
	if fail != nil {
		return unsigned{}, fail
	}
	c, fail := s.parseScope(asked)
	if fail != nil {
		return unsigned{}, fail
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	person, fail := s.asserted(q, assertion)
	if fail != nil {
		return unsigned{}, fail
	}
	if fail := s.interaction(person, c.resource); fail != nil {
		return unsigned{}, fail
	}
	answer, _ := s.give(issue{person: person, scope: c, grant: grantJWTBearer})
	return answer, nil
}

// asserted checks an assertion: signed by us now, for this client, by a person of this tenant, an access token.
func (s *Server) asserted(q tokenRequest, assertion string) (world.Person, *aadError) {
	claims, err := s.keys.verify(assertion)
	if err != nil {
		return world.Person{}, aad(50013, "invalid_grant", "Assertion failed signature validation. [Reason - The key was not found or the signature does not match.]")
	}
	is := func(name string) string { v, _ := claims[name].(string); return v }
	person, ok := s.byObject(is("oid"))
	exp, _ := claims["exp"].(float64)
	scopes := strings.Fields(is("scp"))
	switch {
	case is("aud") != s.cfg.Client.ID:
		return person, aad(500131, "invalid_grant", "Assertion audience does not match the Client app presenting the assertion. The audience in the assertion was '%s' and the expected audience is '%s'.", is("aud"), s.cfg.Client.ID)
	case !s.now().Before(time.Unix(int64(exp), 0)):
		return person, aad(500133, "invalid_grant", "Assertion is not within its valid time range. Ensure that the access token is not expired before using it for user assertion, or request a new token.")
	case is("idtyp") == "app" || len(scopes) == 0:
		return person, aad(7000114, "invalid_grant", "Application '%s' is not allowed to make application on-behalf-of calls.", s.cfg.Client.ID)
	case !ok || is("tid") != person.TenantID || is("iss") != s.issuer(person.TenantID) || !q.audience.has(person):
		return person, aad(50013, "invalid_grant", "Assertion failed signature validation. [Reason - The issuer of the assertion is not the tenant of the request.]")
	case !slices.Contains(scopes, "access_as_user"):
		return person, aad(65001, "invalid_grant", "The user or administrator has not consented to use the application with ID '%s'. Send an interactive authorization request for this user and resource.", s.cfg.Client.ID).with("consent_required")
	}
	return person, nil
}

// password is the resource owner password grant, which stands for Teams asking silently for a tab token.
func (s *Server) password(q tokenRequest) (unsigned, *aadError) {
	username, fail := q.need("username")
	if fail != nil {
		return unsigned{}, fail
	}
	password, fail := q.need("password")
	if fail != nil {
		return unsigned{}, fail
	}
	asked, fail := q.need("scope")
	if fail != nil {
		return unsigned{}, fail
	}
	c, fail := s.parseScope(asked)
	if fail != nil {
		return unsigned{}, fail
	}
	person, ok := s.byUsername(username)
	if !ok || !q.audience.has(person) || subtle.ConstantTimeCompare([]byte(password), []byte(person.Password)) != 1 {
		return unsigned{}, aad(50126, "invalid_grant", "Error validating credentials due to invalid username or password.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, _ := s.give(issue{person: person, scope: c, grant: "password"})
	return answer, nil
}
