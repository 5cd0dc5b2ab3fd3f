package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
)

// batchRows is how many rows one statement inserts.
const batchRows = 24

// batch collects a table's rows. Its statement has the columns that any row so far has brought.
type batch struct {
	*table
	rows    [][]stored
	numbers []int64 // the rows' version numbers
	count   int
	columns []*column
	place   []int // by a column's place: its first parameter within a row, 0 when the statement lacks it
	width   int
	stmt    driver.Stmt // for batchRows rows; nil before it is needed
	args    []driver.NamedValue
}

// next is an empty row to fill.
func (b *batch) next() []stored {
	if b.count == len(b.rows) {
		b.rows = append(b.rows, make([]stored, len(b.table.columns)))
		b.numbers = append(b.numbers, 0)
	}
	clear(b.rows[b.count])
	return b.rows[b.count]
}

// keep takes the row that next gave.
func (b *batch) keep(l *Loader, values []stored) error {
	for i := range values {
		if values[i].plain != nil && b.place[i] == 0 && b.table.columns[i].LogicalName != "versionnumber" {
			b.add(b.table.columns[i])
		}
	}
	b.numbers[b.count] = l.version
	if b.count++; b.count == batchRows {
		return b.flush(l)
	}
	return nil
}

func (b *batch) add(c *column) {
	if b.width == 0 {
		b.width = 1 // the version number
	}
	b.columns = append(b.columns, c)
	b.place[c.at] = b.width
	b.width++
	if c.folded != "" {
		b.width++
	}
	if c.target != "" {
		b.width++
	}
}

// flush inserts the rows that are waiting.
func (b *batch) flush(l *Loader) error {
	if b.count == 0 {
		return nil
	}
	n := b.count
	if len(b.args) != n*b.width {
		if err := b.close(); err != nil {
			return err
		}
		b.args = make([]driver.NamedValue, n*b.width)
		for i := range b.args {
			b.args[i].Ordinal = i + 1
		}
	}
	if b.stmt == nil {
		var err error
		if b.stmt, err = l.conn.(driver.ConnPrepareContext).PrepareContext(l.ctx, b.text(n)); err != nil {
			return fmt.Errorf("engine: inserting into %s: %w", b.LogicalName, err)
		}
	}
	for r := range n {
		b.bind(b.args[r*b.width:(r+1)*b.width], b.rows[r], b.numbers[r])
	}
	b.count = 0
	if _, err := b.stmt.(driver.StmtExecContext).ExecContext(context.WithoutCancel(l.ctx), b.args); err != nil {
		return fmt.Errorf("engine: inserting into %s: %w", b.LogicalName, err)
	}
	return l.ctx.Err()
}

func (b *batch) bind(args []driver.NamedValue, values []stored, version int64) {
	args[0].Value = version
	for _, c := range b.columns {
		at, v := b.place[c.at], values[c.at]
		args[at].Value = v.plain
		if c.folded != "" {
			args[at+1].Value = nil
			if s, ok := v.plain.(string); ok {
				args[at+1].Value = fold(s)
			}
		}
		if c.target != "" {
			args[at+1].Value = nil
			if v.plain != nil {
				args[at+1].Value = v.target
			}
		}
	}
}

func (b *batch) text(rows int) string {
	names := []string{`"versionnumber"`}
	for _, c := range b.columns {
		names = append(names, c.sql)
		if c.folded != "" {
			names = append(names, c.folded)
		}
		if c.target != "" {
			names = append(names, c.target)
		}
	}
	row := "(?" + strings.Repeat(", ?", b.width-1) + ")"
	return "INSERT INTO " + b.sql + " (" + strings.Join(names, ", ") + ") VALUES " + row + strings.Repeat(", "+row, rows-1)
}

func (b *batch) close() error {
	if b.stmt == nil {
		return nil
	}
	err := b.stmt.Close()
	b.stmt = nil
	return err
}
