package store

import (
	"context"
	"database/sql"

	"github.com/pintab/pintab/internal/crm"
)

// signedInTables hold what a person is signed in by.
var signedInTables = []string{"sessions", "tokens", "hand_offs", "bot_sessions", "bot_codes"}

// EndTenant ends all sessions of a tenant's people and forgets their tokens.
func (s *Store) EndTenant(ctx context.Context, tenant string) error {
	return failed(s.db.atomically(ctx, func(tx *sql.Tx) error { return endTenant(ctx, tx, tenant) }))
}

func endTenant(ctx context.Context, tx *sql.Tx, tenant string) error {
	for _, table := range signedInTables {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE tenant = $1`, tenant); err != nil {
			return err
		}
	}
	return nil
}

// endStopped removes what a sign-in that was under way has left after its tenant was switched off.
func (s *Store) endStopped(ctx context.Context) (int64, error) {
	removed := int64(0)
	for _, table := range signedInTables {
		n, err := s.db.exec(ctx, `DELETE FROM `+table+` WHERE tenant IN (SELECT tenant FROM stopped_tenants)`)
		if err != nil {
			return removed, failed(err)
		}
		removed += n
	}
	return removed, nil
}

// StopTenant switches a tenant off, for every process at once, and ends what its people are signed in by. Switching it off
// again changes nothing.
func (s *Store) StopTenant(ctx context.Context, tenant string) error {
	return failed(s.db.atomically(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `INSERT INTO stopped_tenants (tenant, since) VALUES ($1, $2) ON CONFLICT (tenant) DO NOTHING`,
			tenant, millis(s.Now())); err != nil {
			return err
		}
		return endTenant(ctx, tx, tenant)
	}))
}

// StartTenant switches a tenant on again and reports whether it was off.
func (s *Store) StartTenant(ctx context.Context, tenant string) (bool, error) {
	n, err := s.db.exec(ctx, `DELETE FROM stopped_tenants WHERE tenant = $1`, tenant)
	return n == 1, failed(err)
}

// TenantStopped reports whether a tenant is switched off.
func (s *Store) TenantStopped(ctx context.Context, tenant string) (bool, error) {
	var one int
	return found(s.db.read(ctx, `SELECT 1 FROM stopped_tenants WHERE tenant = $1`, tenant), &one)
}

// StoppedTenants lists the tenants that are switched off, the latest last.
func (s *Store) StoppedTenants(ctx context.Context) ([]crm.StoppedTenant, error) {
	rows, err := s.db.reader.QueryContext(ctx, `SELECT tenant, since FROM stopped_tenants ORDER BY since, tenant`)
	if err != nil {
		return nil, failed(err)
	}
	defer rows.Close()
	var all []crm.StoppedTenant
	for rows.Next() {
		var one crm.StoppedTenant
		var since int64
		if err := rows.Scan(&one.Tenant, &since); err != nil {
			return nil, failed(err)
		}
		one.Since = instant(since)
		all = append(all, one)
	}
	return all, failed(rows.Err())
}
