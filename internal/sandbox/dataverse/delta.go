package dataverse

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// deltaTime is how a delta token tells when it was given (Microsoft Learn, "Use change tracking to synchronize data").
const deltaTime = "01/02/2006 15:04:05"

// deltaLife is how long a delta token is good; an older one brings everything again.
const deltaLife = 90 * 24 * time.Hour

// tracks reports whether a request is about what has changed: by preference, or by a link that it was given for that.
func (c *call) tracks() bool { return c.prefer.TrackChanges || c.options.Delta != "" }

// changes answers a set with a delta link, or what has changed since the one that the request carries.
func (c *call) changes(at target) error {
	token, err := c.deltaToken()
	if err != nil {
		return err
	}
	delta, err := c.delta(at, token, engine.FetchOptions{MaxPageSize: min(c.prefer.MaxPageSize, largestPage), SkipFormat: !c.prefer.Includes(formattedValue)})
	if err != nil {
		return err
	}
	if token.Version == 0 {
		token.Version = delta.Version
	}
	w := c.writer(delta.Page, delta.root, nil)
	fragment := at.name + selection(c.options.Select, nil)
	if token.Since != 0 {
		fragment += "/$delta"
	}
	w.head(c.context(fragment))
	w.modelVersion()
	if delta.Page.More {
		w.member("@odata.nextLink", c.linkTo(c.address(), pageToken{delta.Page.Number + 1, delta.Page.Cookie, token.Since, token.Version}))
	} else {
		w.member("@odata.deltaLink", c.deltaLink(token.Version))
	}
	w.values()
	w.deleted(at, delta.Deleted)
	return w.send(http.StatusOK)
}

// deltaToken reads where a request begins: at all rows, at a version, or on a later page of either.
func (c *call) deltaToken() (pageToken, error) {
	if c.options.SkipToken != "" {
		return c.pageToken()
	}
	token := pageToken{Page: 1}
	if c.options.Delta == "" {
		return token, nil
	}
	version, when, _ := strings.Cut(c.options.Delta, "!")
	since, err := strconv.ParseInt(version, 10, 64)
	given, err2 := time.Parse(deltaTime, when)
	if err != nil || err2 != nil || since < 0 {
		return token, bad("The $deltatoken is malformed.")
	}
	if c.server.cfg.Now().Sub(given) < deltaLife {
		token.Since = since
	}
	return token, nil
}

func (c *call) deltaLink(version int64) string {
	address, separator := c.address(), "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	token := strconv.FormatInt(version, 10) + "!" + c.server.cfg.Now().UTC().Format(deltaTime)
	return c.root + address + separator + "$deltatoken=" + strings.ReplaceAll(url.QueryEscape(token), "+", "%20")
}

// tracked is an engine.Delta with the shape of its rows.
type tracked struct {
	*engine.Delta
	root *source
}

func (c *call) delta(at target, token pageToken, o engine.FetchOptions) (*tracked, error) {
	if x := c.options; x.Filter != nil || x.OrderBy != nil || x.Top != nil || x.Expand != nil || x.Apply != nil || at.narrow != nil {
		return nil, bad("Only $select is supported together with change tracking.")
	}
	q := newQuery(c.org, at.table)
	if err := selectColumns(q.root, c.options.Select); err != nil {
		return nil, err
	}
	f := q.fetch()
	f.Page, f.PagingCookie = token.Page, token.Cookie
	delta, err := c.org.DB.Changes(c.r.Context(), c.caller, f, token.Since, o)
	return &tracked{delta, q.root}, err
}

// countChanges answers /$count?$deltatoken=.
func (c *call) countChanges(at target) error {
	token, err := c.deltaToken()
	if err != nil {
		return err
	}
	n := 0
	for {
		delta, err := c.delta(at, token, engine.FetchOptions{SkipFormat: true})
		if err != nil {
			return err
		}
		n += len(delta.Page.Rows) + len(delta.Deleted)
		if !delta.Page.More {
			return c.sendText(itoa(n))
		}
		token.Page, token.Cookie = delta.Page.Number+1, delta.Page.Cookie
	}
}

// deleted adds the rows that are gone to the list of values.
func (w *rowWriter) deleted(at target, ids []string) {
	if len(ids) == 0 {
		return
	}
	w.b = w.b[:len(w.b)-1] // the end of the list
	for i, id := range ids {
		if i > 0 || len(w.page.Rows) > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, '{')
		w.member("@odata.context", w.c.context(at.name+"/$deletedEntity"))
		w.member("id", id)
		w.member("reason", "deleted")
		w.b = append(w.b, '}')
	}
	w.b = append(w.b, ']')
}
