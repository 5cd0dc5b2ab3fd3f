package dataverse

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

// claimedTenant reads the tid of a token that nobody has verified yet, only to choose whose keys to verify it with.
func claimedTenant(raw string) (string, error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return "", errNoToken
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		return "", err
	}
	var claims struct {
		Tenant string `json:"tid"`
	}
	err = json.Unmarshal(payload, &claims)
	return claims.Tenant, err
}
