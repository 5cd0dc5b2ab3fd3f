package store

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// LoadToken gives what SaveToken kept for a person and a resource, and when it expires; nil and the zero time when there
// is nothing. What has expired is still given: only the owner of the seal knows whether it is of use.
func (s *Store) LoadToken(ctx context.Context, user crm.User, resource string) ([]byte, time.Time, error) {
	var sealed []byte
	var expires int64
	ok, err := found(s.db.read(ctx, `SELECT sealed, expires FROM tokens WHERE tenant = $1 AND object = $2 AND resource = $3`,
		user.Tenant, user.Object, resource), &sealed, &expires)
	if !ok {
		return nil, time.Time{}, err
	}
	return sealed, instant(expires), nil
}

// SaveToken keeps sealed bytes for a person and a resource in place of earlier ones, and removes everybody's tokens that
// have expired for a day.
func (s *Store) SaveToken(ctx context.Context, user crm.User, resource string, sealed []byte, expires time.Time) error {
	if _, err := s.db.exec(ctx, `DELETE FROM tokens WHERE expires <= $1`, millis(s.Now().Add(-24*time.Hour))); err != nil {
		return failed(err)
	}
	return s.insert(ctx, user, `INSERT INTO tokens (tenant, object, resource, sealed, expires) SELECT $3, $4, $5, $6, $7`+unlessErased+
		`ON CONFLICT (tenant, object, resource) DO UPDATE SET sealed = excluded.sealed, expires = excluded.expires`,
		user.Tenant, user.Object, resource, sealed, millis(expires))
}

// DeleteTokens removes all tokens of a person.
func (s *Store) DeleteTokens(ctx context.Context, user crm.User) error {
	_, err := s.db.exec(ctx, `DELETE FROM tokens WHERE tenant = $1 AND object = $2`, user.Tenant, user.Object)
	return failed(err)
}

// Lease takes the lease of that name for holder until then, or extends it when holder has it already, and reports
// whether it is now holder's. A lease that has run out may be taken by anybody. Names are kept hashed, because they may
// name a person.
func (s *Store) Lease(ctx context.Context, name, holder string, until time.Time) (bool, error) {
	now := millis(s.Now())
	n, err := s.db.exec(ctx, `INSERT INTO leases (name, holder, until) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
		WHERE leases.until <= $4 OR leases.holder = excluded.holder`, leaseName(name), holder, millis(until), now)
	return n == 1, failed(err)
}

// ReleaseLease gives up a lease if holder has it, and removes leases that have run out.
func (s *Store) ReleaseLease(ctx context.Context, name, holder string) error {
	_, err := s.db.exec(ctx, `DELETE FROM leases WHERE (name = $1 AND holder = $2) OR until <= $3`,
		leaseName(name), holder, millis(s.Now()))
	return failed(err)
}
