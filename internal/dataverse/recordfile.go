package dataverse

import (
	"context"
	"encoding/base64"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// filePiece is how much of a file is asked for and held at once: the service's own chunk (x-ms-chunk-size), in bytes.
	filePiece = 4 << 20
	octets    = "application/octet-stream"
)

// File opens content beside a record with the person's own rights. It is asked for in pieces while it is read, so that no more
// than one piece is held. Faults: NotFound file.gone where there is none, and those of any question.
func (c *Client) File(ctx context.Context, caller crm.Caller, place crm.Place, q crm.FileQuery) (crm.FileContent, error) {
	up, err := c.organization(place.Organization)
	if err != nil {
		return crm.FileContent{}, err
	}
	if q.Note != "" {
		return c.noteFile(ctx, caller, up, q.Note)
	}
	plan, err := c.blueprint(ctx, caller, place.Organization, q.Ref.Table)
	if err != nil {
		return crm.FileContent{}, err
	}
	x, ok := plan.fields[q.Column]
	if !ok || !isGUID(q.Ref.ID) || x.Kind != crm.KindFile && x.Kind != crm.KindImage {
		return crm.FileContent{}, fault.New(fault.NotFound, "file.gone")
	}
	path := plan.SetName + "(" + q.Ref.ID + ")/" + q.Column + "/$value"
	if x.Kind == crm.KindFile {
		return c.pieces(ctx, caller, up, path)
	}
	if q.Full {
		content, err := c.pieces(ctx, caller, up, path+"?size=full")
		if !fault.Is(err, fault.NotFound) {
			return content, err
		}
		// The column keeps thumbnails alone.
	}
	return c.pieces(ctx, caller, up, path)
}

// noteFile reads what is attached to a note. The service gives it in base64, whole (annotation.documentbody).
func (c *Client) noteFile(ctx context.Context, caller crm.Caller, up upstream, note string) (crm.FileContent, error) {
	if !isGUID(note) {
		return crm.FileContent{}, fault.New(fault.NotFound, "file.gone")
	}
	var r row
	if _, err := c.read(ctx, caller, up, call{path: "annotations(" + note + ")?$select=filename,mimetype,documentbody"}, &r); err != nil {
		return crm.FileContent{}, goneFile(err)
	}
	body := r.cell("documentbody")
	if !body.set {
		return crm.FileContent{}, fault.New(fault.NotFound, "file.gone")
	}
	return crm.FileContent{
		FileValue: crm.FileValue{Name: r.cell("filename").raw, Type: r.cell("mimetype").raw},
		Body:      base64.NewDecoder(base64.StdEncoding, strings.NewReader(body.raw)),
	}, nil
}

func goneFile(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.NotFound, "file.gone")
	}
	return err
}

// pieces opens content of which the first piece has come.
func (c *Client) pieces(ctx context.Context, caller crm.Caller, up upstream, path string) (crm.FileContent, error) {
	p := &pieces{ask: func(from int64) (answer, error) {
		span := "bytes=" + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(from+filePiece-1, 10)
		return c.ask(ctx, caller, up, call{path: path, header: map[string]string{"Range": span, "Accept": "*/*"}, patience: writeTime})
	}}
	first, err := p.ask(0)
	if err != nil {
		return crm.FileContent{}, goneFile(err)
	}
	if first.status == http.StatusNoContent {
		return crm.FileContent{}, fault.New(fault.NotFound, "file.gone")
	}
	p.rest, p.at, p.total = first.body, int64(len(first.body)), int64(len(first.body))
	if total, ok := totalOf(first.header); ok {
		p.total = total
	}
	name, err := url.PathUnescape(first.header.Get("x-ms-file-name"))
	if err != nil || name == "" {
		_, parameters, _ := mime.ParseMediaType(first.header.Get("Content-Disposition"))
		name = parameters["filename"]
	}
	return crm.FileContent{FileValue: crm.FileValue{Name: name, Type: first.header.Get("Content-Type"), Size: p.total}, Body: p}, nil
}

// totalOf reads the size of the whole from Content-Range (RFC 9110, 14.4).
func totalOf(h http.Header) (int64, bool) {
	_, size, ok := strings.Cut(h.Get("Content-Range"), "/")
	total, err := strconv.ParseInt(size, 10, 64)
	return total, ok && err == nil && total >= 0
}

// pieces reads content piece by piece.
type pieces struct {
	ask       func(from int64) (answer, error)
	rest      []byte
	at, total int64
}

func (p *pieces) Read(into []byte) (int, error) {
	if len(p.rest) == 0 {
		if p.at >= p.total {
			return 0, io.EOF
		}
		a, err := p.ask(p.at)
		if err != nil {
			return 0, err
		}
		total, ok := totalOf(a.header)
		if !ok || total != p.total || a.status != http.StatusPartialContent || len(a.body) == 0 {
			return 0, notUnderstood("file that is another one by now")
		}
		p.rest, p.at = a.body, p.at+int64(len(a.body))
	}
	n := copy(into, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

// PutFile puts content into a file or image column of the form's version of a record, or takes it away (nil), and gives the
// record afterwards. Faults: Conflict dataverse.changed, TooLarge file.too-large, Invalid file.type, and those of Update.
func (c *Client) PutFile(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, column string, file *crm.Upload) (crm.Form, error) {
	x, ok := f.Field(column)
	if !ok || f.ETag == "" || !isGUID(f.Ref.ID) {
		return crm.Form{}, fault.New(fault.Invalid, "record.refused")
	}
	up, err := c.organization(place.Organization)
	if err != nil {
		return crm.Form{}, err
	}
	q := call{method: http.MethodDelete, path: f.Table.SetName + "(" + f.Ref.ID + ")/" + column, match: f.ETag}
	switch {
	case file == nil:
		_, err = c.write(ctx, caller, up, q)
	case x.Kind == crm.KindFile && file.Size > filePiece:
		err = c.putChunks(ctx, caller, up, q, file)
	default:
		q.method, q.contentType = http.MethodPatch, octets
		q.content, q.size = io.NewSectionReader(file.Content, 0, file.Size), file.Size
		q.header = map[string]string{"x-ms-file-name": url.PathEscape(file.Name)}
		_, err = c.write(ctx, caller, up, q)
	}
	if err != nil {
		return crm.Form{}, err
	}
	return c.written(ctx, caller, place, f)
}

// putChunks sends a large file as the service wants it, which must be so above 16 MB (Microsoft Learn, "Use file column data"):
// it names an address that takes the pieces. Nothing is changed before the last of them has come.
func (c *Client) putChunks(ctx context.Context, caller crm.Caller, up upstream, q call, file *crm.Upload) error {
	start := q
	start.method, start.contentType = http.MethodPatch, octets
	start.header = map[string]string{"x-ms-transfer-mode": "chunked", "x-ms-file-name": url.PathEscape(file.Name)}
	a, err := c.write(ctx, caller, up, start)
	if err != nil {
		return fault.Losing(err, false)
	}
	to := a.header.Get("Location")
	if to == "" {
		return notUnderstood("upload without an address")
	}
	size, err := strconv.ParseInt(a.header.Get("x-ms-chunk-size"), 10, 64)
	if err != nil || size <= 0 || size > filePiece {
		size = filePiece
	}
	for from := int64(0); from < file.Size; from += size {
		end := min(from+size, file.Size)
		piece := call{method: http.MethodPatch, path: to, contentType: octets, match: q.match, content: io.NewSectionReader(file.Content, from, end-from), size: end - from}
		piece.header = map[string]string{
			"Content-Range":  "bytes " + strconv.FormatInt(from, 10) + "-" + strconv.FormatInt(end-1, 10) + "/" + strconv.FormatInt(file.Size, 10),
			"x-ms-file-name": url.PathEscape(file.Name),
		}
		if _, err := c.write(ctx, caller, up, piece); err != nil {
			if end < file.Size {
				err = fault.Losing(err, false)
			}
			return err
		}
	}
	return nil
}
