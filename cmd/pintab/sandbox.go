package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/manifest"
)

type sandboxCommand struct {
	Port              int           `default:"3978" help:"First of four ports: app, Teams stand-in, Entra stand-in, Dataverse stand-in."`
	Data              string        `default:".sandbox" type:"path" help:"Folder for everything the sandbox keeps; created when missing."`
	Fresh             bool          `help:"Start from newly seeded data."`
	DataverseLatency  time.Duration `help:"Added to every Dataverse answer, for example 80ms."`
	BotOpenIDMetadata string        `name:"bot-openid-metadata" help:"OpenID metadata of another Bot Connector than the stand-in; its keys are trusted instead."`
	BotTokenURL       string        `name:"bot-token-url" help:"Token endpoint of that Bot Connector."`
}

// Run starts everything and prints what to click.
func (c sandboxCommand) Run(ctx context.Context) error {
	return runSandbox(ctx, c, os.Stdout, newLog(os.Stderr, slog.LevelWarn))
}

// addresses are the origins of a sandbox, without a trailing slash.
type addresses struct{ App, Teams, Entra, Dataverse string }

// sandboxAddresses puts the Teams stand-in on another site than the app, so that the app's cookies are third-party there as
// they are in Teams; two ports of one host would be the same site.
func sandboxAddresses(port int) addresses {
	return addresses{
		App:       fmt.Sprintf("http://localhost:%d", port),
		Teams:     fmt.Sprintf("http://127.0.0.1:%d", port+1),
		Entra:     fmt.Sprintf("http://localhost:%d", port+2),
		Dataverse: fmt.Sprintf("http://localhost:%d", port+3),
	}
}

func (a addresses) ssoResource() string { return manifest.SSOResource(a.App, world.Registration.ID) }

func (a addresses) ssoScope() string { return manifest.SSOScope(a.App, world.Registration.ID) }

// runSandbox serves until the context ends. The app is started through the same wiring as `pintab serve`, configured by the
// same settings: it cannot know that its neighbours are stand-ins.
func runSandbox(ctx context.Context, c sandboxCommand, out io.Writer, log *slog.Logger) error {
	if c.Fresh {
		if err := emptyFolder(c.Data); err != nil {
			return err
		}
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return err
	}
	at := sandboxAddresses(c.Port)
	sockets, err := openSockets(c.Port)
	if err != nil {
		return err
	}
	defer func() {
		for _, s := range sockets {
			closeAll(s)
		}
	}()
	standIns, err := newStandIns(ctx, at, c)
	if err != nil {
		return err
	}
	defer standIns.close()
	cfg, err := c.config(at)
	if err != nil {
		return err
	}
	app, err := wire(ctx, cfg, log, standIns.issuer.Now)
	if err != nil {
		return err
	}
	defer app.close()

	file := describe(at)
	if err := file.write(c.Data); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	for i, server := range []*http.Server{app.server, standInServer(standIns.teams), standInServer(standIns.issuer), standInServer(standIns.dataverse)} {
		group.Go(func() error { return serveUntil(ctx, server, sockets[i], 3*time.Second) })
	}
	file.welcome(out)
	return group.Wait()
}

// openSockets opens the four ports in order: app, teams, entra, dataverse.
func openSockets(port int) ([][]net.Listener, error) {
	var all [][]net.Listener
	for i, hosts := range [][]string{{"127.0.0.1", "::1"}, {"127.0.0.1"}, {"127.0.0.1", "::1"}, {"127.0.0.1", "::1"}} {
		open, err := listenLoopback(port+i, hosts...)
		if err != nil {
			for _, earlier := range all {
				closeAll(earlier)
			}
			return nil, err
		}
		all = append(all, open)
	}
	return all, nil
}

// config is what an operator would put into the environment to point `pintab serve` at the stand-ins.
func (c sandboxCommand) config(at addresses) (Config, error) {
	key, err := keptKey(filepath.Join(c.Data, "session.key"))
	if err != nil {
		return Config{}, err
	}
	settings := map[string]string{
		"PINTAB_PUBLIC_URL":      at.App,
		"PORT":                   fmt.Sprint(c.Port),
		"CLIENT_ID":              world.Registration.ID,
		"CLIENT_SECRET":          world.Registration.Secret,
		"TENANT_ID":              world.Home.ID + "," + world.Second.ID,
		"DATABASE_URL":           "sqlite:" + filepath.Join(c.Data, "pintab.db"),
		"PINTAB_SESSION_KEYS":    key,
		"PINTAB_AUTHORITY":       at.Entra,
		"PINTAB_DISCOVERY_URL":   at.Dataverse,
		"PINTAB_FRAME_ANCESTORS": at.Teams,
		"PINTAB_LOOPBACK":        "1",

		"PINTAB_OPERATOR_NAME":    "The sandbox on this machine",
		"PINTAB_OPERATOR_CONTACT": "privacy@harborfinch.example",

		"PINTAB_BOT_APP_ID":          world.Registration.BotAppID,
		"PINTAB_BOT_OPENID_METADATA": cmp.Or(c.BotOpenIDMetadata, at.Teams+"/botframework/v1/.well-known/openidconfiguration"),
	}
	if c.BotTokenURL != "" {
		settings["PINTAB_BOT_TOKEN_URL"] = c.BotTokenURL
	}
	cfg, err := loadConfig(settings)
	if c.BotOpenIDMetadata != "" {
		cfg.BotIssuer = "" // whoever the other connector's metadata says it is
	}
	return cfg, err
}

// keptKey reads the sandbox's session key, or makes one, so that sessions survive a restart.
func keptKey(path string) (string, error) {
	text, err := os.ReadFile(path)
	if err == nil {
		return string(text), nil
	}
	if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	raw := make([]byte, 32)
	if _, err := rand.Read(raw); err != nil {
		return "", err
	}
	key := base64.StdEncoding.EncodeToString(raw)
	return key, os.WriteFile(path, []byte(key), 0o600)
}

// emptyFolder removes what a sandbox keeps, and refuses a folder that holds anything else.
func emptyFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	// What somebody put there to be seeded is theirs.
	entries = slices.DeleteFunc(entries, func(e os.DirEntry) bool { return e.Name() == seedFolder })
	if _, noKey := os.Stat(filepath.Join(folder, "session.key")); err != nil || noKey != nil && len(entries) > 0 {
		return fmt.Errorf("%s is not a sandbox's folder; --fresh would delete it", folder)
	}
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(folder, e.Name())))
	}
	return err
}

// seedFolder is the folder below the sandbox's with the tables, columns and rows that somebody adds (docs/seed-files.md).
const seedFolder = "seed"

// welcome prints what to open and as whom.
func (f sandboxFile) welcome(out io.Writer) {
	fmt.Fprintf(out, "\nPintab's sandbox is ready.\n\n")
	fmt.Fprintf(out, "  Open this     %s   (a stand-in for Teams: pick a person, open the app)\n", f.Teams)
	fmt.Fprintf(out, "  Pintab        %s\n  Entra ID      %s\n  Dataverse     %s\n\n", f.App, f.Entra, f.Dataverse)
	fmt.Fprintf(out, "  People (password %s)\n", f.People[0].Password)
	for _, p := range f.People {
		fmt.Fprintf(out, "    %-30s %s\n", p.Username, p.Description)
	}
	fmt.Fprintf(out, "\n  Ctrl+C stops it; everything stays in its folder.\n")
}
