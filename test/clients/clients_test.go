// Package clients runs Dataverse clients that nobody of Pintab wrote against a fresh sandbox.
//
// The cases are JavaScript in folder cases: each is one call of test (suite.mjs), which names the rows of the surface that
// it covers. This test builds the program, starts its sandbox, installs the clients by package-lock.json into a temporary
// folder, and reports every case as a test of its own.
package clients

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Every client call goes to a sandbox of its own, started as people start it.
func TestOtherPeoplesClients(t *testing.T) {
	program := build(t)
	suite := install(t)
	sandbox := start(t, program)
	page, err := filepath.Abs("../../docs/dataverse-stand-in.md")
	if err != nil {
		t.Fatal(err)
	}

	command := exec.Command("node", "main.mjs", sandbox, page)
	command.Dir = suite
	var problems bytes.Buffer
	command.Stderr = &problems
	out, _ := command.Output() // its exit code says no more than its lines
	cases := 0
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		var line struct {
			Title, Error string
			OK           bool
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Errorf("%v: %s", err, lines.Bytes())
			continue
		}
		cases++
		t.Run(line.Title, func(t *testing.T) {
			if !line.OK {
				t.Error(line.Error)
			}
		})
	}
	if cases < 30 || problems.Len() > 0 {
		t.Errorf("%d cases ran: %s", cases, problems.Bytes())
	}
}

// build makes the program. Its sources are looked at here, so that go test does not repeat a result of other sources, nor
// of another page.
func build(t *testing.T) string {
	t.Helper()
	for _, folder := range []string{"../../cmd", "../../internal", "../../web", "../../templates", "../../docs"} {
		if err := filepath.WalkDir(folder, func(string, fs.DirEntry, error) error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	program := filepath.Join(t.TempDir(), "pintab")
	if text, err := exec.Command("go", "build", "-o", program, "../../cmd/pintab").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return program
}

// install puts the suite and the clients it pins into a folder that later runs of the same lock file find again.
func install(t *testing.T) string {
	t.Helper()
	lock, err := os.ReadFile("package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(lock)
	modules := filepath.Join(os.TempDir(), "pintab-clients-"+hex.EncodeToString(sum[:6]))
	if _, err := os.Stat(filepath.Join(modules, "complete")); err != nil {
		fresh, err := os.MkdirTemp("", "pintab-clients-new-")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(fresh)
		copyInto(t, fresh, "package.json", "package-lock.json")
		command := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
		command.Dir = fresh
		if text, err := command.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v: %s", err, text)
		}
		if err := os.WriteFile(filepath.Join(fresh, "complete"), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_ = os.RemoveAll(modules) // what a run that was cut off has left
		if err := os.Rename(fresh, modules); err != nil {
			t.Fatal(err)
		}
	}
	suite := t.TempDir()
	if err := os.CopyFS(filepath.Join(suite, "cases"), os.DirFS("cases")); err != nil {
		t.Fatal(err)
	}
	copyInto(t, suite, "package.json", "main.mjs", "suite.mjs", "sandbox.mjs")
	if err := os.Symlink(filepath.Join(modules, "node_modules"), filepath.Join(suite, "node_modules")); err != nil {
		t.Fatal(err)
	}
	return suite
}

func copyInto(t *testing.T, folder string, names ...string) {
	t.Helper()
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, name), text, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// start runs a sandbox until the test ends and gives the path of its sandbox.json.
func start(t *testing.T, program string) string {
	t.Helper()
	port, data := freePorts(t), t.TempDir()
	var log bytes.Buffer
	command := exec.Command(program, "sandbox", "--port", fmt.Sprint(port), "--data", data)
	command.Stdout, command.Stderr = &log, &log
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		if err := <-ended; err != nil {
			t.Errorf("the sandbox did not end cleanly: %v", err)
		}
	})
	for range 1200 {
		select {
		case err := <-ended:
			ended <- err
			t.Fatalf("the sandbox ended: %v: %s", err, log.Bytes())
		case <-time.After(50 * time.Millisecond):
		}
		if answer, err := http.Get(fmt.Sprintf("http://localhost:%d/readyz", port)); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return filepath.Join(data, "sandbox.json")
			}
		}
	}
	t.Fatalf("not ready after a minute: %s", log.Bytes())
	return ""
}

// freePorts finds four free ports in a row, away from those that other packages' tests look for.
func freePorts(t *testing.T) int {
	t.Helper()
	for port := 31000; port < 39000; port += 4 {
		free := true
		for i := range 4 {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port+i))
			if free = free && err == nil; err == nil {
				_ = l.Close()
			}
		}
		if free {
			return port
		}
	}
	t.Fatal("no four free ports in a row")
	return 0
}
