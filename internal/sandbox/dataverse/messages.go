package dataverse

import (
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// message is a function or an action of the service (Microsoft Learn, "Web API Function Reference" and "Web API Action
// Reference"). It has one of three handlers.
type message struct {
	metadata.Message
	function func(c *call, at target, s odata.Segment) error            // by GET
	action   func(c *call, at written, given odata.Node) (reply, error) // by POST, in a transaction, also within a change set
	outside  func(c *call) error                                        // by POST, and changes no row
}

// messages are all functions and actions: a new one is one entry here, and one handler.
var messages = []message{
	function("WhoAmI() BusinessUnitId Edm.Guid, UserId Edm.Guid, OrganizationId Edm.Guid", root((*call).whoAmI)),
	function("RetrieveVersion() Version Edm.String", root((*call).retrieveVersion)),
	function("RetrieveCurrentOrganization(AccessType mscrm.EndpointAccessType) Detail mscrm.OrganizationDetail", root((*call).retrieveOrganization)),
	function("RetrieveAppComponents(AppModuleId Edm.Guid) = Collection(mscrm.appmodulecomponent)", root((*call).retrieveAppComponents)),
	function("ValidateApp(AppModuleId Edm.Guid) AppValidationResponse mscrm.AppValidationResponse", root((*call).validateApp)),
	function("RetrieveTotalRecordCount(EntityNames Collection(Edm.String)) EntityRecordCountCollection mscrm.EntityRecordCountCollection", root((*call).retrieveTotals)),
	function("RetrieveMetadataChanges(Query mscrm.EntityQueryExpression, DeletedMetadataFilters mscrm.DeletedMetadataFilters, ClientVersionStamp Edm.String) EntityMetadata Collection(mscrm.ComplexEntityMetadata), ServerVersionStamp Edm.String, DeletedMetadata mscrm.DeletedMetadataCollection", root((*call).retrieveMetadataChanges)),
	function("RetrieveSharedPrincipalsAndAccess(Target mscrm.crmbaseentity) PrincipalAccesses Collection(mscrm.PrincipalAccess)", root((*call).retrieveShares)),
	function("RetrieveRecordChangeHistory(Target mscrm.crmbaseentity, PagingInfo mscrm.PagingInfo) AuditDetailCollection mscrm.AuditDetailCollection", root((*call).retrieveHistory)),
	function("RetrieveAttributeChangeHistory(Target mscrm.crmbaseentity, AttributeLogicalName Edm.String, PagingInfo mscrm.PagingInfo) AuditDetailCollection mscrm.AuditDetailCollection", root((*call).retrieveColumnHistory)),
	function("RetrieveProcessInstances(EntityId Edm.Guid, EntityLogicalName Edm.String) = Collection(mscrm.crmbaseentity)", root((*call).retrieveProcesses)),
	function("RetrieveActivePath(ProcessInstanceId Edm.Guid) = Collection(mscrm.processstage)", root((*call).retrieveActivePath)),
	function("CalculateRollupField(Target mscrm.crmbaseentity, FieldName Edm.String) = mscrm.crmbaseentity", root((*call).calculateRollup)),
	function("searchstatus() response Edm.String", root(searchFunction("status"))),
	function("searchstatistics() response Edm.String", root(searchFunction("statistics"))),

	function("systemuser.RetrievePrincipalAccess(Target mscrm.crmbaseentity) AccessRights mscrm.AccessRights", person((*call).retrieveAccess)),
	function("systemuser.RetrieveUserPrivileges() RolePrivileges Collection(mscrm.RolePrivilege)", person((*call).retrievePrivileges)),
	function("systemuser.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName Edm.String) RolePrivileges Collection(mscrm.RolePrivilege)", person((*call).retrievePrivilege)),
	function("systemuser.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames Collection(Edm.String)) RolePrivileges Collection(mscrm.RolePrivilege)", person((*call).retrievePrivilegeSet)),
	function("systemuser.RetrieveUserLicenseInfo() licenseInfo mscrm.LicenseInfo", person((*call).retrieveLicences)),

	action("GrantAccess(Target mscrm.crmbaseentity!, PrincipalAccess mscrm.PrincipalAccess!)", (*call).grantAccess),
	action("ModifyAccess(Target mscrm.crmbaseentity!, PrincipalAccess mscrm.PrincipalAccess!)", (*call).modifyAccess),
	action("RevokeAccess(Target mscrm.crmbaseentity!, Revokee mscrm.crmbaseentity!)", (*call).revokeAccess),
	action("WinOpportunity(Status Edm.Int32!, OpportunityClose mscrm.opportunityclose!)", (*call).winOpportunity),
	action("LoseOpportunity(Status Edm.Int32!, OpportunityClose mscrm.opportunityclose!)", (*call).loseOpportunity),
	action("CloseIncident(Status Edm.Int32!, IncidentResolution mscrm.incidentresolution!)", (*call).closeIncident),
	action("lead.QualifyLead(CreateAccount Edm.Boolean!, CreateContact Edm.Boolean!, CreateOpportunity Edm.Boolean!, OpportunityCurrencyId mscrm.transactioncurrency, OpportunityCustomerId mscrm.crmbaseentity, SourceCampaignId mscrm.crmbaseentity, Status Edm.Int32!, ProcessInstanceId mscrm.crmbaseentity, SuppressDuplicateDetection Edm.Boolean) = Collection(mscrm.crmbaseentity)", (*call).qualifyLead),
	action("PublishXml(ParameterXml Edm.String!)", (*call).publishXML),
	action("team.AddMembersTeam(Members Collection(mscrm.systemuser)!)", (*call).addMembers),
	action("team.RemoveMembersTeam(Members Collection(mscrm.systemuser)!)", (*call).removeMembers),

	outside("searchquery", searchAction("query")),
	outside("searchsuggest", searchAction("suggest")),
	outside("searchautocomplete", searchAction("autocomplete")),
}

func function(definition string, f func(*call, target, odata.Segment) error) message {
	return message{Message: metadata.ParseMessage(definition), function: f}
}

func action(definition string, f func(*call, written, odata.Node) (reply, error)) message {
	m := message{Message: metadata.ParseMessage(definition), action: f}
	m.Action = true
	return m
}

// outside is an action of Dataverse search, whose parameters are the search's own.
func outside(name string, f func(*call) error) message {
	m := message{Message: metadata.ParseMessage(name + "(search Edm.String!, count Edm.Boolean, entities Edm.String, facets Edm.String, filter Edm.String, fuzzy Edm.Boolean, options Edm.String, orderby Edm.String, propertybag Edm.String, skip Edm.Int32, top Edm.Int32) response Edm.String"), outside: f}
	m.Action = true
	return m
}

// root adapts a function that is called at the service root.
func root(f func(*call, odata.Segment) error) func(*call, target, odata.Segment) error {
	return func(c *call, _ target, s odata.Segment) error { return f(c, s) }
}

// person adapts a function that is called on a user: the caller, or anybody whom the caller may read.
func person(f func(*call, *engine.Caller, odata.Segment) error) func(*call, target, odata.Segment) error {
	return func(c *call, at target, s odata.Segment) error {
		if at.id == c.caller.UserID {
			return f(c, c.caller, s)
		}
		if err := c.visible(at); err != nil {
			return err
		}
		user, err := c.org.DB.CallerByUser(c.r.Context(), at.id)
		if err != nil {
			return callerError(err)
		}
		return f(c, user, s)
	}
}

// unbound finds a message that is called at the service root.
func unbound(name string) *message { return findMessage("", strings.TrimPrefix(name, odata.Namespace)) }

// bound finds a message that is called on a row: there its name needs the namespace.
func bound(table, name string) *message {
	if name, ok := strings.CutPrefix(name, odata.Namespace); ok {
		return findMessage(table, name)
	}
	return nil
}

func findMessage(table, name string) *message {
	for i := range messages {
		if messages[i].Name == name && messages[i].BoundTo == table {
			return &messages[i]
		}
	}
	return nil
}

// definedMessages describe them in $metadata.
func definedMessages() []metadata.Message {
	list := make([]metadata.Message, len(messages))
	for i := range messages {
		list[i] = messages[i].Message
	}
	return list
}

// rootMessage is the message that a path names at the service root; nil when it names something else.
func (c *call) rootMessage() *message {
	if len(c.segments) != 1 {
		return nil
	}
	return unbound(c.segments[0].Name)
}

// invoke runs a function.
func (c *call) invoke(m *message, at target, s odata.Segment) error {
	if m.function == nil {
		return c.notAllowed()
	}
	for _, a := range s.Arguments {
		if m.Parameter(a.Name) == nil {
			return notFound(m.Name)
		}
	}
	return m.function(c, at, s)
}

// act runs an action in the transaction, with its parameters checked against its definition.
func (c *call) act(m *message, at written) (reply, error) {
	if m.action == nil || c.r.Method != http.MethodPost {
		return nil, c.notAllowed()
	}
	if c.segments[len(c.segments)-1].Call && len(c.segments[len(c.segments)-1].Arguments) > 0 {
		return nil, bad("The parameters of the action '" + m.Name + "' belong in the body.")
	}
	given, err := c.body("")
	if err != nil {
		return nil, err
	}
	if err := m.check(given); err != nil {
		return nil, err
	}
	return m.action(c, at, given)
}

// check holds the parameters of an action against its definition, in the words of the OData reader.
func (m *message) check(given odata.Node) error {
	for _, member := range given.Members {
		name, annotation, annotated := strings.Cut(member.Name, "@")
		if annotated && (name == "" || annotation != "odata.bind") {
			continue
		}
		p := m.Parameter(name)
		if p == nil {
			return payloadProblem("The parameter '" + brief(name) + "' in the request payload is not a valid parameter for the operation '" + m.Name + "'.")
		}
		if !annotated && !fits(p.Type, member.Value) && (member.Value.Kind != odata.NodeNull || p.Required) {
			return payloadProblem("The value of the parameter '" + name + "' of the operation '" + m.Name + "' is not of the type '" + p.Type + "'.")
		}
	}
	for _, p := range m.Parameters {
		_, there := given.Member(p.Name)
		if _, by := given.Member(p.Name + "@odata.bind"); p.Required && !there && !by {
			return payloadProblem("One or more parameters of the operation '" + m.Name + "' are missing from the request payload. The missing parameters are: " + p.Name + ".")
		}
	}
	return nil
}

func payloadProblem(sentence string) *Error {
	return &Error{http.StatusBadRequest, invalidPayload, "Error identified in Payload provided by the user. ----> InnerException : Microsoft.OData.ODataException: " + sentence}
}

// fits reports whether a JSON value can be of a parameter's type.
func fits(kind string, n odata.Node) bool {
	switch {
	case kind == "Edm.Boolean":
		return n.Kind == odata.NodeBool
	case kind == "Edm.Int32":
		_, ok := wholeNumber(n, kind)
		return ok && n.Kind == odata.NodeNumber
	case strings.HasPrefix(kind, "Collection("):
		return n.Kind == odata.NodeArray
	case strings.HasPrefix(kind, "Edm."):
		return n.Kind == odata.NodeString
	}
	return n.Kind == odata.NodeObject
}
