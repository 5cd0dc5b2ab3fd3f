package main

import (
	"bytes"
	"encoding/base64"
	"image"
	"image/png"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// taken fetches a file.
func (v *visitor) taken(path string) (int, http.Header, []byte) {
	v.Helper()
	file := v.get(path)
	return file.status, file.header, file.body
}

// sent puts a file through the form of a dialog, as a browser without script does.
func (v *visitor) sent(dialog answer, do, name string, content []byte) (int, *goquery.Document) {
	v.Helper()
	form := dialog.page.Find(`form[id="dialog"]`)
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	_ = w.WriteField("_form", form.Find(`input[name="_form"]`).AttrOr("value", ""))
	_ = w.WriteField("do", do)
	if name != "" {
		part, err := w.CreateFormFile("_file", name)
		if err != nil {
			v.Fatal(err)
		}
		_, _ = part.Write(content)
	}
	_ = w.Close()
	request, err := http.NewRequest(http.MethodPost, at.App+form.AttrOr("action", ""), &body)
	if err != nil {
		v.Fatal(err)
	}
	request.Header.Set("Content-Type", w.FormDataContentType())
	put := v.ask(request)
	return put.status, put.page
}

// kept is what the service has in a column, asked for without Pintab.
func kept(t *testing.T, path string) (int, []byte) {
	t.Helper()
	address := at.Dataverse + "/harbor-sales"
	request, err := http.NewRequest(http.MethodGet, address+"/api/data/v9.2/"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+personalTokens(t, "ingrid@harborfinch.example", address+"/.default").Access)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply.StatusCode, body
}

// accountOn is the address of an account on one of its forms.
func (v *visitor) accountOn(home answer, form string) string {
	v.Helper()
	link := v.get(home.recordLink("opportunity")).recordLink("account")
	for _, option := range v.get(link).page.Find(`select[name="form"] option`).EachIter() {
		if option.Text() == form {
			return link + "&form=" + option.AttrOr("value", "")
		}
	}
	v.Fatalf("no form %q", form)
	return ""
}

// fileOf opens the dialog of a file or image column.
func (v *visitor) fileOf(link, column string) answer {
	v.Helper()
	read := v.get(link)
	pencil := read.page.Find(`[data-column="`+column+`"] a.pencil`).AttrOr("href", "")
	if pencil == "" {
		v.Fatalf("no way to change %s", column)
	}
	dialog := v.get(pencil)
	dialog.wantStatus(http.StatusOK)
	return dialog
}

// A file is put into a column, is the same here and in the service, and is taken away again.
func TestAFileIsPutAndTakenAway(t *testing.T) {
	v, home := sales(t, "priya@harborfinch.example")
	link := v.accountOn(home, "Account")
	u, _ := url.Parse(link)
	column := "accounts(" + u.Query().Get("id") + ")/hf_contract"
	for name, size := range map[string]int{"small.bin": 3000, "in chunks.bin": 9<<20 + 5} {
		content := bytes.Repeat([]byte("Pintab\x00\xff"), size/8+1)[:size]
		status, page := v.sent(v.fileOf(link, "hf_contract"), "upload", name, content)
		if receipt := page.Find("[data-testid=receipt]").Text(); status != http.StatusOK || !strings.Contains(receipt, "File saved") {
			t.Fatalf("%d %q %.300s", status, receipt, page.Find("main").Text())
		}
		if status, body := kept(t, column+"/$value"); status != http.StatusOK || !bytes.Equal(body, content) {
			t.Errorf("the service has %d bytes of %d, status %d", len(body), size, status)
		}
		way := v.get(link).page.Find(`[data-column="hf_contract"] a[download]`).AttrOr("href", "")
		status, h, body := v.taken(way)
		_, parameters, _ := mime.ParseMediaType(h.Get("Content-Disposition"))
		if status != http.StatusOK || !bytes.Equal(body, content) || parameters["filename"] != name {
			t.Errorf("%d bytes of %d come, status %d, called %q", len(body), size, status, parameters["filename"])
		}
	}
	status, page := v.sent(v.fileOf(link, "hf_contract"), "remove", "", nil)
	if status != http.StatusOK || page.Find(`[data-column="hf_contract"] a[download]`).Length() != 0 {
		t.Errorf("%d %.300s", status, page.Find("main").Text())
	}
	if status, body := kept(t, column+"/$value"); status != http.StatusNoContent || len(body) != 0 {
		t.Errorf("the service still has %d bytes, status %d", len(body), status)
	}
	if status, _, _ := v.taken(strings.Replace(link, "/tab/record?", "/tab/record/file?column=hf_contract&", 1)); status != http.StatusNotFound {
		t.Errorf("what is gone answers %d", status)
	}
}

// What a column does not take is said, and nothing is changed.
func TestAFileThatIsNotTaken(t *testing.T) {
	v, home := sales(t, "priya@harborfinch.example")
	link := v.accountOn(home, "Account")
	for _, one := range []struct {
		name, says string
		size       int
		status     int
	}{
		{"", "No file was chosen.", 0, http.StatusUnprocessableEntity},
		{"virus.exe", "This kind of file is not taken here.", 10, http.StatusUnprocessableEntity},
		{"large.bin", "The file is larger than 10 MB.", 10<<20 + 1, http.StatusUnprocessableEntity},
	} {
		dialog := v.fileOf(link, "hf_contract")
		status, page := v.sent(dialog, "upload", one.name, make([]byte, one.size))
		if text := page.Find("[data-testid=dialog]").Text(); status != one.status || !strings.Contains(text, one.says) {
			t.Errorf("%q: %d %.300s", one.name, status, page.Find("body").Text())
		}
	}
}

// A file is not put over what somebody else has changed meanwhile; the same one sent twice is put once.
func TestAFileIsNotPutOverAnother(t *testing.T) {
	v, home := sales(t, "priya@harborfinch.example")
	link := v.accountOn(home, "Account")
	u, _ := url.Parse(link)
	column := "accounts(" + u.Query().Get("id") + ")/hf_contract/$value"
	mine, theirs := v.fileOf(link, "hf_contract"), v.fileOf(link, "hf_contract")
	if status, _ := v.sent(theirs, "upload", "theirs.txt", []byte("theirs")); status != http.StatusOK {
		t.Fatal(status)
	}
	if status, page := v.sent(theirs, "upload", "theirs.txt", []byte("theirs")); status != http.StatusOK || !strings.Contains(page.Find("[data-testid=receipt]").Text(), "not done twice") {
		t.Errorf("sent twice: %d %.300s", status, page.Find("main").Text())
	}
	if status, page := v.sent(mine, "upload", "mine.txt", []byte("mine")); status != http.StatusConflict {
		t.Errorf("%d %.300s", status, page.Find("main").Text())
	}
	if _, body := kept(t, column); string(body) != "theirs" {
		t.Errorf("the service has %q", body)
	}
	if status, _ := v.sent(v.fileOf(link, "hf_contract"), "remove", "", nil); status != http.StatusOK {
		t.Error(status)
	}
}

// A page of somebody's making does nothing here, whatever it is called and says it is.
func TestAHostileFileIsHarmless(t *testing.T) {
	v, home := sales(t, "priya@harborfinch.example")
	link := v.accountOn(home, "Account")
	for name, content := range map[string]string{
		"a.svg": `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`,
		"\"><img src=x onerror=alert(1)>; filename=b.html": `<!doctype html><script>alert(1)</script>`,
	} {
		if status, page := v.sent(v.fileOf(link, "hf_contract"), "upload", name, []byte(content)); status != http.StatusOK {
			t.Fatalf("%d %.300s", status, page.Find("main").Text())
		}
		read := v.get(link)
		if read.page.Find(`img[src="x"]`).Length() != 0 {
			t.Errorf("%q is markup", name)
		}
		status, h, body := v.taken(read.page.Find(`[data-column="hf_contract"] a[download]`).AttrOr("href", ""))
		way, parameters, err := mime.ParseMediaType(h.Get("Content-Disposition"))
		if status != http.StatusOK || string(body) != content || err != nil || way != "attachment" || strings.ContainsAny(parameters["filename"], `"<>;/`) {
			t.Errorf("%d %q %q", status, h.Get("Content-Disposition"), body)
		}
		if h.Get("Content-Type") != "application/octet-stream" || h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%v", h)
		}
	}
	if status, page := v.sent(v.fileOf(link, "hf_contract"), "remove", "", nil); status != http.StatusOK {
		t.Fatalf("%d %.300s", status, page.Find("main").Text())
	}
	// So it is with what is attached to a note.
	dialog := v.get(v.get(link).page.Find(`[data-key="add-note"]`).AttrOr("href", ""))
	if status, page := v.sent(dialog, "", "c.html", []byte("<script>alert(1)</script>")); status != http.StatusOK {
		t.Fatalf("%d %.300s", status, page.Find("main").Text())
	}
	status, h, body := v.taken(v.get(link).page.Find(".entry-file a").First().AttrOr("href", ""))
	if status != http.StatusOK || string(body) != "<script>alert(1)</script>" || h.Get("Content-Type") != "application/octet-stream" || h.Get("Content-Disposition") != "attachment; filename=c.html" {
		t.Errorf("%d %v %q", status, h, body)
	}
}

// write makes a row in the service, without Pintab.
func write(t *testing.T, path, body string) {
	t.Helper()
	address := at.Dataverse + "/harbor-sales"
	request, err := http.NewRequest(http.MethodPatch, address+"/api/data/v9.2/"+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+personalTokens(t, "ingrid@harborfinch.example", address+"/.default").Access)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode >= 300 {
		text, _ := io.ReadAll(reply.Body)
		t.Fatalf("%d %s", reply.StatusCode, text)
	}
}

// A picture is shown as one, and whoever may not see the record does not see it.
func TestAPictureIsShown(t *testing.T) {
	var drawn bytes.Buffer
	if err := png.Encode(&drawn, image.NewGray(image.Rect(0, 0, 300, 200))); err != nil {
		t.Fatal(err)
	}
	v, home := sales(t, "priya@harborfinch.example")
	link := v.get(home.recordLink("opportunity")).recordLink("account")
	way := strings.Replace(link, "/tab/record?", "/tab/record/file?column=entityimage&", 1)
	u, _ := url.Parse(link)
	id := u.Query().Get("id")
	before, old := kept(t, "accounts("+id+")/entityimage/$value")
	putPicture(t, id, drawn.Bytes())
	t.Cleanup(func() {
		if before == http.StatusOK {
			putPicture(t, id, old)
		}
	})
	status, h, body := v.taken(way)
	if _, _, err := image.Decode(bytes.NewReader(body)); status != http.StatusOK || err != nil || h.Get("Content-Type") != "image/png" || !strings.HasPrefix(h.Get("Content-Disposition"), "inline") {
		t.Errorf("%d %v %v", status, h, err)
	}
	if src := v.get(link).page.Find(".face").AttrOr("src", ""); !strings.Contains(src, "column=entityimage") {
		t.Errorf("the record shows %q", src)
	}
	stranger, _ := visit(t, world.People()[len(world.People())-1].Username)
	if status, h, _ := stranger.taken(way); status < 400 || strings.HasPrefix(h.Get("Content-Type"), "image/") {
		t.Errorf("a stranger is answered %d %q", status, h.Get("Content-Type"))
	}
}

func putPicture(t *testing.T, account string, content []byte) {
	t.Helper()
	write(t, "accounts("+account+")", `{"entityimage":"`+base64.StdEncoding.EncodeToString(content)+`"}`)
}
