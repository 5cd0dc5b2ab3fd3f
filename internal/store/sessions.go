package store

import (
	"context"
	"database/sql"

	"github.com/pintab/pintab/internal/crm"
)

// StartSession keeps a new session under the SHA-256 hash of its id and removes sessions that have ended.
func (s *Store) StartSession(ctx context.Context, id []byte, session crm.Session) error {
	if _, err := s.db.exec(ctx, `DELETE FROM sessions WHERE expires <= $1`, millis(s.Now())); err != nil {
		return failed(err)
	}
	p := session.Profile
	return s.insert(ctx, p.User, `INSERT INTO sessions (id, tenant, object, name, username, created, seen, expires)
		SELECT $3, $4, $5, $6, $7, $8, $9, $10`+unlessErased,
		id, p.Tenant, p.Object, p.Name, p.Username, millis(session.Created), millis(session.Seen), millis(session.Expires))
}

// Session finds a session by the hash of its id. One that has reached Expires is not found; whether it has been idle
// for too long is for the caller to say.
func (s *Store) Session(ctx context.Context, id []byte) (crm.Session, bool, error) {
	var session crm.Session
	var created, seen, expires int64
	p := &session.Profile
	ok, err := found(s.db.read(ctx, `SELECT tenant, object, name, username, created, seen, expires,
		(SELECT epoch FROM erasure_epoch), EXISTS (SELECT 1 FROM stopped_tenants s WHERE s.tenant = sessions.tenant),
		COALESCE((SELECT language FROM languages l WHERE l.tenant = sessions.tenant AND l.object = sessions.object), '') FROM sessions WHERE id = $1 AND expires > $2`, id, millis(s.Now())),
		&p.Tenant, &p.Object, &p.Name, &p.Username, &created, &seen, &expires, &session.Epoch, &session.Stopped, &session.Language)
	session.Created, session.Seen, session.Expires = instant(created), instant(seen), instant(expires)
	if !ok {
		return crm.Session{}, false, err
	}
	return session, true, nil
}

// SawSession notes that a session was used now. It does not bring back a session that has been ended meanwhile.
func (s *Store) SawSession(ctx context.Context, id []byte) error {
	_, err := s.db.exec(ctx, `UPDATE sessions SET seen = $1 WHERE id = $2`, millis(s.Now()), id)
	return failed(err)
}

// EndSession ends a session at once, for every process. Ending one that does not exist is no error.
func (s *Store) EndSession(ctx context.Context, id []byte) error {
	_, err := s.db.exec(ctx, `DELETE FROM sessions WHERE id = $1`, id)
	return failed(err)
}

// EndSessions ends all sessions of a person: those in Teams, in Outlook and in a browser, and the one with the bot.
func (s *Store) EndSessions(ctx context.Context, user crm.User) error {
	return failed(s.db.atomically(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"sessions", "bot_sessions", "bot_codes"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE tenant = $1 AND object = $2`, user.Tenant, user.Object); err != nil {
				return err
			}
		}
		return nil
	}))
}
