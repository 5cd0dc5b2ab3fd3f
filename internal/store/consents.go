package store

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// Consent says since when a person agrees to something; ok is false when they do not.
func (s *Store) Consent(ctx context.Context, user crm.User, subject string) (given time.Time, ok bool, err error) {
	var at int64
	ok, err = found(s.db.read(ctx, `SELECT given FROM consents WHERE tenant = $1 AND object = $2 AND subject = $3`,
		user.Tenant, user.Object, subject), &at)
	if !ok {
		return time.Time{}, false, err
	}
	return instant(at), true, nil
}

// GiveConsent keeps that a person agrees, since now or since they first did.
func (s *Store) GiveConsent(ctx context.Context, user crm.User, subject string) error {
	return s.insert(ctx, user, `INSERT INTO consents (tenant, object, subject, given) SELECT $3, $4, $5, $6`+unlessErased+
		`ON CONFLICT (tenant, object, subject) DO UPDATE SET given = consents.given`,
		user.Tenant, user.Object, subject, millis(s.Now()))
}

// WithdrawConsent removes what GiveConsent kept.
func (s *Store) WithdrawConsent(ctx context.Context, user crm.User, subject string) error {
	_, err := s.db.exec(ctx, `DELETE FROM consents WHERE tenant = $1 AND object = $2 AND subject = $3`, user.Tenant, user.Object, subject)
	return failed(err)
}
