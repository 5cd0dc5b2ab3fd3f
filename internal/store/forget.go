package store

import (
	"context"
	"database/sql"

	"github.com/pintab/pintab/internal/crm"
)

// aboutPeople lists every table with the columns tenant and object.
var aboutPeople = []string{"sessions", "tokens", "hand_offs", "preferences", "dashboard_choices"}

// Forget removes everything about a person, in one transaction, and what is left of it in files of this process.
func (s *Store) Forget(ctx context.Context, user crm.User) error {
	err := s.db.atomically(ctx, func(tx *sql.Tx) error {
		for _, table := range aboutPeople {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE tenant = $1 AND object = $2`, user.Tenant, user.Object); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return failed(err)
	}
	return failed(s.db.scrub(ctx))
}
