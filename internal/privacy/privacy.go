package privacy

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Rows is what this package needs from the database. Tables are always those of the inventory.
type Rows interface {
	// Held reads the named columns of the rows of a table that are about a person, each row in the order of the columns.
	// Values are string, int64, bool or []byte.
	Held(ctx context.Context, user crm.User, table crm.StoredTable, columns []string) ([][]any, error)
	// Erase removes a person's rows of all these tables at once, marks the erasure until then, so that nothing that began
	// before it is inserted after it, and gives the number of rows of each table. A dry run only counts.
	Erase(ctx context.Context, user crm.User, tables []crm.StoredTable, until time.Time, dryRun bool) ([]int, error)
	// Consent says since when a person agrees to something; ok is false when they do not.
	Consent(ctx context.Context, user crm.User, subject string) (given time.Time, ok bool, err error)
	GiveConsent(ctx context.Context, user crm.User, subject string) error
	WithdrawConsent(ctx context.Context, user crm.User, subject string) error
}

// Memory is what a process holds of people beside the database, for example access tokens.
type Memory interface {
	// Drop forgets everything of the people who match.
	Drop(match func(crm.User) bool)
}

// ConsentBotText is the consent to have text that is typed to the bot understood.
const ConsentBotText = "bot-text"

// BotConsent is what the bot needs to know before it reads what somebody typed; Service satisfies it.
type BotConsent interface {
	BotConsent(ctx context.Context, user crm.User) (given time.Time, ok bool, err error)
}

// Service answers what is held of a person, and erases it.
type Service struct {
	Rows   Rows
	Memory []Memory
	Now    func() time.Time
}

// Inventory is the list of everything that can be stored.
func (s Service) Inventory() []crm.StoredTable { return inventory }

// Holdings lists every stored row about a person. Secrets, sealed or hashed, are told of and never shown.
func (s Service) Holdings(ctx context.Context, user crm.User) ([]crm.HeldRow, error) {
	var held []crm.HeldRow
	for _, table := range personal() {
		var open []string
		for _, c := range table.Columns {
			if c.Class != crm.ClassSecret {
				open = append(open, c.Name)
			}
		}
		rows, err := s.Rows.Held(ctx, user, table, open)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			held = append(held, heldRow(table, row))
		}
	}
	return held, nil
}

func heldRow(table crm.StoredTable, row []any) crm.HeldRow {
	held := crm.HeldRow{Table: table.Name}
	for _, c := range table.Columns {
		v := crm.HeldValue{Column: c.Name, Hidden: c.Class == crm.ClassSecret}
		if !v.Hidden {
			v.Text, v.At = shown(c, row[0])
			row = row[1:]
		}
		held.Values = append(held.Values, v)
	}
	return held
}

func shown(c crm.StoredColumn, value any) (string, time.Time) {
	switch v := value.(type) {
	case int64:
		if c.Time {
			return "", time.UnixMilli(v).UTC()
		}
		if c.Data == "personal" { // SQLite keeps booleans as numbers
			return strconv.FormatBool(v != 0), time.Time{}
		}
		return strconv.FormatInt(v, 10), time.Time{}
	case []byte:
		return string(v), time.Time{}
	}
	return fmt.Sprint(value), time.Time{}
}

// personal are the tables that can say something about a person.
func personal() []crm.StoredTable {
	var tables []crm.StoredTable
	for _, t := range inventory {
		if t.Find != crm.FindNobody {
			tables = append(tables, t)
		}
	}
	return tables
}

// erasable are those of them that an erasure empties: all but the mark of the erasure itself.
func erasable() []crm.StoredTable {
	var tables []crm.StoredTable
	for _, t := range personal() {
		if t.Find != crm.FindMark {
			tables = append(tables, t)
		}
	}
	return tables
}

// Erase removes everything that is held of a person: every row, in one step that requests under way cannot undo, and what
// this process remembers; other processes drop theirs as soon as they see the mark (Keeper). A dry run only counts.
func (s Service) Erase(ctx context.Context, user crm.User, dryRun bool) (crm.Receipt, error) {
	if user.Tenant == "" || user.Object == "" {
		return crm.Receipt{}, fault.New(fault.Invalid, "privacy.nobody")
	}
	receipt := crm.Receipt{User: user, At: s.Now(), DryRun: dryRun}
	until := receipt.At.Add(MarkLife)
	if !dryRun {
		receipt.Mark = until
	}
	tables := erasable()
	counts, err := s.Rows.Erase(ctx, user, tables, until, dryRun)
	if err != nil {
		return crm.Receipt{}, err
	}
	for i, t := range tables {
		receipt.Erased = append(receipt.Erased, crm.Erased{Table: t.Name, Rows: counts[i]})
	}
	if !dryRun {
		for _, m := range s.Memory {
			m.Drop(func(u crm.User) bool { return u == user })
		}
	}
	return receipt, nil
}

// BotConsent says since when a person agrees that the bot understands what they type; ok is false when they do not.
func (s Service) BotConsent(ctx context.Context, user crm.User) (given time.Time, ok bool, err error) {
	return s.Rows.Consent(ctx, user, ConsentBotText)
}

// SetBotConsent gives or withdraws it. Withdrawing leaves nothing stored.
func (s Service) SetBotConsent(ctx context.Context, user crm.User, agree bool) error {
	if agree {
		return s.Rows.GiveConsent(ctx, user, ConsentBotText)
	}
	return s.Rows.WithdrawConsent(ctx, user, ConsentBotText)
}
