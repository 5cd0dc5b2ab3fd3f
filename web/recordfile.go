package web

import (
	"bufio"
	"context"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/templates"
)

// Files gives and takes the content of file and image columns, and gives that of notes.
type Files interface {
	File(ctx context.Context, caller crm.Caller, place crm.Place, q crm.FileQuery) (crm.FileContent, error)
	PutFile(ctx context.Context, caller crm.Caller, place crm.Place, change crm.FileChange) (crm.Saved, error)
}

const (
	// fileLimit is the largest file that anybody may send, in bytes, whatever a column takes: what one request to Dataverse may
	// have.
	fileLimit = 128 << 20
	// fileTime bounds sending and fetching one.
	fileTime = 10 * time.Minute
)

func (s *Server) routeFiles() {
	s.echo.GET(recordPage+"/file", s.showFile)
	s.echo.POST(recordPage+"/file", s.putFile, s.patiently)
}

// patiently gives a file of somebody signed in the time to come, for which that of pages is too short. Nobody else's is read.
func (s *Server) patiently(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		s.bound(c, s.ownRecord(c))
		if err := s.somebody(c); err != nil {
			return err
		}
		s.unhurried(c)
		return next(c)
	}
}

func (s *Server) unhurried(c echo.Context) {
	control, until := http.NewResponseController(c.Response()), time.Now().Add(fileTime)
	if err := errors.Join(control.SetReadDeadline(until), control.SetWriteDeadline(until.Add(time.Minute))); err != nil {
		s.cfg.Log.WarnContext(c.Request().Context(), "no longer deadlines", "error", err)
	}
}

// pictures are the types that browsers show as pictures and as nothing else.
var pictures = map[string]bool{"image/png": true, "image/jpeg": true, "image/gif": true, "image/webp": true}

// showFile answers the content of a column or a note, or with do=change the form that changes it. Only what is a picture by its
// first bytes is shown; everything else is taken away as bytes, whatever it says it is.
func (s *Server) showFile(c echo.Context) error {
	if c.QueryParam("do") == "change" {
		return s.withSession(s.showFileForm)(c)
	}
	if err := s.somebody(c); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), fileTime)
	defer cancel()
	place, a, err := s.aboutHere(ctx, c)
	if err != nil {
		return err
	}
	q := c.QueryParams()
	content, err := s.cfg.Files.File(ctx, visitOf(c).caller(), place, crm.FileQuery{Ref: a.ref, Column: q.Get("column"), Full: q.Get("full") != "", Note: q.Get("note")})
	if err != nil {
		return err
	}
	s.unhurried(c)
	body := bufio.NewReaderSize(content.Body, 32<<10)
	start, err := body.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	kind, way := http.DetectContentType(start), "inline"
	if !pictures[kind] {
		kind, way = "application/octet-stream", "attachment"
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Disposition", disposition(way, content.Name, locale.From(ctx).T("file.unnamed")))
	h.Set(echo.HeaderContentType, kind)
	if content.Size > 0 {
		h.Set(echo.HeaderContentLength, strconv.FormatInt(content.Size, 10))
	}
	c.Response().WriteHeader(http.StatusOK)
	_, err = io.Copy(c.Response(), body)
	return err // half a file must not look like a whole one
}

// showFileForm answers the form that changes a file.
func (s *Server) showFileForm(c echo.Context) error {
	return s.dialog(c, func(ctx context.Context, place crm.Place, a about) (templates.DialogModel, error) {
		form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
		if err != nil {
			return templates.DialogModel{}, err
		}
		return s.fileDialog(ctx, c, place, a, form)
	})
}

// plainName is the last part of a file's name, without signs that a system might act on.
func plainName(name, otherwise string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`"<>|:*?;%`, r) {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, ". ")
	if name == "" || name == "/" {
		return otherwise
	}
	return name
}

// disposition says what a browser does with a file, and what it is called.
func disposition(way, name, otherwise string) string {
	name = plainName(name, otherwise)
	if text := mime.FormatMediaType(way, map[string]string{"filename": name}); text != "" {
		return text
	}
	return way
}

// fileDialog is what changing a file asks for.
func (s *Server) fileDialog(ctx context.Context, c echo.Context, place crm.Place, a about, form crm.Form) (templates.DialogModel, error) {
	x, ok := form.Field(c.QueryParam("column"))
	if !ok || !form.Attachable(x) {
		return templates.DialogModel{}, fault.New(fault.NotFound, "act.not-offered")
	}
	m := templates.DialogModel{
		Record: s.record(ctx, c, place, form, a), Path: "file", Params: []string{"column", x.LogicalName}, Do: "upload",
		TitleKey: "file.title", TitleArgs: locale.Args{"field": x.Label}, SubmitKey: "file.upload", Token: form.Token, File: true, FileLimit: mostOf(x),
	}
	if !x.Value.Empty() {
		m.Other = "remove"
	}
	return m, nil
}

// mostOf is how large a file in a column may be, in bytes.
func mostOf(x crm.Field) int64 {
	if x.MaxLength > 0 && x.MaxLength < fileLimit {
		return int64(x.MaxLength)
	}
	return fileLimit
}

// putFile puts a file into a column, or takes it away, and answers with the record as it is then.
func (s *Server) putFile(c echo.Context) error {
	return s.write(c, func(ctx context.Context, place crm.Place, a about, form url.Values) (answer, error) {
		change := crm.FileChange{Token: form.Get(crm.TokenName), Column: c.QueryParam("column")}
		got := answer{done: "file", acted: true}
		if form.Get("do") != "remove" {
			file, header, err := c.Request().FormFile("_file")
			if err != nil || header.Filename == "" {
				return s.askAgain(ctx, c, place, a, got, change.Token, fault.New(fault.Invalid, "file.missing"))
			}
			defer file.Close()
			change.File = &crm.Upload{FileValue: crm.FileValue{Name: plainName(header.Filename, locale.From(c.Request().Context()).T("file.unnamed")), Size: header.Size}, Content: file}
			if header.Size > fileLimit {
				return s.askAgain(ctx, c, place, a, got, change.Token, fault.New(fault.TooLarge, "file.too-large"))
			}
		}
		saved, err := s.cfg.Files.PutFile(ctx, visitOf(c).caller(), place, change)
		got.saved = saved
		f := fault.Of(err)
		switch {
		case f != nil && (f.Key == "file.too-large" || f.Key == "file.type"):
			return s.askAgain(ctx, c, place, a, got, change.Token, f)
		case f == nil && saved.Outcome == crm.OutcomeInvalid:
			m, err := s.fileDialog(ctx, c, place, a, saved.Form)
			if err != nil {
				return got, err
			}
			m.Token, m.Problems = change.Token, saved.Form.Problems
			got.dialog = &m
		}
		return got, err
	})
}

// askAgain draws the form once more and says what has to be put right.
func (s *Server) askAgain(ctx context.Context, c echo.Context, place crm.Place, a about, got answer, token string, problem *fault.Error) (answer, error) {
	opened, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
	if err != nil {
		return got, err
	}
	m, err := s.fileDialog(ctx, c, place, a, opened)
	if err != nil {
		return got, err
	}
	s.blame(c, problem)
	x, _ := opened.Field(c.QueryParam("column"))
	m.Token, m.Problem = token, problem.With("size", templates.FileSize(c.Request().Context(), mostOf(x)))
	got.saved.Form, got.dialog = opened, &m
	return got, nil
}
