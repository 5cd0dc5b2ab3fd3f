package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/store"
)

// tenantCommand switches Pintab off and on for one company. It works on the database of the environment, also while servers
// run: they look at it at every request.
type tenantCommand struct {
	Stop  tenantStopCommand  `cmd:"" help:"Sign out the people of a tenant and refuse them from now on."`
	Start tenantStartCommand `cmd:"" help:"Let the people of a tenant in again."`
	List  tenantListCommand  `cmd:"" help:"List the tenants that are switched off."`
}

// company names a tenant.
type company struct {
	Tenant string `required:"" help:"Directory (tenant) id."`
}

func (c company) id() (string, error) {
	id := strings.ToLower(strings.TrimSpace(c.Tenant))
	if !guid.MatchString(id) {
		return "", fmt.Errorf("--tenant takes a directory (tenant) id such as 72f988bf-86f1-41af-91ab-2d7cd011db47")
	}
	return id, nil
}

type tenantStopCommand struct{ company }

// Run switches a tenant off.
func (c tenantStopCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Getenv("DATABASE_URL"), os.Stdout)
}

func (c tenantStopCommand) run(ctx context.Context, database string, out io.Writer) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	return withDatabase(ctx, database, func(db *store.Store) error {
		if err := db.StopTenant(ctx, id); err != nil {
			return err
		}
		_, err := fmt.Fprintf(out, "Pintab is switched off for tenant %s: its people are signed out, and refused until `pintab tenant start`.\n", id)
		return err
	})
}

type tenantStartCommand struct{ company }

// Run switches a tenant on again.
func (c tenantStartCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Getenv("DATABASE_URL"), os.Stdout)
}

func (c tenantStartCommand) run(ctx context.Context, database string, out io.Writer) error {
	id, err := c.id()
	if err != nil {
		return err
	}
	return withDatabase(ctx, database, func(db *store.Store) error {
		was, err := db.StartTenant(ctx, id)
		if err != nil {
			return err
		}
		text := "Tenant %s was not switched off here; see PINTAB_STOPPED_TENANTS and TENANT_ID too.\n"
		if was {
			text = "Pintab is switched on again for tenant %s.\n"
		}
		_, err = fmt.Fprintf(out, text, id)
		return err
	})
}

type tenantListCommand struct{}

// Run lists the tenants that are switched off.
func (c tenantListCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Getenv("DATABASE_URL"), os.Stdout)
}

func (tenantListCommand) run(ctx context.Context, database string, out io.Writer) error {
	return withDatabase(ctx, database, func(db *store.Store) error {
		stopped, err := db.StoppedTenants(ctx)
		if err != nil {
			return err
		}
		for _, t := range stopped {
			if _, err := fmt.Fprintf(out, "%s since %s\n", t.Tenant, t.Since.Format(time.RFC3339)); err != nil {
				return err
			}
		}
		if len(stopped) == 0 {
			_, err = fmt.Fprintln(out, "No tenant is switched off by command.")
		}
		return err
	})
}

// withDatabase opens the database that servers use and lets f work on it.
func withDatabase(ctx context.Context, database string, f func(*store.Store) error) error {
	if database == "" {
		return fmt.Errorf("DATABASE_URL is not set")
	}
	if file, local := strings.CutPrefix(database, "sqlite:"); local {
		if _, err := os.Stat(file); err != nil {
			return err // a new, empty file would look like nothing being held
		}
	}
	db, err := store.Open(ctx, database)
	if err != nil {
		return err
	}
	defer db.Close()
	return f(db)
}
