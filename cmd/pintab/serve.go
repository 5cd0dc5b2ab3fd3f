package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/pintab/pintab/internal/store"
	"github.com/pintab/pintab/manifest"
)

type serveCommand struct{}

// Run serves until it is told to stop. Without a complete configuration it refuses and lists everything that is missing.
func (serveCommand) Run(ctx context.Context) error {
	cfg, err := loadConfig(environment())
	if err != nil {
		return fmt.Errorf("the configuration has problems:\n%w", err)
	}
	log := newLog(os.Stderr, slog.LevelInfo)
	app, err := wire(ctx, cfg, log, time.Now)
	if err != nil {
		return err
	}
	defer app.close()
	host := cfg.Address
	if host == "" && cfg.Loopback {
		host = "localhost" // http is for this machine alone
	}
	listener, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(cfg.Port)))
	if err != nil {
		return err
	}
	log.Info("listening", "address", listener.Addr().String(), "public", cfg.PublicURL)
	return serveUntil(ctx, app.server, []net.Listener{listener}, 25*time.Second)
}

type migrateCommand struct{}

// Run opens the database, which brings its tables up to date.
func (migrateCommand) Run(ctx context.Context) error {
	url := os.Getenv("DATABASE_URL")
	if url == "" {
		return fmt.Errorf("DATABASE_URL is not set")
	}
	db, err := store.Open(ctx, url)
	if err != nil {
		return err
	}
	return db.Close()
}

type packageCommand struct {
	Output  string `default:"pintab.zip" short:"o" type:"path" help:"File to write."`
	AppID   string `name:"app-id" required:"" help:"GUID of the Teams app; keep the same one for the life of an installation."`
	Release string `name:"release" default:"1.0.0" help:"Version of the package; Teams offers an update when it grows."`
}

// Run writes the package for the address and registration in the environment.
func (c packageCommand) Run() error {
	zip, err := manifest.Build(manifest.Config{
		BaseURL: os.Getenv("PINTAB_PUBLIC_URL"), AppID: c.AppID, ClientID: os.Getenv("CLIENT_ID"), Version: c.Release,
	})
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Output, zip, 0o644); err != nil {
		return err
	}
	fmt.Println(c.Output)
	return nil
}
