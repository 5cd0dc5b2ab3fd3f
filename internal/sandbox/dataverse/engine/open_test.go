package engine

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

func TestAFileKeepsRowsAndGainsColumns(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "new", "org one.db")
	model := testModel()
	db, err := Open(ctx, path, model, Options{BaseCurrency: euro})
	if err != nil {
		t.Fatal(err)
	}
	if empty, err := db.Empty(ctx); err != nil || !empty {
		t.Fatalf("a new file is empty: %v %v", empty, err)
	}
	w := &world{t, db, ctx}
	w.load(func(l *Loader) error {
		w.platform(l)
		w.records(l)
		return nil
	})
	version := db.Version()
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	model = testModel()
	grown := model.Table("account")
	grown.Columns = append(grown.Columns, col(schema.String, "nickname"))
	model.Index()
	if db, err = Open(ctx, path, model, Options{BaseCurrency: euro}); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if empty, err := db.Empty(ctx); err != nil || empty || db.Version() != version {
		t.Fatalf("the file was filled: %v %v, version %d of %d", empty, err, db.Version(), version)
	}
	w.DB = db
	page := w.fetch(ann, `<fetch><entity name="account"><attribute name="nickname"/><attribute name="revenue"/><order attribute="accountnumber"/></entity></fetch>`)
	if page.numbers() != "1 6" || page.texts("revenue") != "€1,200.50 | " {
		t.Errorf("%q %q", page.numbers(), page.texts("revenue"))
	}
	w.load(func(l *Loader) error {
		_, err := l.Insert("account", Row{"accountid": account(8), "accountnumber": "A8", "nickname": "Ace", "ownerid": owner(ann)})
		return err
	})
	if got := w.fetch(ann, where(condition("nickname", "eq", "ACE"))); got.numbers() != "8" || got.Rows[0].Version != version+1 {
		t.Errorf("%q version %d after %d", got.numbers(), got.Rows[0].Version, version)
	}
}

func TestAFailedLoadLeavesNothing(t *testing.T) {
	w := organization(t, nil)
	before := w.Version()
	for name, fill := range map[string]func(l *Loader) error{
		"said so":    func(l *Loader) error { return errors.New("no more") },
		"double key": func(l *Loader) error { _, err := l.Insert("setting", Row{"settingid": account(1)}); return err },
		"column":     func(l *Loader) error { _, err := l.Insert("setting", Row{"nonsense": 1}); return err },
		"type": func(l *Loader) error {
			_, err := l.Insert("account", Row{"employees": "many", "ownerid": owner(ann)})
			return err
		},
		"owner":         func(l *Loader) error { _, err := l.Insert("account", Row{"name": "nobody's"}); return err },
		"unknown owner": func(l *Loader) error { _, err := l.Insert("account", Row{"ownerid": owner(9)}); return err },
		"which target":  func(l *Loader) error { _, err := l.Insert("account", Row{"ownerid": user(ann)}); return err },
		"target": func(l *Loader) error {
			_, err := l.Insert("account", Row{"ownerid": Ref{"account", account(1)}})
			return err
		},
		"pointer": func(l *Loader) error { _, err := l.Insert("activitypointer", Row{"ownerid": owner(ann)}); return err },
	} {
		err := w.Load(w.ctx, func(l *Loader) error {
			w.insert(l, "setting", Row{"settingid": account(1), "name": "left behind"})
			return fill(l)
		})
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := len(w.fetch(eve, `<fetch><entity name="setting"/></fetch>`).Rows); n != 1 || w.Version() != before {
		t.Errorf("%d settings, version %d after %d", n, w.Version(), before)
	}
}

func TestNamesThatSQLCouldMisreadAreADefectOfTheModel(t *testing.T) {
	for _, name := range []string{`a"b`, "a b", "A", "", "a;--", "a~"} {
		m := &schema.Model{Tables: []*schema.Table{{LogicalName: "thing", PrimaryID: "thingid", Columns: []schema.Column{{LogicalName: "thingid"}, {LogicalName: name}}}}}
		m.Index()
		if _, err := Open(context.Background(), "", m, Options{}); err == nil || !strings.Contains(err.Error(), "column name") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestTwoOrganizationsInMemoryAreApart(t *testing.T) {
	one, other := organization(t, nil), organization(t, func(l *Loader) error {
		_, err := l.Insert("setting", Row{"name": "two"})
		return err
	})
	const all = `<fetch><entity name="setting"/></fetch>`
	if a, b := len(one.fetch(eve, all).Rows), len(other.fetch(eve, all).Rows); a != 1 || b != 2 {
		t.Errorf("%d and %d", a, b)
	}
}

// Reading goes on while rows are loaded, and every reader sees either none or all of a load.
func TestReadersAndALoadDoNotDisturbEachOther(t *testing.T) {
	ctx := context.Background()
	db, err := Open(ctx, filepath.Join(t.TempDir(), "org.db"), testModel(), Options{BaseCurrency: euro})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	w := &world{t, db, ctx}
	w.load(func(l *Loader) error {
		w.platform(l)
		return nil
	})
	query := parse(t, `<fetch><entity name="setting"/></fetch>`)
	var readers sync.WaitGroup
	stop := make(chan struct{})
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				c, err := db.Caller(ctx, oid(eve))
				if err != nil {
					t.Error(err)
					return
				}
				page, err := db.Fetch(ctx, c, query, FetchOptions{})
				if err != nil || len(page.Rows)%50 != 0 {
					t.Errorf("%v", err)
					return
				}
			}
		})
	}
	for range 5 {
		w.load(func(l *Loader) error {
			for range 50 {
				if _, err := l.Insert("setting", Row{"name": "many"}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	close(stop)
	readers.Wait()
	if n := len(w.fetch(eve, `<fetch><entity name="setting"/></fetch>`).Rows); n != 250 {
		t.Errorf("%d settings", n)
	}
}
