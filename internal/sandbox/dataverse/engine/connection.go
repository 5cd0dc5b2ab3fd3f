package engine

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync"
)

// connection is a connection to the file and the statements that it keeps prepared. It talks to the driver itself:
// database/sql starts a goroutine for each query and converts each value, and a statement that it prepares outside a
// transaction cannot be had while a transaction holds the only connection.
type connection struct {
	conn   driver.Conn
	kept   map[string]driver.Stmt
	args   []driver.NamedValue
	failed bool // a query was refused or cut off
}

// maxKept is how many statements a connection keeps: queries that differ in what they ask for are other statements.
const maxKept = 400

func (c *connection) prepare(text string) (driver.Stmt, error) {
	if s := c.kept[text]; s != nil {
		return s, nil
	}
	if len(c.kept) >= maxKept {
		c.forget()
	}
	s, err := c.conn.Prepare(text)
	if err != nil {
		return nil, fmt.Errorf("preparing: %w", err)
	}
	if c.kept == nil {
		c.kept = map[string]driver.Stmt{}
	}
	c.kept[text] = s
	return s, nil
}

func (c *connection) forget() {
	for text, s := range c.kept {
		delete(c.kept, text)
		_ = s.Close() // what cannot be closed goes with its connection
	}
}

func (c *connection) bind(args []any) []driver.NamedValue {
	c.args = c.args[:0]
	for i, v := range args {
		if n, ok := v.(int); ok {
			v = int64(n)
		}
		c.args = append(c.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return c.args
}

// query hands every row to each, which must not keep the values: the next row overwrites them. Nothing else may run on the
// connection meanwhile.
func (c *connection) query(ctx context.Context, text string, args []any, each func(values []driver.Value) error) error {
	rows, err := c.open(ctx, text, args)
	if err != nil {
		return c.fail("running a query", err)
	}
	defer rows.Close()
	values := make([]driver.Value, len(rows.Columns()))
	for {
		err := rows.Next(values)
		if err == nil {
			err = ctx.Err()
		}
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return c.fail("reading rows", err)
		}
		if err := each(values); err != nil {
			return err
		}
	}
}

func (c *connection) fail(doing string, err error) error {
	c.failed = true
	return fmt.Errorf("engine: %s: %w", doing, err)
}

func (c *connection) open(ctx context.Context, text string, args []any) (driver.Rows, error) {
	s, err := c.prepare(text)
	if err != nil {
		return nil, err
	}
	return s.(driver.StmtQueryContext).QueryContext(ctx, c.bind(args))
}

func (c *connection) close() error {
	c.forget()
	return c.conn.Close()
}

// maxReaders is how many queries run at once.
const maxReaders = 4

// readers are the connections that queries read with.
type readers struct {
	connector connector
	places    chan struct{} // holds one for each that is in use

	mu     sync.Mutex
	idle   []*connection // the one used last is taken first, since its memory holds what is asked for now
	closed bool
}

func newReaders(c connector) *readers {
	return &readers{connector: c, places: make(chan struct{}, maxReaders)}
}

// take waits for a connection. Whoever has taken one must not take another before giving it back, or all wait for ever.
func (r *readers) take(ctx context.Context) (*connection, error) {
	select {
	case r.places <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	c, err := r.next(ctx)
	if err != nil {
		<-r.places
	}
	return c, err
}

func (r *readers) next(ctx context.Context) (*connection, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return nil, errors.New("the organization is closed")
	}
	if n := len(r.idle); n > 0 {
		c := r.idle[n-1]
		r.idle = r.idle[:n-1]
		return c, nil
	}
	conn, err := r.connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &connection{conn: conn}, nil
}

// give puts a connection back. One that has failed is not used again: SQLite may not have got over an interruption.
func (r *readers) give(c *connection) {
	if c.failed {
		_ = c.close() // its query has told what is wrong
	} else {
		r.mu.Lock()
		r.idle = append(r.idle, c)
		r.mu.Unlock()
	}
	<-r.places
}

// close waits for the queries that are under way.
func (r *readers) close() (err error) {
	for range maxReaders {
		r.places <- struct{}{}
	}
	r.mu.Lock()
	r.closed = true
	for _, c := range r.idle {
		err = errors.Join(err, c.close())
	}
	r.idle = nil
	r.mu.Unlock()
	for range maxReaders {
		<-r.places
	}
	return err
}
