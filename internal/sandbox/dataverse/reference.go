package dataverse

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// refer reads the address of a row, as it stands in @odata.bind, in @odata.id and after $id: relative with or without a
// leading slash, absolute, by alternate key, or $1 for what an earlier part of the same change set has made.
func (c *call) refer(address string) (engine.Ref, error) {
	address = strings.TrimSpace(address)
	if name, ok := contentID(strings.TrimPrefix(address, "/")); ok {
		return c.madeBy(name)
	}
	path, err := c.below(address)
	if err != nil {
		return engine.Ref{}, err
	}
	segments, err := odata.ParsePath(path, nil)
	if err != nil {
		return engine.Ref{}, err
	}
	if len(segments) != 1 || !segments[0].Call {
		return engine.Ref{}, bad("The address '" + brief(address) + "' does not name one row.")
	}
	table := c.org.DB.Model().Set(segments[0].Name)
	if table == nil {
		return engine.Ref{}, notFound(segments[0].Name)
	}
	at := target{table: table}
	if err := c.key(&at, segments[0]); err != nil {
		return engine.Ref{}, err
	}
	return engine.Ref{Table: table.LogicalName, ID: at.id}, nil
}

// below takes the service root off an address. Another organization's address names nothing here.
func (c *call) below(address string) (string, error) {
	if scheme, rest, absolute := strings.Cut(address, "://"); absolute && !strings.ContainsAny(scheme, "/?('") {
		_, path, _ := strings.Cut(rest, "/")
		address = "/" + path
	}
	for _, version := range []string{"v9.2", "v9.1", "v9.0"} {
		if path, ok := strings.CutPrefix(address, "/"+c.org.Name+"/api/data/"+version+"/"); ok {
			address = path
			break
		}
	}
	address = strings.TrimPrefix(address, "/")
	if strings.Contains(address, "api/data/") {
		return "", notFound(brief(address))
	}
	path, err := url.PathUnescape(address)
	if err != nil {
		return "", bad("The address '" + brief(address) + "' is not URL-encoded.")
	}
	return path, nil
}

func brief(text string) string {
	if len(text) > 200 {
		return strings.ToValidUTF8(text[:200], "") + "..."
	}
	return text
}

// contentID reports whether an address begins with a reference to another part of a change set.
func contentID(address string) (id string, ok bool) {
	id, ok = strings.CutPrefix(address, "$")
	id, _, _ = strings.Cut(id, "/")
	return id, ok && id != "" && strings.Trim(id, "0123456789") == ""
}

// madeBy finds the row that a part of the change set has made or changed.
func (c *call) madeBy(id string) (engine.Ref, error) {
	ref, ok := c.made[id]
	if !ok {
		return engine.Ref{}, &Error{http.StatusBadRequest, codeResource, "Content-ID Reference: '$" + id + "' does not exist in the batch context."}
	}
	return ref, nil
}
