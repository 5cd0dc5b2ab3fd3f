package seed

import (
	"context"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// Members lists the object ids of the people that discovery finds in an organization, with or without data.
func Members(org world.Organization) []string {
	var ids []string
	for _, p := range world.People() {
		if isMember(org, p) {
			ids = append(ids, p.ObjectID)
		}
	}
	return ids
}

func isMember(org world.Organization, p world.Person) bool {
	if p.TenantID != org.TenantID || p.Role == world.NoOrganization || p.Role == world.Guest {
		return false
	}
	if org.Seed == "" {
		return p.Role != serviceAgent
	}
	_, ok := planOf(org).cast[p.Role]
	return ok
}

// Options are the settings to open an organization's file with, matching what Fill puts into it. A nil clock is time.Now.
func Options(org world.Organization, now func() time.Time) engine.Options {
	return engine.Options{OrganizationID: org.ID, LCID: org.LCID, BaseCurrency: currencyID(org, org.Currency), Now: now}
}

// Fill loads an organization's rows: the same rows and ids for the same organization and day. An organization without a
// seed stays empty.
func Fill(ctx context.Context, db *engine.DB, org world.Organization, people []world.Person, now time.Time) error {
	return (*Files)(nil).Fill(ctx, db, org, people, now)
}

// Fill loads an organization's rows and those of the files; db was opened with the files' model.
func (f *Files) Fill(ctx context.Context, db *engine.DB, org world.Organization, people []world.Person, now time.Time) error {
	if org.Seed == "" {
		return nil
	}
	if err := db.Load(ctx, func(l *engine.Loader) error {
		rows := newFiller(org, people, now, db.Model(), l.Insert)
		rows.blob, rows.files, rows.named = l.Blob, f, f.wanted()
		rows.everything()
		return rows.err
	}); err != nil {
		return err
	}
	return db.CalculateRollups(ctx)
}

// filler makes one organization's rows, in the order in which later ones need earlier ones. The first error stays.
type filler struct {
	org    world.Organization
	plan   *plan
	people []world.Person
	model  *schema.Model
	files  *Files
	named  map[string]map[string]string // ids by name, of the tables that files refer to
	put    func(table string, row engine.Row) (string, error)
	blob   func(id, owner string, b engine.Blob) error // nil keeps no contents
	err    error

	day     time.Time // midnight UTC of the day it is made
	old     time.Time // when the organization was set up
	random  *rand.Rand
	salt    uint64
	counter map[string]uint64

	units     map[string]string // business unit id by key
	staff     []*member
	byKey     map[string]*member
	teams     map[string]string // team id by key
	roles     map[string]string // id of the root role by key
	roleIn    map[string]string // role id by key + "/" + unit key
	plans     map[string]string // service plan id by key
	customers []*customerRow
	contacts  []*contactRow
	deals     []*dealRow
	leads     []*leadRow
	cases     []*caseRow
	ships     []string // ids of vessels
}

func newFiller(org world.Organization, people []world.Person, now time.Time, model *schema.Model, put func(string, engine.Row) (string, error)) *filler {
	h := fnv.New64a()
	h.Write([]byte(org.ID))
	y, m, d := now.UTC().Date()
	f := &filler{
		org: org, plan: planOf(org), people: people, model: model, put: put,
		day: time.Date(y, m, d, 0, 0, 0, 0, time.UTC), random: rand.New(rand.NewPCG(h.Sum64(), 20180723)), salt: h.Sum64(),
		counter: map[string]uint64{}, units: map[string]string{}, byKey: map[string]*member{}, teams: map[string]string{},
		roles: map[string]string{}, roleIn: map[string]string{}, plans: map[string]string{},
	}
	f.old = f.at(-1100, 8, 0)
	return f
}

func (f *filler) everything() {
	for _, step := range []func(){
		f.currencies, f.businessUnits, f.privileges, f.securityRoles, f.users, f.ownerTeams, f.columnSecurity, f.organization,
		f.timeZones, f.flowRows, f.territories, f.accounts, f.contactPeople, f.salesLeads, f.opportunities, f.serviceCases, f.work,
		func() { f.aside("vessels", f.vessels) }, f.siteVisits, f.notes,
		func() { f.aside("left", f.leftOnRows) }, f.flowInstances,
		f.webResources, f.views, f.charts, f.dashboards, f.forms, f.appModules, f.shares, f.fileRows,
	} {
		if f.err != nil {
			return
		}
		step()
	}
}

// insert adds a row and gives its id; after an error it does nothing. What does not say when it was made is as old as the
// organization, so that no row depends on the time of day.
func (f *filler) insert(table string, row engine.Row) string {
	if f.err != nil {
		return ""
	}
	if _, ok := row["createdon"]; !ok && f.model.Table(table).Column("createdon") != nil {
		row["createdon"] = f.old
	}
	created, _ := row["createdon"].(time.Time)
	if modified, ok := row["modifiedon"].(time.Time); ok && modified.Before(created) {
		row["modifiedon"] = created
	}
	id, err := f.put(table, row)
	if err != nil {
		f.err = fmt.Errorf("seed: %s: %s: %w", f.org.Name, table, err)
	}
	f.remember(table, id, row)
	return id
}

// say picks the organization's language from "English|Deutsch".
func (f *filler) say(text string) string {
	en, de, ok := strings.Cut(text, "|")
	if ok && f.org.LCID == 1031 {
		return de
	}
	return en
}

// next gives the ids of a table's rows one after the other: they look random and are the same every time.
func (f *filler) next(table string) string {
	n := f.counter[table]
	f.counter[table] = n + 1
	h := fnv.New64a()
	h.Write([]byte(table))
	return mixed(f.salt^h.Sum64(), n)
}

// mixed spreads a seed and a number over a GUID (two rounds of the splitmix64 finalizer).
func mixed(seed, n uint64) string {
	var raw [16]byte
	for half := range 2 {
		x := seed + (2*n+uint64(half)+1)*0x9e3779b97f4a7c15
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		x ^= x >> 31
		for i := range 8 {
			raw[half*8+i] = byte(x >> (8 * i))
		}
	}
	raw[6], raw[8] = raw[6]&0x0f|0x40, raw[8]&0x3f|0x80
	var out [36]byte
	hex.Encode(out[0:8], raw[0:4])
	hex.Encode(out[9:13], raw[4:6])
	hex.Encode(out[14:18], raw[6:8])
	hex.Encode(out[19:23], raw[8:10])
	hex.Encode(out[24:36], raw[10:16])
	out[8], out[13], out[18], out[23] = '-', '-', '-', '-'
	return string(out[:])
}

// fixed is the id of something in this organization that has a name.
func (f *filler) fixed(kind, name string) string { return schema.ID(f.org.ID+"/"+kind, name) }

func currencyID(org world.Organization, code string) string {
	return schema.ID(org.ID+"/transactioncurrency", code)
}

// at is a time of day some days from today.
func (f *filler) at(days, hour, minute int) time.Time {
	return f.day.AddDate(0, 0, days).Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// between gives a number from low to high, both included.
func (f *filler) between(low, high int) int { return low + f.random.IntN(high-low+1) }

// chance is true in that many cases of a hundred.
func (f *filler) chance(percent int) bool { return f.random.IntN(100) < percent }

// pick chooses an element.
func pick[T any](f *filler, list []T) T { return list[f.random.IntN(len(list))] }

// weighted gives an index, each as likely as its weight says.
func (f *filler) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	n := f.random.IntN(sum)
	for i, w := range weights {
		if n -= w; n < 0 {
			return i
		}
	}
	return len(weights) - 1
}

func ref(table, id string) engine.Ref { return engine.Ref{Table: table, ID: id} }
