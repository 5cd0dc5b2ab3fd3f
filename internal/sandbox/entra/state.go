package entra

import (
	"time"
)

const (
	codeLife    = 10 * time.Minute
	refreshLife = 90 * 24 * time.Hour
	sessionLife = 24 * time.Hour
)

// authCode is an authorization code: what was agreed to, for one redemption.
type authCode struct {
	person    string // object id
	tenant    string // segment it was issued at
	redirect  string
	scope     string
	nonce     string
	challenge string // S256, "" without PKCE
	sid       string
	issued    time.Time
	used      bool
	family    string // refresh family made from it, revoked when the code is used again
}

// family is one sign-in: all refresh tokens that descend from it.
type family struct {
	id     string
	person string
	scope  string
	born   time.Time
}

// refreshed is one refresh token. A used one is kept to notice when it comes back.
type refreshed struct {
	family string
	issued time.Time
	used   bool
}

// requirement is what Entra ID wants of a person before it gives tokens without them.
type requirement struct {
	kind   string // consent or mfa
	claims string // challenge for an interactive sign-in
	// resource is the API whose tokens need it, without a trailing slash; "" for all.
	resource string
}

// startFamily gives the first refresh token of a sign-in. Callers hold mu.
func (s *Server) startFamily(person, scope string) (token, id string) {
	s.purge()
	id = s.newGUID()
	s.families[id] = &family{id: id, person: person, scope: scope, born: s.now()}
	s.journal.add(entry{Op: "family", ID: id, Person: person, Scope: scope, At: s.now()})
	return s.issueRefresh(id), id
}

func (s *Server) issueRefresh(family string) string {
	token := s.secret("1.")
	s.refresh[hash(token)] = &refreshed{family: family, issued: s.now()}
	s.journal.add(entry{Op: "token", ID: hash(token), Family: family, At: s.now()})
	return token
}

// useRefresh spends a refresh token and gives its sign-in. Coming back with a spent one ends the whole family, because
// either the client or a thief has a copy.
func (s *Server) useRefresh(token string) (*family, *aadError) {
	invalid := aad(70000, "invalid_grant", "Provided grant is invalid or malformed. The provided value for the input parameter 'refresh_token' is not valid.").with("bad_token")
	t := s.refresh[hash(token)]
	if t == nil {
		return nil, invalid
	}
	f := s.families[t.family]
	if f == nil {
		return nil, aad(50173, "invalid_grant", "The provided grant has expired due to it being revoked, a fresh auth token is needed.").with("bad_token")
	}
	if t.used {
		s.revoke(f.id)
		return nil, invalid
	}
	if s.now().Sub(t.issued) >= refreshLife {
		return nil, aad(700082, "invalid_grant", "The refresh token has expired due to inactivity. The token was issued on %s and was inactive for 90.00:00:00.", t.issued.UTC().Format(time.RFC3339)).with("token_expired")
	}
	t.used = true
	s.journal.add(entry{Op: "used", ID: hash(token)})
	return f, nil
}

func (s *Server) revoke(family string) {
	if s.families[family] == nil {
		return
	}
	delete(s.families, family)
	s.journal.add(entry{Op: "revoke", ID: family})
}

// purge drops what can never be used again, so that a sandbox left running does not grow.
func (s *Server) purge() {
	now := s.now()
	for id, c := range s.codes {
		if now.Sub(c.issued) > 2*time.Hour {
			delete(s.codes, id)
		}
	}
	for id, t := range s.refresh {
		if now.Sub(t.issued) > refreshLife+24*time.Hour || s.families[t.family] == nil && now.Sub(t.issued) > 24*time.Hour {
			delete(s.refresh, id)
		}
	}
	for id, c := range s.sessions {
		if now.Sub(c.used) > sessionLife {
			delete(s.sessions, id)
		}
	}
}
