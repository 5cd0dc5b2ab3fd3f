package record

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Adder is what this package needs from Dataverse to add something to a record. Each may be sent again: the second time
// changes nothing.
type Adder interface {
	AddNote(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, id string, note crm.Note) error
	// Tie connects a record with another one, or takes the connection away; then the other belongs to instead, unless that is
	// nil. It tells what the other is called and belonged to before, and by OutcomeUnchanged that nothing had to be done.
	Tie(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, relationship string, other crm.Reference, tied bool, instead *crm.Reference) (crm.Tied, error)
	Share(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, with crm.Reference, access crm.Access) error
}

const (
	// MostNote is how many UTF-16 units a note's text may have (annotation.notetext).
	MostNote = 100_000
	// MostAttachment is how large an attachment may be, in bytes: organizations allow 5 MB unless they have raised it.
	MostAttachment = 5 << 20
	mostTitle      = 500
)

// AddNote adds a note below a record. The same note sent twice from one page is one note.
func (s *Service) AddNote(ctx context.Context, caller crm.Caller, place crm.Place, note crm.Note) error {
	t, err := s.onto(caller, place, note.Token)
	if err != nil {
		return err
	}
	switch {
	case strings.TrimSpace(note.Title+note.Text) == "" && note.File == nil:
		return fault.New(fault.Invalid, "note.empty")
	case crm.Length(note.Text) > MostNote || crm.Length(note.Title) > mostTitle:
		return fault.New(fault.TooLarge, "note.too_long").With("max", MostNote)
	case note.File != nil && len(note.File.Content) > MostAttachment:
		return fault.New(fault.TooLarge, "note.file_too_large").With("max", MostAttachment>>20)
	}
	sum := sha256.New()
	for _, part := range []string{t.Operation, note.Title, note.Text} {
		sum.Write([]byte(part + "\x00"))
	}
	if note.File != nil {
		sum.Write([]byte(note.File.Name + "\x00"))
		sum.Write(note.File.Content)
	}
	id := idOf(sum.Sum(nil))
	return s.surely(ctx, func(ctx context.Context) error { return s.Adder.AddNote(ctx, caller, place, t.Ref, id, note) })
}

// Share gives somebody rights to a record.
func (s *Service) Share(ctx context.Context, caller crm.Caller, place crm.Place, formToken string, with crm.Reference, access crm.Access) error {
	t, err := s.onto(caller, place, formToken)
	if err != nil {
		return err
	}
	access.Read = true // every other right needs it
	return s.surely(ctx, func(ctx context.Context) error { return s.Adder.Share(ctx, caller, place, t.Ref, with, access) })
}

// onto opens the token of the form onto which something is added.
func (s *Service) onto(caller crm.Caller, place crm.Place, text string) (token, error) {
	t, err := s.Seal.open(caller.User, text, useForm)
	if err == nil && t.Ref.Organization != place.Organization.URL {
		err = fault.New(fault.Invalid, "record.other_organization")
	}
	return t, err
}

// surely sends what may be sent twice until its outcome is known; a fault with Lost set says that it is not.
func (s *Service) surely(ctx context.Context, send func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), usualDeadline)
	defer cancel()
	lost := false
	for n := 0; ; n++ {
		err := send(ctx)
		f := fault.Of(err)
		if f == nil {
			return nil
		}
		if !f.Lost || n+1 >= mostSends || ctx.Err() != nil {
			return fault.Losing(f, f.Lost || lost)
		}
		lost = true
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
		}
	}
}

// idOf shapes a digest as an id (RFC 9562, version 8).
func idOf(sum []byte) string {
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	text := hex.EncodeToString(b)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}
