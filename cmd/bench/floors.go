package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "modernc.org/sqlite" // the driver that package store uses
)

// rawRows is a table of 10 000 preferences that is read and written by bare database/sql, with the settings of package store.
type rawRows struct {
	reader, writer *sql.DB
	key            []byte
	err            error // the first
}

func newRawRows(folder string) (*rawRows, error) {
	address := "file:" + filepath.Join(folder, "raw.db") + "?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)" +
		"&_pragma=synchronous(FULL)&_pragma=secure_delete(ON)&_pragma=trusted_schema(OFF)"
	writer, err := sql.Open("sqlite", address)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	reader, err := sql.Open("sqlite", address+"&_pragma=query_only(ON)")
	if err != nil {
		return nil, err
	}
	r := &rawRows{reader: reader, writer: writer, key: make([]byte, 32)}
	for _, statement := range []string{
		`CREATE TABLE preferences (tenant TEXT NOT NULL, object TEXT NOT NULL, organization TEXT NOT NULL, app TEXT NOT NULL, updated INTEGER NOT NULL,
			PRIMARY KEY (tenant, object)) WITHOUT ROWID`,
		`INSERT INTO preferences WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
			SELECT 'tenant', 'object' || i, 'organization', 'app', i FROM n`,
	} {
		if _, err := writer.Exec(statement); err != nil {
			return nil, err
		}
	}
	return r, nil
}

func (r *rawRows) close() {
	_ = r.reader.Close()
	_ = r.writer.Close()
}

// each times one operation, in nanoseconds.
func (r *rawRows) each(do func(i int) error) float64 {
	result := testing.Benchmark(func(b *testing.B) {
		i := 0
		for b.Loop() {
			if err := do(i % 10000); err != nil && r.err == nil {
				r.err = fmt.Errorf("floor: %w", err)
			}
			i++
		}
	})
	return float64(result.T.Nanoseconds()) / float64(max(1, result.N))
}

func (r *rawRows) get(i int) error {
	var organization, app string
	return r.reader.QueryRow("SELECT organization, app FROM preferences WHERE tenant = $1 AND object = $2", "tenant", fmt.Sprintf("object%d", i)).Scan(&organization, &app)
}

func (r *rawRows) read() float64 { return r.each(r.get) }

func (r *rawRows) write() float64 {
	return r.each(func(int) error {
		_, err := r.writer.Exec(`INSERT INTO preferences VALUES ($1, $2, $3, $4, $5) ON CONFLICT (tenant, object) DO UPDATE
			SET organization = excluded.organization, app = excluded.app, updated = excluded.updated`, "tenant", "object1", "organization", "app", 1)
		return err
	})
}

// signedRead is a row, and the check of a signature.
func (r *rawRows) signedRead() float64 {
	return r.each(func(i int) error {
		mac := hmac.New(sha256.New, r.key)
		mac.Write(r.key)
		hmac.Equal(mac.Sum(nil), r.key)
		return r.get(i)
	})
}

// drawn is what templ takes for as much markup as a chart and its table have.
func drawn() float64 {
	result := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			if err := sizedPage(chartBytes/bareRowBytes).Render(b.Context(), io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
	return float64(result.T.Nanoseconds()) / float64(max(1, result.N))
}

// chartBytes is about the size of the chart of BenchmarkChart.
const chartBytes = 5000

// remembered is the floor of checking a token again: its hash, looked up.
func remembered() float64 {
	token := strings.Repeat("x", 1600)
	var known sync.Map
	known.Store(sha256.Sum256([]byte(token)), true)
	result := testing.Benchmark(func(b *testing.B) {
		for b.Loop() {
			known.Load(sha256.Sum256([]byte(token)))
		}
	})
	return float64(result.T.Nanoseconds()) / float64(max(1, result.N))
}
