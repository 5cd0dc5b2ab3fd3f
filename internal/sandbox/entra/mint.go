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

// give signs what was decided. Callers hold mu. The second result is the refresh family, "" when there is none.
func (s *Server) give(i issue) (tokens, string, error) {
	life := s.lifetime()
	now := s.now()
	access, err := s.keys.sign(s.accessClaims(i, now, now.Add(life)))
	if err != nil {
		return tokens{}, "", err
	}
	t := tokens{TokenType: "Bearer", Scope: s.granted(i.scope), AccessToken: access,
		ExpiresIn: int64(life / time.Second), ExtExpiresIn: int64(life / time.Second)}
	if i.scope.openid() {
		if t.IDToken, err = s.keys.sign(s.idClaims(i, now)); err != nil {
			return tokens{}, "", err
		}
	}
	family := i.family
	switch {
	case family != "":
		t.RefreshToken = s.issueRefresh(family)
	case i.scope.offline():
		t.RefreshToken, family = s.startFamily(i.person.ObjectID, text(i.scope))
	}
	return t, family, nil
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

// giveApp signs a token for the application itself.
func (s *Server) giveApp(tenant string, c scope) (tokens, error) {
	life := s.lifetime()
	now := s.now()
	principal := servicePrincipal(tenant, s.cfg.Client.ID)
	aud := s.audienceOf(c)
	access, err := s.keys.sign(map[string]any{
		"iss": s.issuer(tenant), "aud": aud, "tid": tenant, "oid": principal, "sub": principal, "ver": "2.0",
		"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(life).Unix(),
		"azp": s.cfg.Client.ID, "azpacr": "1", "idtyp": "app", "roles": []string{},
		"uti": base64.RawURLEncoding.EncodeToString(s.random(16)),
	})
	return tokens{TokenType: "Bearer", AccessToken: access, ExpiresIn: int64(life / time.Second), ExtExpiresIn: int64(life / time.Second)}, err
}

// pairwise is the sub of a person at one application: stable, and of no use anywhere else.
func pairwise(person, client string) string {
	sum := sha256.Sum256([]byte("sub\x00" + person + "\x00" + client))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
