package store

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

// cluster is the PostgreSQL server that TestMain started.
var cluster *server

// TestMain runs the tests against a PostgreSQL server of their own, in a temporary folder and on a socket there.
func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if cluster, err = startPostgres(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		defer cluster.stop()
		return m.Run()
	}())
}

// server is a PostgreSQL server that only these tests use.
type server struct {
	folder string
	run    func(name string, args ...string) error
}

func startPostgres() (*server, error) {
	folder, err := os.MkdirTemp("", "pintab-postgres")
	if err != nil {
		return nil, err
	}
	s := &server{folder: folder, run: func(name string, args ...string) error { return command(name, args, nil) }}
	if os.Geteuid() == 0 {
		// PostgreSQL refuses to run as root.
		who, err := unprivileged()
		if err != nil {
			return nil, err
		}
		if err := os.Chown(folder, int(who.Uid), int(who.Gid)); err != nil {
			return nil, err
		}
		s.run = func(name string, args ...string) error { return command(name, args, who) }
	}
	if err := s.run("initdb", "--pgdata", s.data(), "--auth", "trust", "--username", "pintab", "--encoding", "UTF8", "--no-sync"); err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	if err := s.start(); err != nil {
		os.RemoveAll(folder)
		return nil, err
	}
	return s, nil
}

func (s *server) start() error {
	options := "-c listen_addresses='' -c fsync=off -c unix_socket_directories='" + s.folder + "'"
	return s.run("pg_ctl", "--pgdata", s.data(), "--options", options, "--log", filepath.Join(s.folder, "log"), "--wait", "start")
}

// halt ends the server as a crash does.
func (s *server) halt() error {
	return s.run("pg_ctl", "--pgdata", s.data(), "--mode", "immediate", "--wait", "stop")
}

func (s *server) data() string { return filepath.Join(s.folder, "data") }

func (s *server) url(database string) string {
	return "postgres:///" + database + "?user=pintab&host=" + s.folder
}

func (s *server) stop() {
	if err := s.halt(); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.RemoveAll(s.folder)
}

// A server that comes back after a crash is used again without a restart of ours; what was acknowledged is there.
func TestPostgresMayComeBackAfterACrash(t *testing.T) {
	c := newClock()
	s := open(t, addresses(t)["postgres"], c)
	var all sync.WaitGroup
	for i := range 8 { // so that several connections are open
		all.Go(func() {
			if err := s.StartSession(t.Context(), hash(fmt.Sprint(i)), session(ada, c.now(), time.Hour)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	must(t, cluster.halt())
	if err := s.Ping(t.Context()); !fault.Is(err, fault.Unreachable) {
		t.Error("a server that is down answers:", err)
	}
	must(t, cluster.start())
	// Each connection of before may fail once, and no more.
	failures := 0
	for i := range 8 + postgresConnections {
		_, ok, err := s.Session(t.Context(), hash(fmt.Sprint(i%8)))
		if err != nil {
			failures++
		} else if !ok {
			t.Error("a session was lost")
		}
	}
	if failures > 8 {
		t.Error(failures, "failures")
	}
	if _, ok, err := s.Session(t.Context(), hash("0")); !ok || err != nil {
		t.Error("not recovered:", ok, err)
	}
}

// command runs a program of PostgreSQL, as somebody else when who is given.
func command(name string, args []string, who *syscall.Credential) error {
	path, err := exec.LookPath(name)
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
		if len(found) == 0 {
			return errors.New("PostgreSQL is not installed (no " + name + "): run `make test`, which installs it")
		}
		path = found[len(found)-1]
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = "/"
	if who != nil {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: who}
	}
	// pg_ctl leaves the server running, which must not keep a pipe of ours open.
	out, err := os.CreateTemp("", "pintab-"+name)
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w\n%s", name, err, said)
	}
	return nil
}

func unprivileged() (*syscall.Credential, error) {
	for _, name := range []string{"postgres", "nobody"} {
		who, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err := strconv.ParseUint(who.Uid, 10, 32)
		if err != nil {
			return nil, err
		}
		gid, err := strconv.ParseUint(who.Gid, 10, 32)
		if err != nil {
			return nil, err
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody")
}
