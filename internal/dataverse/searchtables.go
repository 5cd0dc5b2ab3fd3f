package dataverse

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const (
	slotEntities    slot = "entities"
	slotOutlines    slot = "outlines"
	slotSearchable  slot = "searchable"
	slotSearchKinds slot = "searchkinds"
)

const (
	componentEntity = 1
	// mostAtOnce is how many tables one question names: its address stays far below the longest.
	mostAtOnce = 40
)

// searchable is a table of an app with what searching it takes.
type searchable struct {
	crm.Table
	quick   *view
	indexed bool                // Dataverse search knows the table
	door    door                // how Dataverse search is asked
	kinds   map[string]crm.Kind // of the columns that are searched, by "table.column"
}

// entityOutline is as much of EntityDefinitions as lists of tables need.
type entityOutline struct {
	tableDefinition
	MetadataID                string `json:"MetadataId"`
	SyncToExternalSearchIndex bool
}

const outlineFields = "EntityDefinitions?$select=MetadataId,LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute,ObjectTypeCode," +
	"DisplayName,DisplayCollectionName,Privileges,SyncToExternalSearchIndex&$filter="

// Searchable lists the tables of the place's app that the person can search: those with a quick find view that they may read, by
// name.
func (c *Client) Searchable(ctx context.Context, caller crm.Caller, place crm.Place) ([]crm.Table, error) {
	all, err := c.searchables(ctx, caller, place)
	tables := make([]crm.Table, len(all))
	for i, s := range all {
		tables[i] = s.Table
	}
	return tables, err
}

func (c *Client) searchables(ctx context.Context, caller crm.Caller, place crm.Place) ([]searchable, error) {
	id := place.App.ID + " " + strconv.Itoa(lcidOf(caller.Locale))
	return mine(ctx, c, caller, place.Organization, slotSearchable, id, func(ctx context.Context) ([]searchable, int, error) {
		var outlines []entityOutline
		var user string
		err := together(
			func() (err error) { outlines, err = c.appTables(ctx, caller, place); return err },
			func() (err error) { user, err = c.who(ctx, caller, place.Organization); return err },
		)
		if err != nil {
			return nil, 0, err
		}
		names := make([]string, len(outlines))
		for i, o := range outlines {
			names[i] = o.LogicalName
		}
		var quick map[string]*view
		var may map[string]bool
		var index door
		err = together(
			func() (err error) { quick, err = c.quickFinds(ctx, caller, place.Organization, names); return err },
			func() (err error) { may, err = c.readable(ctx, caller, place.Organization, user, outlines); return err },
			func() (err error) { index, err = c.searchDoor(ctx, caller, place.Organization); return err },
		)
		if err != nil {
			return nil, 0, err
		}
		var all []searchable
		for _, o := range outlines {
			if v := quick[o.LogicalName]; v != nil && may[o.LogicalName] {
				all = append(all, searchable{Table: o.table(lcidOf(caller.Locale)), quick: v, indexed: index.knows(o.LogicalName, o.SyncToExternalSearchIndex), door: index})
			}
		}
		kinds, err := c.searchKinds(ctx, caller, place.Organization, all)
		if err != nil {
			return nil, 0, err
		}
		for i := range all {
			all[i].kinds = kinds
		}
		slices.SortFunc(all, func(a, b searchable) int { return byName(a.Label, b.Label, a.LogicalName, b.LogicalName) })
		return all, 4096 * len(all), nil
	})
}

// table gives what the table is called.
func (o entityOutline) table(lcid int) crm.Table {
	return crm.Table{
		LogicalName: o.LogicalName, SetName: o.EntitySetName, Label: cmp.Or(o.DisplayName.in(lcid), o.LogicalName),
		PluralLabel: cmp.Or(o.DisplayCollectionName.in(lcid), o.DisplayName.in(lcid), o.LogicalName),
		PrimaryID:   o.PrimaryIDAttribute, PrimaryName: o.PrimaryNameAttribute, ObjectType: o.ObjectTypeCode,
	}
}

// appTables describes the tables of an app; those of an app that names none are all that can be found by hand.
func (c *Client) appTables(ctx context.Context, caller crm.Caller, place crm.Place) ([]entityOutline, error) {
	parts, err := mine(ctx, c, caller, place.Organization, slotEntities, place.App.LayerID, func(ctx context.Context) ([]component, int, error) {
		up, err := c.organization(place.Organization)
		if err != nil || place.App.LayerID == "" {
			return nil, 0, err
		}
		return collect[component](ctx, c, caller, up, "appmodulecomponents?$select=componenttype,objectid&$filter="+
			escaped("_appmoduleidunique_value eq "+place.App.LayerID+" and componenttype eq "+strconv.Itoa(componentEntity)))
	})
	if err != nil {
		return nil, err
	}
	var terms []string
	named := map[string]bool{}
	for _, p := range parts {
		if id := crmxml.GUID(p.Object); id != "" {
			terms, named[id] = append(terms, "MetadataId eq "+id), true
		}
	}
	if len(terms) > 0 {
		found, err := c.outlines(ctx, caller, place.Organization, unique(terms))
		if !fault.Is(err, fault.Invalid) {
			return found, err
		}
		// A server that does not look definitions up by their ids is asked for all of them.
	}
	all, err := c.outlines(ctx, caller, place.Organization, []string{"IsValidForAdvancedFind eq true and IsIntersect eq false"})
	return slices.DeleteFunc(slices.Clone(all), func(o entityOutline) bool {
		return len(named) > 0 && !named[crmxml.GUID(o.MetadataID)]
	}), err
}

// outlines describes tables, some at a time.
func (c *Client) outlines(ctx context.Context, caller crm.Caller, org crm.Organization, terms []string) ([]entityOutline, error) {
	sum := sha256.Sum256([]byte(strings.Join(terms, " ")))
	return ours(ctx, c, caller, org, slotOutlines, hex.EncodeToString(sum[:]), func(ctx context.Context) ([]entityOutline, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		all, size, err := inChunks(terms, func(some []string) ([]entityOutline, int, error) {
			return collect[entityOutline](ctx, c, caller, up, outlineFields+escaped(strings.Join(some, " or ")))
		})
		return slices.DeleteFunc(all, func(o entityOutline) bool {
			return !logicalName.MatchString(o.LogicalName) || o.EntitySetName == "" || o.PrimaryIDAttribute == ""
		}), size, err
	})
}

// inChunks asks for many things, some of them with each question, all at the same time.
func inChunks[T any](names []string, ask func([]string) ([]T, int, error)) (all []T, size int, err error) {
	var asks []func() error
	chunks := slices.Collect(slices.Chunk(names, mostAtOnce))
	found, sizes := make([][]T, len(chunks)), make([]int, len(chunks))
	for i, some := range chunks {
		asks = append(asks, func() (err error) { found[i], sizes[i], err = ask(some); return err })
	}
	if len(asks) > 0 {
		err = together(asks...)
	}
	for i := range found {
		all, size = append(all, found[i]...), size+sizes[i]
	}
	return all, size, err
}

// quickFinds reads the quick find views of tables. One that cannot be read is missing, as that of a table which has none.
func (c *Client) quickFinds(ctx context.Context, caller crm.Caller, org crm.Organization, tables []string) (map[string]*view, error) {
	up, err := c.organization(org)
	if err != nil {
		return nil, err
	}
	found, _, err := inChunks(tables, func(some []string) ([]query, int, error) {
		return collect[query](ctx, c, caller, up, "savedqueries?$select=savedqueryid,name,fetchxml,layoutxml,returnedtypecode&$filter="+
			escaped("querytype eq 4 and isquickfindquery eq true and statecode eq 0 and ("+anyOf("returnedtypecode", some)+")"))
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(found, func(a, b query) int { return byName(a.Name, b.Name, a.SavedID, b.SavedID) })
	views := map[string]*view{}
	for _, q := range found {
		if views[q.Table] != nil {
			continue
		}
		v, err := q.read(crmxml.GUID(q.SavedID), false)
		if err != nil || v.fetch.Aggregate {
			c.config.Log.WarnContext(ctx, "quick find view cannot be read", "table", word(q.Table), "cause", err)
			continue
		}
		views[v.table] = v
	}
	return views, nil
}

// anyOf compares a column with names of tables, which logicalName has let through.
func anyOf(column string, names []string) string {
	terms := make([]string, len(names))
	for i, name := range names {
		terms[i] = column + " eq '" + name + "'"
	}
	return strings.Join(terms, " or ")
}

// readable says which tables the person, who is this user there, may read at all; where the organization does not tell, each
// question will.
func (c *Client) readable(ctx context.Context, caller crm.Caller, org crm.Organization, user string, tables []entityOutline) (map[string]bool, error) {
	privileges := map[string]string{} // by table
	var names []string
	for _, t := range tables {
		for _, p := range t.Privileges {
			if p.PrivilegeType == "Read" && oneWord.MatchString(p.Name) {
				privileges[t.LogicalName] = strings.ToLower(p.Name)
				names = append(names, p.Name)
			}
		}
	}
	up, err := c.organization(org)
	if err != nil {
		return nil, err
	}
	type privilege struct{ PrivilegeName string }
	told := true
	held, _, err := inChunks(unique(names), func(some []string) ([]privilege, int, error) {
		text, err := json.Marshal(some)
		if err != nil {
			return nil, 0, fault.Wrap(err, fault.Internal, "internal")
		}
		var answer struct{ RolePrivileges *[]privilege }
		n, err := c.read(ctx, caller, up, call{path: "systemusers(" + user + ")/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=" + url.QueryEscape(string(text))}, &answer)
		if err != nil || answer.RolePrivileges == nil {
			return []privilege{{}}, n, optional(err)
		}
		return *answer.RolePrivileges, n, nil
	})
	if err != nil {
		return nil, err
	}
	may, has := map[string]bool{}, map[string]bool{}
	for _, p := range held {
		has[strings.ToLower(p.PrivilegeName)] = true
		told = told && p.PrivilegeName != ""
	}
	for _, t := range tables {
		name, known := privileges[t.LogicalName]
		may[t.LogicalName] = !told || !known || has[name]
	}
	return may, nil
}

// searchKinds tells the kinds of all columns that the quick find views search, in one batch.
func (c *Client) searchKinds(ctx context.Context, caller crm.Caller, org crm.Organization, tables []searchable) (map[string]crm.Kind, error) {
	columns := map[string][]string{}
	for _, s := range tables {
		for table, names := range searchedColumns(s.quick) {
			columns[table] = unique(append(columns[table], names...))
		}
	}
	names := make([]string, 0, len(columns))
	for table := range columns {
		names = append(names, table)
	}
	slices.Sort(names)
	var paths []string
	key := sha256.New()
	for _, table := range names {
		path := "EntityDefinitions(LogicalName='" + table + "')/Attributes?$select=LogicalName,AttributeType,AttributeTypeName&$filter=" + escaped(anyOf("LogicalName", columns[table]))
		paths = append(paths, path)
		key.Write([]byte(path))
	}
	if len(paths) == 0 {
		return nil, nil
	}
	return ours(ctx, c, caller, org, slotSearchKinds, hex.EncodeToString(key.Sum(nil)), func(ctx context.Context) (map[string]crm.Kind, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		answers, faults, err := c.askMany(ctx, caller, up, paths)
		if err != nil {
			return nil, 0, err
		}
		kinds, size := map[string]crm.Kind{}, 0
		for i, a := range answers {
			var page struct{ Value []attribute }
			if faults[i] != nil {
				continue // its columns are not searched
			}
			if err := decode(a.body, &page); err != nil {
				return nil, 0, err
			}
			for _, x := range page.Value {
				kinds[names[i]+"."+x.LogicalName] = kindOf(x, "")
			}
			size += len(a.body)
		}
		return kinds, size, nil
	})
}

// searchedColumns gives the columns in which a quick find view looks for a term, by table.
func searchedColumns(v *view) map[string][]string {
	columns := map[string][]string{}
	var walk func([]crmxml.Filter)
	walk = func(filters []crmxml.Filter) {
		for _, f := range filters {
			for _, k := range f.Conditions {
				table := v.fetch.Entity.Name
				if k.EntityName != "" {
					link, ok := v.fetch.Link(k.EntityName)
					if !ok {
						continue
					}
					table = link.Name
				}
				if strings.Contains(k.Value, "{0}") && logicalName.MatchString(k.Attribute) && logicalName.MatchString(table) {
					columns[table] = append(columns[table], k.Attribute)
				}
			}
			walk(f.Filters)
		}
	}
	walk(v.fetch.Entity.Filters)
	return columns
}
