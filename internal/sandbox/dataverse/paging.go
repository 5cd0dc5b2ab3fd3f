package dataverse

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// pageToken is where the next page begins. It is signed for one person and one query, so that nobody can page through
// another's or make the engine believe a cookie that it did not give.
type pageToken struct {
	Page   int    `json:"p"`
	Cookie string `json:"c,omitempty"`
	// Of change tracking: what was asked from, and what to ask from after the last page.
	Since   int64 `json:"s,omitempty"`
	Version int64 `json:"v,omitempty"`
}

// nextLink is the address of the page after this one; it begins with the caller's own base address.
func (c *call) nextLink(page *engine.Page) string {
	return c.linkTo(c.address(), pageToken{Page: page.Number + 1, Cookie: page.Cookie})
}

// linkTo is the address of a page of the query at an address below the root.
func (c *call) linkTo(address string, page pageToken) string {
	body, _ := json.Marshal(page) // holds only a number and a text
	token := base64.RawURLEncoding.EncodeToString(append(c.sign(address, body), body...))
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return c.root + address + separator + "$skiptoken=" + token
}

// resume sets a query to the page that $skiptoken names.
func (c *call) resume(f *crmxml.Fetch) error {
	token, err := c.pageToken()
	f.Page, f.PagingCookie = token.Page, token.Cookie
	return err
}

// pageToken reads $skiptoken.
func (c *call) pageToken() (token pageToken, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(c.options.SkipToken)
	if err != nil || len(raw) < sha256.Size {
		return token, bad("The $skiptoken is malformed.")
	}
	mac, body := raw[:sha256.Size], raw[sha256.Size:]
	if !hmac.Equal(mac, c.sign(c.address(), body)) || json.Unmarshal(body, &token) != nil {
		return token, bad("The $skiptoken does not belong to this query.")
	}
	return token, nil
}

func (c *call) sign(address string, body []byte) []byte {
	h := hmac.New(sha256.New, c.server.pagingKey)
	if plain, err := url.PathUnescape(address); err == nil {
		address = plain // a client may encode a link anew
	}
	for _, part := range []string{c.org.ID, c.caller.UserID, address} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	h.Write(body)
	return h.Sum(nil)
}

// cookieAnnotation is how FetchXML paging goes on: the engine's cookie, URL-encoded twice, in a cookie element.
func cookieAnnotation(page *engine.Page) string {
	encoded := encodeComponent(encodeComponent(page.Cookie))
	return `<cookie pagenumber="` + itoa(page.Number+1) + `" pagingcookie="` + encoded + `" istracking="False" />`
}

// encodeComponent is JavaScript's encodeURIComponent, near enough to be undone by it: no "+" for a blank.
func encodeComponent(text string) string {
	return strings.ReplaceAll(url.QueryEscape(text), "+", "%20")
}
