package dataverse

import (
	"encoding/base64"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

const octets = "application/octet-stream"

// isFile reports whether a column's content lies beside the row (Microsoft Learn, "Use file column data", "Use image column
// data").
func isFile(c *schema.Column) bool { return c.Type == schema.File || c.Type == schema.Image }

// fileColumn finds the file or image column that a write is about; nil when it is about something else.
func (c *call) fileColumn() (*schema.Table, *schema.Column) {
	if len(c.segments) != 2 || !c.segments[0].Call || c.segments[1].Call {
		return nil, nil
	}
	table := c.org.DB.Model().Set(c.segments[0].Name)
	if table == nil {
		return nil, nil
	}
	if column := columnOf(table, c.segments[1].Name); column != nil && isFile(column) {
		return table, column
	}
	return nil, nil
}

// writeFile puts content into a file or image column, whole or in chunks, or takes it away.
func (c *call) writeFile(table *schema.Table, column *schema.Column) error {
	if c.batched {
		return noFiles()
	}
	at := target{table: table, name: table.SetName}
	if err := c.key(&at, c.segments[0]); err != nil {
		return err
	}
	switch c.r.Method {
	case http.MethodDelete:
		return c.attach(at, column, nil)
	case http.MethodPatch, http.MethodPut:
	default:
		return c.notAllowed()
	}
	if token := c.options.Custom["sessiontoken"]; token != "" {
		return c.takeChunk(at, column, token)
	}
	if strings.EqualFold(c.r.Header.Get("x-ms-transfer-mode"), "chunked") {
		return c.startUpload(at, column)
	}
	data, err := c.fileBody(column)
	if err != nil {
		return err
	}
	return c.attachData(at, column, c.fileName(), data)
}

func noFiles() error { return bad("The content of a file or image column cannot be part of a batch.") }

// fileBody reads the whole content from a request: bytes, or for an image {"value": "<base64>"} too.
func (c *call) fileBody(column *schema.Column) ([]byte, error) {
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	most := largestFile(column)
	if kind != "application/json" {
		return c.raw(most)
	}
	if column.Type != schema.Image {
		return nil, &Error{http.StatusUnsupportedMediaType, codeResource, "The content of a file column is sent as " + octets + "."}
	}
	text, err := c.raw(2*most + 64)
	if err != nil {
		return nil, err
	}
	body, err := odata.ParseBody(text)
	value, _ := body.Member("value")
	data, ok := binary(value)
	if err != nil || !ok {
		return nil, payloadError("", "The payload of an image needs the member 'value', in base64.")
	}
	return data.([]byte), nil
}

// largestFile is the most bytes that a column takes; the service's own default is 32 MB.
func largestFile(c *schema.Column) int64 {
	if c.MaxSizeKB <= 0 {
		return 32 << 20
	}
	return int64(c.MaxSizeKB) << 10
}

// fileName is what the request calls the file: a header or a query option, which may be URL-encoded because headers are
// ASCII.
func (c *call) fileName() string {
	name := c.r.Header.Get("x-ms-file-name")
	if plain, err := url.PathUnescape(name); err == nil {
		name = plain
	}
	if name == "" {
		name = c.options.Custom["x-ms-file-name"]
	}
	return name
}

const (
	codeFileBlocked = "0x80043e09" // AttachmentBlocked
	maxFileName     = 255
)

// blockedExtensions are those of a new organization's blockedattachments.
const blockedExtensions = ";ade;adp;app;asa;ashx;asmx;asp;bas;bat;cdx;cer;chm;class;cmd;com;config;cpl;crt;csh;dll;exe;fxp;hlp;hta;htr;htw;ida;idc;idq;inf;ins;isp;its;jar;js;jse;ksh;lnk;mad;maf;mag;mam;maq;mar;mas;mat;mau;mav;maw;mda;mdb;mde;mdt;mdw;mdz;msc;msh;msh1;msh1xml;msh2;msh2xml;mshxml;msi;msp;mst;ops;pcd;pif;prf;prg;printer;pst;reg;rem;scf;scr;sct;shb;shs;shtm;shtml;soap;stm;svc;tmp;url;vb;vbe;vbs;vsmacros;vss;vst;vsw;ws;wsc;wsf;wsh;"

// nameable checks the name of a file.
func nameable(name string) error {
	switch {
	case name == "":
		return bad("The name of the file is missing: send it as the header or query option x-ms-file-name.")
	case len(name) > maxFileName || strings.ContainsAny(name, `/\:*?"<>|`) || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }) || strings.ToValidUTF8(name, "") != name:
		return &Error{http.StatusBadRequest, engine.CodeInvalidArgument, "The file name contains invalid characters, or is longer than " + itoa(maxFileName) + " bytes."}
	}
	if i := strings.LastIndexByte(name, '.'); i >= 0 && strings.Contains(blockedExtensions, ";"+strings.ToLower(name[i+1:])+";") {
		return &Error{http.StatusBadRequest, codeFileBlocked, "The attachment is either not a valid type or is too large. It cannot be uploaded or downloaded."}
	}
	return nil
}

// attachData stores content in a column.
func (c *call) attachData(at target, column *schema.Column, name string, data []byte) error {
	b, err := contentOf(column, name, data)
	if err != nil {
		return err
	}
	return c.attach(at, column, b)
}

// contentOf checks content and makes what is stored of it.
func contentOf(column *schema.Column, name string, data []byte) (*engine.Blob, error) {
	if int64(len(data)) > largestFile(column) {
		return nil, tooLarge(column)
	}
	if column.Type == schema.Image {
		return pictureOf(column, data)
	}
	if err := nameable(name); err != nil {
		return nil, err
	}
	kind := mime.TypeByExtension(name[strings.LastIndexByte(name, '.')+1:])
	if kind == "" {
		kind = octets
	}
	return &engine.Blob{Name: name, Type: kind, Data: data}, nil
}

func tooLarge(column *schema.Column) error {
	return &Error{http.StatusRequestEntityTooLarge, codeFileBlocked, "The file is larger than " + strconv.FormatInt(largestFile(column), 10) + " bytes, which is all that '" + column.LogicalName + "' takes."}
}

func (c *call) attach(at target, column *schema.Column, b *engine.Blob) error {
	err := c.org.DB.Change(c.r.Context(), c.caller, func(x *engine.Change) error {
		guard, err := preconditions(c.r.Header).guard(x, written{target: at})
		if err != nil {
			return err
		}
		guard.MustExist = true
		return x.Attach(at.table.LogicalName, at.id, column.LogicalName, b, guard)
	})
	if err != nil {
		return err
	}
	return c.sendNothing()
}

// storeImages puts the images that came in a body beside their row.
func (p *payload) storeImages(x *engine.Change, row engine.Ref) error {
	for _, image := range p.images {
		if err := x.Attach(row.Table, row.ID, image.column, image.blob, engine.Guard{MustExist: true}); err != nil {
			return err
		}
	}
	return nil
}

// readFile answers GET of a file or image column: JSON with base64, or the bytes after /$value. An image is its thumbnail
// unless ?size=full is asked.
func (c *call) readFile(at target, column *schema.Column, name string, rest []odata.Segment) error {
	raw := len(rest) == 1 && rest[0].Name == "$value" && !rest[0].Call
	if len(rest) > 0 && !raw {
		return notFound(rest[0].Name)
	}
	full := column.Type == schema.File || c.options.Custom["size"] == "full"
	b, err := c.stored(at, column, full)
	if err != nil {
		return err
	}
	if b == nil {
		return c.sendNothing()
	}
	h := c.w.Header()
	if full {
		title := b.Name
		if title == "" {
			title = at.table.LogicalName + "_" + column.LogicalName + "." + strings.TrimPrefix(b.Type, "image/")
		}
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": title}))
		h.Set("x-ms-file-name", url.PathEscape(title))
		h.Set("x-ms-file-size", itoa(len(b.Data)))
		h.Set("mimetype", b.Type)
	}
	data, status, err := c.rangeOf(b.Data)
	if err != nil {
		return err
	}
	if raw {
		h.Set("Content-Type", b.Type)
		return c.sendBytes(status, data)
	}
	body := append([]byte(nil), `{"@odata.context":`...)
	body = appendString(body, c.context(at.table.SetName+"("+at.id+")/"+name))
	body = append(body, `,"value":"`...)
	body = base64.StdEncoding.AppendEncode(body, data)
	return c.sendStatus(status, append(body, `"}`...))
}

// stored reads a column's content with the person's rights on row and column; nil when there is none.
func (c *call) stored(at target, column *schema.Column, full bool) (*engine.Blob, error) {
	if !c.caller.CanReadColumn(at.table, column) {
		if err := c.visible(at); err != nil {
			return nil, err
		}
		return nil, &Error{http.StatusForbidden, "0x8004F504", "The user with id " + c.caller.UserID + " does not have ReadPermission to the secured column '" + column.LogicalName + "'."}
	}
	key := column.LogicalName
	if column.Type == schema.Image && full {
		key += "id"
	}
	value, err := c.value(at, key)
	if err != nil || value == "" {
		return nil, err
	}
	if column.Type == schema.Image && !full {
		data, err := base64.StdEncoding.DecodeString(value)
		return &engine.Blob{Type: http.DetectContentType(data), Data: data}, err
	}
	b, err := c.org.DB.Blob(c.r.Context(), value)
	if err == nil && len(b.Data) == 0 && column.Type == schema.Image {
		err = &Error{http.StatusNotFound, engine.CodeObjectDoesNotExist, "No FileAttachment records found for image attribute: " + column.LogicalName + " of " + at.table.LogicalName + " record with id " + at.id}
	}
	return b, err
}

// rangeOf cuts what a Range header asks for out of content. A range that begins at the very end is empty: that is how a
// client finds the end of content that fills its last chunk.
func (c *call) rangeOf(data []byte) ([]byte, int, error) {
	given, ok := strings.CutPrefix(c.r.Header.Get("Range"), "bytes=")
	if !ok || strings.Contains(given, ",") {
		return data, http.StatusOK, nil
	}
	first, last, _ := strings.Cut(given, "-")
	from, err := strconv.Atoi(first)
	to := len(data) - 1
	if last != "" && err == nil {
		to, err = strconv.Atoi(last)
	}
	if err != nil || from < 0 || to < from && from < len(data) || from > len(data) {
		c.w.Header().Set("Content-Range", "bytes */"+itoa(len(data)))
		return nil, 0, &Error{http.StatusRequestedRangeNotSatisfiable, codeResource, "The requested range is not within the file."}
	}
	to = min(to, len(data)-1)
	if from < len(data) {
		c.w.Header().Set("Content-Range", "bytes "+itoa(from)+"-"+itoa(to)+"/"+itoa(len(data)))
	}
	return data[from:max(to+1, from)], http.StatusPartialContent, nil
}

func (c *call) sendBytes(status int, data []byte) error {
	h := c.w.Header()
	h.Set("Content-Length", itoa(len(data)))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'") // whatever somebody has uploaded, it is no page of ours
	c.w.WriteHeader(status)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(data) // a client that has gone away is nobody's error
	}
	return nil
}
