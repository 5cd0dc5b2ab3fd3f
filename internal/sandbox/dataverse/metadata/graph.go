package metadata

import (
	"sort"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Relation is a one-to-many relationship: Column of table Many holds the Key of a row of table One.
type Relation struct {
	SchemaName string
	Many       *schema.Table
	Column     *schema.Column
	One        *schema.Table
	Key        string // column of One that is referred to, nearly always its primary key
	Single     string // navigation property on Many
	Collection string // navigation property on One; "" when there is none
}

// Graph is every relationship of a model by the navigation properties that lead along it.
type Graph struct {
	Relations []*Relation

	single      map[string]map[string][]*Relation
	collections map[string]map[string]*Relation
	many        map[string]map[string]*schema.ManyToMany
}

// NewGraph reads the relationships of a model.
func NewGraph(model *schema.Model) *Graph {
	g := &Graph{
		single: map[string]map[string][]*Relation{}, collections: map[string]map[string]*Relation{},
		many: map[string]map[string]*schema.ManyToMany{},
	}
	for _, t := range model.Tables {
		for i := range t.Columns {
			g.addColumn(model, t, &t.Columns[i])
		}
	}
	for i := range model.ManyToMany {
		m := &model.ManyToMany[i]
		add(g.many, m.Entity1, m.Navigation1, m)
		add(g.many, m.Entity2, m.Navigation2, m)
	}
	return g
}

func add[T any](index map[string]map[string]T, table, name string, value T) {
	if name == "" {
		return
	}
	if index[table] == nil {
		index[table] = map[string]T{}
	}
	index[table][name] = value
}

func (g *Graph) addColumn(model *schema.Model, t *schema.Table, c *schema.Column) {
	if !c.Type.IsLookup() || c.Hidden {
		return
	}
	for _, target := range c.Targets {
		one := model.Table(target)
		if one == nil {
			continue
		}
		r := &Relation{Many: t, Column: c, One: one, Key: referenced(one, c), Single: c.Navigation[target], Collection: c.Collection[target]}
		if r.Single == "" {
			r.Single = c.LogicalName
		}
		r.SchemaName = r.Collection
		if r.SchemaName == "" {
			r.SchemaName = t.LogicalName + "_" + c.LogicalName + "_" + target
		}
		g.Relations = append(g.Relations, r)
		if g.single[t.LogicalName] == nil {
			g.single[t.LogicalName] = map[string][]*Relation{}
		}
		g.single[t.LogicalName][r.Single] = append(g.single[t.LogicalName][r.Single], r)
		add(g.collections, one.LogicalName, r.Collection, r)
	}
}

// referenced is the primary key, except where the target has an identifier of the lookup's own name
// (appmodulecomponent.appmoduleidunique refers to appmodule.appmoduleidunique).
func referenced(one *schema.Table, c *schema.Column) string {
	if same := one.Column(c.LogicalName); same != nil && same.Type == schema.Uniqueidentifier {
		return same.LogicalName
	}
	return one.PrimaryID
}

// Single finds a single-valued navigation property; one property may lead to several tables (owner).
func (g *Graph) Single(table, navigation string) []*Relation { return g.single[table][navigation] }

// Collection finds a collection-valued navigation property of a one-to-many relationship.
func (g *Graph) Collection(table, navigation string) *Relation {
	return g.collections[table][navigation]
}

// ManyToMany finds a collection-valued navigation property of a many-to-many relationship.
func (g *Graph) ManyToMany(table, navigation string) *schema.ManyToMany {
	return g.many[table][navigation]
}

// Singles lists the single-valued navigation properties of a table by name.
func (g *Graph) Singles(table string) []string { return names(g.single[table]) }

// Collections lists the collection-valued navigation properties of a table by name.
func (g *Graph) Collections(table string) []string {
	list := append(names(g.collections[table]), names(g.many[table])...)
	sort.Strings(list)
	return list
}

func names[T any](index map[string]T) []string {
	list := make([]string, 0, len(index))
	for name := range index {
		list = append(list, name)
	}
	sort.Strings(list)
	return list
}
