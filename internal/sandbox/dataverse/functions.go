package dataverse

import (
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// complexValue answers a function's result.
func (c *call) complexValue(typeName string, members ...metadata.Member) error {
	head := metadata.Object{{Name: "@odata.context", Value: c.context(odata.Namespace + typeName)}}
	return c.send(metadata.AppendJSON(nil, append(head, members...)))
}

func (c *call) whoAmI(odata.Segment) error {
	return c.complexValue("WhoAmIResponse",
		metadata.Member{Name: "BusinessUnitId", Value: c.caller.BusinessUnitID},
		metadata.Member{Name: "UserId", Value: c.caller.UserID},
		metadata.Member{Name: "OrganizationId", Value: c.caller.OrganizationID})
}

func (c *call) retrieveVersion(odata.Segment) error {
	return c.complexValue("RetrieveVersionResponse", metadata.Member{Name: "Version", Value: c.org.Version})
}

func (c *call) retrieveOrganization(s odata.Segment) error {
	access, ok := s.Argument("AccessType")
	if !ok || access.Text != "Default" && access.Text != "Internet" && access.Text != "Intranet" {
		return bad("RetrieveCurrentOrganization needs the parameter AccessType.")
	}
	host := origin(c.r) + "/" + c.org.Name
	detail := metadata.Object{
		{Name: "OrganizationId", Value: c.org.ID}, {Name: "FriendlyName", Value: c.org.FriendlyName},
		{Name: "OrganizationVersion", Value: c.org.Version}, {Name: "EnvironmentId", Value: environmentID(c.org)},
		{Name: "DatacenterId", Value: datacenterID(c.org)}, {Name: "Geo", Value: c.org.Region},
		{Name: "TenantId", Value: c.org.TenantID}, {Name: "UrlName", Value: c.org.Name}, {Name: "UniqueName", Value: uniqueName(c.org)},
		{Name: "Endpoints", Value: metadata.Object{
			{Name: "Count", Value: 3}, {Name: "IsReadOnly", Value: false},
			{Name: "Keys", Value: []string{"WebApplication", "OrganizationService", "OrganizationDataService"}},
			{Name: "Values", Value: []string{host + "/", host + "/XRMServices/2011/Organization.svc", host + "/XRMServices/2011/OrganizationData.svc"}},
		}},
		{Name: "State", Value: map[int]string{0: "Enabled", 1: "Disabled"}[c.org.State]},
		{Name: "OrganizationType", Value: organizationType(c.org.Type)},
	}
	return c.complexValue("RetrieveCurrentOrganizationResponse", metadata.Member{Name: "Detail", Value: detail})
}

// organizationType names the OrganizationType enumeration, which functions write as text.
func organizationType(n int) string {
	names := map[int]string{0: "Customer", 5: "CustomerTest", 6: "CustomerFreeTest", 7: "CustomerPreview", 11: "EmailTrial", 12: "Default", 13: "Developer", 14: "Trial", 15: "Teams"}
	if name, ok := names[n]; ok {
		return name
	}
	return "Customer"
}

// retrieveAppComponents lists what an app consists of.
func (c *call) retrieveAppComponents(s odata.Segment) error {
	id, ok := s.Argument("AppModuleId")
	app, components := c.org.DB.Model().Table("appmodule"), c.org.DB.Model().Table("appmodulecomponent")
	if !ok || id.Kind != odata.GUID || app == nil || components == nil {
		return bad("RetrieveAppComponents needs the parameter AppModuleId, a GUID without quotes.")
	}
	layer, err := c.value(target{table: app, id: id.Text}, "appmoduleidunique")
	if err != nil {
		return err
	}
	c.options = odata.Options{Custom: map[string]string{}}
	at := target{table: components, name: components.SetName, narrow: func(q *query) { q.equals("appmoduleidunique", layer) }}
	return c.rows(at)
}

// retrieveTotals counts the rows of tables, those that the caller may read.
func (c *call) retrieveTotals(s odata.Segment) error {
	names, ok := s.Argument("EntityNames")
	if !ok || names.Kind != odata.List || len(names.Items) > 100 {
		return bad("RetrieveTotalRecordCount needs the parameter EntityNames, a list of table names.")
	}
	keys, values := []string{}, []int{}
	for _, name := range names.Items {
		table := c.org.DB.Model().Table(name.Text)
		if table == nil {
			return &Error{http.StatusBadRequest, engine.CodeUnknownTable, "The entity with a name = '" + name.Text + "' was not found."}
		}
		count, err := c.total(table)
		if err != nil {
			return err
		}
		keys, values = append(keys, table.LogicalName), append(values, count)
	}
	return c.complexValue("RetrieveTotalRecordCountResponse", metadata.Member{Name: "EntityRecordCountCollection", Value: metadata.Object{
		{Name: "Count", Value: len(keys)}, {Name: "IsReadOnly", Value: false}, {Name: "Keys", Value: keys}, {Name: "Values", Value: values},
	}})
}

func (c *call) total(table *schema.Table) (int, error) {
	f := &crmxml.Fetch{Aggregate: true, Entity: crmxml.Entity{Name: table.LogicalName, Body: crmxml.Body{
		Attributes: []crmxml.Attribute{{Name: table.PrimaryID, Alias: "n", Aggregate: "count"}},
	}}}
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, f, engine.FetchOptions{SkipFormat: true})
	if err != nil || len(page.Rows) == 0 {
		return 0, err
	}
	n, _ := page.Rows[0].Cells[0].Value.(int64)
	return int(n), nil
}

var rightNames = []struct {
	right engine.Rights
	name  string
}{
	{engine.ReadAccess, "ReadAccess"}, {engine.WriteAccess, "WriteAccess"}, {engine.AppendAccess, "AppendAccess"},
	{engine.AppendToAccess, "AppendToAccess"}, {engine.CreateAccess, "CreateAccess"}, {engine.DeleteAccess, "DeleteAccess"},
	{engine.ShareAccess, "ShareAccess"}, {engine.AssignAccess, "AssignAccess"},
}

func (c *call) retrieveAccess(user *engine.Caller, s odata.Segment) error {
	at, err := c.targetArgument(s)
	if err != nil {
		return err
	}
	rights, err := c.org.DB.Access(c.r.Context(), user, at.table.LogicalName, at.id)
	if err != nil {
		return err
	}
	return c.complexValue("RetrievePrincipalAccessResponse", metadata.Member{Name: "AccessRights", Value: rightsText(rights, ",")})
}

// reference reads {"@odata.id":"contacts(<id>)"}, relative or absolute, or {"@odata.type":...,"contactid":...}.
func (c *call) reference(o map[string]any) (target, bool) {
	model := c.org.DB.Model()
	if address, ok := o["@odata.id"].(string); ok {
		if i := strings.LastIndexByte(address, '/'); i >= 0 {
			address = address[i+1:]
		}
		segments, err := odata.ParsePath(address, nil)
		if err != nil || len(segments) != 1 || len(segments[0].Arguments) != 1 || segments[0].Arguments[0].Value.Kind != odata.GUID {
			return target{}, false
		}
		table := model.Set(segments[0].Name)
		return target{table: table, id: segments[0].Arguments[0].Value.Text}, table != nil
	}
	typeName, _ := o["@odata.type"].(string)
	table := model.Table(strings.TrimPrefix(strings.TrimPrefix(typeName, "#"), odata.Namespace))
	if table == nil {
		return target{}, false
	}
	id, _ := o[table.PrimaryID].(string)
	return target{table: table, id: strings.ToLower(id)}, odata.IsGUID(id)
}

func (c *call) retrievePrivileges(user *engine.Caller, _ odata.Segment) error {
	return c.sendPrivileges("RetrieveUserPrivilegesResponse", user, func(string) bool { return true })
}

func (c *call) retrievePrivilege(user *engine.Caller, s odata.Segment) error {
	name, ok := s.Argument("PrivilegeName")
	if !ok || !c.knownPrivilege(name.Text) {
		return &Error{http.StatusBadRequest, engine.CodeInvalidArgument, "There is no privilege with the name '" + name.Text + "'."}
	}
	return c.sendPrivileges("RetrieveUserPrivilegeByPrivilegeNameResponse", user, func(n string) bool { return strings.EqualFold(n, name.Text) })
}

func (c *call) retrievePrivilegeSet(user *engine.Caller, s odata.Segment) error {
	names, ok := s.Argument("PrivilegeNames")
	if !ok || names.Kind != odata.List {
		return bad("RetrieveUserSetOfPrivilegesByNames needs the parameter PrivilegeNames, a list.")
	}
	asked := map[string]bool{}
	for _, name := range names.Items {
		asked[strings.ToLower(name.Text)] = true
	}
	return c.sendPrivileges("RetrieveUserSetOfPrivilegesByNamesResponse", user, func(n string) bool { return asked[strings.ToLower(n)] })
}

// knownPrivilege reports whether some table, or somebody, has a privilege of that name.
func (c *call) knownPrivilege(name string) bool {
	for _, t := range c.org.DB.Model().Tables {
		for _, verb := range []string{"Create", "Read", "Write", "Delete", "Append", "AppendTo", "Assign", "Share"} {
			if strings.EqualFold(t.Privilege(verb), name) {
				return true
			}
		}
	}
	for _, g := range c.caller.Privileges() {
		if strings.EqualFold(g.Name, name) {
			return true
		}
	}
	return false
}

func (c *call) sendPrivileges(typeName string, user *engine.Caller, wanted func(string) bool) error {
	list := []metadata.Object{}
	for _, g := range user.Privileges() {
		if wanted(g.Name) {
			list = append(list, metadata.Object{
				{Name: "Depth", Value: g.Depth.String()}, {Name: "PrivilegeId", Value: g.PrivilegeID},
				{Name: "BusinessUnitId", Value: g.BusinessUnitID}, {Name: "PrivilegeName", Value: g.Name},
				{Name: "RecordFilterId", Value: "00000000-0000-0000-0000-000000000000"}, {Name: "RecordFilterUniqueName", Value: ""},
			})
		}
	}
	return c.complexValue(typeName, metadata.Member{Name: "RolePrivileges", Value: list})
}
