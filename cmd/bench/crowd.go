package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// askedARound is how often each question is asked in one round, of the stand-in and of SQLite, alternately.
const askedARound = 60

// crowd measures D1 and D2: one organization with a million accounts, asked over HTTP as the seller, and the same rows asked
// by SQL with the same indexes.
func (b *bench) crowd(ctx context.Context) error {
	data := filepath.Join(b.folder, "crowd")
	org := world.Organizations()[0]
	file := filepath.Join(data, "dataverse", org.Name+".db")
	started := time.Now()
	if err := fillCrowd(ctx, file, org, b.accounts); err != nil {
		return err
	}
	b.say(fmt.Sprintf("%d accounts made and indexed in %.0f s", b.accounts, time.Since(started).Seconds()))
	s, _, err := startSandbox(ctx, b.program, data)
	if err != nil {
		return err
	}
	defer s.stop()
	seller, err := s.seller()
	if err != nil {
		return err
	}
	q := &questions{base: s.Organizations[0].URL, accounts: b.accounts, random: rand.New(rand.NewPCG(1, 2))}
	if q.token, err = s.token(ctx, seller, q.base+"/.default"); err != nil {
		return err
	}
	// Read as the stand-in reads it, through the system's memory.
	if q.rows, err = sql.Open("sqlite", "file:"+file+"?mode=ro&_pragma=cache_size(-4000)&_pragma=mmap_size(2147418112)"); err != nil {
		return err
	}
	defer q.rows.Close()
	if err := q.prepare(ctx, s); err != nil {
		return err
	}
	return q.measure(ctx, b, s)
}

// fillCrowd makes the organization's file as the sandbox would, with so many more accounts.
func fillCrowd(ctx context.Context, file string, org world.Organization, accounts int) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	db, err := engine.Open(ctx, file, seed.Model(), seed.Options(org, time.Now))
	if err != nil {
		return err
	}
	if err := seed.FillCrowded(ctx, db, org, world.People(), time.Now(), accounts); err != nil {
		_ = db.Close()
		return err
	}
	return db.Close()
}

// questions asks the stand-in and SQLite the same.
type questions struct {
	base, token string
	me          string // the seller's systemuserid
	ids         []string
	accounts    int
	random      *rand.Rand
	rows        *sql.DB
	client      http.Client
}

// question is one thing that is asked, each time of other rows.
type question struct {
	goal, what string
	ask        func(ctx context.Context, r *rand.Rand) error
	floor      func(r *rand.Rand) (query string, args []any)
	aim, limit bound
}

// prepare finds rows to ask for, and lifts the limit on how often one may search.
func (q *questions) prepare(ctx context.Context, s *sandbox) error {
	var who struct{ UserId string }
	if err := q.get(ctx, "WhoAmI", &who); err != nil {
		return err
	}
	q.me = who.UserId
	rows, err := q.rows.QueryContext(ctx, `SELECT accountid FROM account WHERE ownerid = ? LIMIT 2000`, q.me)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return err
		}
		q.ids = append(q.ids, id)
	}
	if len(q.ids) == 0 {
		return fmt.Errorf("the seller owns no account")
	}
	body := `{"organization":"` + s.Organizations[0].Name + `","limits":false}`
	answer, err := q.client.Post(s.Dataverse+"/_sandbox/search", "application/json", strings.NewReader(body))
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// measure asks everything, each question of the stand-in and of SQLite in turn, and adds the rows.
func (q *questions) measure(ctx context.Context, b *bench, s *sandbox) error {
	for _, one := range q.list() {
		var took, floors []float64
		var began time.Duration
		for i := range (b.rounds + 1) * askedARound { // the first round warms up
			if i == askedARound {
				var err error
				if began, err = s.cpu(); err != nil {
					return err
				}
			}
			ours, raw, err := q.once(ctx, one)
			if err != nil {
				return fmt.Errorf("%s: %w", one.what, err)
			}
			if i >= askedARound {
				took, floors = append(took, ours), append(floors, raw)
			}
		}
		ended, err := s.cpu()
		if err != nil {
			return err
		}
		b.add(row{one.goal, one.what, "µs", median(took), median(floors), one.aim, one.limit})
		b.add(row{one.goal, "  processor time of that", "µs", float64((ended - began).Microseconds()) / float64(len(took)), 0, bound{}, bound{}})
	}
	return nil
}

// once asks both and gives microseconds.
func (q *questions) once(ctx context.Context, one question) (ours, raw float64, err error) {
	seed := rand.NewPCG(q.random.Uint64(), 0)
	state := *seed
	started := time.Now()
	if err := one.ask(ctx, rand.New(seed)); err != nil {
		return 0, 0, err
	}
	ours = float64(time.Since(started).Microseconds())
	query, args := one.floor(rand.New(&state))
	started = time.Now()
	if err := q.read(ctx, query, args); err != nil {
		return 0, 0, err
	}
	return ours, float64(time.Since(started).Microseconds()), nil
}

// read runs a query and reads all its values.
func (q *questions) read(ctx context.Context, query string, args []any) error {
	rows, err := q.rows.QueryContext(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	names, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(names)), make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (q *questions) get(ctx context.Context, path string, into any) error {
	return q.send(ctx, http.MethodGet, q.base+"/api/data/v9.2/"+path, "", into)
}

func (q *questions) send(ctx context.Context, method, address, body string, into any) error {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+q.token)
	r.Header.Set("Accept", "application/json")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	answer, err := q.client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s: %.300s", address, answer.Status, text)
	}
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// word is the beginning of many names.
func word(r *rand.Rand) string {
	return []string{"Quill", "Fern", "Thistle", "Oaken", "Harrow", "Cinder", "Hollow", "Gannet", "Pewter", "Brindle"}[r.IntN(10)] +
		[]string{"mark", "hollow", "water", "down", "ridge", "combe", "garth", "mere"}[r.IntN(8)]
}

// sector is within some 40,000 names of a million, anywhere in the alphabet.
func sector(r *rand.Rand) string {
	return []string{"marine", "foods", "logistics", "textiles", "robotics"}[r.IntN(5)]
}

// list is what D1 and D2 ask.
func (q *questions) list() []question {
	const columns = `accountid, name, accountnumber, revenue, modifiedon`
	const selected = "$select=name,accountnumber,revenue,modifiedon"
	ask := func(path func(r *rand.Rand) string) func(context.Context, *rand.Rand) error {
		return func(ctx context.Context, r *rand.Rand) error { return q.get(ctx, path(r), nil) }
	}
	filtered := func(filter, rest string) string {
		return "accounts?" + selected + "&$filter=" + url.QueryEscape(filter) + rest
	}
	key := func(r *rand.Rand) string { return q.ids[r.IntN(len(q.ids))] }
	nothing := func(r *rand.Rand) string { return fmt.Sprintf("zebra%04d", r.IntN(10_000)) }
	millisecond := atMost(1000)
	return []question{
		{"D1", "one account by its key", ask(func(r *rand.Rand) string { return "accounts(" + key(r) + ")?" + selected }),
			func(r *rand.Rand) (string, []any) {
				return "SELECT " + columns + " FROM account WHERE accountid = ?", []any{key(r)}
			}, millisecond, atMost(5000)},
		{"D1", "startswith, by name, the first 10", ask(func(r *rand.Rand) string {
			return filtered("startswith(name,'"+word(r)+"')", "&$orderby=name&$top=10")
		}), func(r *rand.Rand) (string, []any) {
			w := strings.ToLower(word(r))
			return "SELECT " + columns + ` FROM account WHERE "name~" >= ? AND "name~" < ? ORDER BY "name~" LIMIT 10`, []any{w, w + "\U0010ffff"}
		}, millisecond, atMost(5000)},
		{"D1", "mine and active, the last 50 by modifiedon", ask(func(*rand.Rand) string {
			return filtered("_ownerid_value eq "+q.me+" and statecode eq 0", "&$orderby=modifiedon%20desc&$top=50")
		}), func(*rand.Rand) (string, []any) {
			return "SELECT " + columns + " FROM account WHERE ownerid = ? AND statecode = 0 ORDER BY modifiedon DESC LIMIT 50", []any{q.me}
		}, timesFloor(3), atMost(5000)},
		{"D1", "full text, one word, the first 10", func(ctx context.Context, r *rand.Rand) error {
			return q.send(ctx, http.MethodPost, q.base+"/api/data/v9.2/searchquery", `{"search":"`+word(r)+`","top":10,"entities":"[{\"name\":\"account\"}]"}`, nil)
		}, func(r *rand.Rand) (string, []any) {
			return `SELECT a.accountid, a.name FROM "words/account" w JOIN account a ON a.rowid = w.rowid WHERE "words/account" MATCH ? LIMIT 10`, []any{strings.ToLower(word(r))}
		}, millisecond, atMost(5000)},
		{"D2", "contains that finds nothing", ask(func(r *rand.Rand) string {
			return filtered("contains(name,'"+nothing(r)+"')", "&$orderby=name&$top=10")
		}), func(r *rand.Rand) (string, []any) {
			return "SELECT " + columns + ` FROM account WHERE rowid IN (SELECT rowid FROM "text/account/name" WHERE "text/account/name" MATCH ?) AND instr("name~", ?) > 0 LIMIT 10`,
				[]any{`"zeb" AND "ebr" AND "bra"`, nothing(r)}
		}, atMost(5000), atMost(50_000)},
		{"D2", "contains that finds many, by name, the first 10", ask(func(r *rand.Rand) string {
			return filtered("contains(name,'"+sector(r)+"')", "&$orderby=name&$top=10")
		}), func(r *rand.Rand) (string, []any) {
			return "SELECT " + columns + ` FROM account WHERE instr("name~", ?) > 0 ORDER BY "name~" LIMIT 10`, []any{sector(r)}
		}, atMost(5000), atMost(50_000)},
	}
}
