package seed

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// wanted lists the tables whose rows files refer to by name.
func (f *Files) wanted() map[string]map[string]string {
	tables := map[string]map[string]string{}
	_ = f.each(func(d *document) error { // never fails
		for _, set := range d.Rows {
			for _, row := range set.Rows {
				for _, value := range row {
					if to, ok := value.(map[string]any); ok && to["name"] != nil {
						name, _ := to["table"].(string)
						tables[name] = map[string]string{}
					}
				}
			}
		}
		return nil
	})
	return tables
}

// remember keeps the names of rows that files may refer to; the first of a name is meant.
func (f *filler) remember(table, id string, row engine.Row) {
	names := f.named[table]
	if names == nil {
		return
	}
	if name, ok := row[f.model.Table(table).PrimaryName].(string); ok && names[name] == "" {
		names[name] = id
	}
}

// fileRows inserts the rows of files, in their order.
func (f *filler) fileRows() {
	if err := f.files.each(f.documentRows); err != nil && f.err == nil {
		f.err = err
	}
}

func (f *filler) documentRows(d *document) error {
	for _, set := range d.Rows {
		t := f.model.Table(set.Table)
		if t == nil {
			return fmt.Errorf("rows are for a table %q that is not there", set.Table)
		}
		if !within(set.Organizations, f.org.Name) {
			continue
		}
		for n, values := range set.Rows {
			if err := f.fileRow(t, values); err != nil {
				return fmt.Errorf("row %d of %s: %w", n+1, set.Table, err)
			}
		}
	}
	return nil
}

func (f *filler) fileRow(t *schema.Table, values map[string]any) error {
	row := engine.Row{}
	id, _ := values[t.PrimaryID].(string)
	if id == "" {
		id = f.next(t.LogicalName)
	}
	row[t.PrimaryID] = id
	for _, name := range slices.Sorted(maps.Keys(values)) {
		c := t.Column(name)
		if c == nil {
			return fmt.Errorf("there is no column %q", name)
		}
		if err := f.fileValue(c, id, values[name], row); err != nil {
			return fmt.Errorf("column %s: %w", name, err)
		}
	}
	if t.Ownership == schema.UserOwned && row["ownerid"] == nil {
		row["ownerid"] = f.staff[0].owner()
	}
	f.insert(t.LogicalName, row)
	return f.err
}

// fileValue puts a value of a file into a row.
func (f *filler) fileValue(c *schema.Column, id string, value any, row engine.Row) error {
	switch v := value.(type) {
	case nil:
		return nil
	case json.Number:
		return f.fileNumber(c, v, row)
	case string:
		if c.Type == schema.DateTime && strings.HasPrefix(v, "today") {
			at, err := f.relative(v)
			row[c.LogicalName] = at
			return err
		}
		row[c.LogicalName] = v
	case bool:
		row[c.LogicalName] = v
	case []any:
		var numbers []int
		for _, one := range v {
			n, ok := one.(json.Number)
			number, err := strconv.Atoi(string(n))
			if !ok || err != nil {
				return fmt.Errorf("%v is no choice", one)
			}
			numbers = append(numbers, number)
		}
		row[c.LogicalName] = numbers
	case map[string]any:
		if c.Type == schema.File || c.Type == schema.Image {
			return f.fileContent(c, id, v, row)
		}
		to, err := f.fileRef(v)
		row[c.LogicalName] = to
		return err
	default:
		return fmt.Errorf("a %T is no value", value)
	}
	return nil
}

func (f *filler) fileNumber(c *schema.Column, v json.Number, row engine.Row) error {
	if n, err := strconv.Atoi(string(v)); err == nil {
		row[c.LogicalName] = n
		return nil
	}
	number, err := v.Float64()
	row[c.LogicalName] = number
	return err
}

// relative reads "today", "today+3", "today-10 09:30" as a moment of the day that the rows are made.
func (f *filler) relative(text string) (time.Time, error) {
	days, clock, _ := strings.Cut(strings.TrimPrefix(text, "today"), " ")
	n, err := 0, error(nil)
	if days != "" {
		n, err = strconv.Atoi(days)
	}
	at := time.Time{}
	if err == nil && clock != "" {
		at, err = time.Parse("15:04", clock)
	}
	if err != nil || n < -100000 || n > 100000 {
		return time.Time{}, fmt.Errorf("%q is not like \"today+3 09:30\"", text)
	}
	return f.at(n, at.Hour(), at.Minute()), nil
}

// fileRef reads {"table":"account","id":"..."} or {"table":"account","name":"Contoso"}.
func (f *filler) fileRef(v map[string]any) (engine.Ref, error) {
	table, _ := v["table"].(string)
	if f.model.Table(table) == nil {
		return engine.Ref{}, fmt.Errorf("there is no table %q", table)
	}
	if id, ok := v["id"].(string); ok {
		return ref(table, id), nil
	}
	name, _ := v["name"].(string)
	id := f.named[table][name]
	if id == "" {
		return engine.Ref{}, fmt.Errorf("there is no row of %s called %q yet", table, name)
	}
	return ref(table, id), nil
}

// fileContent reads {"name":"a.txt","type":"text/plain","base64":"..."} or the same with "text".
func (f *filler) fileContent(c *schema.Column, id string, v map[string]any, row engine.Row) error {
	part := func(key string) string {
		s, _ := v[key].(string)
		return s
	}
	data := []byte(part("text"))
	if encoded := part("base64"); encoded != "" {
		var err error
		if data, err = base64.StdEncoding.DecodeString(encoded); err != nil {
			return fmt.Errorf("the content is no base64: %w", err)
		}
	}
	if c.MaxSizeKB > 0 && len(data) > c.MaxSizeKB<<10 {
		return fmt.Errorf("the content is larger than %d KB", c.MaxSizeKB)
	}
	if c.Type == schema.File {
		f.attach(c.LogicalName, id, part("name"), part("type"), string(data), row)
		return f.err
	}
	row[c.LogicalName], row[c.LogicalName+"_timestamp"] = base64.StdEncoding.EncodeToString(data), strconv.FormatInt(f.old.UnixMilli(), 10)
	row[c.LogicalName+"id"] = f.keep(id, "", part("type"), data)
	return f.err
}

// role adds the files' tables to a role: what they say, else what the role may do with site visits.
func (f *Files) role(key string, spec roleSpec) roleSpec {
	english, _, _ := strings.Cut(spec.name, "|")
	for _, t := range f.tables() {
		if t.Privileges != nil {
			if grants := t.Privileges[english]; grants != "" {
				spec.rules = append(slices.Clone(spec.rules), rule{t.SchemaName, grants})
			}
			continue
		}
		for _, r := range roleSpecs[key].rules {
			if slices.Contains(strings.Fields(r.sets), "hf_SiteVisit") {
				spec.rules = append(slices.Clone(spec.rules), rule{t.SchemaName, r.grants})
			}
		}
	}
	return spec
}

// app adds the files' tables to an app that they name.
func (f *Files) app(a app) app {
	for _, t := range f.tables() {
		if slices.Contains(t.Apps, a.unique) {
			a.tables = append(slices.Clone(a.tables), strings.ToLower(t.SchemaName))
		}
	}
	return a
}

// checkNames refuses apps, roles and grants that are not there: a table that nobody sees helps nobody.
func (f *Files) checkNames() error {
	return f.each(func(d *document) error {
		for _, t := range d.Tables {
			for _, unique := range t.Apps {
				if !slices.ContainsFunc(appList, func(a app) bool { return a.unique == unique }) {
					return fmt.Errorf("table %q is for an app %q that is not there", t.SchemaName, unique)
				}
			}
			for name, grants := range t.Privileges {
				known := slices.ContainsFunc(slices.Collect(maps.Values(roleSpecs)), func(s roleSpec) bool { return strings.HasPrefix(s.name, name+"|") })
				if !known {
					return fmt.Errorf("table %q has privileges for a role %q that is not there", t.SchemaName, name)
				}
				for _, g := range strings.Fields(grants) {
					if len(g) != 2 || !strings.Contains("CRWDATGS", g[:1]) || !strings.Contains("1248", g[1:]) {
						return fmt.Errorf("table %q: %q is no privilege such as R4", t.SchemaName, g)
					}
				}
			}
		}
		return nil
	})
}
