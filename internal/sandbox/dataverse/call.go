package dataverse

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// call is one Web API request of one person in one organization.
type call struct {
	server   *Server
	org      *organization
	caller   *engine.Caller
	w        http.ResponseWriter
	r        *http.Request
	version  string // as in the path, for example v9.2; echoed in every link
	root     string // service root as the caller addressed it, with a trailing slash
	path     string // below the root, unescaped
	options  odata.Options
	prefer   odata.Preferences
	segments []odata.Segment
	batched  bool // this is a part of a $batch

	// Of requests that write:
	x        *engine.Change        // the transaction; nil outside
	text     []byte                // the body
	refersTo string                // $id
	content  string                // the Content-ID of a part of a batch
	made     map[string]engine.Ref // the rows of earlier parts, by Content-ID
}

// maxAddress is the longest path and query: 32 KB in an address, 64 KB in a batch (Microsoft Learn, "Execute batch
// operations").
const maxAddress = 64 << 10

// answer dispatches the request. Everything that fails ends here.
func (c *call) answer() {
	c.standardHeaders()
	if err := c.dispatch(); err != nil {
		failWith(c.w, err, odata.ParsePrefer(c.r.Header))
	}
}

func (c *call) dispatch() error {
	if len(c.r.URL.RawQuery)+len(c.path) > maxAddress {
		return &Error{http.StatusRequestURITooLong, codeUnexpected, "The request URI is too long."}
	}
	if c.path == "$batch" {
		return c.batch()
	}
	if c.r.Method != http.MethodGet && c.r.Method != http.MethodHead {
		return c.write()
	}
	options, err := odata.ParseOptions(c.r.URL.RawQuery)
	if err != nil {
		return err
	}
	c.options, c.prefer = options, odata.ParsePrefer(c.r.Header)
	if c.segments, err = odata.ParsePath(c.path, options.Aliases); err != nil {
		return err
	}
	if len(c.segments) == 0 {
		return c.serviceDocument()
	}
	switch first := c.segments[0]; first.Name {
	case "$metadata":
		return c.csdl()
	case "EntityDefinitions", "RelationshipDefinitions", "GlobalOptionSetDefinitions":
		return c.definitions()
	default:
		if table := c.org.DB.Model().Set(first.Name); table != nil {
			return c.resource(table)
		}
		if m := c.rootMessage(); m != nil {
			return c.invoke(m, target{}, first)
		}
		return notFound(first.Name)
	}
}

// context is an @odata.context address.
func (c *call) context(fragment string) string { return c.root + "$metadata#" + fragment }

// send writes a JSON document.
func (c *call) send(body []byte) error { return c.sendStatus(http.StatusOK, body) }

func (c *call) sendStatus(status int, body []byte) error {
	h := c.w.Header()
	h.Set("Content-Type", "application/json; odata.metadata=minimal")
	c.applied()
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(body) // a client that has gone away is nobody's error
	}
	return nil
}

// sendText writes a raw value.
func (c *call) sendText(text string) error {
	h := c.w.Header()
	h.Set("Content-Type", "text/plain")
	h.Set("Content-Length", strconv.Itoa(len(text)))
	c.w.WriteHeader(http.StatusOK)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write([]byte(text))
	}
	return nil
}

func (c *call) sendNothing() error {
	c.w.WriteHeader(http.StatusNoContent)
	return nil
}

// applied tells which preferences were honoured.
func (c *call) applied() {
	var list []string
	if c.prefer.MaxPageSize > 0 {
		list = append(list, "odata.maxpagesize="+strconv.Itoa(c.prefer.MaxPageSize))
	}
	if c.prefer.Annotations != "" {
		list = append(list, `odata.include-annotations="`+c.prefer.Annotations+`"`)
	}
	if c.prefer.TrackChanges {
		list = append(list, "odata.track-changes")
	}
	if c.prefer.ReturnRepresentation && c.r.Method != http.MethodGet {
		list = append(list, "return=representation")
	}
	if len(list) > 0 {
		c.w.Header().Set("Preference-Applied", strings.Join(list, ","))
	}
}

// address is the request's own address below the root, as the caller wrote it but without the tokens of pages and
// changes.
func (c *call) address() string {
	path := c.r.URL.EscapedPath()
	if i := strings.Index(path, "/api/data/"+c.version+"/"); i >= 0 {
		path = path[i+len("/api/data/"+c.version+"/"):]
	}
	var kept []string
	for pair := range strings.SplitSeq(c.r.URL.RawQuery, "&") {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); pair != "" && (err != nil || plain != "$skiptoken" && plain != "$deltatoken") {
			kept = append(kept, pair)
		}
	}
	if len(kept) > 0 {
		path += "?" + strings.Join(kept, "&")
	}
	return unsafeInAddress.Replace(path)
}

// unsafeInAddress encodes what may stand raw in a batch but not in a link.
var unsafeInAddress = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "{", "%7B", "}", "%7D", "|", "%7C", `\`, "%5C", "^", "%5E", "`", "%60")
