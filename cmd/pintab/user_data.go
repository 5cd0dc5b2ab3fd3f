package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/internal/privacy"
	"github.com/pintab/pintab/internal/store"
)

// userDataCommand is what an operator is asked to do about a person's data. It works on the database of the environment,
// also while servers run: they notice a deletion within a second.
type userDataCommand struct {
	Export    exportCommand    `cmd:"" help:"Print what is stored about a person, as JSON."`
	Delete    deleteCommand    `cmd:"" help:"Delete everything about a person and print the receipt."`
	Scrub     scrubCommand     `cmd:"" help:"Write the database's files anew, so that no bytes of deleted rows stay in them."`
	Inventory inventoryCommand `cmd:"" help:"Print the table of everything that can be stored, as PRIVACY.md shows it."`
}

// somebody names a person by the two ids that their privacy page shows.
type somebody struct {
	Tenant string `required:"" help:"Directory (tenant) id of the person."`
	User   string `required:"" help:"Object id of the person in that directory."`
}

// user refuses what is no id: a mistyped one would delete nothing and look like success.
func (s somebody) user() (crm.User, error) {
	u := crm.User{Tenant: strings.ToLower(strings.TrimSpace(s.Tenant)), Object: strings.ToLower(strings.TrimSpace(s.User))}
	if !guid.MatchString(u.Tenant) || !guid.MatchString(u.Object) {
		return crm.User{}, fmt.Errorf("--tenant and --user take ids such as 6d1b1a3e-0f52-4c0f-9a43-5d1f6e2c7b90; a person finds theirs on the privacy page")
	}
	return u, nil
}

type exportCommand struct{ somebody }

// Run prints the same file that the person could download.
func (c exportCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Getenv("DATABASE_URL"), os.Stdout)
}

func (c exportCommand) run(ctx context.Context, database string, out io.Writer) error {
	return withUserData(ctx, c.somebody, database, func(service privacy.Service, user crm.User) error {
		export, err := service.Export(ctx, user)
		if err != nil {
			return err
		}
		return export.Write(out)
	})
}

type deleteCommand struct {
	somebody
	DryRun bool `help:"Only count what would go."`
}

// Run deletes what the person could delete themselves.
func (c deleteCommand) Run(ctx context.Context) error {
	return c.run(ctx, os.Getenv("DATABASE_URL"), os.Stdout)
}

func (c deleteCommand) run(ctx context.Context, database string, out io.Writer) error {
	return withUserData(ctx, c.somebody, database, func(service privacy.Service, user crm.User) error {
		receipt, err := service.Erase(ctx, user, c.DryRun)
		if err != nil {
			return err
		}
		return printReceipt(out, receipt)
	})
}

func printReceipt(out io.Writer, r crm.Receipt) error {
	what := "Deleted"
	if r.DryRun {
		what = "Would delete"
	}
	var text strings.Builder
	fmt.Fprintf(&text, "%s %d rows about user %s of tenant %s (%s)\n", what, r.Rows(), r.User.Object, r.User.Tenant, r.At.UTC().Format(time.RFC3339))
	for _, e := range r.Erased {
		fmt.Fprintf(&text, "  %-18s %d\n", e.Table, e.Rows)
	}
	if !r.DryRun {
		fmt.Fprintf(&text, "Remains: a one-way mark until %s, so that requests under way store nothing again; log lines without names and ids.\n", r.Mark.UTC().Format(time.RFC3339))
	}
	_, err := io.WriteString(out, text.String())
	return err
}

// withUserData opens the database that servers use and lets f work on it.
func withUserData(ctx context.Context, who somebody, database string, f func(privacy.Service, crm.User) error) error {
	user, err := who.user()
	if err != nil {
		return err
	}
	return withDatabase(ctx, database, func(db *store.Store) error {
		return f(privacy.Service{Rows: db, Now: time.Now}, user)
	})
}

type scrubCommand struct{}

// Run rewrites the database.
func (scrubCommand) Run(ctx context.Context) error {
	return withDatabase(ctx, os.Getenv("DATABASE_URL"), func(db *store.Store) error { return db.Scrub(ctx) })
}

type inventoryCommand struct{}

// Run prints PRIVACY.md's table; a test compares them.
func (inventoryCommand) Run() error { return inventoryTable(os.Stdout) }

func inventoryTable(w io.Writer) error {
	l := locale.Negotiate("en")
	var text strings.Builder
	for _, t := range privacy.Inventory() {
		fmt.Fprintf(&text, "### %s (`%s`)\n\n%s %s\n\n| column | data | classification | example |\n|---|---|---|---|\n", l.T("kept."+t.Name+".title"), t.Name, l.T("kept."+t.Name), l.T("kept."+t.Name+".until"))
		for _, c := range t.Columns {
			fmt.Fprintf(&text, "| `%s` | %s | %s | %s |\n", c.Name, l.T("data."+c.Data), l.T("class."+string(c.Class)), c.Example)
		}
		text.WriteString("\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}
