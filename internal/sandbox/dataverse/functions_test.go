package dataverse

import (
	"net/url"
	"strings"
	"testing"
)

func TestFunctionsAnswerForTheCaller(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"WhoAmI", "WhoAmI()", "Microsoft.Dynamics.CRM.WhoAmI()"} {
		if a := s.get(salesperson, path).ok(); a.body["UserId"] != tomas || a.body["BusinessUnitId"] != unit {
			t.Error(a.text)
		}
	}
	if a := s.get(salesperson, "RetrieveVersion()").ok(); a.body["Version"] != "9.2.24054.198" {
		t.Error(a.text)
	}
	for _, path := range []string{"RetrieveCurrentOrganization(AccessType='Default')", "RetrieveCurrentOrganization(AccessType=@p)?@p=Microsoft.Dynamics.CRM.EndpointAccessType'Default'"} {
		if a := s.get(salesperson, path).ok(); a.at("Detail", "UrlName") != "harbor-sales" || a.at("Detail", "OrganizationType") != "Customer" || a.at("Detail", "State") != "Enabled" {
			t.Error(a.text)
		}
	}
	if a := s.get(salesperson, "RetrieveTotalRecordCount(EntityNames=['account','contact'])").ok(); a.at("EntityRecordCountCollection", "Keys", 1) != "contact" || a.at("EntityRecordCountCollection", "Values", 0) != 1.0 {
		t.Error(a.text)
	}
	if a := s.get(salesperson, "RetrieveAppComponents(AppModuleId="+app+")").ok(); a.at("value", 0, "objectid") != view {
		t.Error(a.text)
	}
	s.get(salesperson, "NoSuchFunction()").refused(404, codeResource)
	s.get(salesperson, "RetrieveAppComponents(AppModuleId='"+app+"')").refused(400, codeResource)
}

func TestAccessIsToldByRow(t *testing.T) {
	s := start(t, nil)
	bound := "systemusers(" + tomas + ")/Microsoft.Dynamics.CRM."
	target := bound + "RetrievePrincipalAccess(Target=@t)?@t="
	for reference, want := range map[string]string{
		`{'@odata.id':'accounts(` + acme + `)'}`:                                                       "ReadAccess",
		`{"@odata.id": "accounts(` + acme + `)"}`:                                                      "ReadAccess",
		`{"@odata.id":"` + s.root() + `accounts(` + boreas + `)"}`:                                     "None",
		`{"@odata.type":"Microsoft.Dynamics.CRM.account","accountid":"` + strings.ToUpper(acme) + `"}`: "ReadAccess",
	} {
		a := s.get(administrator, target+url.QueryEscape(reference))
		if got, _ := a.body["AccessRights"].(string); a.status != 200 || !strings.HasPrefix(got, want) {
			t.Errorf("%s: %d %s", reference, a.status, a.text)
		}
	}
	s.get(administrator, target+"x").refused(400, codeResource)
	s.get(administrator, target+url.QueryEscape(`{'@odata.id':'accounts(`+ada+`)'}`)).refused(404, "0x80040217")
	all := s.get(salesperson, bound+"RetrieveUserPrivileges()").ok()
	if list := all.at("RolePrivileges").([]any); len(list) < 5 {
		t.Error(all.text)
	}
	one := s.get(salesperson, bound+"RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvReadAccount')").ok()
	if one.at("RolePrivileges", 0, "Depth") != "Basic" || one.at("RolePrivileges", 0, "PrivilegeName") != "prvReadAccount" {
		t.Error(one.text)
	}
	if none := s.get(salesperson, bound+"RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvDeleteAccount')").ok(); len(none.at("RolePrivileges").([]any)) != 0 {
		t.Error(none.text)
	}
	s.get(salesperson, bound+"RetrieveUserPrivilegeByPrivilegeName(PrivilegeName='prvNonsense')").refused(400, "0x80040203")
	if set := s.get(salesperson, bound+`RetrieveUserSetOfPrivilegesByNames(PrivilegeNames=@p)?@p=["prvReadAccount","prvReadTeam"]`).ok(); len(set.at("RolePrivileges").([]any)) != 1 {
		t.Error(set.text)
	}
	if plans := s.get(salesperson, bound+"RetrieveUserLicenseInfo()").ok(); plans.at("licenseInfo", "ServicePlans", 0, "Name") != "D365_SALES" {
		t.Error(plans.text)
	}
}
