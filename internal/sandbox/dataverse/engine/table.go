package engine

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// kind is how a column is kept and compared.
type kind int

const (
	kText  kind = iota // TEXT with its folded form beside it
	kMemo              // TEXT, folded when compared
	kInt               // INTEGER
	kBool              // INTEGER 0 or 1
	kReal              // REAL
	kTime              // INTEGER, seconds of Unix time; columns without a zone hold their reading as if it were UTC
	kGUID              // TEXT, lower case with dashes
	kMulti             // TEXT "1,2", numbers ascending
	kNone              // not kept: lists of parties
)

// column is a schema column and its place in SQL. The texts are quoted and safe to put into a statement.
type column struct {
	*schema.Column
	table   *table
	kind    kind
	sql     string
	folded  string // "" without one
	target  string // column with the target table of a polymorphic lookup; "" without one
	money   *column
	at      int     // place among the table's columns
	formula formula // of a calculated column; nil for others
}

// table is a schema table and its place in SQL.
type table struct {
	*schema.Table
	sql     string
	columns []*column
	byName  map[string]*column
	pk      *column
	parent  *column // the lookup that makes rows a hierarchy; nil without one
	union   bool    // a view over all activity tables
	filled  filled

	calculated []*column // in the model's order

	texts                 sync.Once // guards what follows
	columnList, insertion string
}

// filled are the columns that the service fills on create; nil for what a table does not have.
type filled struct {
	created, modified, createdBy, modifiedBy, state, status *column
	owner, owningUser, owningTeam, owningUnit               *column
	currency, rate                                          *column
	bases, defaults                                         []*column
}

func (t *table) column(name string) *column { return t.byName[name] }

var plainName = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,127}$`)

func quoted(name string) string { return `"` + name + `"` }

// The tables of activities that are unlike others.
const (
	activityPointer = "activitypointer"
	activityParty   = "activityparty"
)

// tables prepares the model for SQL; names that SQL could misread are a defect of the model.
func tables(m *schema.Model) (map[string]*table, error) {
	all := map[string]*table{}
	for _, t := range m.Tables {
		if !plainName.MatchString(t.LogicalName) {
			return nil, fmt.Errorf("engine: table name %q", t.LogicalName)
		}
		own := &table{Table: t, sql: quoted(t.LogicalName), byName: map[string]*column{}, union: t.LogicalName == activityPointer}
		for i := range t.Columns {
			c := &t.Columns[i]
			if !plainName.MatchString(c.LogicalName) || own.byName[c.LogicalName] != nil {
				return nil, fmt.Errorf("engine: column name %s.%q is malformed or double", t.LogicalName, c.LogicalName)
			}
			col := newColumn(own, c)
			col.at = i
			own.columns, own.byName[c.LogicalName] = append(own.columns, col), col
		}
		if own.pk = own.byName[t.PrimaryID]; own.pk == nil {
			return nil, fmt.Errorf("engine: table %s has no column %q, its primary key", t.LogicalName, t.PrimaryID)
		}
		if t.PrimaryName != "" && own.byName[t.PrimaryName] == nil {
			return nil, fmt.Errorf("engine: table %s has no column %q, its primary name", t.LogicalName, t.PrimaryName)
		}
		all[t.LogicalName] = own
	}
	for _, t := range all {
		for _, c := range t.columns {
			if c.BaseOf != "" {
				c.money = t.byName[c.BaseOf]
			}
			if t.parent == nil && c.Type.IsLookup() && slices.Contains(c.Targets, t.LogicalName) && strings.HasPrefix(c.LogicalName, "parent") {
				t.parent = c
			}
		}
		t.filled = t.fillable()
		for _, c := range t.columns {
			if c.Source != schema.Calculated || c.Formula.Expression == "" {
				continue
			}
			var err error
			if c.formula, err = t.parseFormula(c.Formula.Expression); err != nil {
				return nil, err
			}
			t.calculated = append(t.calculated, c)
		}
	}
	return all, nil
}

func (t *table) fillable() filled {
	f := filled{
		created: t.byName["createdon"], modified: t.byName["modifiedon"], createdBy: t.byName["createdby"], modifiedBy: t.byName["modifiedby"],
		state: t.byName["statecode"], status: t.byName["statuscode"], currency: t.byName["transactioncurrencyid"], rate: t.byName["exchangerate"],
	}
	if t.Ownership == schema.UserOwned {
		f.owner, f.owningUser, f.owningTeam, f.owningUnit = t.byName["ownerid"], t.byName["owninguser"], t.byName["owningteam"], t.byName["owningbusinessunit"]
	}
	amounts := false
	for _, c := range t.columns {
		amounts = amounts || c.Type == schema.Money
		if c.money != nil {
			f.bases = append(f.bases, c)
		}
		if c.Default != nil && c.kind != kNone && c.Type != schema.Status {
			f.defaults = append(f.defaults, c)
		}
	}
	if !amounts || t.LogicalName == "transactioncurrency" {
		f.currency, f.rate = nil, nil
	}
	return f
}

func newColumn(t *table, c *schema.Column) *column {
	col := &column{Column: c, table: t, kind: kindOf(c), sql: quoted(c.LogicalName)}
	if c.LogicalName == t.PrimaryID {
		col.kind = kGUID
	}
	if col.kind == kText {
		col.folded = quoted(c.LogicalName + "~")
	}
	if c.Type.IsLookup() && len(c.Targets) != 1 {
		col.target = quoted(c.LogicalName + "@")
	}
	return col
}

func kindOf(c *schema.Column) kind {
	switch c.Type {
	case schema.Memo, schema.Image:
		return kMemo
	case schema.Integer, schema.BigInt, schema.Picklist, schema.State, schema.Status:
		return kInt
	case schema.Boolean:
		return kBool
	case schema.Decimal, schema.Double, schema.Money:
		return kReal
	case schema.DateTime:
		return kTime
	case schema.Lookup, schema.Customer, schema.Owner, schema.Uniqueidentifier, schema.File:
		return kGUID
	case schema.MultiSelectPicklist:
		return kMulti
	case schema.PartyList:
		return kNone
	}
	return kText
}

func (k kind) affinity() string {
	switch k {
	case kInt, kBool, kTime:
		return "INTEGER"
	case kReal:
		return "REAL"
	}
	return "TEXT"
}
