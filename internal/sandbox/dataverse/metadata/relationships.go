package metadata

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// relationship are the properties that every kind of relationship has.
func relationship(kind, name string, custom bool) Object {
	return Object{
		{"MetadataId", schema.ID("relationship", name)},
		{"SchemaName", name},
		{"RelationshipType", kind},
		{"IsCustomRelationship", custom},
		{"IsManaged", !custom},
		{"IsValidForAdvancedFind", true},
		{"IsCustomizable", managed(true, "iscustomizable")},
		{"SecurityTypes", "None"},
		{"IntroducedVersion", "5.0.0.0"},
	}
}

func (b *builder) relation(r *Relation) *Resource {
	base := relationship("OneToManyRelationship", r.SchemaName, r.Many.IsCustom)
	return &Resource{Type: "OneToManyRelationshipMetadata", Base: len(base), Properties: append(base, Object{
		{"ReferencedEntity", r.One.LogicalName},
		{"ReferencedAttribute", r.Key},
		{"ReferencingEntity", r.Many.LogicalName},
		{"ReferencingAttribute", r.Column.LogicalName},
		{"ReferencedEntityNavigationPropertyName", orNull(r.Collection)},
		{"ReferencingEntityNavigationPropertyName", r.Single},
		{"IsHierarchical", r.One == r.Many},
		{"RelationshipBehavior", 1},
		{"AssociatedMenuConfiguration", menu(r)},
		{"CascadeConfiguration", cascade(r)},
	}...)}
}

func menu(r *Relation) Object {
	behavior := "UseCollectionName"
	if r.Collection == "" {
		behavior = "DoNotDisplay"
	}
	return Object{{"Behavior", behavior}, {"Group", "Details"}, {"Label", Object{{"LocalizedLabels", []Object{}}, {"UserLocalizedLabel", nil}}}, {"Order", 10000}}
}

func cascade(r *Relation) Object {
	of := r.Column.CascadesOf(r.One.LogicalName)
	return Object{
		{"Assign", string(of.Assign)}, {"Delete", string(of.Delete)}, {"Merge", string(of.Assign)}, {"Reparent", string(of.Assign)},
		{"Share", string(of.Assign)}, {"Unshare", string(of.Assign)}, {"RollupView", "NoCascade"}, {"Archive", "NoCascade"},
	}
}

func (b *builder) manyToMany(m *schema.ManyToMany) *Resource {
	intersect := b.model.Table(m.Intersect)
	base := relationship("ManyToManyRelationship", m.SchemaName, intersect != nil && intersect.IsCustom)
	return &Resource{Type: "ManyToManyRelationshipMetadata", Base: len(base), Properties: append(base, Object{
		{"IntersectEntityName", m.Intersect},
		{"Entity1LogicalName", m.Entity1},
		{"Entity1IntersectAttribute", m.Attribute1},
		{"Entity1NavigationPropertyName", m.Navigation1},
		{"Entity2LogicalName", m.Entity2},
		{"Entity2IntersectAttribute", m.Attribute2},
		{"Entity2NavigationPropertyName", m.Navigation2},
	}...)}
}
