package dataverse

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// sample is a request that Microsoft documents. Braces are filled in from the sandbox's own rows; holds are texts that the
// answer has to contain.
type sample struct {
	page    string // of Microsoft Learn, or what the request is about
	request string // "METHOD path body"
	headers string // separated by "; "
	status  int
	holds   []string
}

// documented are in the order of the subjects: requests and errors, apps, dashboards and forms, views and FetchXML, the model,
// rows, functions, search, identity, changes, Teams.
var documented = []sample{
	{"Compose HTTP requests", "GET WhoAmI", "If-None-Match: null", 200, []string{"BusinessUnitId", "UserId", "OrganizationId"}},
	{"Compose HTTP requests", "GET accounts?$select=name&$top=1", "Accept: application/json; OData-MaxVersion: 4.0; OData-Version: 4.0", 200, []string{"$metadata#accounts(name)"}},
	{"Errors", "GET accounts({new})", "", 404, []string{`"code":"0x80040217"`, "Does Not Exist"}},
	{"Errors", "GET accounts({new})", `Prefer: odata.include-annotations="*"`, 404, []string{"@Microsoft.PowerApps.CDS.HelpLink"}},

	{"Model-driven apps", "GET appmodules?$select=appmoduleid,appmoduleidunique,name,uniquename,clienttype,formfactor,navigationtype,url,webresourceid,isdefault,isfeatured,publishedon&$filter=clienttype eq 4 and statecode eq 0", "", 200, []string{"appmoduleidunique"}},
	{"Model-driven apps", "GET appmodules/Microsoft.Dynamics.CRM.RetrieveUnpublishedMultiple()", "", 200, []string{"appmoduleid"}},
	{"Roles of an app", "GET appmodules({app})?$select=name&$expand=appmoduleroles_association($select=roleid,name)", "", 200, []string{"appmoduleroles_association"}},
	{"Roles of an app", `POST appmodules({app})/appmoduleroles_association/$ref {"@odata.id":"{root}roles({role})"}`, "", 204, nil},
	{"Roles of an app", "DELETE appmodules({app})/appmoduleroles_association/$ref?$id={root}roles({role})", "", 204, nil},
	{"Roles of a person", "GET systemusers({me})/systemuserroles_association?$select=roleid,name,_parentrootroleid_value,_roletemplateid_value", "", 200, []string{"_roletemplateid_value"}},
	{"Roles of a person", "GET systemusers({me})/teammembership_association?$select=name", "", 200, nil},
	{"Roles of a team", "GET teams({team})/teamroles_association?$select=roleid,name", "", 200, nil},
	{"Licences", "GET serviceplans?$select=name,displayname,accessmode", "", 200, []string{"displayname"}},
	{"Licences", "GET systemusers({me})/Microsoft.Dynamics.CRM.RetrieveUserLicenseInfo()", "", 200, []string{"ServicePlans"}},
	{"Components of an app", "GET RetrieveAppComponents(AppModuleId={app})", "", 200, []string{`"value":[{`}},
	{"Components of an app", "GET appmodulecomponents?$select=componenttype,objectid,isdefault,ismetadata,rootcomponentbehavior&$filter=_appmoduleidunique_value eq {unique}", "", 200, []string{"componenttype"}},
	{"Validate an app", "GET ValidateApp(AppModuleId={app})", "", 200, []string{`"ValidationSuccess":true`, `"ValidationIssueList":[]`}},
	{"Publish an app", `POST PublishXml {"ParameterXml":"<importexportxml><appmodules><appmodule>{app}</appmodule></appmodules></importexportxml>"}`, "", 204, nil},
	{"Site map", "GET sitemaps?$select=sitemapname,sitemapnameunique,sitemapxml,isappaware&$top=1", "", 200, []string{"SubArea"}},

	{"Dashboards", "GET systemforms?$select=formid,name,formxml,isdefault&$filter=type eq 0 or type eq 10&$top=1", "", 200, []string{"formxml"}},
	{"Main forms", "GET systemforms?$select=formid,name,formxml,isdefault,formactivationstate,objecttypecode,type&$filter=objecttypecode eq 'account' and type eq 2 and formactivationstate eq 1", "", 200, []string{"<form"}},
	{"Charts", "GET savedqueryvisualizations?$select=name,primaryentitytypecode,datadescription,presentationdescription&$top=1", "", 200, []string{"datadefinition"}},

	{"Retrieve and execute predefined queries", "GET savedqueries?$select=name,savedqueryid,fetchxml,layoutxml&$filter=returnedtypecode eq 'account' and querytype eq 0", "", 200, []string{"layoutxml"}},
	{"Retrieve and execute predefined queries", "GET accounts?savedQuery={view}", "", 200, nil},
	{"Retrieve and execute predefined queries", "GET accounts({account})/opportunity_parent_account?savedQuery={dealview}", "", 200, nil},
	{"Use FetchXML", `GET accounts?fetchXml=<fetch count="2"><entity name="account"><attribute name="name"/><link-entity name="contact" from="contactid" to="primarycontactid" link-type="outer" alias="c"><attribute name="fullname"/></link-entity></entity></fetch>`, `Prefer: odata.include-annotations="Microsoft.Dynamics.CRM.fetchxmlpagingcookie,Microsoft.Dynamics.CRM.morerecords"`, 200, []string{"@Microsoft.Dynamics.CRM.fetchxmlpagingcookie", "pagingcookie=", `"@Microsoft.Dynamics.CRM.morerecords":true`}},
	{"Use FetchXML", `GET accounts?fetchXml=<fetch aggregate="true"><entity name="opportunity"><attribute name="name" aggregate="count" alias="n"/></entity></fetch>`, "", 400, []string{"0x80041128"}},
	{"Aggregate data using FetchXML", `GET opportunities?fetchXml=<fetch aggregate="true"><entity name="opportunity"><attribute name="estimatedvalue" aggregate="sum" alias="val"/><attribute name="createdon" groupby="true" dategrouping="year" alias="y"/><attribute name="createdon" groupby="true" dategrouping="month" alias="m"/></entity></fetch>`, "", 200, []string{`"val":`, `"y":20`}},
	{"Quick find", "GET savedqueries?$select=fetchxml,layoutxml&$filter=returnedtypecode eq 'account' and querytype eq 4 and isquickfindquery eq true and statecode eq 0", "", 200, []string{"isquickfindfields"}},

	{"Query table definitions", "GET EntityDefinitions(LogicalName='account')?$select=SchemaName,EntitySetName&$expand=Attributes($select=LogicalName)", "", 200, []string{`"EntitySetName":"accounts"`}},
	{"Query table definitions", "GET EntityDefinitions?$select=LogicalName&$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned' and IsCustomizable/Value eq true", "", 200, []string{"account"}},
	{"Query table definitions", "GET EntityDefinitions(LogicalName='account')/Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet", "", 200, []string{"OptionSetType"}},
	{"Query table definitions", "GET EntityDefinitions(LogicalName='account')/ManyToOneRelationships?$select=SchemaName,ReferencingAttribute,ReferencingEntity,ReferencedEntity,ReferencedAttribute,ReferencingEntityNavigationPropertyName,ReferencedEntityNavigationPropertyName", "", 200, []string{"primarycontactid"}},
	{"Query table definitions", "GET RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata?$select=SchemaName&$filter=ReferencedEntity eq 'account'", "", 200, []string{"SchemaName"}},
	{"Query table definitions", "GET GlobalOptionSetDefinitions(Name='{choice}')", "", 200, []string{"Options"}},
	{"Query schema definitions", `GET RetrieveMetadataChanges(Query=@p1)?@p1={"Criteria":{"FilterOperator":"And","Conditions":[{"ConditionOperator":"Equals","PropertyName":"LogicalName","Value":{"Type":"System.String","Value":"account"}}]},"Properties":{"AllProperties":false,"PropertyNames":["LogicalName","Attributes"]},"LabelQuery":{"FilterLanguages":[1033],"MissingLabelBehavior":0}}`, "", 200, []string{"EntityMetadata", "ServerVersionStamp"}},
	{"Cache schema data", "GET RetrieveMetadataChanges(Query=@p1,ClientVersionStamp=@p2,DeletedMetadataFilters=@p3)?@p1={}&@p2='74812162!10/09/2022 22:10:22'&@p3=Microsoft.Dynamics.CRM.DeletedMetadataFilters'All'", "", 400, []string{"0x80044352"}},
	{"Web API service documents", "GET $metadata?annotations=true", "Accept: application/xml", 200, []string{"<EntitySet"}},

	{"Retrieve a row", "GET accounts({account})?$select=name,revenue,_primarycontactid_value", `Prefer: odata.include-annotations="*"`, 200, []string{"$metadata#accounts(name,revenue,_primarycontactid_value)/$entity", "@odata.etag"}},
	{"Retrieve a row", "GET accounts(accountnumber='{number}')", "", 200, []string{"{account}"}},
	{"Query data", "GET contacts?$select=fullname", "Prefer: odata.maxpagesize=2", 200, []string{"@odata.nextLink", "$skiptoken="}},
	{"Query data", "GET accounts?$filter=Microsoft.Dynamics.CRM.In(PropertyName='numberofemployees',PropertyValues=[\"5\",\"10\"])", "", 200, nil},
	{"Query data", "GET accounts/$count", "", 200, nil},
	{"Aggregate data", "GET accounts?$apply=groupby((statuscode),aggregate(revenue with sum as total))", "", 200, []string{"total"}},
	{"Create a row", `POST accounts?$select=name {"name":"Sample","primarycontactid":{"firstname":"John","lastname":"Smith"},"opportunity_customer_accounts":[{"name":"Opportunity associated to Sample Account"}]}`, "Prefer: return=representation", 201, []string{"Sample"}},
	{"Create a row", `POST accounts {"name":"Sample","primarycontactid@odata.bind":"/contacts({contact})"}`, "", 204, nil},
	{"Update a row", `PATCH accounts({account}) {"name":"Updated"}`, "If-Match: *", 204, nil},
	{"Update a row", `PUT accounts({account})/name {"value":"Updated"}`, "", 204, nil},
	{"Update a row", "DELETE accounts({account})/fax", "", 204, nil},
	{"Upsert a row", `PATCH accounts({account}) {"name":"Never"}`, "If-None-Match: *", 412, []string{"A record with matching key values already exists."}},
	{"Upsert a row", `PATCH accounts({new}) {"name":"Never"}`, "If-Match: *", 404, []string{"Does Not Exist"}},
	{"Conditional operations", `PATCH accounts({account}) {"name":"Never"}`, `If-Match: W/"1"`, 412, []string{"0x80060882"}},
	{"Associate rows", `POST accounts({account})/contact_customer_accounts/$ref {"@odata.id":"{root}contacts({contact})"}`, "", 204, nil},
	{"Disassociate rows", "DELETE accounts({account})/contact_customer_accounts({contact})/$ref", "", 204, nil},
	{"Associate rows", `PUT accounts({account})/primarycontactid/$ref {"@odata.id":"{root}contacts({contact})"}`, "", 204, nil},
	{"Disassociate rows", "DELETE accounts({account})/primarycontactid/$ref", "", 204, nil},

	{"WinOpportunity", `POST WinOpportunity {"Status":3,"OpportunityClose":{"subject":"Won Opportunity","opportunityid@odata.bind":"{root}opportunities({opportunity})"}}`, "", 204, nil},
	{"RetrieveVersion", "GET RetrieveVersion()", "", 200, []string{`"Version":"9.2.`}},
	{"RetrieveCurrentOrganization", "GET RetrieveCurrentOrganization(AccessType=@p)?@p=Microsoft.Dynamics.CRM.EndpointAccessType'Default'", "", 200, []string{"OrganizationDataService"}},
	{"RetrievePrincipalAccess", "GET systemusers({me})/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)?@t={'@odata.id':'contacts({contact})'}", "", 200, []string{"ReadAccess,WriteAccess,AppendAccess,AppendToAccess,"}},
	{"RetrieveUserPrivileges", "GET systemusers({me})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()", "", 200, []string{`"Depth":"Global"`}},
	{"RetrieveUserPrivilegeByPrivilegeName", "GET systemusers({me})/Microsoft.Dynamics.CRM.RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvWriteAccount')", "", 200, []string{"prvWriteAccount"}},
	{"RetrieveUserSetOfPrivilegesByNames", `GET systemusers({me})/Microsoft.Dynamics.CRM.RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=["prvReadAccount"]`, "", 200, []string{"prvReadAccount"}},
	{"Retrieve audit history", `GET RetrieveRecordChangeHistory(Target=@target,PagingInfo=@paginginfo)?@target={ '@odata.id':'accounts({account})'}&@paginginfo={"PageNumber": 1,"Count": 2,"ReturnTotalRecordCount": true}`, "", 200, []string{`"MoreRecords":true`, "AttributeAuditDetail", `"OldValue":{"@odata.type":"#Microsoft.Dynamics.CRM.account"`}},

	{"Search", `POST searchquery {"search":"litware","count":true,"entities":"[{\"name\":\"account\",\"selectColumns\":[\"name\"],\"searchColumns\":[\"name\"],\"filter\":\"statecode eq 0\"}]"}`, "", 200, []string{"{crmhit}"}},
	{"Search status", "GET searchstatus", "", 200, []string{"provisioned"}},
	{"Search switch", "GET organizations?$select=isexternalsearchindexenabled", "", 200, []string{`"isexternalsearchindexenabled":true`}},
	{"Who a person is", "GET systemusers?$select=fullname,domainname,isdisabled,accessmode&$filter=azureactivedirectoryobjectid eq {object}", "", 200, []string{"{me}"}},
	{"Change tracking", "GET accounts?$select=name", "Prefer: odata.track-changes", 200, []string{"@odata.deltaLink", "$deltatoken="}},
	{"Teams collaboration", "GET msdyn_teamscollaborations?$select=msdyn_teamname,msdyn_channelname,regardingobjectid,regardingobjecttypename", "", 200, nil},
}

func TestDocumentedRequestsAnswerAsDocumented(t *testing.T) {
	s := selling(t)
	s.switched(`{"organization":"harbor-sales","limits":false}`)
	one := func(path string, column string) string {
		text, _ := s.get(administrator, path).ok().at("value", 0, column).(string)
		return text
	}
	fill := map[string]string{
		"root": s.root(), "number": "S-1", "new": "dd000000-0000-4000-8000-0000000000ff",
		"account": s.create("accounts", `{"name":"Documented","accountnumber":"S-1","revenue":5}`), "contact": s.create("contacts", `{"lastname":"Documented"}`),
		"opportunity": s.create("opportunities", `{"name":"Documented"}`), "app": one("appmodules?$filter=statecode eq 0&$top=1", "appmoduleid"), "unique": one("appmodules?$filter=statecode eq 0&$top=1", "appmoduleidunique"),
		"role": one("roles?$filter=name ne 'System Administrator'&$top=1", "roleid"), "team": one("teams?$top=1", "teamid"),
		"view":     one("savedqueries?$filter=returnedtypecode eq 'account' and querytype eq 0 and isdefault eq true", "savedqueryid"),
		"dealview": one("savedqueries?$filter=returnedtypecode eq 'opportunity' and querytype eq 0 and isdefault eq true", "savedqueryid"), "choice": "budgetstatus",
	}
	fill["me"], _ = s.get(administrator, "WhoAmI").ok().at("UserId").(string)
	fill["object"] = one("systemusers?$filter=systemuserid eq "+fill["me"], "azureactivedirectoryobjectid")
	var pairs []string
	for name, value := range fill {
		pairs = append(pairs, "{"+name+"}", value)
	}
	filled := strings.NewReplacer(pairs...)
	for i, x := range documented {
		method, rest, _ := strings.Cut(filled.Replace(x.request), " ")
		path, body := rest, ""
		if at := strings.Index(rest, " {"); method != http.MethodGet && at >= 0 {
			path, body = rest[:at], rest[at+1:]
		}
		var headers []string
		for h := range strings.SplitSeq(x.headers, "; ") {
			if h != "" {
				headers = append(headers, h)
			}
		}
		var a answer
		switch path, query, _ := strings.Cut(path, "?"); {
		case body != "":
			a = s.write(method, strings.TrimSuffix(path+"?"+query, "?"), administrator, body, headers...)
		default:
			var list []string
			for option := range strings.SplitSeq(query, "&") {
				name, value, _ := strings.Cut(option, "=")
				list = append(list, name+"="+url.QueryEscape(value))
			}
			a = s.send(method, s.root()+path+"?"+strings.Join(list, "&"), administrator, "", headers...)
		}
		if a.status != x.status {
			t.Errorf("%d %s: %s\nanswers %d: %.600s", i, x.page, x.request, a.status, a.text)
			continue
		}
		for _, text := range x.holds {
			if !strings.Contains(a.text, filled.Replace(text)) {
				t.Errorf("%d %s: %s\nhas no %s: %.600s", i, x.page, x.request, text, a.text)
			}
		}
	}
}
