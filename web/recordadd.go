package web

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/templates"
)

// Adds adds something to a record. Each may be sent twice from one page and happens once.
type Adds interface {
	AddNote(ctx context.Context, caller crm.Caller, place crm.Place, note crm.Note) error
	Tie(ctx context.Context, caller crm.Caller, place crm.Place, tying crm.Tying) (crm.Saved, error)
	Share(ctx context.Context, caller crm.Caller, place crm.Place, formToken string, with crm.Reference, access crm.Access) error
}

// attachmentLimit is how large an attachment may be, in bytes.
const attachmentLimit = 5 << 20

func (s *Server) routeAdds() {
	s.page(recordPage+"/note", s.showNote)
	s.echo.POST(recordPage+"/note", s.addNote)
	s.page(recordPage+"/add", s.showExisting)
	s.echo.POST(recordPage+"/add", s.addExisting)
	s.page(recordPage+"/related", s.showRemoval)
	s.echo.POST(recordPage+"/related", s.remove)
}

// showNote answers the form of a note.
func (s *Server) showNote(c echo.Context) error {
	return s.dialog(c, func(ctx context.Context, place crm.Place, a about) (templates.DialogModel, error) {
		form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
		return s.noteDialog(ctx, c, place, a, form), err
	})
}

func (s *Server) noteDialog(ctx context.Context, c echo.Context, place crm.Place, a about, form crm.Form) templates.DialogModel {
	l := locale.From(c.Request().Context())
	return templates.DialogModel{
		Record: s.record(ctx, c, place, form, a), Path: "note", Params: []string{"part", c.QueryParam("part")}, TitleKey: "timeline.add-note", SubmitKey: "action.save",
		Token: form.Token, File: true, FileLimit: attachmentLimit,
		Fields: []crm.Field{
			{Column: crm.Column{LogicalName: "title", Label: l.T("note.title"), Kind: crm.KindText}},
			{Column: crm.Column{LogicalName: "text", Label: l.T("note.text"), Kind: crm.KindMemo}},
		},
	}
}

// addNote adds a note, with what is attached to it.
func (s *Server) addNote(c echo.Context) error {
	return s.write(c, func(ctx context.Context, place crm.Place, a about, form url.Values) (answer, error) {
		note := crm.Note{Token: form.Get(crm.TokenName), Title: strings.TrimSpace(form.Get("title")), Text: form.Get("text")}
		var err error
		if note.File, err = attached(c.Request()); err == nil {
			err = s.cfg.Adds.AddNote(ctx, visitOf(c).caller(), place, note)
		}
		return s.added(ctx, c, place, a, "note", err, func(opened crm.Form) templates.DialogModel {
			m := s.noteDialog(ctx, c, place, a, opened)
			m.Token = note.Token
			m.Fields[0].Typed, m.Fields[1].Typed = []string{note.Title}, []string{note.Text}
			return m
		})
	})
}

// attached is the file of a form; nil when there is none.
func attached(r *http.Request) (*crm.Download, error) {
	if r.MultipartForm == nil {
		return nil, nil
	}
	file, header, err := r.FormFile("_file")
	if err != nil || header.Size == 0 && header.Filename == "" {
		return nil, nil // none was chosen
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, attachmentLimit+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "web.bad_request")
	}
	kind := header.Header.Get("Content-Type")
	return &crm.Download{FileValue: crm.FileValue{Name: header.Filename, Type: kind, Size: int64(len(content))}, Content: content}, nil
}

// added answers an addition with the record as it is now. What went wrong is said in the dialog again, with what was typed.
func (s *Server) added(ctx context.Context, c echo.Context, place crm.Place, a about, done string, failed error, dialog func(crm.Form) templates.DialogModel) (answer, error) {
	f := fault.Of(failed)
	if f != nil && (f.Kind == fault.SignedOut || f.Kind == fault.Consent) {
		return answer{}, f
	}
	form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, a.form)
	if err != nil {
		return answer{}, err
	}
	got := answer{saved: crm.Saved{Outcome: crm.OutcomeSaved, Form: form, At: s.cfg.Now()}, done: done, acted: true}
	if f != nil {
		s.blame(c, f)
		m := dialog(form)
		m.Problem = f
		if f.Lost {
			m.Problem = fault.Wrap(f, fault.Unreachable, "saved.unknown-act")
		}
		got.dialog = &m
	}
	return got, nil
}

// The rights that somebody may share, by number; reading goes with each.
var rights = []struct {
	key string
	set func(*crm.Access)
}{
	{"share.read", func(a *crm.Access) { a.Read = true }}, {"share.write", func(a *crm.Access) { a.Write = true }},
	{"share.append", func(a *crm.Access) { a.Append, a.AppendTo = true, true }}, {"share.delete", func(a *crm.Access) { a.Delete = true }},
	{"share.assign", func(a *crm.Access) { a.Assign = true }}, {"share.share", func(a *crm.Access) { a.Share = true }},
}

// sharing is what sharing asks for: with whom, found as owners are, and what they may do.
func sharing(c echo.Context) []crm.Field {
	l := locale.From(c.Request().Context())
	with := crm.Field{Column: crm.Column{LogicalName: "ownerid", Label: l.T("share.with"), Kind: crm.KindLookup, Targets: []string{"systemuser", "team"}}, Required: crm.Mandatory}
	may := crm.Field{Column: crm.Column{LogicalName: "rights", Label: l.T("share.rights"), Kind: crm.KindChoices}, Value: crm.Value{Raw: "1", Inputs: []string{"1"}}}
	for i, right := range rights {
		may.Options = append(may.Options, crm.Option{Value: i + 1, Label: l.T(right.key)})
	}
	return []crm.Field{with, may}
}

// share gives somebody rights to the record.
func (s *Server) share(ctx context.Context, c echo.Context, place crm.Place, a about, in crm.Input) (answer, error) {
	given, _ := crm.Form{Fields: sharing(c)}.Apply(crm.Input{Columns: in.Columns})
	failed := error(nil)
	with := crm.Reference{}
	if x := given.Fields[0]; len(x.Inputs()) > 0 {
		with, _ = crm.ReferenceFrom(x.Inputs()[0])
	}
	if with.ID == "" || !given.Valid() {
		failed = fault.New(fault.Invalid, "share.nobody")
	} else {
		var access crm.Access
		for i, right := range rights {
			if slices.Contains(in.Columns["rights"], string(rune('1'+i))) {
				right.set(&access)
			}
		}
		failed = s.cfg.Adds.Share(ctx, visitOf(c).caller(), place, in.Token, with, access)
	}
	return s.added(ctx, c, place, a, "share", failed, func(opened crm.Form) templates.DialogModel {
		m, err := s.actDialog(ctx, c, place, a, opened)
		if err != nil {
			m = s.removalDialog(ctx, c, place, a, opened)
		}
		m.Fields = given.Fields
		return m
	})
}
