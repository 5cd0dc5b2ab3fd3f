package entra

import (
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

const (
	graphResource = "https://graph.microsoft.com"
	botResource   = "https://api.botframework.com"
)

var openIDScopes = []string{"openid", "profile", "email", "offline_access"}

// scope is what a request asks for: OpenID scopes, and one permission or all (.default) of at most one API.
type scope struct {
	openID   []string
	resource string // identifier without a trailing slash; "" when only OpenID scopes are asked for
	named    string // identifier as it was written
	perms    []string
}

func (c scope) openid() bool  { return slices.Contains(c.openID, "openid") }
func (c scope) offline() bool { return slices.Contains(c.openID, "offline_access") }

// parseScope reads a scope parameter. Resource and permission are parted at the last slash, so that the double slash of
// an identifier that ends in one ("https://api.example//user_impersonation") names the same API.
func (s *Server) parseScope(text string) (scope, *aadError) {
	var c scope
	for word := range strings.FieldsSeq(text) {
		if slices.Contains(openIDScopes, word) {
			c.openID = append(c.openID, word)
			continue
		}
		i := strings.LastIndexByte(word, '/')
		if i <= 0 || i == len(word)-1 {
			return c, invalidScope(text, word)
		}
		named, perm := word[:i], word[i+1:]
		resource := strings.TrimSuffix(named, "/")
		if c.resource != "" && c.resource != resource {
			return c, aad(28000, "invalid_request", "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope %s is not valid.", text)
		}
		c.resource, c.named = resource, named
		c.perms = append(c.perms, perm)
	}
	if c.resource == "" && len(c.openID) == 0 {
		return c, aad(900144, "invalid_request", "The request body must contain the following parameter: 'scope'.")
	}
	if len(c.perms) > 1 && slices.Contains(c.perms, ".default") {
		return c, aad(70011, "invalid_scope", "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. .default scope can't be combined with resource-specific scopes.")
	}
	return c, s.knownScope(c, text)
}

func invalidScope(text, word string) *aadError {
	return aad(70011, "invalid_scope", "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope %s is not valid: %s.", text, word)
}

// knownScope checks that the API exists and has the permissions.
func (s *Server) knownScope(c scope, text string) *aadError {
	var offered []string
	switch {
	case c.resource == "":
		return nil
	case s.own(c.resource):
		offered = []string{"access_as_user"}
	case c.resource == botResource:
	case s.cfg.Resources(c.resource):
		offered = []string{"user_impersonation"}
	default:
		return aad(500011, "invalid_resource", "The resource principal named %s was not found in the tenant. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.", c.named)
	}
	for _, perm := range c.perms {
		if perm != ".default" && !slices.Contains(offered, perm) {
			return invalidScope(text, c.named+"/"+perm)
		}
	}
	return nil
}

// own reports whether a resource is the client's own API, by URI or by client id.
func (s *Server) own(resource string) bool {
	return resource == s.cfg.SSOResource || resource == s.cfg.Client.ID
}

// permission is the scp of a delegated token.
func (s *Server) permission(c scope) string {
	switch {
	case c.resource == "":
		return strings.Join(slices.DeleteFunc(slices.Clone(c.openID), func(w string) bool { return w == "offline_access" }), " ")
	case s.own(c.resource):
		return "access_as_user"
	}
	return "user_impersonation"
}

// audienceOf is the aud of a token for a scope. A token without an API is one for Microsoft Graph, as at Entra ID.
func (s *Server) audienceOf(c scope) string {
	switch {
	case c.resource == "":
		return graphResource
	case s.own(c.resource):
		return s.cfg.Client.ID
	}
	return c.resource
}

// granted is the scope parameter of an answer.
func (s *Server) granted(c scope) string {
	if c.resource == "" {
		return s.permission(c)
	}
	return c.named + "/" + s.permission(c)
}

// party is the application that a delegated token was issued to. Tab tokens of the password grant are Teams' own.
func (s *Server) party(c scope, grant string) string {
	if grant == "password" && s.own(c.resource) {
		return world.TeamsWebClient
	}
	return s.cfg.Client.ID
}

// text is a scope as a parameter again.
func text(c scope) string {
	words := slices.Clone(c.openID)
	for _, perm := range c.perms {
		words = append(words, c.named+"/"+perm)
	}
	return strings.Join(words, " ")
}
