package store

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// PinUnopenedLife is for how long nobody opens a pin before it counts as removed. The tab, should it be opened later all the same,
	// still has its address, from which the pin is made again.
	PinUnopenedLife = 180 * 24 * time.Hour
	// PinRemovedLife is how long a removed pin can be restored.
	PinRemovedLife = 30 * 24 * time.Hour
	// pinSeen is how exactly it is known when a pin was last opened.
	pinSeen = time.Hour
	// pinRowLife is how long a row of an organization is tried to be taken away.
	pinRowLife = 90 * 24 * time.Hour
)

// pinQuery reads pins with who made them; scanPin reads its rows.
const pinQuery = `SELECT p.tenant, p.id, p.organization, p.app, p.pinned_table, p.record, p.pinned_view, p.personal, p.lists, p.beside,
	p.team, p.team_group, p.channel, p.chat, p.meeting, p.link, p.created, p.changed, p.opened, p.removed, COALESCE(c.object, '')
	FROM pins p LEFT JOIN pin_creators c ON c.tenant = p.tenant AND c.pin = p.id `

func scanPin(r row) (p crm.Pin, ok bool, err error) {
	var created, changed, opened, removed int64
	var lists string
	t, at := &p.Target, &p.Spot
	ok, err = found(r, &p.Tenant, &p.ID, &t.Organization, &t.App, &t.Table, &t.Record, &t.View, &t.Personal, &lists, &t.Beside,
		&at.Team, &at.Group, &at.Channel, &at.Chat, &at.Meeting, &p.Link, &created, &changed, &opened, &removed, &p.Creator)
	if lists != "" {
		t.Lists = strings.Split(lists, ",")
	}
	for ms, into := range map[*int64]*time.Time{&created: &p.Created, &changed: &p.Changed, &opened: &p.Opened, &removed: &p.Removed} {
		if *ms != 0 {
			*into = instant(*ms)
		}
	}
	return p, ok, err
}

// AddPin keeps a pin unless there is one of its id in its tenant, and gives the one that is there then. Who made it is kept apart,
// and goes when they ask to be forgotten.
func (s *Store) AddPin(ctx context.Context, user crm.User, p crm.Pin) (crm.Pin, error) {
	t, at, now := p.Target, p.Spot, millis(s.Now())
	err := s.db.atomically(ctx, func(tx *sql.Tx) error {
		n, err := changed(tx.ExecContext(ctx, `INSERT INTO pins (tenant, id, organization, app, pinned_table, record, pinned_view, personal, lists, beside,
			team, team_group, channel, chat, meeting, link, created, changed, opened, removed)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $17, 0, 0) ON CONFLICT (tenant, id) DO NOTHING`,
			p.Tenant, p.ID, t.Organization, t.App, t.Table, t.Record, t.View, t.Personal, strings.Join(t.Lists, ","), t.Beside,
			at.Team, at.Group, at.Channel, at.Chat, at.Meeting, string(p.Link), now))
		if err != nil || n == 0 || p.Creator == "" {
			return err
		}
		return inserted(ctx, tx, user, `INSERT INTO pin_creators (tenant, object, pin) SELECT $3, $4, $5`+unlessErased, p.Tenant, p.Creator, p.ID)
	})
	if err != nil {
		return crm.Pin{}, faultOf(err)
	}
	kept, ok, err := s.Pin(ctx, p.Tenant, p.ID)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "pin.gone")
	}
	return kept, err
}

// Pin gives a pin of a tenant, also one that was taken away.
func (s *Store) Pin(ctx context.Context, tenant, id string) (p crm.Pin, ok bool, err error) {
	return scanPin(s.db.take(ctx, pinQuery+`WHERE p.tenant = $1 AND p.id = $2`, tenant, id))
}

// RetargetPin leads a pin elsewhere and reports whether there is one.
func (s *Store) RetargetPin(ctx context.Context, tenant, id string, t crm.PinTarget) (bool, error) {
	n, err := s.db.exec(ctx, `UPDATE pins SET organization = $3, app = $4, pinned_table = $5, record = $6, pinned_view = $7, personal = $8, lists = $9,
		beside = $10, changed = $11 WHERE tenant = $1 AND id = $2`,
		tenant, id, t.Organization, t.App, t.Table, t.Record, t.View, t.Personal, strings.Join(t.Lists, ","), t.Beside, millis(s.Now()))
	return n == 1, failed(err)
}

// RemovePin notes that a pin was taken away; doing so again changes nothing.
func (s *Store) RemovePin(ctx context.Context, tenant, id string) error {
	_, err := s.db.exec(ctx, `UPDATE pins SET removed = $3 WHERE tenant = $1 AND id = $2 AND removed = 0`, tenant, id, millis(s.Now()))
	return failed(err)
}

// RestorePin notes that a pin stands again.
func (s *Store) RestorePin(ctx context.Context, tenant, id string) error {
	_, err := s.db.exec(ctx, `UPDATE pins SET removed = 0, opened = $3 WHERE tenant = $1 AND id = $2 AND removed <> 0`, tenant, id, millis(s.Now()))
	return failed(err)
}

// OpenPin notes that somebody opened a pin, unless that was noted within the hour. Nothing says who.
func (s *Store) OpenPin(ctx context.Context, tenant, id string) error {
	now := s.Now()
	_, err := s.db.exec(ctx, `UPDATE pins SET opened = $3 WHERE tenant = $1 AND id = $2 AND opened <= $4`, tenant, id, millis(now), millis(now.Add(-pinSeen)))
	return failed(err)
}

// LinkPin notes how far the row that connects a record with a channel has come.
func (s *Store) LinkPin(ctx context.Context, tenant, id string, state crm.PinLink) error {
	_, err := s.db.exec(ctx, `UPDATE pins SET link = $3 WHERE tenant = $1 AND id = $2`, tenant, id, string(state))
	return failed(err)
}

// LeaveRow notes that a row of an organization is to be taken away.
func (s *Store) LeaveRow(ctx context.Context, tenant, organization, id string) error {
	_, err := s.db.exec(ctx, `INSERT INTO pin_rows (tenant, id, organization, since) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, id) DO NOTHING`,
		tenant, id, organization, millis(s.Now()))
	return failed(err)
}

// LeftRow notes that it was.
func (s *Store) LeftRow(ctx context.Context, tenant, id string) error {
	_, err := s.db.exec(ctx, `DELETE FROM pin_rows WHERE tenant = $1 AND id = $2`, tenant, id)
	return failed(err)
}

// LeavingRows lists rows of an organization that are to be taken away, the oldest first.
func (s *Store) LeavingRows(ctx context.Context, tenant, organization string, most int) ([]string, error) {
	rows, err := s.db.reader.QueryContext(ctx, `SELECT id FROM pin_rows WHERE tenant = $1 AND organization = $2 ORDER BY since, id LIMIT $3`, tenant, organization, most)
	if err != nil {
		return nil, failed(err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, failed(err)
		}
		ids = append(ids, id)
	}
	return ids, failed(rows.Err())
}

// Pins lists the pins of an organization, also those that were taken away, the latest first.
func (s *Store) Pins(ctx context.Context, tenant, organization string, most int) ([]crm.Pin, error) {
	return s.pins(ctx, `WHERE p.tenant = $1 AND p.organization = $2 ORDER BY p.created DESC, p.id LIMIT $3`, tenant, organization, most)
}

// PinsBy lists the pins that somebody made and that stand, the latest first.
func (s *Store) PinsBy(ctx context.Context, user crm.User, most int) ([]crm.Pin, error) {
	return s.pins(ctx, `WHERE p.tenant = $1 AND c.object = $2 AND p.removed = 0 ORDER BY p.created DESC, p.id LIMIT $3`, user.Tenant, user.Object, most)
}

// WaitingPins lists pins of an organization whose row there is still to be written, the oldest first.
func (s *Store) WaitingPins(ctx context.Context, tenant, organization string, most int) ([]crm.Pin, error) {
	return s.pins(ctx, `WHERE p.tenant = $1 AND p.organization = $2 AND p.link = $3 AND p.removed = 0 ORDER BY p.created, p.id LIMIT $4`,
		tenant, organization, string(crm.PinLinkWaiting), most)
}

// where finds what stands in a place of Teams: the narrowest thing that it names. A team is everything in its channels.
func where(at crm.Spot) (column, id string) {
	switch {
	case at.Channel != "":
		return "channel", at.Channel
	case at.Chat != "":
		return "chat", at.Chat
	case at.Meeting != "":
		return "meeting", at.Meeting
	}
	return "team", at.Team
}

// PinsAt lists the pins that stand in a place of Teams, the earliest first.
func (s *Store) PinsAt(ctx context.Context, tenant string, at crm.Spot) ([]crm.Pin, error) {
	column, id := where(at)
	if id == "" {
		return nil, nil
	}
	return s.pins(ctx, `WHERE p.tenant = $1 AND p.`+column+` = $2 AND p.removed = 0 ORDER BY p.created, p.id`, tenant, id)
}

// RemovePinsAt notes that everything in a place of Teams was taken away, and with it what connects it there.
func (s *Store) RemovePinsAt(ctx context.Context, tenant string, at crm.Spot) (int, error) {
	column, id := where(at)
	if id == "" {
		return 0, nil
	}
	return s.removePins(ctx, `WHERE p.tenant = $1 AND p.`+column+` = $2 AND p.removed = 0`, tenant, id)
}

// removePins takes pins away, some at a time, and notes their rows in organizations as to be taken away.
func (s *Store) removePins(ctx context.Context, rest string, args ...any) (removed int, err error) {
	pins, err := s.pins(ctx, rest, args...)
	for _, p := range pins {
		if p.Connected() {
			err = s.LeaveRow(ctx, p.Tenant, p.Target.Organization, p.RowID())
		}
		if err == nil {
			err = s.RemovePin(ctx, p.Tenant, p.ID)
		}
		if err != nil {
			return removed, err
		}
		removed++
	}
	return removed, err
}

// sweepPins takes away pins that nobody has opened for PinUnopenedLife, nor made or led elsewhere: their removal was missed. It
// forgets those that were taken away PinRemovedLife ago, with who made them.
func (s *Store) sweepPins(ctx context.Context) (int64, error) {
	now := s.Now()
	if _, err := s.removePins(ctx, `WHERE p.removed = 0 AND p.opened < $1 AND p.changed < $1 ORDER BY p.created LIMIT 1000`, millis(now.Add(-PinUnopenedLife))); err != nil {
		return 0, err
	}
	gone := int64(0)
	for _, q := range []struct {
		query string
		at    time.Time
	}{
		{`DELETE FROM pin_creators WHERE EXISTS (SELECT 1 FROM pins p WHERE p.tenant = pin_creators.tenant AND p.id = pin_creators.pin AND p.removed <> 0 AND p.removed <= $1)`, now.Add(-PinRemovedLife)},
		{`DELETE FROM pins WHERE removed <> 0 AND removed <= $1`, now.Add(-PinRemovedLife)},
		{`DELETE FROM pin_rows WHERE since <= $1`, now.Add(-pinRowLife)},
	} {
		n, err := s.db.exec(ctx, q.query, millis(q.at))
		if err != nil {
			return gone, failed(err)
		}
		gone += n
	}
	return gone, nil
}

func (s *Store) pins(ctx context.Context, rest string, args ...any) ([]crm.Pin, error) {
	rows, err := s.db.reader.QueryContext(ctx, pinQuery+rest, args...)
	if err != nil {
		return nil, failed(err)
	}
	defer rows.Close()
	var all []crm.Pin
	for rows.Next() {
		p, _, err := scanPin(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, failed(rows.Err())
}

// Recent gives the records of an organization that a person looked at last, the latest first.
func (s *Store) Recent(ctx context.Context, user crm.User, organization string, most int) ([]crm.Used, error) {
	rows, err := s.db.reader.QueryContext(ctx, `SELECT record_table, record, at FROM looks WHERE tenant = $1 AND object = $2 AND organization = $3
		ORDER BY at DESC, record LIMIT $4`, user.Tenant, user.Object, organization, most)
	if err != nil {
		return nil, failed(err)
	}
	defer rows.Close()
	var used []crm.Used
	for rows.Next() {
		one := crm.Used{Ref: crm.RecordRef{Organization: organization}}
		var at int64
		if err := rows.Scan(&one.Ref.Table, &one.Ref.ID, &at); err != nil {
			return nil, failed(err)
		}
		one.At = instant(at)
		used = append(used, one)
	}
	return used, failed(rows.Err())
}
