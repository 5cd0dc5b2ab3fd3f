package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
)

// Blob keeps the content that a file column names by this id, or an image column's id column; owner is the row's id.
func (l *Loader) Blob(id, owner string, b Blob) error {
	args := []driver.NamedValue{{Ordinal: 1, Value: id}, {Ordinal: 2, Value: owner}, {Ordinal: 3, Value: b.Name}, {Ordinal: 4, Value: b.Type}, {Ordinal: 5, Value: notNull(b.Data)}}
	const statement = `INSERT INTO "~blob" (id, owner, name, type, data) VALUES (?, ?, ?, ?, ?)`
	if _, err := l.conn.(driver.ExecerContext).ExecContext(context.WithoutCancel(l.ctx), statement, args); err != nil {
		return fmt.Errorf("engine: keeping %s: %w", b.Name, err)
	}
	return nil
}
