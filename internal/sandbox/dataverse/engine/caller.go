package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// administratorTemplate is the roletemplateid of the System Administrator role in every organization.
const administratorTemplate = "627090ff-40a3-4053-8790-584edc5be201"

// Caller is one person's rights and settings in this organization. It is a snapshot: ask for it again with every request.
type Caller struct {
	UserID, BusinessUnitID, OrganizationID string
	ObjectID                               string // azureactivedirectoryobjectid
	FullName                               string
	LCID                                   int            // language of labels
	Locale                                 int            // LCID of number and date formats
	TimeZone                               *time.Location // from usersettings.timezonecode
	Roles                                  []string       // role ids, direct and through teams
	Teams                                  []string       // team ids
	Administrator                          bool           // has the System Administrator role

	privileges map[string]*privilege
	units      map[string][]string // each business unit with all units below it, itself first
	columns    map[string]int      // by "table.column", what profiles allow on secured columns
	shares     map[string]bool     // tables with rows shared with this person or a team
	mask       string              // the rights of a share, direct and inherited, as SQL
	formats    formats
	many       sync.Map // by *table, what seesMany has found out
}

// privilege is what all roles together give for one privilege.
type privilege struct {
	name    string
	id      string
	depth   Depth
	own     bool     // own rows and those of all teams, by a role of the person
	teams   []string // teams whose rows are covered, by a role of the team
	locals  []string // business units covered as such
	parents []string // business units covered with everything below them
}

// maxCallers is how many people are remembered.
const maxCallers = 1000

// Caller resolves a person by their Entra object id; ErrNotMember when no enabled systemuser has it.
func (db *DB) Caller(ctx context.Context, objectID string) (*Caller, error) {
	return db.caller(ctx, "azureactivedirectoryobjectid", objectID)
}

// CallerByUser resolves a person by systemuserid; ErrNotMember when there is no enabled one.
func (db *DB) CallerByUser(ctx context.Context, userID string) (*Caller, error) {
	return db.caller(ctx, "systemuserid", userID)
}

func (db *DB) caller(ctx context.Context, column, id string) (*Caller, error) {
	if id = guid(id); id == "" {
		return nil, ErrNotMember
	}
	rights := db.rights.Load()
	key := column + " " + id
	db.mu.Lock()
	kept := db.callers[key]
	db.mu.Unlock()
	if kept != nil {
		return kept, nil
	}
	c := &Caller{OrganizationID: db.opts.OrganizationID, privileges: map[string]*privilege{}, units: map[string][]string{}, columns: map[string]int{}, shares: map[string]bool{}}
	for _, step := range []func() error{
		func() error { return db.identify(ctx, c, column, id) },
		func() error { return db.settle(ctx, c) },
		func() error { return db.readUnits(ctx, c) },
		func() error { return db.readRoles(ctx, c) },
		func() error { return db.readProfiles(ctx, c) },
		func() error { return db.readShares(ctx, c) },
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if db.rights.Load() == rights {
		if len(db.callers) >= maxCallers {
			clear(db.callers)
		}
		db.callers[key] = c
	}
	return c, nil
}

func (db *DB) identify(ctx context.Context, c *Caller, column, id string) error {
	user := db.tables["systemuser"]
	if user == nil || user.byName[column] == nil {
		return ErrNotMember
	}
	text := fmt.Sprintf("SELECT %s, %s, %s, %s FROM systemuser WHERE %s = ? AND %s = 0 LIMIT 1", user.pk.sql, user.or("businessunitid", "''"),
		user.or("fullname", "''"), user.or("azureactivedirectoryobjectid", "''"), user.byName[column].sql, user.or("isdisabled", "0"))
	err := db.rows(ctx, text, []any{id}, 4, func(v []any) error {
		c.UserID, c.BusinessUnitID, c.FullName, c.ObjectID = v[0].(string), v[1].(string), v[2].(string), v[3].(string)
		return nil
	})
	if err == nil && c.UserID == "" {
		return ErrNotMember
	}
	if err != nil || db.tables["teammembership"] == nil {
		return err
	}
	return db.rows(ctx, `SELECT DISTINCT teamid FROM teammembership WHERE systemuserid = ? ORDER BY teamid`, []any{c.UserID}, 1, func(v []any) error {
		if team, ok := v[0].(string); ok {
			c.Teams = append(c.Teams, team)
		}
		return nil
	})
}

// settle reads usersettings; the organization's language stands in for what is missing.
func (db *DB) settle(ctx context.Context, c *Caller) error {
	c.LCID, c.Locale, c.TimeZone = db.opts.LCID, db.opts.LCID, time.UTC
	if t := db.tables["usersettings"]; t != nil && t.byName["systemuserid"] != nil {
		text := fmt.Sprintf("SELECT %s, %s, %s FROM usersettings WHERE systemuserid = ?", t.or("uilanguageid", "0"), t.or("localeid", "0"), t.or("timezonecode", "-1"))
		if err := db.rows(ctx, text, []any{c.UserID}, 3, func(v []any) error {
			if n := v[0].(int64); n > 0 {
				c.LCID, c.Locale = int(n), int(n)
			}
			if n := v[1].(int64); n > 0 {
				c.Locale = int(n)
			}
			if zone := timeZone(int(v[2].(int64))); zone != nil {
				c.TimeZone = zone
			}
			return nil
		}); err != nil {
			return err
		}
	}
	c.formats = formatsOf(c.Locale)
	return nil
}

// readUnits closes the tree of business units downwards.
func (db *DB) readUnits(ctx context.Context, c *Caller) error {
	t := db.tables["businessunit"]
	if t == nil {
		return nil
	}
	children := map[string][]string{}
	var all []string
	err := db.rows(ctx, "SELECT "+t.pk.sql+", "+t.or("parentbusinessunitid", "''")+" FROM businessunit", nil, 2, func(v []any) error {
		all = append(all, v[0].(string))
		children[v[1].(string)] = append(children[v[1].(string)], v[0].(string))
		return nil
	})
	for _, unit := range all {
		tree := []string{unit}
		for i := 0; i < len(tree); i++ {
			for _, child := range children[tree[i]] {
				if !slices.Contains(tree, child) {
					tree = append(tree, child)
				}
			}
		}
		c.units[unit] = tree
	}
	return err
}

func (db *DB) readRoles(ctx context.Context, c *Caller) error {
	role := db.tables["role"]
	if role == nil {
		return nil
	}
	admin := "lower(" + role.or("name", "''") + ") = 'system administrator'"
	if role.byName["roletemplateid"] != nil {
		admin = role.or("roletemplateid", "''") + " = '" + administratorTemplate + "' OR " + admin
	}
	inherited := role.or("isinherited", "0")
	grant := func(query string, args ...any) error {
		// Read to the end before anything else is asked: a query that waits for a connection while it holds one, waits for
		// ever when all the others do the same.
		var held [][6]any
		if err := db.rows(ctx, query, args, 6, func(v []any) error {
			held = append(held, [6]any(v))
			return nil
		}); err != nil {
			return err
		}
		for _, v := range held {
			id, _ := v[0].(string)
			if !slices.Contains(c.Roles, id) {
				c.Roles = append(c.Roles, id)
			}
			c.Administrator = c.Administrator || v[1] == int64(1)
			team, _ := v[2].(string)
			unit, _ := v[3].(string)
			root, _ := v[5].(string)
			if err := db.addRole(ctx, c, root, team, unit, v[4] == int64(1)); err != nil {
				return err
			}
		}
		return nil
	}
	if db.tables["systemuserroles"] != nil {
		if err := grant(`SELECT r.roleid, (`+admin+`), '', ?, 1, `+role.root()+` FROM systemuserroles s JOIN role r ON r.roleid = s.roleid WHERE s.systemuserid = ?`, c.BusinessUnitID, c.UserID); err != nil {
			return err
		}
	}
	if db.tables["teamroles"] == nil || db.tables["team"] == nil {
		return nil
	}
	for _, team := range c.Teams {
		query := `SELECT r.roleid, (` + strings.ReplaceAll(strings.ReplaceAll(admin, `"name"`, `r."name"`), `"roletemplateid"`, `r."roletemplateid"`) + `), t.teamid, ` +
			`coalesce(t.businessunitid, ''), ` + strings.ReplaceAll(inherited, `"isinherited"`, `r."isinherited"`) +
			`, ` + role.root() + ` FROM teamroles s JOIN role r ON r.roleid = s.roleid JOIN team t ON t.teamid = s.teamid WHERE s.teamid = ?`
		if err := grant(query, team); err != nil {
			return err
		}
	}
	return nil
}

// root is the SQL of the role r that has the privileges: a role's copies in the business units below have none of their
// own, and follow it.
func (role *table) root() string { return role.or("parentrootroleid", `r."roleid"`) }

// addRole adds the privileges of a root role. Own rows are covered by roles of the person, and by those roles of a team that are
// inherited by members.
func (db *DB) addRole(ctx context.Context, c *Caller, role, team, unit string, personal bool) error {
	if db.tables["roleprivileges"] == nil || db.tables["privilege"] == nil {
		return nil
	}
	return db.rows(ctx, `SELECT p.name, p.privilegeid, rp.privilegedepthmask FROM roleprivileges rp JOIN privilege p ON p.privilegeid = rp.privilegeid WHERE rp.roleid = ?`,
		[]any{role}, 3, func(v []any) error {
			name, _ := v[0].(string)
			mask, _ := v[2].(int64)
			id, _ := v[1].(string)
			p := c.privileges[strings.ToLower(name)]
			if p == nil {
				p = &privilege{name: name, id: id}
				c.privileges[strings.ToLower(name)] = p
			}
			p.add(deepest(mask), team, unit, personal)
			return nil
		})
}

func deepest(mask int64) Depth {
	for _, d := range []Depth{Global, Deep, Local, Basic} {
		if mask&int64(d) != 0 {
			return d
		}
	}
	return None
}

func (p *privilege) add(d Depth, team, unit string, personal bool) {
	p.depth = max(p.depth, d)
	if d >= Basic {
		p.own = p.own || personal
		if team != "" && !slices.Contains(p.teams, team) {
			p.teams = append(p.teams, team)
		}
	}
	if d == Local && !slices.Contains(p.locals, unit) {
		p.locals = append(p.locals, unit)
	}
	if d == Deep && !slices.Contains(p.parents, unit) {
		p.parents = append(p.parents, unit)
	}
}

// What a profile allows on a secured column.
const (
	columnRead = 1 << iota
	columnCreate
	columnUpdate
)

func (db *DB) readProfiles(ctx context.Context, c *Caller) error {
	t := db.tables["fieldpermission"]
	if t == nil {
		return nil
	}
	mask := "0"
	for i, name := range []string{"canread", "cancreate", "canupdate"} {
		if column := t.byName[name]; column != nil {
			mask += fmt.Sprintf(" + %d * (coalesce(f.%s, 0) = 4)", 1<<i, column.sql)
		}
	}
	read := func(through, who, id string) error {
		if db.tables[through] == nil {
			return nil
		}
		query := `SELECT f.entityname, f.attributelogicalname, ` + mask + ` FROM fieldpermission f JOIN ` + through + ` s ON s.fieldsecurityprofileid = f.fieldsecurityprofileid WHERE s.` + who + ` = ?`
		return db.rows(ctx, query, []any{id}, 3, func(v []any) error {
			entity, _ := v[0].(string)
			attribute, _ := v[1].(string)
			allowed, _ := v[2].(int64)
			c.columns[entity+"."+attribute] |= int(allowed)
			return nil
		})
	}
	if err := read("systemuserprofiles", "systemuserid", c.UserID); err != nil {
		return err
	}
	for _, team := range c.Teams {
		if err := read("teamprofiles", "teamid", team); err != nil {
			return err
		}
	}
	return nil
}

func (db *DB) readShares(ctx context.Context, c *Caller) error {
	t := db.tables[shareTable]
	if t == nil {
		return nil
	}
	c.mask = shareMask(t)
	for _, principal := range append([]string{c.UserID}, c.Teams...) {
		if err := db.rows(ctx, `SELECT DISTINCT objecttypecode FROM principalobjectaccess WHERE principalid = ?`, []any{principal}, 1, func(v []any) error {
			if name, ok := v[0].(string); ok {
				c.shares[name] = true
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// Depth is how far a privilege such as prvReadAccount reaches for this person.
func (c *Caller) Depth(name string) Depth {
	if p := c.privileges[strings.ToLower(name)]; p != nil {
		return p.depth
	}
	return None
}

// CanReadColumn reports whether column security lets this person read a column.
func (c *Caller) CanReadColumn(table *schema.Table, column *schema.Column) bool {
	secured := column.Secured
	if base := table.Column(column.BaseOf); column.BaseOf != "" && base != nil && base.Secured {
		secured, column = true, base
	}
	return !secured || c.Administrator || c.columns[table.LogicalName+"."+column.LogicalName]&columnRead != 0
}
