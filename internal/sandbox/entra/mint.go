package entra

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// issue is what a grant has decided to give.
type issue struct {
	person world.Person
	scope  scope
	grant  string
	nonce  string
	sid    string
	family string // refresh family to go on with; "" starts one when offline_access was asked for
}

// tokens is the answer of the token endpoint.
type tokens struct {
	TokenType    string `json:"token_type"`
	Scope        string `json:"scope,omitempty"`
	ExpiresIn    int64  `json:"expires_in"`
	ExtExpiresIn int64  `json:"ext_expires_in"`
	AccessToken  string `json:"access_token"`
	RefreshToken string `json:"refresh_token,omitempty"`
	IDToken      string `json:"id_token,omitempty"`
}

// lifetime is 60 to 75 minutes at random, as Entra ID does to spread renewals.
func (s *Server) lifetime() time.Duration {
	return time.Hour + time.Duration(s.below(15*60))*time.Second
}

// unsigned is an answer of the token endpoint that is decided but not signed: signing is slow and needs no lock.
type unsigned struct {
	tokens
	keys       *keyRing
	access, id map[string]any // id is nil when no id token was asked for
}

func (u unsigned) sign() (t tokens, err error) {
	t = u.tokens
	if t.AccessToken, err = u.keys.sign(u.access); err == nil && u.id != nil {
		t.IDToken, err = u.keys.sign(u.id)
	}
	return t, err
}

// give decides an answer. Callers hold mu. The second result is the refresh family, "" when there is none.
func (s *Server) give(i issue) (unsigned, string) {
	life := s.lifetime()
	now := s.now()
	u := unsigned{keys: s.keys, access: s.accessClaims(i, now, now.Add(life)), tokens: tokens{
		TokenType: "Bearer", Scope: s.granted(i.scope), ExpiresIn: int64(life / time.Second), ExtExpiresIn: int64(life / time.Second)}}
	if i.scope.openid() {
		u.id = s.idClaims(i, now)
	}
	family := i.family
	switch {
	case family != "":
		u.RefreshToken = s.issueRefresh(family)
	case i.scope.offline():
		u.RefreshToken, family = s.startFamily(i.person.ObjectID, text(i.scope))
	}
	return u, family
}

func (s *Server) common(p world.Person, aud, client string, now, expires time.Time) map[string]any {
	return map[string]any{
		"iss": s.issuer(p.TenantID), "aud": aud, "tid": p.TenantID, "oid": p.ObjectID,
		"sub": pairwise(p.ObjectID, client), "ver": "2.0",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": expires.Unix(),
		"name": p.Name, "preferred_username": p.Username,
		"uti": base64.RawURLEncoding.EncodeToString(s.random(16)),
	}
}

func (s *Server) accessClaims(i issue, now, expires time.Time) map[string]any {
	aud := s.audienceOf(i.scope)
	c := s.common(i.person, aud, aud, now, expires)
	c["scp"] = s.permission(i.scope)
	c["azp"] = s.party(i.scope, i.grant)
	c["azpacr"] = "1"
	if c["azp"] == world.TeamsWebClient {
		c["azpacr"] = "0"
	}
	c["idtyp"] = "user"
	return c
}

func (s *Server) idClaims(i issue, now time.Time) map[string]any {
	c := s.common(i.person, s.cfg.Client.ID, s.cfg.Client.ID, now, now.Add(time.Hour))
	if i.nonce != "" {
		c["nonce"] = i.nonce
	}
	if i.sid != "" {
		c["sid"] = i.sid
	}
	return c
}

// giveApp decides a token for the application itself. Callers hold mu.
func (s *Server) giveApp(tenant string, c scope) unsigned {
	life := s.lifetime()
	now := s.now()
	principal := servicePrincipal(tenant, s.cfg.Client.ID)
	return unsigned{keys: s.keys, tokens: tokens{TokenType: "Bearer", ExpiresIn: int64(life / time.Second), ExtExpiresIn: int64(life / time.Second)}, access: map[string]any{
		"iss": s.issuer(tenant), "aud": s.audienceOf(c), "tid": tenant, "oid": principal, "sub": principal, "ver": "2.0",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(life).Unix(),
		"azp": s.cfg.Client.ID, "azpacr": "1", "idtyp": "app", "roles": []string{},
		"uti": base64.RawURLEncoding.EncodeToString(s.random(16)),
	}}
}

// pairwise is the sub of a person at one application: stable, and of no use anywhere else.
func pairwise(person, client string) string {
	sum := sha256.Sum256([]byte("sub\x00" + person + "\x00" + client))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
