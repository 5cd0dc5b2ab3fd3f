package dataverse

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// The bounds of a batch: 1000 operations (Microsoft Learn, "Execute batch operations") of 64 KB each are never needed in full.
const (
	maxOperations = 1000
	maxBatch      = 16 << 20
)

// batch runs the operations of a $batch in order and answers in the shape that clients expect: the delimiter is the very
// first line, and header lines are written by hand, because some clients count them.
func (c *call) batch() error {
	if c.batched {
		return bad("A batch cannot be part of a batch.")
	}
	if c.r.Method != http.MethodPost {
		return &Error{http.StatusMethodNotAllowed, codeResource, "The batch endpoint takes POST only."}
	}
	c.prefer = odata.ParsePrefer(c.r.Header)
	kind, parameters, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" || parameters["boundary"] == "" {
		return bad("A batch is multipart/mixed with a boundary.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.w, c.r.Body, maxBatch))
	if err != nil {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			return &Error{http.StatusRequestEntityTooLarge, codeUnexpected, "The batch is too large."}
		}
		return bad("The batch could not be read.")
	}
	parts := splitBatch(body, parameters["boundary"])
	operations := len(parts)
	for _, part := range parts {
		operations += len(part.changeSet)
	}
	if operations > maxOperations {
		return bad("The batch has more than " + strconv.Itoa(maxOperations) + " operations.")
	}
	if len(parts) == 0 {
		return bad("The batch has no operations, or its boundary is not the one announced.")
	}
	c.made = map[string]engine.Ref{}
	boundary := "batchresponse_" + requestID()
	var out bytes.Buffer
	status := http.StatusOK
	for _, part := range parts {
		failed := 0
		if part.isChangeSet {
			failed = c.changeSet(&out, boundary, part.changeSet)
		} else {
			answer := c.operation(part.payload)
			writePart(&out, boundary, answer)
			failed = answer.failed()
		}
		if failed != 0 && !c.prefer.ContinueOnError {
			status = failed
			break
		}
	}
	out.WriteString("--" + boundary + "--\r\n")
	h := c.w.Header()
	h.Set("Content-Type", "multipart/mixed; boundary="+boundary)
	h.Set("Content-Length", strconv.Itoa(out.Len()))
	c.w.WriteHeader(status)
	_, _ = c.w.Write(out.Bytes()) // a client that has gone away is nobody's error
	return nil
}

// operation runs one part that is no change set.
func (c *call) operation(payload string) *recorder {
	sub := c.part()
	answer := sub.w.(*recorder)
	if err := sub.read(payload); err != nil {
		fail(answer, err)
		return answer
	}
	if err := sub.impersonate(); err != nil {
		fail(answer, err)
		return answer
	}
	sub.answer()
	return answer
}

// part is a request of its own within the batch.
func (c *call) part() *call {
	sub := &call{server: c.server, org: c.org, caller: c.caller, w: &recorder{header: http.Header{}}, version: c.version, root: c.root, batched: true, made: c.made}
	sub.r = &http.Request{Method: http.MethodPost, Header: http.Header{}, URL: &url.URL{}, Host: c.r.Host, TLS: c.r.TLS}
	sub.r = sub.r.WithContext(c.r.Context())
	return sub
}

// read takes a request line and its headers apart. Addresses may hold quotes and blanks that nobody encoded, and the blank
// line after the headers may be missing.
func (c *call) read(payload string) error {
	line, rest, _ := strings.Cut(strings.TrimLeft(payload, "\r\n"), "\n")
	method, address, ok := strings.Cut(strings.TrimRight(line, "\r"), " ")
	if i := strings.LastIndex(address, " HTTP/"); i >= 0 {
		address = address[:i]
	}
	if !ok || method == "" || address == "" {
		return bad("A part of the batch does not begin with a request line.")
	}
	c.r.Method = method
	c.text = []byte(readHeaders(c.r.Header, rest))
	c.content = c.r.Header.Get("Content-ID")
	if _, after, absolute := strings.Cut(address, "://"); absolute && !strings.ContainsAny(address[:strings.Index(address, "://")], "/?('") {
		_, path, _ := strings.Cut(after, "/")
		address = "/" + path
	}
	rawPath, rawQuery, _ := strings.Cut(address, "?")
	base := "/" + c.org.Name + "/api/data/" + c.version + "/"
	rawPath = strings.TrimPrefix(rawPath, base)
	if strings.HasPrefix(rawPath, "/") {
		return notFound(strings.TrimPrefix(rawPath, "/"))
	}
	path, err := url.PathUnescape(rawPath)
	if err != nil {
		return bad("The address of a part is not URL-encoded.")
	}
	c.path = path
	c.r.URL = &url.URL{Path: base + path, RawPath: base + rawPath, RawQuery: rawQuery}
	return nil
}

// readHeaders reads header lines up to a blank line, and gives what follows.
func readHeaders(h http.Header, text string) (rest string) {
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line = strings.TrimRight(line, "\r"); line == "" {
			return text
		}
		if name, value, ok := strings.Cut(line, ":"); ok {
			h.Add(strings.TrimSpace(name), strings.TrimSpace(value))
		}
	}
	return ""
}

// batchPart is one operation, or a change set and its operations.
type batchPart struct {
	payload     string
	id          string // Content-ID of the part's own headers
	isChangeSet bool
	changeSet   []batchPart
}

// splitBatch cuts a multipart body, and the change sets within it.
func splitBatch(body []byte, boundary string) []batchPart {
	var parts []batchPart
	total := 0
	for _, text := range splitParts(string(body), boundary) {
		h := http.Header{}
		payload := readHeaders(h, strings.TrimLeft(text, "\r\n"))
		part := batchPart{payload: payload, id: h.Get("Content-ID")}
		kind, parameters, _ := mime.ParseMediaType(h.Get("Content-Type"))
		if part.isChangeSet = strings.HasPrefix(kind, "multipart/"); part.isChangeSet && parameters["boundary"] != "" {
			for _, inner := range splitParts(payload, parameters["boundary"]) {
				h := http.Header{}
				payload := readHeaders(h, strings.TrimLeft(inner, "\r\n"))
				part.changeSet = append(part.changeSet, batchPart{payload: payload, id: h.Get("Content-ID")})
			}
			total += len(part.changeSet)
		}
		if parts = append(parts, part); len(parts)+total > maxOperations {
			break
		}
	}
	return parts
}

// splitParts cuts a text at its delimiter lines. Line ends may be CRLF or LF.
func splitParts(text, boundary string) []string {
	var parts []string
	start := -1
	for at := 0; at < len(text) && len(parts) <= maxOperations; {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text)
		} else {
			end += at + 1
		}
		line, delimited := strings.CutPrefix(strings.TrimRight(text[at:end], " \t\r\n"), "--"+boundary)
		if delimited && (line == "" || line == "--") {
			if start >= 0 {
				parts = append(parts, text[start:at])
			}
			if line == "--" {
				return parts
			}
			start = end
		}
		at = end
	}
	if start >= 0 {
		parts = append(parts, text[start:])
	}
	return parts
}

// recorder keeps the answer to one part.
type recorder struct {
	id     string // Content-ID
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

// failed is the status of a refusal; 0 when there is none.
func (r *recorder) failed() int {
	if r.status >= 400 {
		return r.status
	}
	return 0
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

// partHeaders are the headers that a part's answer keeps; the others belong to the whole.
var partHeaders = []string{"OData-Version", "Location", "Preference-Applied", "ETag", "Allow", "Retry-After"}

func writePart(out *bytes.Buffer, boundary string, answer *recorder) {
	out.WriteString("--" + boundary + "\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n")
	if answer.id != "" {
		out.WriteString("Content-ID: " + answer.id + "\r\n")
	}
	out.WriteString("\r\nHTTP/1.1 " + strconv.Itoa(answer.status) + " " + http.StatusText(answer.status) + "\r\n")
	if kind := answer.header.Get("Content-Type"); kind != "" {
		if strings.HasPrefix(kind, "application/json") {
			kind += "; odata.streaming=true"
		}
		out.WriteString("Content-Type: " + kind + "\r\n")
	}
	for _, name := range partHeaders {
		if v := answer.header.Get(name); v != "" {
			out.WriteString(name + ": " + v + "\r\n")
		}
	}
	if v := answer.header[entityIDHeader]; len(v) > 0 {
		out.WriteString(entityIDHeader + ": " + v[0] + "\r\n")
	}
	out.WriteString("\r\n")
	out.Write(answer.body.Bytes())
	out.WriteString("\r\n")
}
