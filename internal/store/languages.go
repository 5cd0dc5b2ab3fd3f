package store

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
)

// ChooseLanguage keeps the language that a person chose for the pages, as the name of a catalogue ("fr"). Session gives it
// back; "" gives it up, so that the host's counts again.
func (s *Store) ChooseLanguage(ctx context.Context, user crm.User, language string) error {
	if language == "" {
		_, err := s.db.exec(ctx, `DELETE FROM languages WHERE tenant = $1 AND object = $2`, user.Tenant, user.Object)
		return failed(err)
	}
	return s.insert(ctx, user, `INSERT INTO languages (tenant, object, language, updated) SELECT $3, $4, $5, $6`+unlessErased+
		`ON CONFLICT (tenant, object) DO UPDATE SET language = excluded.language, updated = excluded.updated`,
		user.Tenant, user.Object, language, millis(s.Now()))
}

// Language gives what ChooseLanguage kept; "" when that is nothing.
func (s *Store) Language(ctx context.Context, user crm.User) (language string, err error) {
	_, err = found(s.db.read(ctx, `SELECT language FROM languages WHERE tenant = $1 AND object = $2`, user.Tenant, user.Object), &language)
	return language, err
}
