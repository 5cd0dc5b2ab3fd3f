// Command screenshots makes the pictures of the README: it starts a fresh sandbox of its own, sits down in front of it with a
// Chromium as its people would, and writes what it sees to docs/screenshots. Run it from the repository's root.
package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/pintab/pintab/internal/sandbox/browser"
)

const (
	port     = 23978
	teams    = "http://127.0.0.1:23979"
	app      = "http://localhost:23978"
	patience = 20 * time.Second
)

// shot is one picture.
type shot struct {
	file          string
	person        string
	theme, size   string
	locale        string
	width, height int64
	path          string // page of the Teams stand-in instead of the dashboard
}

var shots = []shot{
	{file: "store", person: "joanna@harborfinch.example", theme: "default", path: "/store?q=dynamics", width: 1280, height: 800},
	{file: "dashboard-default", person: "tomas@harborfinch.example", theme: "default", width: 1280, height: 900},
	{file: "dashboard-dark", person: "priya@harborfinch.example", theme: "dark", width: 1280, height: 900},
	{file: "dashboard-contrast", person: "priya@harborfinch.example", theme: "contrast", width: 1280, height: 900},
	{file: "dashboard-phone", person: "tomas@harborfinch.example", theme: "default", size: "phone-360", width: 900, height: 900},
	{file: "dashboard-german", person: "jakub@moraviawerke.example", theme: "default", locale: "de-DE", width: 1280, height: 900},
	{file: "no-licence", person: "omar@harborfinch.example", theme: "default", width: 1280, height: 700},
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run() error {
	folder, err := os.MkdirTemp("", "pintab-screenshots-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	stop, err := startSandbox(folder)
	if err != nil {
		return err
	}
	defer stop()
	chrome, err := browser.Start(context.Background())
	if err != nil {
		return err
	}
	defer chrome.Close()
	for _, s := range shots {
		if err := s.take(chrome); err != nil {
			return fmt.Errorf("%s: %w", s.file, err)
		}
		fmt.Println(s.target())
	}
	return nil
}

func (s shot) target() string { return filepath.Join("docs", "screenshots", s.file+".png") }

// startSandbox builds pintab and starts its sandbox in a folder; the function it gives ends it.
func startSandbox(folder string) (func(), error) {
	binary := filepath.Join(folder, "pintab")
	if out, err := exec.Command("go", "build", "-o", binary, "./cmd/pintab").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	sandbox := exec.Command(binary, "sandbox", "--port", fmt.Sprint(port), "--data", filepath.Join(folder, "data"))
	sandbox.Stderr = os.Stderr
	if err := sandbox.Start(); err != nil {
		return nil, err
	}
	return func() { _ = sandbox.Process.Signal(os.Interrupt); _ = sandbox.Wait() }, nil
}
