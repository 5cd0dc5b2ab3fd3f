package record

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Filer is what this package needs from Dataverse for the content of file and image columns, and of notes.
type Filer interface {
	File(ctx context.Context, caller crm.Caller, place crm.Place, q crm.FileQuery) (crm.FileContent, error)
	// PutFile puts content into a column of the form's version of a record, or takes it away (nil), and gives the record
	// afterwards; Lost and Conflict mean what they do for Source.Update.
	PutFile(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, column string, file *crm.Upload) (crm.Form, error)
}

// fileDeadline bounds putting a large file.
const fileDeadline = 5 * time.Minute

// File opens content beside a record, with the person's own rights.
func (s *Service) File(ctx context.Context, caller crm.Caller, place crm.Place, q crm.FileQuery) (crm.FileContent, error) {
	return s.Filer.File(ctx, caller, place, q)
}

// PutFile puts content into a file or image column, or takes it away. The outcomes are those of Save; whether a lost request
// has taken effect is found out by reading the content.
func (s *Service) PutFile(ctx context.Context, caller crm.Caller, place crm.Place, change crm.FileChange) (crm.Saved, error) {
	t, err := s.onto(caller, place, change.Token)
	if err != nil {
		return crm.Saved{}, err
	}
	now, err := s.Source.Record(ctx, caller, place, t.Ref, t.Form)
	if err != nil {
		return crm.Saved{}, err
	}
	w := &write{service: s, caller: caller, place: place, token: t, form: now, deadline: fileDeadline}
	w.form.ETag, w.form.Token = t.ETag, change.Token
	x, ok := now.Field(change.Column)
	if !ok || !now.Attachable(x) {
		return crm.Saved{Form: w.form}, fault.New(fault.Invalid, "record.not_offered")
	}
	if change.File != nil && x.MaxLength > 0 && change.File.Size > int64(x.MaxLength) {
		return crm.Saved{Form: w.form}, fault.New(fault.TooLarge, "file.too-large")
	}
	w.changes = []crm.Change{{Column: x.Column, Old: x.Value}}
	if change.File != nil {
		w.changes[0].New = crm.Value{Text: change.File.Name, File: &change.File.FileValue}
	}
	read := now.ETag
	w.does = func(ctx context.Context, f crm.Form) (crm.Form, error) {
		if f.ETag != read {
			// Not every version of the service compares it for files.
			return crm.Form{}, fault.New(fault.Conflict, "dataverse.changed")
		}
		return s.Filer.PutFile(ctx, caller, place, f, change.Column, change.File)
	}
	w.there = func(ctx context.Context, now crm.Form) bool { return s.holds(ctx, caller, place, now, change) }
	return w.run(ctx)
}

// holds reports whether a record has the content that was to be put there.
func (s *Service) holds(ctx context.Context, caller crm.Caller, place crm.Place, now crm.Form, change crm.FileChange) bool {
	x, ok := now.Field(change.Column)
	if !ok || change.File == nil || x.Value.Empty() {
		return ok && change.File == nil && x.Value.Empty()
	}
	content, err := s.Filer.File(ctx, caller, place, crm.FileQuery{Ref: now.Ref, Column: change.Column, Full: true})
	if err != nil || content.Size > 0 && content.Size != change.File.Size {
		return false
	}
	kept, given := sha256.New(), sha256.New()
	_, err = io.Copy(kept, content.Body)
	_, wrong := io.Copy(given, io.NewSectionReader(change.File.Content, 0, change.File.Size))
	return err == nil && wrong == nil && bytes.Equal(kept.Sum(nil), given.Sum(nil))
}
