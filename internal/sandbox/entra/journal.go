package entra

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// entry is one line of the state file. A line cut short by a crash is ignored.
type entry struct {
	Op     string    `json:"op"` // key, family, token, revoke
	ID     string    `json:"id"` // kid, family id or token hash
	Key    string    `json:"key,omitempty"`
	Family string    `json:"family,omitempty"`
	Used   bool      `json:"used,omitempty"`
	At     time.Time `json:"at,omitzero"`
	Person string    `json:"person,omitempty"`
	Scope  string    `json:"scope,omitempty"`
}

// journal appends to the state file. The nil journal keeps nothing.
type journal struct{ file *os.File }

func (j *journal) add(e entry) {
	if j == nil {
		return
	}
	line, err := json.Marshal(e)
	if err != nil {
		return
	}
	// A full disk costs sign-ins after the next restart, never the running sandbox.
	_, _ = j.file.Write(append(line, '\n'))
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	return j.file.Close()
}

// open reads the state file, makes what is missing and writes the file anew without what has expired.
func (s *Server) open() error {
	if s.cfg.StatePath == "" {
		return s.ensureKey()
	}
	if err := s.replay(); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(s.cfg.StatePath), 0o700); err != nil {
		return fmt.Errorf("entra stand-in state: %w", err)
	}
	file, err := os.OpenFile(s.cfg.StatePath+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return fmt.Errorf("entra stand-in state: %w", err)
	}
	s.journal = &journal{file}
	if err := s.ensureKey(); err != nil {
		return err
	}
	s.compact()
	if err := os.Rename(s.cfg.StatePath+".new", s.cfg.StatePath); err != nil {
		return fmt.Errorf("entra stand-in state: %w", err)
	}
	return nil
}

func (s *Server) ensureKey() error {
	if s.keys == nil {
		keys, err := generateKeyRing(s.newKid())
		if err != nil {
			return err
		}
		s.keys = keys
	}
	s.journal.add(entry{Op: "key", ID: s.keys.kid, Key: s.keys.encoded()})
	return nil
}

func (s *Server) replay() error {
	file, err := os.Open(s.cfg.StatePath)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("entra stand-in state: %w", err)
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e entry
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		if err := s.apply(e); err != nil {
			return fmt.Errorf("%s: %w", s.cfg.StatePath, err)
		}
	}
	return lines.Err()
}

func (s *Server) apply(e entry) error {
	switch e.Op {
	case "key":
		keys, err := readKeyRing(e.ID, e.Key)
		if err != nil {
			return err
		}
		s.keys = keys
	case "family":
		s.families[e.ID] = &family{id: e.ID, person: e.Person, scope: e.Scope, born: e.At}
	case "token":
		s.refresh[e.ID] = &refreshed{family: e.Family, used: e.Used, issued: e.At}
	case "used":
		if token := s.refresh[e.ID]; token != nil {
			token.used = true
		}
	case "revoke":
		delete(s.families, e.ID)
	}
	return nil
}

// compact writes what is still worth something.
func (s *Server) compact() {
	s.purge()
	for id, f := range s.families {
		s.journal.add(entry{Op: "family", ID: id, Person: f.person, Scope: f.scope, At: f.born})
	}
	for id, t := range s.refresh {
		s.journal.add(entry{Op: "token", ID: id, Family: t.family, Used: t.used, At: t.issued})
	}
}
