package main

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/pintab/pintab/internal/sandbox/dataverse"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/entra"
	"github.com/pintab/pintab/internal/sandbox/teams"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/manifest"
)

// standIns are the three parties that the sandbox plays.
type standIns struct {
	teams     http.Handler
	issuer    *entra.Server
	dataverse http.Handler
	databases []*engine.DB
}

func (s *standIns) close() {
	if s.issuer != nil {
		_ = s.issuer.Close()
	}
	for _, db := range s.databases {
		_ = db.Close()
	}
}

// newStandIns builds them side by side: generating keys and seeding organizations are what a start waits for.
func newStandIns(ctx context.Context, at addresses, c sandboxCommand) (*standIns, error) {
	s := &standIns{}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() (err error) {
		s.issuer, err = newEntra(at, c.Data)
		return err
	})
	group.Go(func() (err error) {
		s.teams, err = newTeams(at, c.Data, s.now)
		return err
	})
	group.Go(func() (err error) {
		s.dataverse, s.databases, err = newDataverse(ctx, at, c, s.now)
		return err
	})
	if err := group.Wait(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// now is the issuer's clock, which can be forwarded: whoever checks its tokens goes by the same one. It is asked only after
// everything has been built.
func (s *standIns) now() time.Time { return s.issuer.Now() }

func newEntra(at addresses, folder string) (*entra.Server, error) {
	apis := map[string]bool{at.Dataverse: true, "https://api.botframework.com": true}
	for _, o := range world.Organizations() {
		apis[at.Dataverse+"/"+o.Name] = true
	}
	return entra.New(entra.Config{
		Base: at.Entra, Tenants: world.Tenants(), People: world.People(), Client: world.Registration,
		RedirectURIs: []string{at.App + redirectPath},
		SSOResource:  at.ssoResource(),
		Resources:    func(resource string) bool { return apis[resource] },
		StatePath:    filepath.Join(folder, "entra.jsonl"),
	})
}

// appID is the Teams app's own id in the sandbox, which is no other id of it.
const appID = "8c5f6a1e-3b7d-4f19-9a52-0d4c7e61b835"

func newTeams(at addresses, folder string, now func() time.Time) (*teams.Server, error) {
	app, err := manifest.Build(manifest.Config{
		BaseURL: at.App, AppID: appID, ClientID: world.Registration.ID, Version: "1.0.0", AllowLoopback: true,
	})
	if err != nil {
		return nil, err
	}
	return teams.New(teams.Config{
		Base: at.Teams, Packages: [][]byte{app}, Entra: at.Entra, People: world.People(), Tenants: world.Tenants(),
		Client: world.Registration, SSOScope: at.ssoScope(), StatePath: filepath.Join(folder, "teams.json"), Now: now,
	})
}

// newDataverse opens every organization's file, filling new ones in parallel.
func newDataverse(ctx context.Context, at addresses, c sandboxCommand, now func() time.Time) (*dataverse.Server, []*engine.DB, error) {
	all := world.Organizations()
	files, err := seed.ReadFiles(os.DirFS(filepath.Join(c.Data, seedFolder)))
	if err != nil {
		return nil, nil, err
	}
	model, err := files.Model()
	if err != nil {
		return nil, nil, err
	}
	served := make([]dataverse.Organization, len(all))
	group, ctx := errgroup.WithContext(ctx)
	for i, o := range all {
		served[i] = dataverse.Organization{Organization: o, Members: seed.Members(o)}
		if o.Seed == "" {
			continue
		}
		group.Go(func() (err error) {
			served[i].DB, err = openOrganization(ctx, filepath.Join(c.Data, "dataverse", o.Name+".db"), o, files, model)
			return err
		})
	}
	err = group.Wait()
	var open []*engine.DB
	for _, o := range served {
		if o.DB != nil {
			open = append(open, o.DB)
		}
	}
	if err != nil {
		return nil, open, err
	}
	return dataverse.New(dataverse.Config{Base: at.Dataverse, Entra: at.Entra, Organizations: served, Latency: c.DataverseLatency, Now: now}), open, nil
}

func openOrganization(ctx context.Context, path string, o world.Organization, files *seed.Files, model *schema.Model) (*engine.DB, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	db, err := engine.Open(ctx, path, model, seed.Options(o, time.Now))
	if err != nil {
		return nil, err
	}
	empty, err := db.Empty(ctx)
	if err == nil && empty {
		err = files.Fill(ctx, db, o, world.People(), time.Now())
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}
