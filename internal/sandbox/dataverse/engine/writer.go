package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
)

// writer runs statements on the one connection that changes rows, and keeps them prepared. It talks to the driver itself,
// because a statement that database/sql prepares outside a transaction cannot be had while a transaction holds the only
// connection.
type writer struct {
	conn driver.Conn
	kept map[string]driver.Stmt
	args []driver.NamedValue
}

// maxKept is how many statements stay prepared; updates of other sets of columns are other statements.
const maxKept = 400

// use takes the connection of a transaction that begins. Statements of one that was given up are gone with it.
func (w *writer) use(conn driver.Conn) {
	if w.conn != conn {
		w.conn, w.kept = conn, nil
	}
}

func (w *writer) prepare(text string) (driver.Stmt, error) {
	if s := w.kept[text]; s != nil {
		return s, nil
	}
	if len(w.kept) >= maxKept {
		w.close()
	}
	s, err := w.conn.Prepare(text)
	if err != nil {
		return nil, fmt.Errorf("engine: preparing a change: %w", err)
	}
	if w.kept == nil {
		w.kept = map[string]driver.Stmt{}
	}
	w.kept[text] = s
	return s, nil
}

func (w *writer) bind(args []any) []driver.NamedValue {
	w.args = w.args[:0]
	for i, v := range args {
		if n, ok := v.(int); ok {
			v = int64(n)
		}
		w.args = append(w.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return w.args
}

// exec runs a statement to its end, whatever becomes of the person who asked: statements are short, and one that is cut
// off would only have to be undone.
func (w *writer) exec(text string, args ...any) error {
	s, err := w.prepare(text)
	if err != nil {
		return err
	}
	if _, err := s.(driver.StmtExecContext).ExecContext(context.Background(), w.bind(args)); err != nil {
		return fmt.Errorf("engine: changing rows: %w", err)
	}
	return nil
}

// rows reads all that a query gives before anything else runs on the connection.
func (w *writer) rows(text string, args []any) ([][]driver.Value, error) {
	s, err := w.prepare(text)
	if err != nil {
		return nil, err
	}
	rows, err := s.(driver.StmtQueryContext).QueryContext(context.Background(), w.bind(args))
	if err != nil {
		return nil, fmt.Errorf("engine: reading before a change: %w", err)
	}
	var list [][]driver.Value
	width := len(rows.Columns())
	for err == nil {
		values := make([]driver.Value, width)
		if err = rows.Next(values); err == nil {
			list = append(list, values)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err = errors.Join(err, rows.Close()); err != nil {
		return nil, fmt.Errorf("engine: reading before a change: %w", err)
	}
	return list, nil
}

// one gives the first column of the first row; nil when there is none.
func (w *writer) one(text string, args ...any) (driver.Value, error) {
	list, err := w.rows(text, args)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return list[0][0], nil
}

func (w *writer) close() {
	for text, s := range w.kept {
		delete(w.kept, text)
		_ = s.Close() // what cannot be closed goes with its connection
	}
}
