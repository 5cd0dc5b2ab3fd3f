package store

import (
	"testing"
	"time"
)

// A language goes with the person, whichever session they come with, until they give it up.
func TestAChosenLanguageComesWithEverySession(t *testing.T) {
	everywhere(t, func(t *testing.T, s *Store, c *clock) {
		ctx := t.Context()
		must(t, s.StartSession(ctx, hash("1"), session(ada, c.now(), time.Hour)))
		must(t, s.StartSession(ctx, hash("2"), session(ben, c.now(), time.Hour)))
		for _, want := range []string{"", "fr", "ar", ""} {
			must(t, s.ChooseLanguage(ctx, ada, want))
			kept, err := s.Language(ctx, ada)
			must(t, err)
			mine, _, err := s.Session(ctx, hash("1"))
			must(t, err)
			theirs, _, err := s.Session(ctx, hash("2"))
			must(t, err)
			if kept != want || mine.Language != want || theirs.Language != "" {
				t.Errorf("chose %q: kept %q, session %q, somebody else's %q", want, kept, mine.Language, theirs.Language)
			}
		}
	})
}
