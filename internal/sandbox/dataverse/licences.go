package dataverse

import (
	"slices"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// retrieveLicences lists a person's service plans. The model says how people and plans are related: any intersect table
// that has both keys.
func (c *call) retrieveLicences(user *engine.Caller, _ odata.Segment) error {
	plans := []metadata.Object{}
	model := c.org.DB.Model()
	plan, intersect := model.Table("serviceplan"), licenceTable(model)
	if plan != nil && intersect != nil {
		f := &crmxml.Fetch{Entity: crmxml.Entity{Name: plan.LogicalName, Body: crmxml.Body{
			Attributes: []crmxml.Attribute{{Name: plan.PrimaryID}, {Name: "name"}, {Name: "displayname"}},
			Orders:     []crmxml.Order{{Attribute: "name"}},
			Links: []crmxml.Link{{
				Name: intersect.LogicalName, From: plan.PrimaryID, To: plan.PrimaryID, Alias: "held", Intersect: true,
				Body: crmxml.Body{Filters: []crmxml.Filter{{Conditions: []crmxml.Condition{{Attribute: "systemuserid", Operator: "eq", Value: user.UserID}}}}},
			}},
		}}}
		page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, engine.FetchOptions{SkipFormat: true})
		if err != nil {
			return err
		}
		for _, row := range page.Rows {
			text := func(name string) any {
				i := slices.IndexFunc(page.Columns, func(col engine.Column) bool { return col.Link == "" && col.Column.LogicalName == name })
				if i < 0 {
					return nil
				}
				s, _ := row.Cells[i].Value.(string)
				return s
			}
			plans = append(plans, metadata.Object{{Name: "Id", Value: row.ID}, {Name: "Name", Value: text("name")}, {Name: "DisplayName", Value: text("displayname")}})
		}
	}
	return c.complexValue("RetrieveUserLicenseInfoResponse", metadata.Member{Name: "licenseInfo", Value: metadata.Object{{Name: "ServicePlans", Value: plans}}})
}

func licenceTable(model *schema.Model) *schema.Table {
	for _, t := range model.Tables {
		if t.IsIntersect && t.Column("systemuserid") != nil && t.Column("serviceplanid") != nil {
			return t
		}
	}
	return nil
}
