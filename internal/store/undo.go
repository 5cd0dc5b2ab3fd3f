package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/privacy"
)

// UndoLife is how long a saved choice can be taken back.
const UndoLife = time.Hour

// Settle keeps where a person wants to work and, unless board names none, which dashboard opens there, both or neither. What
// was there before is kept for Undo in place of an earlier one. It gives the moment that names this choice; of one person's
// choices no two have the same.
func (s *Store) Settle(ctx context.Context, user crm.User, p crm.Preference, board crm.DashboardChoice) (time.Time, error) {
	saved := millis(s.Now())
	err := s.db.atomically(ctx, func(tx *sql.Tx) error {
		// Writing first makes a second choice of the same person wait; tables are always taken in the order of the inventory.
		var was crm.Preference
		var updated int64
		_, err := found(tx.QueryRowContext(ctx, `UPDATE preferences SET updated = updated WHERE tenant = $1 AND object = $2
			RETURNING organization, app, updated`, user.Tenant, user.Object), &was.OrganizationURL, &was.AppID, &updated)
		if err != nil {
			return err
		}
		saved = max(saved, updated+1)
		insert := func(query string, args ...any) error {
			return inserted(ctx, tx, user, query, append([]any{user.Tenant, user.Object}, args...)...)
		}
		if err := insert(rememberQuery, p.OrganizationURL, p.AppID, saved); err != nil {
			return err
		}
		var opened crm.DashboardChoice
		if board.DashboardID != "" {
			if opened, err = chosen(ctx, tx, user, board.OrganizationURL, board.AppID); err != nil {
				return err
			}
			if err := insert(chooseQuery, board.OrganizationURL, board.AppID, board.DashboardID, board.Personal, saved); err != nil {
				return err
			}
		}
		return insert(`INSERT INTO undos (tenant, object, organization, app, board_organization, board_app, board, board_personal, saved, expires)
			SELECT $3, $4, $5, $6, $7, $8, $9, $10, $11, $12`+unlessErased+`ON CONFLICT (tenant, object) DO UPDATE
			SET organization = excluded.organization, app = excluded.app, board_organization = excluded.board_organization,
			board_app = excluded.board_app, board = excluded.board, board_personal = excluded.board_personal,
			saved = excluded.saved, expires = excluded.expires`,
			was.OrganizationURL, was.AppID, opened.OrganizationURL, opened.AppID, opened.DashboardID, opened.Personal,
			saved, millis(s.Now().Add(UndoLife)))
	})
	return instant(saved), faultOf(err)
}

// chosen gives the dashboard that opens in an app by a person's own choice; its DashboardID is "" when they chose none.
func chosen(ctx context.Context, tx *sql.Tx, user crm.User, organizationURL, appID string) (crm.DashboardChoice, error) {
	c := crm.DashboardChoice{OrganizationURL: organizationURL, AppID: appID}
	_, err := found(tx.QueryRowContext(ctx, `SELECT dashboard, personal FROM dashboard_choices
		WHERE tenant = $1 AND object = $2 AND organization = $3 AND app = $4`,
		user.Tenant, user.Object, organizationURL, appID), &c.DashboardID, &c.Personal)
	return c, err
}

// Earlier gives where the person wanted to work before the choice of that moment, the zero value for nowhere; ok is false
// when that choice can no longer be taken back.
func (s *Store) Earlier(ctx context.Context, user crm.User, saved time.Time) (p crm.Preference, ok bool, err error) {
	ok, err = found(s.db.read(ctx, `SELECT organization, app FROM undos WHERE tenant = $1 AND object = $2 AND saved = $3 AND expires > $4`,
		user.Tenant, user.Object, millis(saved), millis(s.Now())), &p.OrganizationURL, &p.AppID)
	return p, ok, err
}

// Undo takes the choice of that moment back: what was before it is there again, or nothing if that was so. It does so once, and
// not at all when something else has been chosen since; done tells.
func (s *Store) Undo(ctx context.Context, user crm.User, saved time.Time) (done bool, err error) {
	err = s.db.atomically(ctx, func(tx *sql.Tx) error {
		done = false
		n, err := changed(tx.ExecContext(ctx, `UPDATE preferences SET updated = updated WHERE tenant = $1 AND object = $2 AND updated = $3`,
			user.Tenant, user.Object, millis(saved)))
		if err != nil || n == 0 {
			return err
		}
		var was crm.Preference
		var board crm.DashboardChoice
		known, err := found(tx.QueryRowContext(ctx, `SELECT organization, app, board_organization, board_app, board, board_personal FROM undos
			WHERE tenant = $1 AND object = $2 AND saved = $3 AND expires > $4`, user.Tenant, user.Object, millis(saved), millis(s.Now())),
			&was.OrganizationURL, &was.AppID, &board.OrganizationURL, &board.AppID, &board.DashboardID, &board.Personal)
		if err != nil || !known {
			return err
		}
		now := max(millis(s.Now()), millis(saved)+1)
		if err := reopen(ctx, tx, user, was, now); err != nil {
			return err
		}
		if n, err := redraw(ctx, tx, user, board, millis(saved), now); err != nil || n == 0 {
			return errOrChanged(err)
		}
		done = true
		_, err = tx.ExecContext(ctx, `DELETE FROM undos WHERE tenant = $1 AND object = $2`, user.Tenant, user.Object)
		return err
	})
	if fault.Is(err, fault.Conflict) {
		return false, nil
	}
	return done && err == nil, faultOf(err)
}

// reopen puts the preference back.
func reopen(ctx context.Context, tx *sql.Tx, user crm.User, was crm.Preference, now int64) error {
	if was.OrganizationURL == "" {
		_, err := tx.ExecContext(ctx, `DELETE FROM preferences WHERE tenant = $1 AND object = $2`, user.Tenant, user.Object)
		return err
	}
	_, err := tx.ExecContext(ctx, `UPDATE preferences SET organization = $3, app = $4, updated = $5 WHERE tenant = $1 AND object = $2`,
		user.Tenant, user.Object, was.OrganizationURL, was.AppID, now)
	return err
}

// redraw puts the chosen dashboard back, if the choice changed it and nothing has since; it gives 0 when something has.
func redraw(ctx context.Context, tx *sql.Tx, user crm.User, was crm.DashboardChoice, saved, now int64) (int64, error) {
	switch {
	case was.OrganizationURL == "":
		return 1, nil
	case was.DashboardID == "":
		return changed(tx.ExecContext(ctx, `DELETE FROM dashboard_choices
			WHERE tenant = $1 AND object = $2 AND organization = $3 AND app = $4 AND updated = $5`,
			user.Tenant, user.Object, was.OrganizationURL, was.AppID, saved))
	}
	return changed(tx.ExecContext(ctx, `UPDATE dashboard_choices SET dashboard = $6, personal = $7, updated = $8
		WHERE tenant = $1 AND object = $2 AND organization = $3 AND app = $4 AND updated = $5`,
		user.Tenant, user.Object, was.OrganizationURL, was.AppID, saved, was.DashboardID, was.Personal, now))
}

// errOrChanged rolls back what began before it was seen that something had changed.
func errOrChanged(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "workspace.changed")
}

func changed(result sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// inserted is Store.insert inside a transaction.
func inserted(ctx context.Context, tx *sql.Tx, user crm.User, query string, args ...any) error {
	n, err := changed(tx.ExecContext(ctx, query, append([]any{user.Mark(), privacy.EpochOf(ctx)}, args...)...))
	if err == nil && n == 0 {
		return errErased()
	}
	return err
}

// faultOf leaves a fault as it is and makes one of a driver's error.
func faultOf(err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return f
	}
	return failed(err)
}
