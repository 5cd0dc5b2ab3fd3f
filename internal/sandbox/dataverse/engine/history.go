package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// AuditDetail is what one operation did to a row: who, when, and what was there before and after.
type AuditDetail struct {
	ID          string // auditid
	At          time.Time
	Action      int // audit.action: 1 create, 2 update, 3 delete, 13 assign, 14 share, 33 and 34 associate and disassociate, 48 and 49 modify and end a share
	Operation   int // audit.operation: 1 create, 2 update, 3 delete
	Record      Ref
	User        Ref
	UserName    string
	Transaction string        // transactionid, the same for all that one request did
	Changes     []AuditChange // columns that the person may read, in the table's order
	// Of a share: with whom, and the rights before and after.
	Principal Ref
	Before    Rights
	After     Rights
	// Of associating and disassociating: the relationship and the row at its other end.
	Relationship string
	Target       Ref
}

// AuditChange is one column's value before and after; the value of a cell is nil for none.
type AuditChange struct {
	Column   *schema.Column
	Old, New Cell
}

// The privileges on audit rows (Microsoft Learn, "RetrieveRecordChangeHistory message privileges").
const (
	privilegeHistory = "prvReadRecordAuditHistory"
	privilegeSummary = "prvReadAuditSummary"
)

// History tells what happened to a row, the latest first. It takes the privilege prvReadRecordAuditHistory and the right
// to read the row; columns that the person may not read are left out.
func (db *DB) History(ctx context.Context, c *Caller, table, id string) ([]AuditDetail, error) {
	return db.history(ctx, c, table, id, "")
}

// ColumnHistory is the part of a row's history that is about one column. It also takes prvReadAuditSummary, and the right
// to read the column.
func (db *DB) ColumnHistory(ctx context.Context, c *Caller, table, id, column string) ([]AuditDetail, error) {
	t := db.tables[table]
	if t != nil {
		of := t.byName[column]
		if of == nil {
			return nil, refuse(CodeUnknownColumn, "'%s' entity doesn't contain attribute with Name = '%s' and NameMapping = 'Logical'.", t.SchemaName, column)
		}
		if err := c.holds(privilegeSummary); err != nil {
			return nil, err
		}
		if !c.CanReadColumn(t.Table, of.Column) {
			return nil, refuse(CodeColumnReadDenied, "The user does not have read permissions to a secured field. The requested operation could not be completed.")
		}
	}
	return db.history(ctx, c, table, id, column)
}

// holds refuses whoever lacks a privilege that belongs to no table.
func (c *Caller) holds(name string) error {
	if c.Depth(name) != None {
		return nil
	}
	return refuse(CodePrivilegeDenied, "Principal user (Id=%s, type=8, roleCount=%d, privilegeCount=%d, accessMode=0), is missing %s privilege (Id=%s)", c.UserID, len(c.Roles), len(c.privileges), name, schema.PrivilegeID(name))
}

func (db *DB) history(ctx context.Context, c *Caller, table, id, column string) ([]AuditDetail, error) {
	if err := c.holds(privilegeHistory); err != nil {
		return nil, err
	}
	rights, err := db.Access(ctx, c, table, id)
	if err != nil {
		return nil, err
	}
	t, audit := db.tables[table], db.tables[auditTable]
	if t.union {
		if err := db.rows(ctx, "SELECT activitytypecode FROM "+t.sql+" WHERE "+t.pk.sql+" = ?", []any{guid(id)}, 1, func(v []any) error {
			table, _ = v[0].(string)
			return nil
		}); err != nil {
			return nil, err
		}
		if t = db.tables[table]; t == nil {
			return nil, fmt.Errorf("engine: an activity of the unknown table %q", table)
		}
	}
	if rights&ReadAccess == 0 {
		if err := c.may(t, "Read"); err != nil {
			return nil, err
		}
		return nil, refuse(CodeUnmanagedIDAccessDenied, "Principal with id %s does not have ReadAccess right(s) for record with id %s of entity %s", c.UserID, id, table)
	}
	if audit == nil {
		return nil, nil
	}
	money, err := db.currencyOfRow(ctx, t, guid(id))
	if err != nil {
		return nil, err
	}
	var list []AuditDetail
	err = db.rows(ctx, `SELECT auditid, createdon, action, operation, userid, transactionid, changedata FROM audit WHERE objectid = ? AND "objectid@" = ? ORDER BY "versionnumber" DESC`,
		[]any{guid(id), table}, 7, func(v []any) error {
			d, err := db.detail(c, t, v, column, money)
			if err == nil && (column == "" || len(d.Changes) > 0) {
				d.Record = Ref{table, guid(id)}
				list = append(list, d)
			}
			return err
		})
	if err != nil {
		return nil, err
	}
	return list, db.nameDetails(ctx, c, list)
}

// detail reads an audit row; only the changes of one column unless column is "".
func (db *DB) detail(c *Caller, t *table, v []any, column string, money currency) (AuditDetail, error) {
	var d AuditDetail
	d.ID, _ = v[0].(string)
	seconds, _ := v[1].(int64)
	d.At = time.Unix(seconds, 0).UTC()
	action, _ := v[2].(int64)
	operation, _ := v[3].(int64)
	d.Action, d.Operation, d.User.Table = int(action), int(operation), "systemuser"
	d.User.ID, _ = v[4].(string)
	d.Transaction, _ = v[5].(string)
	text, _ := v[6].(string)
	var data changeData
	if err := json.Unmarshal([]byte(text), &data); err != nil {
		return d, fmt.Errorf("engine: audit row %s: %w", d.ID, err)
	}
	if data.Share != nil {
		d.Principal, d.Before, d.After = parseRef(data.Share.Principal), data.Share.Old, data.Share.New
	}
	if data.Tie != nil {
		d.Relationship, d.Target = data.Tie.Name, parseRef(data.Tie.Target)
	}
	for _, change := range data.Changed {
		of := t.byName[change.Name]
		if of == nil || column != "" && change.Name != column || !c.CanReadColumn(t.Table, of.Column) {
			continue
		}
		d.Changes = append(d.Changes, AuditChange{of.Column, db.cell(c, of, of.unspell(change.Old), money), db.cell(c, of, of.unspell(change.New), money)})
	}
	return d, nil
}

// currencyOfRow is the currency of a row's amounts as it is now; amounts of the past are told in it too.
func (db *DB) currencyOfRow(ctx context.Context, t *table, id string) (money currency, err error) {
	money = db.baseCurrency()
	if t.filled.currency == nil {
		return money, nil
	}
	err = db.rows(ctx, "SELECT "+t.filled.currency.sql+" FROM "+t.sql+" WHERE "+t.pk.sql+" = ?", []any{id}, 1, func(v []any) error {
		if own, known := v[0].(string); known {
			money, _ = db.currency(own)
		}
		return nil
	})
	return money, err
}

// cell is a kept value as a person reads it; lookups get their names later. money is the currency of amounts.
func (db *DB) cell(c *Caller, of *column, v stored, money currency) Cell {
	o := output{Column: Column{Table: of.table.Table, Column: of.Column}, field: field{col: of}}
	cell := Cell{Value: o.convert(v.plain), Target: v.target}
	if cell.Value == nil || of.Type.IsLookup() {
		return cell
	}
	switch {
	case of.money != nil:
		money = db.baseCurrency()
	case of.Type != schema.Money:
		money = currency{precision: of.Precision}
	}
	cell.Text = c.text(db, of, cell.Value, money)
	return cell
}

// nameDetails finds the names of people and of all rows that old and new lookups point to, one query for each table.
func (db *DB) nameDetails(ctx context.Context, c *Caller, list []AuditDetail) error {
	wanted := map[string]map[string]string{"systemuser": {}}
	each := func(do func(cell *Cell)) {
		for i := range list {
			for j := range list[i].Changes {
				change := &list[i].Changes[j]
				for _, cell := range []*Cell{&change.Old, &change.New} {
					if id, ok := cell.Value.(string); ok && id != "" && cell.Target != "" {
						do(cell)
					}
				}
			}
		}
	}
	each(func(cell *Cell) {
		if wanted[cell.Target] == nil {
			wanted[cell.Target] = map[string]string{}
		}
		wanted[cell.Target][cell.Value.(string)] = ""
	})
	for i := range list {
		wanted["systemuser"][list[i].User.ID] = ""
	}
	q := db.newQuery(c, nil, FetchOptions{})
	for target, names := range wanted {
		if err := q.names(ctx, target, names); err != nil {
			return err
		}
	}
	each(func(cell *Cell) { cell.Text = wanted[cell.Target][cell.Value.(string)] })
	for i := range list {
		list[i].UserName = wanted["systemuser"][list[i].User.ID]
	}
	return nil
}
