package dataverse

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

const theFile = "accounts(" + acme + ")/contract"

// upload sends bytes to a column.
func (s *sandbox) upload(method, path, content string, headers ...string) answer {
	s.t.Helper()
	return s.send(method, s.root()+path, administrator, content, append([]string{"Content-Type: application/octet-stream"}, headers...)...)
}

func TestAFileComesBackAsItWasSent(t *testing.T) {
	s := writable(t)
	if a := s.get(administrator, theFile+"/$value"); a.status != http.StatusNoContent {
		t.Error(a.status, a.text)
	}
	before := s.get(administrator, "accounts("+acme+")").ok().at("@odata.etag")
	for _, method := range []string{http.MethodPut, http.MethodPatch} {
		s.upload(method, theFile, "\x00bytes\xff", "x-ms-file-name: %C3%BCber.pdf").done()
		a := s.get(administrator, theFile+"/$value").ok()
		if a.text != "\x00bytes\xff" || a.header.Get("x-ms-file-name") != "%C3%BCber.pdf" || a.header.Get("x-ms-file-size") != "7" || !strings.HasPrefix(a.header.Get("Content-Disposition"), "attachment; filename") {
			t.Error(a.text, a.header)
		}
		if a := s.get(administrator, theFile+"?size=full").ok(); a.at("value") != base64.StdEncoding.EncodeToString([]byte("\x00bytes\xff")) {
			t.Error(a.text)
		}
		row := s.get(administrator, "accounts("+acme+")?$select=contract,contract_name").ok()
		if id, _ := row.at("contract").(string); len(id) != 36 || row.at("contract_name") != "über.pdf" || row.at("@odata.etag") == before {
			t.Error(row.text)
		}
	}
	a := s.get(administrator, theFile+"/$value", "Range: bytes=1-5")
	if a.status != http.StatusPartialContent || a.text != "bytes" || a.header.Get("Content-Range") != "bytes 1-5/7" {
		t.Error(a.status, a.text, a.header)
	}
	if a := s.get(administrator, theFile+"/$value", "Range: bytes=7-10"); a.status != http.StatusPartialContent || a.text != "" {
		t.Error(a.status, a.text)
	}
	if a := s.get(administrator, theFile+"/$value", "Range: bytes=8-10"); a.status != http.StatusRequestedRangeNotSatisfiable {
		t.Error(a.status)
	}
	s.write(http.MethodPatch, "accounts("+acme+")", administrator, `{"contract":"`+ada+`","contract_name":"other"}`).done()
	if row := s.get(administrator, "accounts("+acme+")?$select=contract_name").ok(); row.at("contract_name") != "über.pdf" {
		t.Error(row.text)
	}
	s.upload(http.MethodDelete, theFile, "").done()
	if a := s.get(administrator, theFile); a.status != http.StatusNoContent {
		t.Error(a.status)
	}
}

func TestFilesAreRefusedByNameSizeAndRight(t *testing.T) {
	s := writable(t)
	for name, code := range map[string]string{"": codeResource, "a/b.txt": engine.CodeInvalidArgument, "..%5Cb.txt": engine.CodeInvalidArgument, "virus.EXE": codeFileBlocked, strings.Repeat("x", 300): engine.CodeInvalidArgument, "a%0Ab.txt": engine.CodeInvalidArgument} {
		s.upload(http.MethodPut, theFile, "x", "x-ms-file-name: "+name).refused(400, code)
	}
	if a := s.upload(http.MethodPut, theFile, strings.Repeat("x", 8<<20+1), "x-ms-file-name: big.txt"); a.status != http.StatusRequestEntityTooLarge {
		t.Error(a.status)
	}
	s.upload(http.MethodPut, "accounts(dd000000-0000-4000-8000-000000000001)/contract", "x", "x-ms-file-name: a.txt").refused(404, engine.CodeObjectDoesNotExist)
	s.upload(http.MethodPost, theFile, "x", "x-ms-file-name: a.txt").refused(405, codeResource)
	s.write(http.MethodPut, theFile, administrator, `{"value":"eA=="}`).refused(415, codeResource)
	s.send(http.MethodPut, s.root()+"accounts("+boreas+")/contract", salesperson, "x", "x-ms-file-name: a.txt").refused(403, engine.CodeUnmanagedIDAccessDenied)
	for _, body := range []string{batchOf("DELETE " + theFile + " HTTP/1.1"), changeSetOf("DELETE " + theFile + " HTTP/1.1\r\n\r\n")} {
		if a := s.batch(body); a.status != http.StatusBadRequest || !strings.Contains(a.text, "cannot be part of a batch") {
			t.Error(a.status, a.text)
		}
	}
	s.upload(http.MethodPut, theFile, "secret", "x-ms-file-name: a.txt").done()
	s.get(salesperson, theFile).ok()
	s.upload(http.MethodPut, "accounts("+boreas+")/contract", "secret", "x-ms-file-name: a.txt").done()
	s.get(salesperson, "accounts("+boreas+")/contract/$value").refused(403, engine.CodeUnmanagedIDAccessDenied)
}

func TestAFileMayComeInChunksInAnyOrder(t *testing.T) {
	s := writable(t)
	begin := s.upload(http.MethodPatch, theFile+"?x-ms-file-name=big.bin", "", "x-ms-transfer-mode: chunked").ok()
	at := begin.header.Get("Location")
	if !strings.HasPrefix(at, s.root()+theFile+"?sessiontoken=") || begin.header.Get("x-ms-chunk-size") != "4194304" {
		t.Fatal(begin.header)
	}
	content := strings.Repeat("0123456789abcdef", 300000) // 4.8 MB
	chunk := func(person, from, to int) answer {
		return s.send(http.MethodPatch, at, person, content[from:to+1], "Content-Range: bytes "+itoa(from)+"-"+itoa(to)+"/"+itoa(len(content)))
	}
	if a := chunk(administrator, 4<<20, len(content)-1); a.status != http.StatusPartialContent {
		t.Fatal(a.status, a.text)
	}
	chunk(salesperson, 0, 4<<20-1).refused(404, engine.CodeObjectDoesNotExist)
	chunk(administrator, 0, 4<<20-1).done()
	if a := s.get(administrator, theFile+"/$value").ok(); a.text != content || a.header.Get("x-ms-file-name") != "big.bin" {
		t.Error(len(a.text), a.header)
	}
	chunk(administrator, len(content), len(content)-1).done()              // a client's empty end
	chunk(administrator, 0, 9).refused(404, engine.CodeObjectDoesNotExist) // it has ended
	again := s.upload(http.MethodPatch, theFile+"?x-ms-file-name=big.bin", "", "x-ms-transfer-mode: chunked").ok()
	at = again.header.Get("Location")
	for _, wrong := range []string{"", "bytes 0-9/5", "bytes 5-2/9", "bytes a-b/c", "bytes 0-99/100"} {
		if a := s.send(http.MethodPatch, at, administrator, "ten bytes!", "Content-Range: "+wrong); a.status != http.StatusBadRequest {
			t.Errorf("%q: %d", wrong, a.status)
		}
	}
	if a := s.send(http.MethodPatch, at, administrator, "ten bytes!", "Content-Range: bytes 0-9/999999999"); a.status != http.StatusRequestEntityTooLarge {
		t.Error(a.status)
	}
}

func picture(kind string, width, height int) string {
	p := image.NewPaletted(image.Rect(0, 0, width, height), []color.Color{color.Black, color.White, color.RGBA{200, 0, 0, 255}})
	for x := range width {
		p.SetColorIndex(x, height/2, 2)
	}
	var b bytes.Buffer
	switch kind {
	case "jpeg":
		_ = jpeg.Encode(&b, p, nil)
	case "gif":
		_ = gif.Encode(&b, p, nil)
	default:
		_ = png.Encode(&b, p)
	}
	return b.String()
}

func TestImagesHaveAThumbnailAndMayHaveTheirFullSize(t *testing.T) {
	s := writable(t)
	for kind, size := range map[string]int{"png": 144, "jpeg": 144, "gif": 144, "small": 60} {
		width := map[bool]int{true: 400, false: 60}[size == 144]
		full := picture(kind, width, 500)
		s.upload(http.MethodPut, "accounts("+acme+")/entityimage", full).done()
		a := s.get(administrator, "accounts("+acme+")/entityimage/$value").ok()
		head, _, err := image.DecodeConfig(strings.NewReader(a.text))
		if err != nil || head.Width != size || head.Height != size || !strings.HasPrefix(a.header.Get("Content-Type"), "image/") {
			t.Errorf("%s: %v %v %v", kind, head, err, a.header)
		}
		if a := s.get(administrator, "accounts("+acme+")/entityimage/$value?size=full").ok(); a.text != full {
			t.Errorf("%s: %d bytes of %d", kind, len(a.text), len(full))
		}
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(picture("png", 300, 200)))
	id := s.create("accounts", `{"name":"Pictured","entityimage":"`+encoded+`"}`)
	all := s.get(administrator, "accounts("+id+")").ok()
	if _, there := all.body["entityimage"]; there {
		t.Error("an image came with a row that was read without naming it")
	}
	row := s.get(administrator, "accounts("+id+")?$select=entityimage,entityimageid,entityimage_url,entityimage_timestamp").ok()
	if url, _ := row.at("entityimage_url").(string); row.at("entityimage") == nil || row.at("entityimageid") == nil || row.at("entityimage_timestamp") == nil ||
		!strings.HasPrefix(url, "/Image/download.aspx?Entity=account&Attribute=entityimage&Id="+id+"&Timestamp=") {
		t.Error(row.text)
	} else if a := s.send(http.MethodGet, s.organization()+url, administrator, ""); a.status != http.StatusOK || !strings.HasPrefix(a.header.Get("Content-Type"), "image/") {
		t.Error(a.status, a.header)
	} else if a := s.send(http.MethodGet, s.organization()+url, salesperson, ""); a.status != http.StatusForbidden {
		t.Error(a.status)
	}
	s.write(http.MethodPut, "accounts("+id+")/entityimage", administrator, `{"value":"`+encoded+`"}`).done()
	s.write(http.MethodPatch, "accounts("+id+")", administrator, `{"entityimage":null}`).done()
	if a := s.get(administrator, "accounts("+id+")/entityimage"); a.status != http.StatusNoContent {
		t.Error(a.status, a.text)
	}
	s.upload(http.MethodPut, "accounts("+acme+")/entityimage", "no picture").refused(400, engine.CodeInvalidArgument)
	s.write(http.MethodPost, "accounts", administrator, `{"entityimage":"%%%"}`).refused(400, invalidPayload)
	// A column without full size keeps the thumbnail alone.
	s.upload(http.MethodPut, "accounts("+acme+")/badge", picture("png", 300, 300)).done()
	s.get(administrator, "accounts("+acme+")/badge?size=full").refused(404, engine.CodeObjectDoesNotExist)
	s.get(administrator, "accounts("+acme+")/badge").ok()
}
