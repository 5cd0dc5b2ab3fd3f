package seed

import "testing"

func TestModelIsSoundInItself(t *testing.T) {
	m := Model()
	codes := map[int]string{}
	sets := map[string]string{}
	for _, table := range m.Tables {
		if other, ok := codes[table.ObjectType]; ok {
			t.Errorf("%s and %s share object type %d", other, table.LogicalName, table.ObjectType)
		}
		if other, ok := sets[table.SetName]; ok {
			t.Errorf("%s and %s share set %s", other, table.LogicalName, table.SetName)
		}
		codes[table.ObjectType], sets[table.SetName] = table.LogicalName, table.LogicalName
		if table.Label[1033] == "" || table.Label[1031] == "" || table.PluralLabel[1031] == "" {
			t.Errorf("%s lacks a label", table.LogicalName)
		}
		if table.PrimaryName != "" && table.Column(table.PrimaryName) == nil {
			t.Errorf("%s has no column %s", table.LogicalName, table.PrimaryName)
		}
		seen := map[string]bool{}
		for _, c := range table.Columns {
			if seen[c.LogicalName] {
				t.Errorf("%s.%s twice", table.LogicalName, c.LogicalName)
			}
			seen[c.LogicalName] = true
			if c.Label[1033] == "" || c.Label[1031] == "" {
				t.Errorf("%s.%s lacks a label", table.LogicalName, c.LogicalName)
			}
			if c.OptionSet != "" && len(c.Options) == 0 {
				t.Errorf("%s.%s has no choices", table.LogicalName, c.LogicalName)
			}
			for _, target := range c.Targets {
				if m.Table(target) == nil || c.Navigation[target] == "" {
					t.Errorf("%s.%s points to %q by %q", table.LogicalName, c.LogicalName, target, c.Navigation[target])
				}
			}
			if c.BaseOf != "" && table.Column(c.BaseOf) == nil {
				t.Errorf("%s.%s mirrors nothing", table.LogicalName, c.LogicalName)
			}
		}
		t.Log(table.LogicalName, table.SetName, len(table.Columns))
	}
	collections := map[string]string{}
	for _, table := range m.Tables {
		for _, c := range table.Columns {
			for target, name := range c.Collection {
				if name == "" {
					continue
				}
				key := target + "." + name
				if other, ok := collections[key]; ok {
					t.Errorf("collection %s is of %s and %s.%s", key, other, table.LogicalName, c.LogicalName)
				}
				collections[key] = table.LogicalName + "." + c.LogicalName
			}
		}
	}
	for _, r := range m.ManyToMany {
		table := m.Table(r.Intersect)
		if table == nil || m.Table(r.Entity1) == nil || m.Table(r.Entity2) == nil || table.Column(r.Attribute1) == nil || table.Column(r.Attribute2) == nil {
			t.Errorf("%s is incomplete", r.SchemaName)
		}
	}
}
