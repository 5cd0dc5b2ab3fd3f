package dataverse

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// seededFile is the sandbox's first organization as a file; every test that changes it takes a copy.
var seededFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "seeded")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	ctx, org, path := context.Background(), world.Organizations()[0], filepath.Join(dir, "org.db")
	db, err := engine.Open(ctx, path, seed.Model(), seed.Options(org, time.Now))
	if err == nil {
		err = seed.Fill(ctx, db, org, world.People(), time.Now())
	}
	if err == nil {
		err = db.Close()
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// selling is the stand-in with the sandbox's own model and data, which a test may change.
func selling(t *testing.T) *sandbox {
	t.Helper()
	b, err := seededFile()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "org.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	db, err := engine.Open(context.Background(), path, seed.Model(), seed.Options(world.Organizations()[0], time.Now))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s, stop := run(t, db)
	t.Cleanup(stop)
	return s
}

const readOnly = 3

func (s *sandbox) act(action string, person int, body string) answer {
	s.t.Helper()
	return s.write(http.MethodPost, action, person, body)
}

func TestAnOpportunityIsWonAndOpenedAgain(t *testing.T) {
	s := selling(t)
	id := s.write(http.MethodPost, "opportunities", salesperson, `{"name":"Two cranes","estimatedvalue":1200.5}`).done().id()
	deal, won := "opportunities("+id+")", `"opportunityid@odata.bind":"/opportunities(`+id+`)"`
	s.write(http.MethodPatch, deal, salesperson, `{"statecode":1}`).refused(400, engine.CodeUseMessage)
	s.act("WinOpportunity", salesperson, `{"Status":4,"OpportunityClose":{`+won+`}}`).refused(400, engine.CodeInvalidStateStatus)
	s.act("WinOpportunity", readOnly, `{"Status":3,"OpportunityClose":{`+won+`}}`).refused(403, engine.CodePrivilegeDenied)
	s.act("WinOpportunity", salesperson, `{"Status":3,"OpportunityClose":{"subject":"Signed",`+won+`,"actualend":"2026-02-03T12:00:00Z"}}`).done()
	row := s.get(salesperson, deal).ok()
	if row.at("statecode") != 1.0 || row.at("statuscode") != 3.0 || row.at("actualvalue") != 1200.5 || row.at("actualclosedate") != "2026-02-03" || row.at("msdyn_forecastcategory") != 100000005.0 {
		t.Error(row.text)
	}
	closed := s.get(salesperson, deal+"/Opportunity_OpportunityClose").ok()
	if closed.at("value", 0, "subject") != "Signed" || closed.at("value", 0, "statecode") != 1.0 || closed.at("value", 0, "actualrevenue") != 1200.5 || closed.at("value", 0, "_regardingobjectid_value") != id {
		t.Error(closed.text)
	}
	s.act("LoseOpportunity", salesperson, `{"Status":-1,"OpportunityClose":{`+won+`}}`).refused(400, engine.CodeAlreadyClosed)
	s.write(http.MethodPatch, deal, salesperson, `{"statecode":0,"statuscode":1}`).done()
	if row := s.get(salesperson, deal).ok(); row.at("actualvalue") != nil || row.at("actualclosedate") != nil || row.at("statecode") != 0.0 {
		t.Error(row.text)
	}
	s.act("LoseOpportunity", salesperson, `{"Status":-1,"OpportunityClose":{"actualrevenue":0,"opportunityid":{"@odata.type":"Microsoft.Dynamics.CRM.opportunity","opportunityid":"`+id+`"}}}`).done()
	if row := s.get(salesperson, deal).ok(); row.at("statecode") != 2.0 || row.at("statuscode") != 4.0 || row.at("actualvalue") != 0.0 {
		t.Error(row.text)
	}
}

func TestActionsCheckTheirParameters(t *testing.T) {
	s := selling(t)
	for body, sentence := range map[string]string{
		`{"Status":3}`: "The missing parameters are: OpportunityClose.",
		`{"OpportunityClose":{"subject":"x"},"Status":3,"Reason":1}`: "The parameter 'Reason' in the request payload is not a valid parameter for the operation 'WinOpportunity'.",
		`{"OpportunityClose":{"subject":"x"},"Status":"three"}`:      "is not of the type 'Edm.Int32'",
		`{"OpportunityClose":{"subject":"x"},"Status":3}`:            "opportunityid@odata.bind",
		`{"OpportunityClose":{"nothing":1},"Status":3}`:              "nothing",
	} {
		a := s.act("WinOpportunity", administrator, body)
		a.refused(400, invalidPayload)
		if !strings.Contains(a.text, sentence) {
			t.Errorf("%s: %s", body, a.text)
		}
	}
	s.act("WinOpportunity", administrator, `{"Status":3,"OpportunityClose":{"opportunityid@odata.bind":"opportunities(`+acme+`)"}}`).refused(404, engine.CodeObjectDoesNotExist)
	s.get(administrator, "WinOpportunity").refused(405, codeResource)
	s.act("QualifyLead", administrator, `{}`).refused(404, codeResource)
	s.act("accounts("+acme+")/Microsoft.Dynamics.CRM.QualifyLead", administrator, `{}`).refused(404, codeResource)
	s.get(administrator, "WhoAmI(Name='x')").refused(404, codeResource)
}

func TestACaseIsResolved(t *testing.T) {
	s := selling(t)
	customer := s.create("accounts", `{"name":"Asks"}`)
	id := s.create("incidents", `{"title":"Noise","customerid_account@odata.bind":"/accounts(`+customer+`)"}`)
	about := `"incidentid@odata.bind":"/incidents(` + id + `)"`
	batch := s.batch(changeSetOf(with("POST CloseIncident", `{"Status":1000,"IncidentResolution":{"subject":"Told how","timespent":30,`+about+`}}`), with("PATCH accounts("+customer+")", `{"nothing":1}`)))
	if batch.status != http.StatusBadRequest {
		t.Fatal(batch.status, batch.text)
	}
	if row := s.get(administrator, "incidents("+id+")").ok(); row.at("statecode") != 0.0 {
		t.Error("a change set that failed has resolved a case")
	}
	s.act("CloseIncident", administrator, `{"Status":1000,"IncidentResolution":{"subject":"Told how","timespent":30,`+about+`}}`).done()
	row := s.get(administrator, "incidents("+id+")?$select=statecode,statuscode&$expand=Incident_IncidentResolutions($select=subject,timespent,statecode)").ok()
	if row.at("statecode") != 1.0 || row.at("statuscode") != 1000.0 || row.at("Incident_IncidentResolutions", 0, "timespent") != 30.0 || row.at("Incident_IncidentResolutions", 0, "statecode") != 1.0 {
		t.Error(row.text)
	}
	s.act("CloseIncident", administrator, `{"Status":-1,"IncidentResolution":{`+about+`}}`).refused(400, engine.CodeCaseResolved)
}

func TestALeadBecomesMore(t *testing.T) {
	s := selling(t)
	id := s.create("leads", `{"subject":"Needs pumps","firstname":"Ada","lastname":"Stone","companyname":"Stone & Sons","telephone1":"+1","emailaddress1":"ada@stone.example","estimatedamount":5000,"address1_city":"Oslo","need":1}`)
	qualify := func(person int, more string) answer {
		return s.act("leads("+id+")/Microsoft.Dynamics.CRM.QualifyLead", person, `{"CreateAccount":true,"CreateContact":true,"CreateOpportunity":true,"Status":3`+more+`}`)
	}
	qualify(readOnly, "").refused(403, engine.CodePrivilegeDenied)
	made := qualify(administrator, `,"OpportunityCurrencyId":null,"SuppressDuplicateDetection":true`).ok()
	account, contact, opportunity := made.at("value", 0, "accountid"), made.at("value", 1, "contactid"), made.at("value", 2, "opportunityid")
	if made.at("value", 2, "@odata.type") != "#Microsoft.Dynamics.CRM.opportunity" {
		t.Fatal(made.text)
	}
	row := s.get(administrator, "leads("+id+")").ok()
	if row.at("statecode") != 1.0 || row.at("statuscode") != 3.0 || row.at("_parentaccountid_value") != account || row.at("_parentcontactid_value") != contact || row.at("_qualifyingopportunityid_value") != opportunity {
		t.Error(row.text)
	}
	deal := s.get(administrator, "opportunities("+opportunity.(string)+")?$expand=parentaccountid($select=name,address1_city),parentcontactid($select=fullname,_parentcustomerid_value)").ok()
	if deal.at("name") != "Needs pumps" || deal.at("estimatedvalue") != 5000.0 || deal.at("need") != 1.0 || deal.at("_originatingleadid_value") != id || deal.at("_customerid_value") != account ||
		deal.at("parentaccountid", "name") != "Stone & Sons" || deal.at("parentaccountid", "address1_city") != "Oslo" || deal.at("parentcontactid", "fullname") != "Ada Stone" || deal.at("parentcontactid", "_parentcustomerid_value") != account {
		t.Error(deal.text)
	}
	qualify(administrator, "").refused(400, engine.CodeInvalidTransition)

	flow := s.get(administrator, "leadtoopportunitysalesprocesses?$filter=statecode eq 0 and leadid/statecode eq 0&$top=1").ok()
	process, inFlow := flow.at("value", 0, "businessprocessflowinstanceid").(string), flow.at("value", 0, "_leadid_value").(string)
	made = s.act("leads("+inFlow+")/Microsoft.Dynamics.CRM.QualifyLead", administrator, `{"CreateAccount":false,"CreateContact":false,"CreateOpportunity":true,"Status":3}`).ok()
	after := s.get(administrator, "leadtoopportunitysalesprocesses("+process+")?$expand=activestageid($select=stagename)").ok()
	if after.at("_opportunityid_value") != made.at("value", 0, "opportunityid") || after.at("activestageid", "stagename") != "Develop" || strings.Count(after.at("traversedpath").(string), ",") != 1 {
		t.Error(after.text)
	}

	id = s.create("leads", `{"subject":"Only a name","lastname":"Stone","parentaccountid@odata.bind":"/accounts(`+account.(string)+`)"}`)
	made = s.act("leads("+id+")/Microsoft.Dynamics.CRM.QualifyLead", administrator, `{"CreateAccount":true,"CreateContact":false,"CreateOpportunity":true,"Status":-1}`).ok()
	if rows := made.at("value").([]any); len(rows) != 1 || s.get(administrator, "opportunities("+made.at("value", 0, "opportunityid").(string)+")").ok().at("_customerid_value") != account {
		t.Error(made.text)
	}
}

func TestTheHistoryOfARowIsTold(t *testing.T) {
	s := selling(t)
	id := s.create("accounts", `{"name":"First","numberofemployees":3}`)
	row := "accounts(" + id + ")"
	user := s.get(salesperson, "WhoAmI").ok().at("UserId").(string)
	s.write(http.MethodPatch, row, administrator, `{"name":"Second","industrycode":1}`).done()
	s.act("GrantAccess", administrator, `{"Target":{"@odata.id":"`+row+`"},"PrincipalAccess":{"AccessMask":"ReadAccess","Principal":{"@odata.type":"Microsoft.Dynamics.CRM.systemuser","ownerid":"`+user+`"}}}`).done()
	target := "?@t=" + url.QueryEscape(`{'@odata.id':'`+row+`'}`)
	all := s.get(administrator, "RetrieveRecordChangeHistory(Target=@t)"+target, `Prefer: odata.include-annotations="*"`).ok()
	at := func(path ...any) any {
		return all.at(append([]any{"AuditDetailCollection", "AuditDetails"}, path...)...)
	}
	if at(0, "@odata.type") != "#Microsoft.Dynamics.CRM.ShareAuditDetail" || at(0, "NewPrivileges") != "ReadAccess" || at(0, "Principal", "ownerid") != user {
		t.Error(all.text)
	}
	if at(1, "OldValue", "name") != "First" || at(1, "NewValue", "name") != "Second" || at(1, "NewValue", "industrycode") != 1.0 || at(1, "NewValue", "industrycode@"+formattedValue) == nil ||
		at(1, "AuditRecord", "_userid_value@"+formattedValue) == nil || at(1, "AuditRecord", "operation@"+formattedValue) != "Update" || at(2, "AuditRecord", "action") != 1.0 {
		t.Error(all.text)
	}
	one := s.get(administrator, "RetrieveAttributeChangeHistory(Target=@t,AttributeLogicalName='name',PagingInfo=@p)"+target+"&@p="+url.QueryEscape(`{"PageNumber":1,"Count":1,"ReturnTotalRecordCount":true}`)).ok()
	if one.at("AuditDetailCollection", "TotalRecordCount") != 2.0 || one.at("AuditDetailCollection", "MoreRecords") != true || one.at("AuditDetailCollection", "AuditDetails", 0, "OldValue", "name") != "First" {
		t.Error(one.text)
	}
	shares := s.get(administrator, "RetrieveSharedPrincipalsAndAccess(Target=@t)"+target).ok()
	if shares.at("PrincipalAccesses", 0, "AccessMask") != "ReadAccess" || shares.at("PrincipalAccesses", 0, "Principal", "ownerid") != user {
		t.Error(shares.text)
	}
	s.get(administrator, "RetrieveRecordChangeHistory(Target=@t,PagingInfo=@p)"+target+"&@p="+url.QueryEscape(`{"Count":-1}`)).refused(400, codeResource)
	s.get(administrator, "RetrieveRecordChangeHistory(Target=@t)?@t=x").refused(400, codeResource)
	s.get(administrator, "RetrieveAttributeChangeHistory(Target=@t,AttributeLogicalName='nothing')"+target).refused(400, engine.CodeUnknownColumn)
}

func TestProcessesOfARowAreTold(t *testing.T) {
	s := selling(t)
	open := s.get(administrator, "opportunitysalesprocesses?$top=1").ok()
	id, instance := open.at("value", 0, "_opportunityid_value").(string), open.at("value", 0, "businessprocessflowinstanceid").(string)
	list := s.get(administrator, "RetrieveProcessInstances(EntityId="+id+",EntityLogicalName='opportunity')").ok()
	if list.at("value", 0, "businessprocessflowinstanceid") != instance || list.at("value", 0, "_processid_value") != open.at("value", 0, "_processid_value") || list.at("value", 0, "processstageid") != open.at("value", 0, "_activestageid_value") {
		t.Error(list.text)
	}
	if path := s.get(administrator, "RetrieveActivePath(ProcessInstanceId="+instance+")").ok(); path.column("stagename") != "Qualify,Develop,Propose,Close" {
		t.Error(path.text)
	}
	s.get(administrator, "RetrieveActivePath(ProcessInstanceId="+acme+")").refused(404, engine.CodeObjectDoesNotExist)
	s.get(administrator, "RetrieveProcessInstances(EntityId="+acme+",EntityLogicalName='account')").refused(404, engine.CodeObjectDoesNotExist)
	s.get(administrator, "RetrieveProcessInstances(EntityId="+id+",EntityLogicalName='nothing')").refused(400, codeResource)
}

func TestARollupIsCalculatedOnDemand(t *testing.T) {
	s := selling(t)
	table, column := "", ""
	for _, m := range seed.Model().Tables {
		for _, c := range m.Columns {
			if c.Source == 2 && c.Formula.Table == "opportunity" && m.LogicalName == "account" && c.Formula.Aggregate == "sum" {
				table, column = m.LogicalName, c.LogicalName
			}
		}
	}
	id := s.create("accounts", `{"name":"Sums up"}`)
	s.create("opportunities", `{"name":"One","estimatedvalue":70,"parentaccountid@odata.bind":"/accounts(`+id+`)","customerid_account@odata.bind":"/accounts(`+id+`)"}`)
	target := "?@t=" + url.QueryEscape(`{'@odata.id':'accounts(`+id+`)'}`)
	a := s.get(administrator, "CalculateRollupField(Target=@t,FieldName='"+column+"')"+target).ok()
	if table == "" || a.at(column) != 70.0 || a.at("accountid") != id {
		t.Error(table, column, a.text)
	}
	s.get(administrator, "CalculateRollupField(Target=@t,FieldName='name')"+target).refused(400, engine.CodeInvalidArgument)
}

func TestPeopleJoinATeamAndLeaveIt(t *testing.T) {
	s := selling(t)
	user := s.get(salesperson, "WhoAmI").ok().at("UserId").(string)
	team := s.get(administrator, "teams?$select=name&$filter=teamtype eq 0 and isdefault eq false and not teammembership_association/any(u:u/systemuserid eq "+user+")&$top=1").ok().at("value", 0, "teamid").(string)
	members := `{"Members":[{"@odata.type":"Microsoft.Dynamics.CRM.systemuser","systemuserid":"` + user + `"}]}`
	in := func() bool {
		return strings.Contains(s.get(administrator, "teams("+team+")/teammembership_association?$select=fullname").ok().text, user)
	}
	s.act("teams("+team+")/Microsoft.Dynamics.CRM.AddMembersTeam", salesperson, members).refused(403, engine.CodePrivilegeDenied)
	s.act("teams("+team+")/Microsoft.Dynamics.CRM.AddMembersTeam", administrator, members).done()
	if !in() {
		t.Error("nobody joined")
	}
	s.act("teams("+team+")/Microsoft.Dynamics.CRM.RemoveMembersTeam", administrator, members).done()
	if in() {
		t.Error("nobody left")
	}
}

func TestACompletedActivityHasEnded(t *testing.T) {
	s := selling(t)
	id := s.create("tasks", `{"subject":"Call"}`)
	s.write(http.MethodPatch, "tasks("+id+")", administrator, `{"statecode":1,"statuscode":5}`).done()
	if row := s.get(administrator, "tasks("+id+")").ok(); row.at("actualend") == nil || row.at("statecode") != 1.0 {
		t.Error(row.text)
	}
}

func TestAnAppIsValidated(t *testing.T) {
	s := start(t, nil)
	a := s.get(administrator, "ValidateApp(AppModuleId="+app+")").ok() // has a view, and no site map
	if a.at("AppValidationResponse", "ValidationSuccess") != false || len(a.at("AppValidationResponse", "ValidationIssueList").([]any)) != 1 {
		t.Error(a.text)
	}
	s.get(administrator, "ValidateApp(AppModuleId="+acme+")").refused(404, engine.CodeObjectDoesNotExist)
	s.act("PublishXml", salesperson, `{"ParameterXml":"<importexportxml/>"}`).refused(403, engine.CodePrivilegeDenied)
	s.act("PublishXml", administrator, `{"ParameterXml":"<other/>"}`).refused(400, codeInvalidXML)
}
