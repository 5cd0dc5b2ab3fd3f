package engine

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"sync/atomic"

	"modernc.org/sqlite"
)

// functions is a SQLite driver of our own, so that the functions of queries are on no other connection of the process.
var functions = newDriver()

func newDriver() *sqlite.Driver {
	d := &sqlite.Driver{}
	for name, f := range map[string]*sqlite.FunctionImpl{
		"fold":      {NArgs: 1, Deterministic: true, Scalar: foldFunction},
		"date_part": {NArgs: 4, Deterministic: true, Scalar: datePartFunction},
	} {
		if err := d.RegisterFunction(name, f); err != nil {
			panic("engine: " + name + ": " + err.Error())
		}
	}
	return d
}

func foldFunction(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	if s, ok := args[0].(string); ok {
		return fold(s), nil
	}
	return args[0], nil
}

type connector struct{ dsn string }

func (c connector) Connect(context.Context) (driver.Conn, error) { return functions.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return functions }

var memories atomic.Int64

// connections opens the file for reading by several and writing by one. Readers see the file through the system's memory: a
// big table's rows lie anywhere in it, and copying pages into a cache of each connection cost a third of a search. 2 GB less 64
// KB is the most that SQLite maps; where the system does not grant it, SQLite reads as without.
func connections(path string) (read *readers, write *sql.DB) {
	name := "file:/engine" + fmt.Sprint(memories.Add(1)) + "?vfs=memdb&"
	if path != "" {
		name = "file:" + (&url.URL{Path: path}).EscapedPath() + "?_pragma=journal_mode(wal)&_pragma=synchronous(normal)&"
	}
	name += "_pragma=busy_timeout(10000)&_pragma=temp_store(memory)&"
	write = sql.OpenDB(connector{name + "_pragma=cache_size(-16000)&_txlock=immediate"})
	write.SetMaxOpenConns(1)
	write.SetMaxIdleConns(1)
	return newReaders(connector{name + "_pragma=cache_size(-4000)&_pragma=mmap_size(2147418112)"}), write
}
