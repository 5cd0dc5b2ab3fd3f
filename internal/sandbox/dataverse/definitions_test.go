package dataverse

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

func TestDefinitionsDescribeTheModel(t *testing.T) {
	s := start(t, nil)
	account := s.get(salesperson, "EntityDefinitions(LogicalName='account')").ok()
	for name, want := range map[string]any{
		"EntitySetName": "accounts", "PrimaryIdAttribute": "accountid", "PrimaryNameAttribute": "name", "OwnershipType": "UserOwned",
		"MetadataId": smallModel().Table("account").MetadataID(), "ObjectTypeCode": 1007.0,
	} {
		if account.body[name] != want {
			t.Errorf("%s is %v, not %v", name, account.body[name], want)
		}
	}
	if account.at("DisplayName", "UserLocalizedLabel", "Label") != "Account" || account.at("DisplayName", "LocalizedLabels", 0, "Label") != "Account (de)" {
		t.Error(account.text)
	}
	if got := account.at("Privileges", 1, "Name"); got != "prvReadAccount" {
		t.Error(got)
	}
	list := s.get(salesperson, "EntityDefinitions?$select=LogicalName,EntitySetName&$filter=OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned' and IsCustomizable/Value eq true").ok()
	if got := list.column("LogicalName"); got != "account,contact" {
		t.Error(got)
	}
	if row := list.at("value", 0).(map[string]any); len(row) != 3 || row["MetadataId"] == nil {
		t.Error(row)
	}
	byID := s.get(salesperson, "EntityDefinitions("+schema.ID("table", "contact")+")?$select=LogicalName&$expand=Attributes($select=LogicalName;$filter=IsPrimaryName eq true),Keys").ok()
	if byID.body["LogicalName"] != "contact" || byID.at("Attributes", 0, "LogicalName") != "fullname" {
		t.Error(byID.text)
	}
	one := s.get(salesperson, "EntityDefinitions(LogicalName='account')?LabelLanguages=1031").ok()
	if labels := one.at("DisplayName", "LocalizedLabels").([]any); len(labels) != 1 || one.at("DisplayName", "LocalizedLabels", 0, "LanguageCode") != 1031.0 {
		t.Error(labels)
	}
	s.get(salesperson, "EntityDefinitions(LogicalName='none')").refused(404, "0x80040217")
	s.get(salesperson, "EntityDefinitions?$select=None").refused(400, codeResource)
}

func TestAttributesAreCastToTheirTypes(t *testing.T) {
	s := start(t, nil)
	base := "EntityDefinitions(LogicalName='account')/Attributes"
	all := s.get(salesperson, base+"?$select=LogicalName,AttributeType,AttributeTypeName,RequiredLevel").ok()
	if got := all.at("value", 1, "@odata.type"); got != "#Microsoft.Dynamics.CRM.StringAttributeMetadata" {
		t.Error(got)
	}
	s.get(salesperson, base+"?$select=MaxLength").refused(400, codeResource)
	for cast, want := range map[string]string{
		"Picklist": "rating,tier", "MultiSelectPicklist": "interests", "State": "statecode", "Status": "statuscode", "Boolean": "vip", "Memo": "description",
		"Integer": "employees", "Decimal": "exchangerate", "Money": "revenue,revenue_base", "DateTime": "founded,lastcall,createdon,modifiedon", "BigInt": "entityimage_timestamp,versionnumber",
		"UniqueIdentifier": "accountid,entityimageid,badgeid", "String": "name,accountnumber,taxid,contract_name,entityimage_url", "Double": "",
		"Lookup": "transactioncurrencyid,primarycontactid,parentaccountid,ownerid,owninguser,owningbusinessunit",
	} {
		if got := s.get(salesperson, base+"/Microsoft.Dynamics.CRM."+cast+"AttributeMetadata?$select=LogicalName").ok().column("LogicalName"); got != want {
			t.Errorf("%s: %s, not %s", cast, got, want)
		}
	}
	choice := s.get(salesperson, base+"(LogicalName='tier')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata?$select=LogicalName&$expand=OptionSet,GlobalOptionSet").ok()
	if choice.at("OptionSet", "Options", 0, "Color") != "#b8860b" || choice.at("GlobalOptionSet", "Name") != "new_tier" || choice.at("OptionSet", "IsGlobal") != true {
		t.Error(choice.text)
	}
	flag := s.get(salesperson, base+"(LogicalName='vip')/Microsoft.Dynamics.CRM.BooleanAttributeMetadata?$expand=OptionSet").ok()
	if flag.at("OptionSet", "TrueOption", "Label", "UserLocalizedLabel", "Label") != "Yes" {
		t.Error(flag.text)
	}
	state := s.get(salesperson, base+"(LogicalName='statecode')/Microsoft.Dynamics.CRM.StateAttributeMetadata/OptionSet").ok()
	if state.at("Options", 1, "DefaultStatus") != 1.0 || state.at("Options", 1, "InvariantName") != "Inactive" {
		t.Error(state.text)
	}
	lookup := s.get(salesperson, base+"(LogicalName='ownerid')/Microsoft.Dynamics.CRM.LookupAttributeMetadata?$select=Targets,AttributeType").ok()
	if lookup.at("Targets", 1) != "team" || lookup.body["AttributeType"] != "Owner" {
		t.Error(lookup.text)
	}
	day := s.get(salesperson, base+"(LogicalName='founded')/Microsoft.Dynamics.CRM.DateTimeAttributeMetadata").ok()
	if day.at("DateTimeBehavior", "Value") != "DateOnly" || day.body["Format"] != "DateOnly" {
		t.Error(day.text)
	}
	if got := s.get(salesperson, base+"/Microsoft.Dynamics.CRM.EnumAttributeMetadata"); got.status != 400 {
		t.Error(got.status)
	}
	if got := s.get(salesperson, base+"(LogicalName='name')/Microsoft.Dynamics.CRM.PicklistAttributeMetadata"); got.status != 404 {
		t.Error(got.status)
	}
}

func TestRelationshipsNameTheirNavigation(t *testing.T) {
	s := start(t, nil)
	a := s.get(salesperson, "EntityDefinitions(LogicalName='contact')/ManyToOneRelationships?$select=SchemaName,ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName,ReferencedEntityNavigationPropertyName&$filter=ReferencedEntity eq 'account'").ok()
	if a.at("value", 0, "ReferencingEntityNavigationPropertyName") != "parentcustomerid_account" || a.at("value", 0, "ReferencedEntityNavigationPropertyName") != "contact_customer_accounts" {
		t.Error(a.text)
	}
	b := s.get(salesperson, "RelationshipDefinitions/Microsoft.Dynamics.CRM.OneToManyRelationshipMetadata?$select=SchemaName&$filter=ReferencedEntity eq 'account'").ok()
	if got := b.column("SchemaName"); got != "account_parent_account,contact_customer_accounts" {
		t.Error(got)
	}
	c := s.get(salesperson, "RelationshipDefinitions(SchemaName='systemuserroles_association')/Microsoft.Dynamics.CRM.ManyToManyRelationshipMetadata").ok()
	if c.body["IntersectEntityName"] != "systemuserroles" {
		t.Error(c.text)
	}
	if got := s.get(salesperson, "EntityDefinitions(LogicalName='role')/ManyToManyRelationships?$select=Entity1LogicalName").ok(); got.at("value", 0, "Entity1LogicalName") != "systemuser" {
		t.Error(got.text)
	}
	keys := s.get(salesperson, "EntityDefinitions(LogicalName='account')/Keys").ok()
	if keys.at("value", 0, "KeyAttributes", 0) != "accountnumber" {
		t.Error(keys.text)
	}
	set := s.get(salesperson, "GlobalOptionSetDefinitions(Name='new_tier')/Microsoft.Dynamics.CRM.OptionSetMetadata").ok()
	if set.at("Options", 0, "Value") != 7.0 {
		t.Error(set.text)
	}
	if got := s.get(salesperson, "GlobalOptionSetDefinitions?$filter=Name eq 'x'"); got.status != 400 {
		t.Error(got.status)
	}
}

func TestCSDLIsWellFormed(t *testing.T) {
	s := start(t, nil)
	a := s.get(salesperson, "$metadata", "Accept: application/xml").ok()
	decoder := xml.NewDecoder(strings.NewReader(a.text))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, part := range []string{`<EntitySet Name="accounts"`, `<NavigationProperty Name="contact_customer_accounts" Type="Collection(mscrm.contact)"`, `<Property Name="_ownerid_value" Type="Edm.Guid"`, `<Function Name="WhoAmI"`} {
		if !strings.Contains(a.text, part) {
			t.Error("no", part)
		}
	}
	if got := s.get(salesperson, "").ok(); got.at("value", 0, "url") != "accounts" {
		t.Error(got.text)
	}
}

func TestLabelsAreInTheLanguageOfThePerson(t *testing.T) {
	model := smallModel()
	for lcid, want := range map[int]string{1031: "Account (de)", 1033: "Account", 1036: "Account"} {
		catalog := metadata.NewCatalog(model, metadata.NewGraph(model), lcid, nil)
		text, err := catalog.Entities[0].Resolve(odata.Path{"DisplayName", "UserLocalizedLabel", "Label"}, false)
		if err != nil || text != want {
			t.Errorf("%d: %v, not %s (%v)", lcid, text, want, err)
		}
	}
}
