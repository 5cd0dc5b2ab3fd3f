package metadata

import (
	"slices"
	"sort"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Catalog is everything that is defined, labelled for one language of the person who asks.
type Catalog struct {
	Entities      []*Resource
	Relationships []*Resource
	OptionSets    []*Resource
}

// builder makes a catalog. Languages limits the labels, nil means all.
type builder struct {
	model     *schema.Model
	graph     *Graph
	lcid      int
	languages []int
	oneToMany map[*Relation]*Resource
	many      map[*schema.ManyToMany]*Resource
	global    map[string]*Resource
}

// NewCatalog describes a model. The user's label is in lcid; languages are those of LabelLanguages, nil for all.
func NewCatalog(model *schema.Model, graph *Graph, lcid int, languages []int) *Catalog {
	b := &builder{
		model: model, graph: graph, lcid: lcid, languages: languages,
		oneToMany: map[*Relation]*Resource{}, many: map[*schema.ManyToMany]*Resource{}, global: map[string]*Resource{},
	}
	c := &Catalog{}
	for _, name := range names(model.OptionSets) {
		b.global[name] = b.optionSet(name, name, nil, model.OptionSets[name], "Picklist")
		c.OptionSets = append(c.OptionSets, b.global[name])
	}
	for _, r := range graph.Relations {
		b.oneToMany[r] = b.relation(r)
		c.Relationships = append(c.Relationships, b.oneToMany[r])
	}
	for i := range model.ManyToMany {
		m := &model.ManyToMany[i]
		b.many[m] = b.manyToMany(m)
		c.Relationships = append(c.Relationships, b.many[m])
	}
	for _, t := range model.Tables {
		c.Entities = append(c.Entities, b.entity(t))
	}
	return c
}

// label is the service's Label: the text in every language, and in the person's own.
func (b *builder) label(id string, l schema.Label) Object {
	one := func(lcid int) Object {
		return Object{
			{"Label", l[lcid]}, {"LanguageCode", lcid}, {"IsManaged", true},
			{"MetadataId", schema.ID("label", id)}, {"HasChanged", nil},
		}
	}
	list := []Object{}
	languages := make([]int, 0, len(l))
	for lcid := range l {
		languages = append(languages, lcid)
	}
	sort.Ints(languages)
	for _, lcid := range languages {
		if b.languages == nil || slices.Contains(b.languages, lcid) {
			list = append(list, one(lcid))
		}
	}
	var user any
	switch {
	case l[b.lcid] != "":
		user = one(b.lcid)
	case l[1033] != "":
		user = one(1033)
	}
	return Object{{"LocalizedLabels", list}, {"UserLocalizedLabel", user}}
}

// managed is a BooleanManagedProperty.
func managed(value bool, name string) Object {
	return Object{{"Value", value}, {"CanBeChanged", false}, {"ManagedPropertyLogicalName", name}}
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func (b *builder) entity(t *schema.Table) *Resource {
	id := t.MetadataID()
	r := &Resource{Type: "EntityMetadata"}
	r.Properties = Object{
		{"MetadataId", id},
		{"LogicalName", t.LogicalName},
		{"SchemaName", t.SchemaName},
		{"EntitySetName", t.SetName},
		{"LogicalCollectionName", t.SetName},
		{"CollectionSchemaName", t.SchemaName + "s"},
		{"DisplayName", b.label(id+"name", t.Label)},
		{"DisplayCollectionName", b.label(id+"collection", t.PluralLabel)},
		{"Description", b.label(id+"description", nil)},
		{"PrimaryIdAttribute", t.PrimaryID},
		{"PrimaryNameAttribute", orNull(t.PrimaryName)},
		{"PrimaryImageAttribute", orNull(t.PrimaryImage)},
		{"ObjectTypeCode", t.ObjectType},
		{"OwnershipType", string(t.Ownership)},
		{"TableType", "Standard"},
		{"IsActivity", t.IsActivity},
		{"IsActivityParty", t.LogicalName == "activityparty"},
		{"IsCustomEntity", t.IsCustom},
		{"IsIntersect", t.IsIntersect},
		{"IsManaged", !t.IsCustom},
		{"IsPrivate", false},
		{"IsLogicalEntity", false},
		{"IsValidForAdvancedFind", !t.IsIntersect},
		{"IsOptimisticConcurrencyEnabled", !t.IsIntersect},
		{"IsBusinessProcessEnabled", t.Process},
		{"IsQuickCreateEnabled", t.QuickCreate},
		{"EnforceStateTransitions", t.Transitions},
		{"IsAuditEnabled", managed(t.Audited, "canmodifyauditsettings")},
		{"IsCustomizable", managed(true, "iscustomizable")},
		{"CanCreateAttributes", managed(true, "cancreateattributes")},
		{"ChangeTrackingEnabled", t.Tracked},
		{"SyncToExternalSearchIndex", t.Searchable},
		{"CanEnableSyncToExternalSearchIndex", managed(true, "canenablesynctoexternalsearchindex")},
		{"HasActivities", b.graph.leads(t.LogicalName, "regardingobjectid")},
		{"HasNotes", b.graph.leads(t.LogicalName, "objectid")},
		{"IconSmallName", nil},
		{"IconVectorName", nil},
		{"EntityColor", nil},
		{"IntroducedVersion", "5.0.0.0"},
		{"Privileges", privileges(t)},
	}
	r.Base = len(r.Properties)
	r.Navigation = []Navigation{
		{Name: "Attributes", Collection: true, Abstract: true, Items: b.attributes(t)},
		{Name: "OneToManyRelationships", Collection: true},
		{Name: "ManyToOneRelationships", Collection: true},
		{Name: "ManyToManyRelationships", Collection: true},
		{Name: "Keys", Collection: true, Items: b.keys(t)},
	}
	for _, relation := range b.graph.Relations {
		if relation.One == t {
			r.Navigation[1].Items = append(r.Navigation[1].Items, b.oneToMany[relation])
		}
		if relation.Many == t {
			r.Navigation[2].Items = append(r.Navigation[2].Items, b.oneToMany[relation])
		}
	}
	for i := range b.model.ManyToMany {
		if m := &b.model.ManyToMany[i]; m.Entity1 == t.LogicalName || m.Entity2 == t.LogicalName {
			r.Navigation[3].Items = append(r.Navigation[3].Items, b.many[m])
		}
	}
	return r
}

// leads reports whether some table refers to this one by a column of that name.
func (g *Graph) leads(table, column string) bool {
	for _, r := range g.Relations {
		if r.One.LogicalName == table && r.Column.LogicalName == column {
			return true
		}
	}
	return false
}

// verbs are the privilege types in the service's order.
var verbs = []string{"Create", "Read", "Write", "Delete", "Assign", "Share", "Append", "AppendTo"}

func privileges(t *schema.Table) []Object {
	list := []Object{}
	if t.IsIntersect {
		return list
	}
	owned := t.Ownership == schema.UserOwned
	for _, verb := range verbs {
		if !owned && (verb == "Assign" || verb == "Share") {
			continue
		}
		name := t.Privilege(verb)
		list = append(list, Object{
			{"CanBeBasic", owned}, {"CanBeDeep", owned || t.Ownership == schema.BusinessOwned}, {"CanBeGlobal", true},
			{"CanBeLocal", owned || t.Ownership == schema.BusinessOwned}, {"CanBeEntityReference", false}, {"CanBeParentEntityReference", false},
			{"Name", name}, {"PrivilegeId", schema.PrivilegeID(name)}, {"PrivilegeType", verb},
		})
	}
	return list
}

func (b *builder) keys(t *schema.Table) []*Resource {
	var list []*Resource
	for _, k := range t.Keys {
		id := schema.ID("key", t.LogicalName+"."+k.Name)
		r := &Resource{Type: "EntityKeyMetadata", Properties: Object{
			{"MetadataId", id}, {"LogicalName", k.Name}, {"SchemaName", k.Name}, {"EntityLogicalName", t.LogicalName},
			{"DisplayName", b.label(id, schema.Label{1033: k.Name})}, {"KeyAttributes", k.Columns},
			{"EntityKeyIndexStatus", "Active"}, {"IsManaged", false}, {"IsCustomizable", managed(true, "iscustomizable")}, {"IntroducedVersion", "1.0.0.0"},
		}}
		r.Base = len(r.Properties)
		list = append(list, r)
	}
	return list
}
