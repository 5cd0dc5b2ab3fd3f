package bearer

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// MaxToken is how many bytes of a token are looked at; a longer one is refused.
const MaxToken = 8 << 10

// maxDepth is how deep JSON may be nested inside a token.
const maxDepth = 16

// forbiddenHeaders would let a token choose its own key, its own encoding or extensions that we do not know.
var forbiddenHeaders = []string{"crit", "jwk", "jku", "x5u", "x5c", "b64", "zip", "enc", "cty"}

// Token is a token taken apart strictly. Nothing in it may be believed before its signature is verified.
type Token struct {
	KeyID  string // kid
	Type   string // typ, "" when it has none
	Claims Claims
}

// Claims are the members of a payload by their exact names.
type Claims map[string]json.RawMessage

// TakeApart accepts only the compact form in its one canonical spelling, so that a token that passes is byte for byte
// what its issuer signed.
func TakeApart(token string) (Token, error) {
	var u Token
	if len(token) > MaxToken {
		return u, errors.New("token is too long")
	}
	parts := strings.SplitN(token, ".", 4)
	if len(parts) != 3 {
		return u, errors.New("token does not have three parts")
	}
	var decoded [3][]byte
	for i, part := range parts {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(part)
		// The decoder skips line ends, which are no part of a token.
		if err != nil || len(raw) == 0 || strings.ContainsAny(part, "\r\n") {
			return u, fmt.Errorf("part %d of the token is not base64url", i+1)
		}
		decoded[i] = raw
	}
	header, err := object(decoded[0])
	if err != nil {
		return u, fmt.Errorf("token header: %w", err)
	}
	if err := u.readHeader(header); err != nil {
		return u, err
	}
	if u.Claims, err = object(decoded[1]); err != nil {
		return u, fmt.Errorf("token payload: %w", err)
	}
	return u, nil
}

func (u *Token) readHeader(header Claims) (err error) {
	for _, name := range forbiddenHeaders {
		if header[name] != nil {
			return fmt.Errorf("token header has %s", name)
		}
	}
	alg, err := header.Text("alg")
	if err != nil || alg != "RS256" {
		return errors.New("token is not signed with RS256")
	}
	if u.KeyID, err = header.Text("kid"); err != nil || u.KeyID == "" || len(u.KeyID) > 256 {
		return errors.New("token header has no usable kid")
	}
	if header["typ"] != nil {
		if u.Type, err = header.Text("typ"); err != nil {
			return errors.New("token header has an unusable typ")
		}
	}
	return nil
}

// object reads one JSON object. A member that occurs twice, in any letter case and at any depth, is refused, because two
// readers could see two different tokens.
func object(raw []byte) (Claims, error) {
	if !utf8.Valid(raw) {
		return nil, errors.New("not UTF-8")
	}
	if err := noDuplicates(raw); err != nil {
		return nil, err
	}
	var members Claims
	if err := json.Unmarshal(raw, &members); err != nil || members == nil {
		return nil, errors.New("not a JSON object")
	}
	return members, nil
}

func noDuplicates(raw []byte) error {
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if err := walk(dec, 0); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("more than one JSON value")
	}
	return nil
}

// walk reads one value.
func walk(dec *json.Decoder, depth int) error {
	if depth > maxDepth {
		return errors.New("JSON is nested too deep")
	}
	token, err := dec.Token()
	if err != nil {
		return errors.New("not JSON")
	}
	opening, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	seen := map[string]bool{}
	for dec.More() {
		if opening == '{' {
			name, err := dec.Token()
			if err != nil {
				return errors.New("not JSON")
			}
			folded := strings.ToLower(name.(string))
			if seen[folded] {
				return errors.New("a JSON member occurs twice")
			}
			seen[folded] = true
		}
		if err := walk(dec, depth+1); err != nil {
			return err
		}
	}
	if _, err := dec.Token(); err != nil {
		return errors.New("not JSON")
	}
	return nil
}

// Text is a member that must be a JSON string.
func (c Claims) Text(name string) (string, error) {
	raw := c[name]
	if len(raw) == 0 || raw[0] != '"' {
		return "", fmt.Errorf("%s is missing or not a string", name)
	}
	var value string
	if err := json.Unmarshal(raw, &value); err != nil {
		return "", fmt.Errorf("%s is not a string", name)
	}
	return value, nil
}

// Optional is a string member that may be absent; anything but a string counts as absent.
func (c Claims) Optional(name string) string {
	value, _ := c.Text(name)
	return value
}

// Seconds is a member that must be a whole number of seconds since 1970.
func (c Claims) Seconds(name string) (int64, error) {
	n, err := strconv.ParseInt(string(c[name]), 10, 64)
	if err != nil || n <= 0 || n > 1<<40 {
		return 0, fmt.Errorf("%s is missing or not a number of seconds", name)
	}
	return n, nil
}
