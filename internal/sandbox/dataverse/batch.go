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
	operations := splitBatch(body, parameters["boundary"])
	if len(operations) > maxOperations {
		return bad("The batch has more than " + strconv.Itoa(maxOperations) + " operations.")
	}
	if len(operations) == 0 {
		return bad("The batch has no operations, or its boundary is not the one announced.")
	}
	boundary := "batchresponse_" + requestID()
	var out bytes.Buffer
	status := http.StatusOK
	for _, operation := range operations {
		answer := c.operation(operation)
		writePart(&out, boundary, answer)
		if answer.status >= 400 && !c.prefer.ContinueOnError {
			status = answer.status
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

// operation runs one part. A change set is refused where every write is.
func (c *call) operation(part batchPart) *recorder {
	answer := &recorder{header: http.Header{}}
	sub := &call{server: c.server, org: c.org, caller: c.caller, w: answer, version: c.version, root: c.root, batched: true}
	sub.r = &http.Request{Method: http.MethodPost, Header: http.Header{}, URL: &url.URL{}, Host: c.r.Host, TLS: c.r.TLS}
	sub.r = sub.r.WithContext(c.r.Context())
	if part.changeSet {
		fail(answer, sub.write())
		return answer
	}
	if err := sub.read(part.payload); err != nil {
		fail(answer, err)
		return answer
	}
	sub.answer()
	return answer
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
	readHeaders(c.r.Header, rest)
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

// batchPart is one operation, or a change set.
type batchPart struct {
	payload   string
	changeSet bool
}

// splitBatch cuts a multipart body at its delimiter lines. Line ends may be CRLF or LF.
func splitBatch(body []byte, boundary string) []batchPart {
	var parts []batchPart
	var current *strings.Builder
	end := func() {
		if current == nil {
			return
		}
		h := http.Header{}
		payload := readHeaders(h, strings.TrimLeft(current.String(), "\r\n"))
		kind, _, _ := mime.ParseMediaType(h.Get("Content-Type"))
		parts = append(parts, batchPart{payload, strings.HasPrefix(kind, "multipart/")})
	}
	for line := range strings.SplitAfterSeq(string(body), "\n") {
		switch strings.TrimRight(line, " \t\r\n") {
		case "--" + boundary:
			end()
			current = &strings.Builder{}
		case "--" + boundary + "--":
			end()
			return parts
		default:
			if current != nil {
				current.WriteString(line)
			}
		}
		if len(parts) > maxOperations {
			return parts
		}
	}
	end()
	return parts
}

// recorder keeps the answer to one part.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

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
var partHeaders = []string{"OData-Version", "Preference-Applied", "ETag", "Allow", "Retry-After"}

func writePart(out *bytes.Buffer, boundary string, answer *recorder) {
	out.WriteString("--" + boundary + "\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n")
	out.WriteString("HTTP/1.1 " + strconv.Itoa(answer.status) + " " + http.StatusText(answer.status) + "\r\n")
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
	out.WriteString("\r\n")
	out.Write(answer.body.Bytes())
	out.WriteString("\r\n")
}
