package engine

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const auditTable = "audit"

// The actions of audit rows, by the numbers of the service's audit.action column.
const (
	auditCreate       = 1
	auditUpdate       = 2
	auditDelete       = 3
	auditAssign       = 13
	auditShare        = 14
	auditAssociate    = 33
	auditDisassociate = 34
	auditModifyShare  = 48
	auditUnshare      = 49
)

// operationOf is the value of audit.operation that goes with an action: create, update, delete.
func operationOf(action int) int64 {
	switch action {
	case auditCreate:
		return 1
	case auditDelete:
		return 3
	}
	return 2
}

// changeData is what audit.changedata holds.
type changeData struct {
	Changed []changedColumn `json:"changedAttributes,omitempty"`
	Share   *changedShare   `json:"share,omitempty"`
	Tie     *changedTie     `json:"relationship,omitempty"`
}

// changedColumn holds values as text, lookups as "table,id"; nil is no value.
type changedColumn struct {
	Name string  `json:"logicalName"`
	Old  *string `json:"oldValue"`
	New  *string `json:"newValue"`
}

type changedShare struct {
	Principal string `json:"principal"`
	Old       Rights `json:"oldRights"`
	New       Rights `json:"newRights"`
}

type changedTie struct {
	Name   string `json:"name"`
	Target string `json:"target"`
}

// audited reports whether changes of a table's rows are kept.
func (x *Change) audited(t *table) bool {
	return t.Audited && x.db.auditing.Load() && x.db.tables[auditTable] != nil
}

// kept reports whether changes of the column are kept: not of what the service itself keeps along.
func (c *column) audited() bool {
	f := &c.table.filled
	switch c {
	case c.table.pk, f.created, f.modified, f.createdBy, f.modifiedBy, f.owningUser, f.owningTeam, f.owningUnit:
		return false
	}
	return !c.Unaudited && c.kind != kNone && c.LogicalName != "versionnumber"
}

// audit keeps what an operation does to a row, within the same transaction. nil values are those of no row.
func (x *Change) audit(r *current, action int, before, after []stored) error {
	if !x.audited(r.table) {
		return nil
	}
	var data changeData
	var places []string
	for _, c := range r.columns {
		if !c.audited() {
			continue
		}
		var old, new stored
		if before != nil {
			old = before[c.at]
		}
		if after != nil {
			new = after[c.at]
		}
		if old == new {
			continue
		}
		data.Changed = append(data.Changed, changedColumn{c.LogicalName, c.spell(old), c.spell(new)})
		places = append(places, strconv.Itoa(c.at+1))
	}
	if action == auditUpdate {
		if len(data.Changed) == 0 {
			return nil
		}
		if o := r.filled.owner; o != nil && before[o.at] != after[o.at] {
			action = auditAssign
		}
	}
	return x.keep(r, action, data, strings.Join(places, ","))
}

func (x *Change) auditShare(r *current, action int, principal Ref, old, new Rights) error {
	if !x.audited(r.table) {
		return nil
	}
	return x.keep(r, action, changeData{Share: &changedShare{principal.Table + "," + guid(principal.ID), old, new}}, "")
}

func (x *Change) auditTie(r *current, action int, relationship string, target *current) error {
	if !x.audited(r.table) {
		return nil
	}
	return x.keep(r, action, changeData{Tie: &changedTie{relationship, target.LogicalName + "," + target.id}}, "")
}

// keep writes an audit row.
func (x *Change) keep(r *current, action int, data changeData, mask string) error {
	t := x.db.tables[auditTable]
	text, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("engine: audit: %w", err)
	}
	if x.transactionID == "" {
		x.transactionID = newID()
	}
	values := make([]stored, len(t.columns))
	for name, v := range map[string]stored{
		"auditid": {plain: newID()}, "createdon": {plain: x.now}, "action": {plain: int64(action)}, "operation": {plain: operationOf(action)},
		"objectid": {r.id, r.LogicalName}, "objecttypecode": {plain: r.LogicalName}, "userid": {x.c.UserID, "systemuser"},
		"attributemask": {plain: mask}, "changedata": {plain: string(text)}, "transactionid": {plain: x.transactionID},
	} {
		if c := t.byName[name]; c != nil && v.plain != "" {
			values[c.at] = v
		}
	}
	return x.insert(t, values)
}

// spell writes a value as audit rows keep it; nil is no value.
func (c *column) spell(v stored) *string {
	var s string
	switch p := v.plain.(type) {
	case nil:
		return nil
	case string:
		s = p
		if c.Type.IsLookup() {
			s = v.target + "," + p
		}
	case int64:
		s = strconv.FormatInt(p, 10)
		if c.kind == kTime {
			s = time.Unix(p, 0).UTC().Format(time.RFC3339)
		}
	case float64:
		s = plainNumber(p)
	}
	return &s
}

// unspell reads what spell wrote; what no longer fits the column is no value.
func (c *column) unspell(s *string) stored {
	if s == nil {
		return stored{}
	}
	if c.Type.IsLookup() {
		target, id, _ := strings.Cut(*s, ",")
		return stored{id, target}
	}
	plain, err := c.storeText(*s)
	if err != nil {
		return stored{}
	}
	return stored{plain: plain}
}

func parseRef(s string) Ref {
	table, id, _ := strings.Cut(s, ",")
	return Ref{table, id}
}

func compareRefs(a, b Ref) int { return cmp.Or(cmp.Compare(a.Table, b.Table), cmp.Compare(a.ID, b.ID)) }
