package record

import (
	"context"
	"io"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// Source is what this package needs from Dataverse to open and save a record. Everything is done with the caller's own
// rights.
type Source interface {
	// Record reads a record on the form wanted, or on the one that opens for this person.
	Record(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, form string) (crm.Form, error)
	// Shape gives the form without values and without asking for the record; that of a new record has a ref without an id.
	Shape(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, form string) (crm.Form, error)
	// Update sends changes to the version that the form is of, and gives the record afterwards. A fault with Lost set says
	// that the changes may be there all the same; a Conflict that the record has another version.
	Update(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, changes []crm.Change) (crm.Form, error)
	// Create makes a record under the id of the form's ref; a Conflict says that it is there already.
	Create(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, changes []crm.Change) (crm.Form, error)
	// Refresh forgets what is cached for the person and the organization.
	Refresh(ctx context.Context, caller crm.Caller, place crm.Place) error
}

// Writes notes operations, so that each takes effect once, on whichever replica it arrives.
type Writes interface {
	// BeginWrite notes an operation as sent. Fresh is false where it has been noted before and was not refused; known is what
	// was noted then.
	BeginWrite(ctx context.Context, user crm.User, w crm.Write) (known crm.Write, fresh bool, err error)
	// EndWrite notes how an operation ended.
	EndWrite(ctx context.Context, user crm.User, id string, state crm.WriteState, after string) error
}

// Service opens records and changes them.
type Service struct {
	Source Source
	Around Surroundings
	Closer Closer
	Adder  Adder
	Filer  Filer
	// Searcher and Recents find records and views, Finder and Directory what a pasted link leads to.
	Searcher  Searcher
	Recents   Recents
	Finder    Finder
	Directory Directory
	Mover     Mover
	// Looks and Chronicle tell what has changed since the person looked last.
	Looks     Looks
	Chronicle Chronicle

	Writes Writes
	Seal   *Seal
	Now    func() time.Time
	Random io.Reader // for operation ids; nil means crypto/rand
	// Patience is how long the second of two equal requests waits for the first; zero means 15 seconds.
	Patience time.Duration
	// Deadline bounds a write with everything that finding out its outcome takes; zero means 45 seconds.
	Deadline time.Duration
}

// Open reads a record for one person, ready to be shown and typed into. Faults: record.deleted, record.no_access,
// record.no_table, which say nothing about the record, and those of any question.
func (s *Service) Open(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, form string) (crm.Form, error) {
	ref.Organization = place.Organization.URL
	f, err := s.Source.Record(ctx, caller, place, ref, form)
	if err != nil {
		return crm.Form{}, err
	}
	return s.ready(caller, f)
}

// ready seals what the form showed.
func (s *Service) ready(caller crm.Caller, f crm.Form) (crm.Form, error) {
	t, err := s.snapshot(f)
	if err == nil {
		f.Token, err = s.Seal.close(caller.User, t)
	}
	return f, err
}
