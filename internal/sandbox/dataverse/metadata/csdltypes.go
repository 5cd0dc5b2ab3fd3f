package metadata

import (
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// kind is the element of a message in CSDL.
func (m *Message) kind() string {
	if m.Action {
		return "Action"
	}
	return "Function"
}

// served reports whether the model has the tables that the message is about: an organization without sales has no
// WinOpportunity.
func (m *Message) served(model *schema.Model) bool {
	if m.BoundTo != "" && model.Table(m.BoundTo) == nil {
		return false
	}
	for _, p := range append(append([]Parameter{{Type: m.Returns}}, m.Parameters...), m.Members...) {
		name, own := strings.CutPrefix(strings.TrimSuffix(strings.TrimPrefix(p.Type, "Collection("), ")"), "mscrm.")
		if own && strings.ToLower(name) == name && name != "crmbaseentity" && model.Table(name) == nil {
			return false
		}
	}
	return true
}

func (d *csdl) message(model *schema.Model, m Message) {
	if !m.served(model) {
		return
	}
	bound := ""
	if m.BoundTo != "" {
		bound = ` IsBound="true"`
	}
	d.line(`<`, m.kind(), ` Name="`, m.Name, `"`, bound, `>`)
	if m.BoundTo != "" {
		d.line(`<Parameter Name="entity" Type="mscrm.`, m.BoundTo, `" Nullable="false" />`)
	}
	for _, p := range m.Parameters {
		d.line(`<Parameter Name="`, p.Name, `" Type="`, p.Type, `"`, map[bool]string{true: ` Nullable="false"`}[p.Required], ` />`)
	}
	if m.Returns != "" {
		d.line(`<ReturnType Type="`, m.Returns, `" />`)
	}
	d.line(`</`, m.kind(), `>`)
}

// types declares what messages take and answer: a complex type for each message's own members, and the types that those
// consist of.
func (d *csdl) types(messages []Message) {
	for _, m := range messages {
		if len(m.Members) > 0 {
			d.complex(m.Name+"Response", m.Members)
		}
	}
	for _, t := range complexTypes {
		name, members, _ := strings.Cut(t, " ")
		d.complex(name, parameters(members))
	}
	for _, t := range enumTypes {
		name, members, _ := strings.Cut(t, " ")
		flags := map[bool]string{true: ` IsFlags="true"`}[name == "AccessRights" || name == "DeletedMetadataFilters"]
		d.line(`<EnumType Name="`, name, `"`, flags, `>`)
		for part := range strings.SplitSeq(members, " ") {
			member, value, _ := strings.Cut(part, "=")
			d.line(`<Member Name="`, member, `" Value="`, value, `" />`)
		}
		d.line(`</EnumType>`)
	}
}

func (d *csdl) complex(name string, members []Parameter) {
	name, base, derived := strings.Cut(name, ":")
	more := ""
	if derived {
		more = ` BaseType="mscrm.` + base + `"`
	}
	d.line(`<ComplexType Name="`, name, `"`, more, `>`)
	for _, p := range members {
		if kind := strings.TrimSuffix(strings.TrimPrefix(p.Type, "Collection("), ")"); kind == "mscrm.crmbaseentity" || kind == "mscrm.principal" {
			d.line(`<NavigationProperty Name="`, p.Name, `" Type="`, strings.ReplaceAll(p.Type, "principal", "crmbaseentity"), `" />`)
			continue
		}
		d.line(`<Property Name="`, p.Name, `" Type="`, p.Type, `" />`)
	}
	d.line(`</ComplexType>`)
}

// complexTypes are those of the service that its messages here need (Microsoft Learn, "Web API ComplexType Reference").
var complexTypes = []string{
	"PrincipalAccess AccessMask mscrm.AccessRights, Principal mscrm.principal",
	"RolePrivilege Depth mscrm.PrivilegeDepth, PrivilegeId Edm.Guid, BusinessUnitId Edm.Guid, PrivilegeName Edm.String, RecordFilterId Edm.Guid, RecordFilterUniqueName Edm.String",
	"LicenseInfo ServicePlans Collection(mscrm.ServicePlanInfo)",
	"ServicePlanInfo Id Edm.Guid, Name Edm.String, DisplayName Edm.String",
	"EntityRecordCountCollection Count Edm.Int32, IsReadOnly Edm.Boolean, Keys Collection(Edm.String), Values Collection(Edm.Int64)",
	"EndpointCollection Count Edm.Int32, IsReadOnly Edm.Boolean, Keys Collection(mscrm.EndpointType), Values Collection(Edm.String)",
	"OrganizationDetail OrganizationId Edm.Guid, FriendlyName Edm.String, OrganizationVersion Edm.String, EnvironmentId Edm.String, DatacenterId Edm.Guid, Geo Edm.String, TenantId Edm.Guid, UrlName Edm.String, UniqueName Edm.String, Endpoints mscrm.EndpointCollection, State mscrm.OrganizationState, OrganizationType mscrm.OrganizationType",
	"AppValidationResponse ValidationSuccess Edm.Boolean, ValidationIssueList Collection(mscrm.ValidationIssue)",
	"ValidationIssue ErrorType mscrm.ErrorType, Message Edm.String, ComponentType Edm.Int32, ComponentId Edm.Guid",
	"PagingInfo PageNumber Edm.Int32, Count Edm.Int32, ReturnTotalRecordCount Edm.Boolean, PagingCookie Edm.String",
	"AuditDetailCollection MoreRecords Edm.Boolean, PagingCookie Edm.String, TotalRecordCount Edm.Int32, AuditDetails Collection(mscrm.AuditDetail)",
	"AuditDetail AuditRecord mscrm.crmbaseentity",
	"AttributeAuditDetail:AuditDetail InvalidNewValueAttributes Collection(Edm.String), LocLabelLanguageCode Edm.Int32, DeletedAttributes mscrm.DeletedAttributeCollection, OldValue mscrm.crmbaseentity, NewValue mscrm.crmbaseentity",
	"ShareAuditDetail:AuditDetail OldPrivileges mscrm.AccessRights, NewPrivileges mscrm.AccessRights, Principal mscrm.principal",
	"RelationshipAuditDetail:AuditDetail RelationshipName Edm.String, TargetRecords Collection(mscrm.crmbaseentity)",
	"DeletedAttributeCollection Count Edm.Int32, Keys Collection(Edm.Int32), Values Collection(Edm.String)",
	"EntityQueryExpression Criteria mscrm.MetadataFilterExpression, Properties mscrm.MetadataPropertiesExpression, AttributeQuery mscrm.AttributeQueryExpression, RelationshipQuery mscrm.RelationshipQueryExpression, KeyQuery mscrm.EntityKeyQueryExpression, LabelQuery mscrm.LabelQueryExpression",
	"AttributeQueryExpression Criteria mscrm.MetadataFilterExpression, Properties mscrm.MetadataPropertiesExpression",
	"RelationshipQueryExpression Criteria mscrm.MetadataFilterExpression, Properties mscrm.MetadataPropertiesExpression",
	"EntityKeyQueryExpression Criteria mscrm.MetadataFilterExpression, Properties mscrm.MetadataPropertiesExpression",
	"LabelQueryExpression FilterLanguages Collection(Edm.Int32), MissingLabelBehavior Edm.Int32",
	"MetadataPropertiesExpression AllProperties Edm.Boolean, PropertyNames Collection(Edm.String)",
	"MetadataFilterExpression FilterOperator mscrm.LogicalOperator, Conditions Collection(mscrm.MetadataConditionExpression), Filters Collection(mscrm.MetadataFilterExpression)",
	"MetadataConditionExpression ConditionOperator mscrm.MetadataConditionOperator, PropertyName Edm.String, Value mscrm.Object",
	"Object Type Edm.String, Value Edm.String",
	"ComplexEntityMetadata MetadataId Edm.Guid, HasChanged Edm.Boolean, LogicalName Edm.String",
	"DeletedMetadataCollection Count Edm.Int32, IsReadOnly Edm.Boolean, Keys Collection(mscrm.DeletedMetadataFilters), Values Collection(mscrm.GuidCollection)",
	"GuidCollection Values Collection(Edm.Guid)",
}

// enumTypes are the enumerations that those need, with their members.
var enumTypes = []string{
	"AccessRights None=0 ReadAccess=1 WriteAccess=2 AppendAccess=4 AppendToAccess=16 CreateAccess=32 DeleteAccess=65536 ShareAccess=262144 AssignAccess=524288",
	"PrivilegeDepth Basic=0 Local=1 Deep=2 Global=3 RecordFilter=4",
	"EndpointAccessType Default=0 Internet=1 Intranet=2",
	"EndpointType OrganizationService=0 OrganizationDataService=1 WebApplication=2",
	"OrganizationState Enabled=0 Disabled=1",
	"OrganizationType Customer=0 CustomerTest=5 CustomerFreeTest=6 CustomerPreview=7 EmailTrial=11 Default=12 Developer=13 Trial=14 Teams=15",
	"ErrorType Error=0 Warning=1",
	"LogicalOperator And=0 Or=1",
	"MetadataConditionOperator Equals=0 NotEquals=1 In=2 NotIn=3 GreaterThan=4 LessThan=5",
	"DeletedMetadataFilters Default=1 Entity=1 Attribute=2 Relationship=4 Label=8 OptionSet=16 EntityKey=32 All=63",
}
