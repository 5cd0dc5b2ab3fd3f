package engine

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"
)

// statements keeps prepared statements by their text; the least used half goes when there are too many.
type statements struct {
	pool *sql.DB
	mu   sync.Mutex
	by   map[string]*statement
	tick int64
}

type statement struct {
	*sql.Stmt
	used int64 // the tick of the last use
	busy int   // how many are reading its rows
}

const maxStatements = 400

// prepare answers a statement and what to call when its rows are read.
func (s *statements) prepare(ctx context.Context, text string) (*sql.Stmt, func(), error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick++
	kept, ok := s.by[text]
	if !ok {
		prepared, err := s.pool.PrepareContext(ctx, text)
		if err != nil {
			return nil, nil, fmt.Errorf("engine: preparing a query: %w", err)
		}
		if s.by == nil {
			s.by = map[string]*statement{}
		}
		if len(s.by) >= maxStatements {
			s.evict()
		}
		kept = &statement{Stmt: prepared}
		s.by[text] = kept
	}
	kept.used = s.tick
	kept.busy++
	return kept.Stmt, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		kept.busy--
	}, nil
}

func (s *statements) evict() {
	ages := make([]int64, 0, len(s.by))
	for _, kept := range s.by {
		ages = append(ages, kept.used)
	}
	slices.Sort(ages)
	limit := ages[len(ages)/2]
	for text, kept := range s.by {
		if kept.used < limit && kept.busy == 0 {
			delete(s.by, text)
			_ = kept.Close()
		}
	}
}

func (s *statements) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for text, kept := range s.by {
		delete(s.by, text)
		_ = kept.Close()
	}
}
