package engine

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
)

// writer runs statements on the one connection that changes rows.
type writer struct{ connection }

// use takes the connection of a transaction that begins. Statements of one that was given up are gone with it.
func (w *writer) use(conn driver.Conn) {
	if w.conn != conn {
		w.connection = connection{conn: conn}
	}
}

// exec runs a statement to its end, whatever becomes of the person who asked: statements are short, and one that is cut
// off would only have to be undone.
func (w *writer) exec(text string, args ...any) error {
	s, err := w.prepare(text)
	if err != nil {
		return fmt.Errorf("engine: changing rows: %w", err)
	}
	if _, err := s.(driver.StmtExecContext).ExecContext(context.Background(), w.bind(args)); err != nil {
		return fmt.Errorf("engine: changing rows: %w", err)
	}
	return nil
}

// rows reads all that a query gives before anything else runs on the connection.
func (w *writer) rows(text string, args []any) (list [][]driver.Value, err error) {
	err = w.query(context.Background(), text, args, func(values []driver.Value) error {
		list = append(list, slices.Clone(values))
		return nil
	})
	return list, err
}

// one gives the first column of the first row; nil when there is none.
func (w *writer) one(text string, args ...any) (driver.Value, error) {
	list, err := w.rows(text, args)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0][0], nil
}
