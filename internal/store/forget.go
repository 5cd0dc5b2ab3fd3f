package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/privacy"
)

// unlessErased ends an INSERT ... SELECT about a person: nothing is inserted once the person was erased after the request
// that wants it had recognized them. It is one statement with the insertion, so nothing comes in between. Its parameters
// are the first two, as insert sets them.
const unlessErased = ` WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE mark = $1 AND epoch > $2) `

// insert runs an INSERT that ends in unlessErased, with its own parameters from $3 on.
func (s *Store) insert(ctx context.Context, user crm.User, query string, args ...any) error {
	n, err := s.db.exec(ctx, query, append([]any{user.Mark(), privacy.EpochOf(ctx)}, args...)...)
	if err == nil && n == 0 {
		return errErased()
	}
	return failed(err)
}

func errErased() error { return fault.New(fault.SignedOut, "privacy.erased") }

// Epoch is the number of erasures so far. A request about a person notes it (privacy.WithEpoch) no later than it
// recognizes them.
func (s *Store) Epoch(ctx context.Context) (int64, error) {
	var epoch int64
	_, err := found(s.db.read(ctx, `SELECT epoch FROM erasure_epoch`), &epoch)
	return epoch, err
}

// about is the condition that finds a person's rows of a table, and its parameters.
func about(user crm.User, table crm.StoredTable) (string, []any) {
	switch table.Find {
	case crm.FindLease:
		return ` WHERE name = $1`, []any{leaseName(user.LeaseName())}
	case crm.FindMark:
		return ` WHERE mark = $1`, []any{user.Mark()}
	}
	return ` WHERE tenant = $1 AND object = $2`, []any{user.Tenant, user.Object}
}

// Held reads columns of a person's rows; table and columns are constants of package privacy.
func (s *Store) Held(ctx context.Context, user crm.User, table crm.StoredTable, columns []string) ([][]any, error) {
	where, args := about(user, table)
	rows, err := s.db.reader.QueryContext(ctx, `SELECT `+strings.Join(columns, ", ")+` FROM `+table.Name+where+` ORDER BY 1, 2`, args...)
	if err != nil {
		return nil, failed(err)
	}
	defer rows.Close()
	var held [][]any
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, failed(err)
		}
		held = append(held, row)
	}
	return held, failed(rows.Err())
}

// Erase removes a person's rows of all these tables, in one transaction that also begins a new epoch and marks the person
// until then. Whatever is inserted meanwhile comes either before it, and goes, or after it, and sees the mark. Afterwards
// nothing is left in files of this process either.
func (s *Store) Erase(ctx context.Context, user crm.User, tables []crm.StoredTable, until time.Time, dryRun bool) ([]int, error) {
	counts := make([]int, len(tables))
	err := s.db.atomically(ctx, func(tx *sql.Tx) error {
		if dryRun {
			return count(ctx, tx, user, tables, counts)
		}
		if err := s.db.alone(ctx, tx, tables); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE erasure_epoch SET epoch = epoch + 1`); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO erasures (mark, epoch, until) SELECT $1, epoch, $2 FROM erasure_epoch WHERE true
			ON CONFLICT (mark) DO UPDATE SET epoch = excluded.epoch, until = excluded.until`, user.Mark(), millis(until))
		if err != nil {
			return err
		}
		return remove(ctx, tx, user, tables, counts)
	})
	if err != nil || dryRun {
		return counts, failed(err)
	}
	return counts, failed(s.db.scrub(ctx))
}

// Scrub writes the database's files anew, so that no bytes of deleted rows stay in them. Erase has done that with a SQLite
// file; PostgreSQL keeps everybody from a table while it is rewritten, so it waits for an hour of the operator's choosing.
func (s *Store) Scrub(ctx context.Context) error { return failed(s.db.rewrite(ctx)) }

func count(ctx context.Context, tx *sql.Tx, user crm.User, tables []crm.StoredTable, counts []int) error {
	for i, t := range tables {
		where, args := about(user, t)
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM `+t.Name+where, args...).Scan(&counts[i]); err != nil {
			return err
		}
	}
	return nil
}

func remove(ctx context.Context, tx *sql.Tx, user crm.User, tables []crm.StoredTable, counts []int) error {
	for i, t := range tables {
		where, args := about(user, t)
		result, err := tx.ExecContext(ctx, `DELETE FROM `+t.Name+where, args...)
		if err != nil {
			return err
		}
		n, err := result.RowsAffected()
		if err != nil {
			return err
		}
		counts[i] = int(n)
	}
	return nil
}

// Marks gives the erasures that are still marked.
func (s *Store) Marks(ctx context.Context) ([]privacy.Mark, error) {
	rows, err := s.db.reader.QueryContext(ctx, `SELECT mark, epoch FROM erasures`)
	if err != nil {
		return nil, failed(err)
	}
	defer rows.Close()
	var marks []privacy.Mark
	for rows.Next() {
		var m privacy.Mark
		if err := rows.Scan(&m.Person, &m.Epoch); err != nil {
			return nil, failed(err)
		}
		marks = append(marks, m)
	}
	return marks, failed(rows.Err())
}

// Sweep removes what has expired: sessions, also those unused for idle, sign-ins, hand-offs, leases,
// tokens, what Undo needs, marks, and pins whose removal was missed or is long over; and what a sign-in under way has left of a tenant that was switched off meanwhile.
func (s *Store) Sweep(ctx context.Context, idle time.Duration) (int64, error) {
	now := s.Now()
	removed := int64(0)
	for _, expired := range []struct {
		query string
		at    time.Time
	}{
		{`DELETE FROM sessions WHERE expires <= $1`, now},
		{`DELETE FROM sessions WHERE seen < $1`, now.Add(-idle)},
		{`DELETE FROM sign_ins WHERE expires <= $1`, now},
		{`DELETE FROM hand_offs WHERE expires <= $1`, now},
		{`DELETE FROM leases WHERE until <= $1`, now},
		{`DELETE FROM tokens WHERE expires <= $1`, now},
		{`DELETE FROM undos WHERE expires <= $1`, now},
		{`DELETE FROM erasures WHERE until <= $1`, now},
		{`DELETE FROM writes WHERE at <= $1`, now.Add(-WriteLife)},
		{`DELETE FROM looks WHERE at <= $1`, now.Add(-LookLife)},
		{`DELETE FROM heard WHERE at <= $1`, now.Add(-HeardLife)},
		{`DELETE FROM turns WHERE at <= $1`, now.Add(-TurnLife)},
		{`DELETE FROM bot_sessions WHERE seen <= $1`, now.Add(-BotSessionLife)},
		{`DELETE FROM bot_codes WHERE expires <= $1`, now},
	} {
		n, err := s.db.exec(ctx, expired.query, millis(expired.at))
		if err != nil {
			return removed, failed(err)
		}
		removed += n
	}
	n, err := s.sweepPins(ctx)
	if err != nil {
		return removed, err
	}
	removed += n
	n, err = s.endStopped(ctx)
	return removed + n, err
}

// leaseName is under which a lease is kept, because its name may name a person.
func leaseName(name string) []byte {
	sum := sha256.Sum256([]byte(name))
	return sum[:]
}
