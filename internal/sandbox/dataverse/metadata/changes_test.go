package metadata

import (
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Whatever a query says, it is answered or refused.
func FuzzParseQuery(f *testing.F) {
	f.Add(`{"Criteria":{"FilterOperator":"Or","Conditions":[{"ConditionOperator":"In","PropertyName":"LogicalName","Value":{"Type":"x","Value":"['a','b']"}}],"Filters":[{"FilterOperator":0}]},"Properties":{"PropertyNames":["Attributes","Keys"]}}`)
	f.Add(`{"Properties":{"AllProperties":true},"AttributeQuery":{"Criteria":{"Conditions":[{"ConditionOperator":4,"PropertyName":"MaxLength","Value":{"Value":10}}]}},"LabelQuery":{"FilterLanguages":[1033]}}`)
	model := &schema.Model{Tables: []*schema.Table{{LogicalName: "thing", SchemaName: "Thing", SetName: "things", PrimaryID: "thingid", Columns: []schema.Column{
		{LogicalName: "thingid", SchemaName: "ThingId", Type: schema.Uniqueidentifier}, {LogicalName: "kind", SchemaName: "Kind", Type: schema.Picklist, Options: []schema.Option{{Value: 1}}},
		{LogicalName: "name", SchemaName: "Name", Type: schema.String, MaxLength: 20},
	}}}}
	model.Index()
	catalog := NewCatalog(model, NewGraph(model), 1033, nil)
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseQuery(text)
		if err != nil {
			return
		}
		q.Languages()
		if list, err := q.Run(catalog.Entities, nil); err == nil && len(list) > 1 {
			t.Errorf("%q finds %d tables of one", text, len(list))
		}
	})
}
