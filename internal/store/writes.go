package store

import (
	"context"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/privacy"
)

const (
	// WriteLife is how long an operation is remembered: as long as a page with its token may stand open.
	WriteLife = 7 * 24 * time.Hour
	// LookLife is how long it is remembered which version of a record somebody saw.
	LookLife = 90 * 24 * time.Hour
)

// BeginWrite notes an operation as sent, in one statement, so that of several equal ones only one is fresh, on whichever
// replica they arrive. One that was refused may be sent again. An operation of another person is never given.
func (s *Store) BeginWrite(ctx context.Context, user crm.User, w crm.Write) (known crm.Write, fresh bool, err error) {
	now := millis(s.Now())
	n, err := s.db.exec(ctx, `INSERT INTO writes (id, tenant, object, organization, record_table, record, state, version, made, at)
		SELECT $3, $4, $5, $6, $7, $8, $9, $10, '', $11`+unlessErased+`ON CONFLICT (id) DO UPDATE
		SET state = excluded.state, version = excluded.version, at = excluded.at
		WHERE writes.state = $12 AND writes.tenant = excluded.tenant AND writes.object = excluded.object`,
		user.Mark(), privacy.EpochOf(ctx), w.ID, user.Tenant, user.Object, w.Ref.Organization, w.Ref.Table, w.Ref.ID,
		string(crm.WriteSent), w.Before, now, string(crm.WriteRefused))
	if err != nil {
		return crm.Write{}, false, failed(err)
	}
	if n > 0 {
		w.State, w.At, w.After = crm.WriteSent, instant(now), ""
		return w, true, nil
	}
	var at int64
	var state string
	known = crm.Write{ID: w.ID}
	ok, err := found(s.db.read(ctx, `SELECT organization, record_table, record, state, version, made, at FROM writes
		WHERE id = $1 AND tenant = $2 AND object = $3`, w.ID, user.Tenant, user.Object),
		&known.Ref.Organization, &known.Ref.Table, &known.Ref.ID, &state, &known.Before, &known.After, &at)
	if err == nil && !ok {
		return crm.Write{}, false, fault.New(fault.SignedOut, "privacy.erased")
	}
	known.State, known.At = crm.WriteState(state), instant(at)
	return known, false, err
}

// EndWrite notes how an operation ended. What took effect stays so.
func (s *Store) EndWrite(ctx context.Context, user crm.User, id string, state crm.WriteState, after string) error {
	_, err := s.db.exec(ctx, `UPDATE writes SET state = $1, made = $2, at = $3 WHERE id = $4 AND tenant = $5 AND object = $6 AND state <> $7`,
		string(state), after, millis(s.Now()), id, user.Tenant, user.Object, string(crm.WriteDone))
	return failed(err)
}

// Look notes which version of a record a person sees now, and gives which they saw before; ok is false when they saw none.
func (s *Store) Look(ctx context.Context, user crm.User, ref crm.RecordRef, version string) (before crm.Look, ok bool, err error) {
	var at int64
	ok, err = found(s.db.read(ctx, `SELECT version, at FROM looks WHERE tenant = $1 AND object = $2 AND organization = $3 AND record_table = $4 AND record = $5`,
		user.Tenant, user.Object, ref.Organization, ref.Table, ref.ID), &before.Version, &at)
	if err != nil {
		return crm.Look{}, false, err
	}
	if ok {
		before.At = instant(at)
	}
	return before, ok, s.insert(ctx, user, `INSERT INTO looks (tenant, object, organization, record_table, record, version, at)
		SELECT $3, $4, $5, $6, $7, $8, $9`+unlessErased+`ON CONFLICT (tenant, object, organization, record_table, record) DO UPDATE
		SET version = excluded.version, at = excluded.at`,
		user.Tenant, user.Object, ref.Organization, ref.Table, ref.ID, version, millis(s.Now()))
}
