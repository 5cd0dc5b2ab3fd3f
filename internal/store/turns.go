package store

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/privacy"
)

// HeardLife is how long it is remembered that an activity came, so that it is not taken for a new one.
const HeardLife = 48 * time.Hour

// TurnLife is how long a turn may wait: an answer that comes later is none.
const TurnLife = time.Hour

const (
	hearQuery = `INSERT INTO heard (id, at) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`
	// A turn is its receiver's at once, unless an earlier one of the conversation waits.
	queueQuery = `INSERT INTO turns (id, tenant, object, conversation, sealed, epoch, at, holder, until, tries)
		SELECT $3, $4, $5, $6, $7, $2, $8, CASE WHEN e.waits THEN '' ELSE CAST($9 AS TEXT) END, CASE WHEN e.waits THEN 0 ELSE CAST($10 AS BIGINT) END, CASE WHEN e.waits THEN 0 ELSE 1 END
		FROM (SELECT EXISTS (SELECT 1 FROM turns WHERE conversation = $6) AS waits) e` + unlessErased + `RETURNING holder`
	endQuery   = `DELETE FROM turns WHERE id = $1`
	claimQuery = `UPDATE turns SET holder = $1, until = $2, tries = tries + 1 WHERE until <= $3 AND seq IN
		(SELECT t.seq FROM turns t WHERE t.until <= $3 AND NOT EXISTS
			(SELECT 1 FROM turns e WHERE e.conversation = t.conversation AND e.seq < t.seq) ORDER BY t.seq LIMIT $4)
		RETURNING seq, id, tenant, object, conversation, sealed, epoch, tries`
)

// Hear notes that an activity came, and reports whether it is the first time.
func (s *Store) Hear(ctx context.Context, id []byte) (fresh bool, err error) {
	n, err := s.db.exec(ctx, hearQuery, id, millis(s.Now()))
	return n == 1, failed(err)
}

// TakeIn notes that an activity came and queues it, both or neither. Fresh is false when it came before, and then nothing is
// queued; mine says that it is held by holder until then, so that nobody else begins with it. Otherwise an earlier turn of
// the conversation has to end first. A person who was erased since the turn's epoch is fault.SignedOut "privacy.erased".
func (s *Store) TakeIn(ctx context.Context, t crm.Turn, holder string, until time.Time) (fresh, mine bool, err error) {
	hear, err := s.db.writer.statement(ctx, hearQuery)
	if err != nil {
		return false, false, failed(err)
	}
	queue, err := s.db.writer.statement(ctx, queueQuery)
	if err != nil {
		return false, false, failed(err)
	}
	now := millis(s.Now())
	held, there := "", true
	err = s.together.run(ctx, func(ctx context.Context, tx *sql.Tx) error {
		n, err := changed(tx.StmtContext(ctx, hear).ExecContext(ctx, t.ID, now))
		fresh = n == 1
		if err != nil || !fresh {
			return err
		}
		there, err = found(tx.StmtContext(ctx, queue).QueryRowContext(ctx, t.User.Mark(), t.Epoch, t.ID, t.User.Tenant, t.User.Object, t.Conversation,
			t.Sealed, now, holder, millis(until)), &held)
		return err
	})
	if err != nil {
		return false, false, faultOf(err)
	}
	if fresh && !there {
		return false, false, errErased()
	}
	return fresh, fresh && held == holder, nil
}

// EndTurn removes a turn that was answered.
func (s *Store) EndTurn(ctx context.Context, id []byte) error {
	end, err := s.db.writer.statement(ctx, endQuery)
	if err != nil {
		return failed(err)
	}
	return faultOf(s.together.run(ctx, func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.StmtContext(ctx, end).ExecContext(ctx, id)
		return err
	}))
}

// KeepTurn holds a turn for longer, and reports whether holder still has it.
func (s *Store) KeepTurn(ctx context.Context, id []byte, holder string, until time.Time) (bool, error) {
	n, err := s.db.exec(ctx, `UPDATE turns SET until = $1 WHERE id = $2 AND holder = $3`, millis(until), id, holder)
	return n == 1, failed(err)
}

// ReleaseTurns lets go of everything that holder has, for others to take over at once.
func (s *Store) ReleaseTurns(ctx context.Context, holder string) error {
	_, err := s.db.exec(ctx, `UPDATE turns SET until = 0, holder = '' WHERE holder = $1`, holder)
	return failed(err)
}

// NextTurns gives holder the first turn of each conversation that nobody holds any more, the oldest first, limit at most.
func (s *Store) NextTurns(ctx context.Context, holder string, until time.Time, limit int) ([]crm.Turn, error) {
	statement, err := s.db.writer.statement(ctx, claimQuery)
	if err != nil {
		return nil, failed(err)
	}
	rows, err := statement.QueryContext(ctx, holder, millis(until), millis(s.Now()), limit)
	if err != nil {
		return nil, failed(err)
	}
	defer rows.Close()
	var all []crm.Turn
	order := map[string]int64{}
	for rows.Next() {
		var t crm.Turn
		var seq int64
		if err := rows.Scan(&seq, &t.ID, &t.User.Tenant, &t.User.Object, &t.Conversation, &t.Sealed, &t.Epoch, &t.Tries); err != nil {
			return nil, failed(err)
		}
		all, order[string(t.ID)] = append(all, t), seq
	}
	slices.SortFunc(all, func(a, b crm.Turn) int { return cmp.Compare(order[string(a.ID)], order[string(b.ID)]) })
	return all, failed(rows.Err())
}

// WaitingTurns is how many turns wait or are being answered.
func (s *Store) WaitingTurns(ctx context.Context) (n int, err error) {
	_, err = found(s.db.read(ctx, `SELECT count(*) FROM turns`), &n)
	return n, err
}

// Meet notes that the bot is in a conversation, and reports whether that is new. The person is the one whose personal
// conversation it is; Object is "" in a team or a group.
func (s *Store) Meet(ctx context.Context, conversation []byte, user crm.User, kind string) (isNew bool, err error) {
	n, err := s.db.exec(ctx, `INSERT INTO conversations (id, tenant, object, kind, at) SELECT $3, $4, $5, $6, $7`+unlessErased+
		`ON CONFLICT (id) DO NOTHING`, user.Mark(), privacy.EpochOf(ctx), conversation, user.Tenant, user.Object, kind, millis(s.Now()))
	return n == 1, failed(err)
}

// Part forgets a conversation that the bot is not in any more.
func (s *Store) Part(ctx context.Context, conversation []byte) error {
	_, err := s.db.exec(ctx, `DELETE FROM conversations WHERE id = $1`, conversation)
	return failed(err)
}
