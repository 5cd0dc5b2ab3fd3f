package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"

	"github.com/gorilla/securecookie"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
)

const (
	// markLife is how long an address leads to its page by a mark; later it does by the page's number.
	markLife = 24 * 60 * 60
	markSize = 6000
	// furthestByNumber is the last page that Dataverse finds by its number: 50,000 rows, 50 a page.
	furthestByNumber = 1000
)

// markCodecs seal the marks of pages: they hold values of records, which an address must not show, and only what we sent comes
// back.
func markCodecs(keys [][]byte) (codecs []securecookie.Codec) {
	for _, key := range keys {
		codecs = append(codecs, securecookie.New(derived(key, "page mark: proof"), derived(key, "page mark: seal")).
			MaxAge(markLife).MaxLength(2*markSize).SetSerializer(securecookie.NopEncoder{}))
	}
	return codecs
}

func derived(key []byte, use string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(use))
	return mac.Sum(nil)
}

// bindMark names what a mark belongs to: a person, and a page of a query.
func bindMark(c echo.Context, place crm.Place, q crm.ViewQuery) string {
	user := visitOf(c).caller().User
	page := max(1, q.Page)
	q.Counted, q.Page = false, 0
	return user.Tenant + "/" + user.Object + "/" + place.Organization.URL + "/" + strconv.Itoa(page) + "/" + q.Values().Encode()
}

// sealMark makes a mark fit for an address; "" when there is none, or it is too long for one.
func (s *Server) sealMark(c echo.Context, place crm.Place, q crm.ViewQuery, mark string) string {
	if mark == "" {
		return ""
	}
	text, err := securecookie.EncodeMulti(bindMark(c, place, q), []byte(mark), s.marks...)
	if err != nil || len(text) > markSize {
		return ""
	}
	return text
}

// openMark gives the mark back; "" for one of another page or person, and for what is none.
func (s *Server) openMark(c echo.Context, place crm.Place, q crm.ViewQuery, text string) string {
	if text == "" || len(text) > markSize {
		return ""
	}
	var mark []byte
	if securecookie.DecodeMulti(bindMark(c, place, q), text, &mark, s.marks...) != nil {
		return ""
	}
	return string(mark)
}
