package store

import (
	"context"
	"database/sql"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

const (
	// BotSessionLife is how long somebody who does not talk to the bot stays signed in to it: as long as Entra ID lets a refresh
	// token lie.
	BotSessionLife = 90 * 24 * time.Hour
	// botSeenEvery is how exactly it is kept when somebody talked last.
	botSeenEvery = 24 * time.Hour
	// codeTries is how often a code may be typed.
	codeTries = 5
)

// BotStanding tells what the bot has to know of a person.
func (s *Store) BotStanding(ctx context.Context, user crm.User) (crm.BotStanding, error) {
	var b crm.BotStanding
	var since, seen int64
	_, err := found(s.db.read(ctx, `SELECT epoch, EXISTS (SELECT 1 FROM stopped_tenants WHERE tenant = $1),
		COALESCE((SELECT language FROM languages WHERE tenant = $1 AND object = $2), ''),
		COALESCE((SELECT since FROM bot_sessions WHERE tenant = $1 AND object = $2), 0),
		COALESCE((SELECT seen FROM bot_sessions WHERE tenant = $1 AND object = $2), 0) FROM erasure_epoch`, user.Tenant, user.Object),
		&b.Epoch, &b.Stopped, &b.Language, &since, &seen)
	if err != nil {
		return b, err
	}
	now := s.Now()
	if b.SignedIn = since > 0 && instant(seen).Add(BotSessionLife).After(now); !b.SignedIn {
		return b, nil
	}
	b.Since = instant(since)
	if now.Sub(instant(seen)) >= botSeenEvery {
		_, err = s.db.exec(ctx, `UPDATE bot_sessions SET seen = $1 WHERE tenant = $2 AND object = $3`, millis(now), user.Tenant, user.Object)
	}
	return b, failed(err)
}

// OfferBotCode keeps the one-way number of the code by which a person confirms that the sign-in they just made was theirs. It
// takes the place of an earlier one.
func (s *Store) OfferBotCode(ctx context.Context, user crm.User, code []byte, expires time.Time) error {
	return s.insert(ctx, user, `INSERT INTO bot_codes (tenant, object, code, tries, expires) SELECT $3, $4, $5, 0, $6`+unlessErased+
		`ON CONFLICT (tenant, object) DO UPDATE SET code = excluded.code, tries = 0, expires = excluded.expires`,
		user.Tenant, user.Object, code, millis(expires))
}

// TakeBotCode signs a person in to the bot when the code is theirs, once. Waiting says that a code of theirs is waited for,
// whether or not this was it; after some wrong ones none is.
func (s *Store) TakeBotCode(ctx context.Context, user crm.User, code []byte) (right, waiting bool, err error) {
	now := s.Now()
	err = s.db.atomically(ctx, func(tx *sql.Tx) error {
		right, waiting = false, false
		n, err := changed(tx.ExecContext(ctx, `DELETE FROM bot_codes WHERE tenant = $1 AND object = $2 AND code = $3 AND expires > $4 AND tries < $5`,
			user.Tenant, user.Object, code, millis(now), codeTries))
		if err != nil {
			return err
		}
		if right = n == 1; right {
			waiting = true
			return inserted(ctx, tx, user, `INSERT INTO bot_sessions (tenant, object, since, seen) SELECT $3, $4, $5, $5`+unlessErased+
				`ON CONFLICT (tenant, object) DO UPDATE SET since = excluded.since, seen = excluded.seen`, user.Tenant, user.Object, millis(now))
		}
		n, err = changed(tx.ExecContext(ctx, `UPDATE bot_codes SET tries = tries + 1 WHERE tenant = $1 AND object = $2 AND expires > $3 AND tries < $4`,
			user.Tenant, user.Object, millis(now), codeTries))
		waiting = n == 1
		return err
	})
	return right, waiting, faultOf(err)
}

// AwaitsBotCode reports whether a code of the person is waited for.
func (s *Store) AwaitsBotCode(ctx context.Context, user crm.User) (bool, error) {
	var one int
	return found(s.db.read(ctx, `SELECT 1 FROM bot_codes WHERE tenant = $1 AND object = $2 AND expires > $3 AND tries < $4`,
		user.Tenant, user.Object, millis(s.Now()), codeTries), &one)
}

// LeaveBot forgets that a person is signed in to the bot, and what they agreed to or were asked there: they removed the app.
func (s *Store) LeaveBot(ctx context.Context, user crm.User) error {
	return failed(s.db.atomically(ctx, func(tx *sql.Tx) error {
		for _, table := range []string{"bot_sessions", "bot_codes", "consents"} {
			if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE tenant = $1 AND object = $2`, user.Tenant, user.Object); err != nil {
				return err
			}
		}
		return nil
	}))
}
