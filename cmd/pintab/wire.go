package main

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/bot"
	"github.com/pintab/pintab/internal/checkup"
	"github.com/pintab/pintab/internal/dashboard"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/entra"
	"github.com/pintab/pintab/internal/pin"
	"github.com/pintab/pintab/internal/privacy"
	"github.com/pintab/pintab/internal/record"
	"github.com/pintab/pintab/internal/store"
	"github.com/pintab/pintab/internal/workspace"
	"github.com/pintab/pintab/manifest"
	"github.com/pintab/pintab/templates"
	"github.com/pintab/pintab/web"
)

// redirectPath is where Entra ID sends people back to; the registration has to name it letter for letter.
const redirectPath = "/auth/callback"

// sessionIdle is how long a session may be unused.
const sessionIdle = 3 * 24 * time.Hour

// program is Pintab, wired and not yet listening.
type program struct {
	server *http.Server
	close  func()
}

// wire builds Pintab from its configuration: what is wired to what, read top to bottom. It is the same for `serve`, for the
// sandbox and for the feature tests.
func wire(ctx context.Context, cfg Config, log *slog.Logger, now func() time.Time) (*program, error) {
	cookieKeys, err := cfg.keys("cookie")
	if err != nil {
		return nil, err
	}
	sealKeys, err := cfg.keys("seal")
	if err != nil {
		return nil, err
	}
	formKeys, err := cfg.keys("form")
	if err != nil {
		return nil, err
	}
	forms, err := record.NewSeal(formKeys)
	if err != nil {
		return nil, err
	}
	proxies, err := cfg.trustedProxies()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(ctx, cfg.DatabaseURL)
	if err != nil {
		return nil, err
	}
	db.Now = now
	tenants := cfg.tenants()
	home := tenants[0]
	if len(tenants) > 1 {
		home = entra.Organizations
	}
	people := entra.New(entra.Config{
		Authority: cfg.Authority, TenantID: home, AllowedTenants: tenants, StoppedTenants: cfg.stopped(),
		ClientID: cfg.ClientID, ClientSecret: cfg.ClientSecret,
		Audiences:         []string{manifest.SSOResource(cfg.PublicURL, cfg.ClientID)},
		DiscoveryResource: cfg.DiscoveryURL,
		RedirectURL:       cfg.PublicURL + redirectPath,
		SealKeys:          sealKeys,
		Stopped:           db.TenantStopped,
		Now:               now,
	}, db)
	opened := workspace.Allowed{URLs: cfg.organizations()}
	crmClient := dataverse.New(dataverse.Config{
		DiscoveryURL: cfg.DiscoveryURL, Tokens: people, AllowHTTP: cfg.Loopback, Open: opened.Opens, Log: log, Now: now,
	})
	opened.Catalog = crmClient
	records := &record.Service{Source: crmClient, Around: crmClient, Closer: crmClient, Adder: crmClient, Filer: crmClient, Mover: crmClient, Chronicle: crmClient, Looks: db, Writes: db, Seal: forms, Now: now}
	records.Searcher, records.Recents, records.Finder, records.Directory = crmClient, db, crmClient, opened
	memory := []privacy.Memory{people, crmClient}
	own := privacy.Service{Rows: db, Memory: memory, Now: now}
	places := workspace.Service{Catalog: opened, Preferences: db}
	chat, err := cfg.newBot(bot.Config{Queue: db, People: db, SignIn: people, Privacy: own, Places: places}, log, now)
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	pages, err := web.New(web.Config{
		PublicURL: cfg.PublicURL, FrameAncestors: cfg.FrameAncestors, HostOrigins: cfg.hostOrigins(), CookieKeys: cookieKeys,
		SignIn: people, AuthorizeURL: func(r web.AuthRequest) string { return people.AuthorizeURL(entra.AuthRequest(r)) },
		Store:        db,
		Places:       places,
		Dashboards:   dashboard.Service{Source: crmClient, Choices: db, Now: now},
		Ahead:        crmClient.Ahead,
		Records:      records,
		Views:        crmClient,
		Lookups:      records,
		Acts:         records,
		Related:      records,
		Search:       records,
		Pins:         &pin.Service{Memory: db, Places: workspace.Service{Catalog: opened, Preferences: db}, Source: crmClient, PublicURL: strings.TrimSuffix(cfg.PublicURL, "/"), Now: now},
		RelatedLists: crmClient,
		Adds:         records,
		Files:        records,
		Stages:       records,
		Readings:     crmClient,
		Bot:          chat,
		Privacy:      own,
		Operator:     templates.Operator{Name: cfg.OperatorName, Contact: cfg.OperatorContact},
		SessionIdle:  sessionIdle, TrustedProxies: proxies, Unpaced: cfg.Loopback,
		Checks: checkup.Service{Login: people, Dataverse: openedDataverse{crmClient, opened}},
		Log:    log,
		Now:    now,
	})
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	for _, tenant := range cfg.stopped() {
		if err := db.EndTenant(ctx, tenant); err != nil {
			_ = db.Close()
			return nil, err
		}
	}
	silence := answering(chat)
	stop := keep(&privacy.Keeper{Rows: db, Memory: memory, Idle: sessionIdle, Now: now, Log: log})
	return &program{server: pages.HTTP(), close: func() { silence(); stop(); _ = db.Close() }}, nil
}

// keep lets a keeper work until stop is called, which waits for it.
func keep(k *privacy.Keeper) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		k.Run(ctx)
	}()
	return func() { cancel(); <-ended }
}

// hostOrigins are the frame ancestors that TeamsJS would not accept by itself: hosts on this machine. Microsoft's own hosts
// are in its built-in list, and no other may be added.
func (c Config) hostOrigins() []string {
	var origins []string
	for _, ancestor := range c.FrameAncestors {
		if u, err := url.Parse(ancestor); err == nil && c.Loopback && u.Scheme == "http" && isLoopback(u.Hostname()) {
			origins = append(origins, strings.TrimSuffix(ancestor, "/"))
		}
	}
	return origins
}

// newLog writes one line for an event, as JSON.
func newLog(w io.Writer, level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
}
