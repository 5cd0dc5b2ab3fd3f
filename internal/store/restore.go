package store

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// Restore puts a person's preference back to p, provided that the one kept is still the one of since, and reports whether it
// did. An empty p forgets the preference. Nothing that is not there any more is brought back.
func (s *Store) Restore(ctx context.Context, user crm.User, p crm.Preference, since time.Time) (bool, error) {
	if p.OrganizationURL == "" {
		n, err := s.db.exec(ctx, `DELETE FROM preferences WHERE tenant = $1 AND object = $2 AND updated = $3`,
			user.Tenant, user.Object, millis(since))
		return n == 1, failed(err)
	}
	n, err := s.db.exec(ctx, `UPDATE preferences SET organization = $1, app = $2, updated = $3
		WHERE tenant = $4 AND object = $5 AND updated = $6`,
		p.OrganizationURL, p.AppID, millis(s.Now()), user.Tenant, user.Object, millis(since))
	return n == 1, failed(err)
}
