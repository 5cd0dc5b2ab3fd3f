package dataverse

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// A process is moved as Microsoft documents it: by updating the row of its own table, one stage on or back.
func TestAProcessIsMovedByItsOwnRow(t *testing.T) {
	s := selling(t)
	made := s.create("opportunities", `{"name":"On its way"}`)
	flow := s.get(administrator, "workflows?$select=uniquename,clientdata&$filter=category eq 4 and type eq 1 and statecode eq 1 and process_processstage/any(s:s/primaryentitytypecode eq 'opportunity')&$orderby=processorder desc&$expand=process_processstage($select=stagename,primaryentitytypecode,clientdata)").ok()
	if flow.at("value", 0, "uniquename") != "opportunitysalesprocess" || len(flow.at("value", 0, "process_processstage").([]any)) != 4 {
		t.Fatal(flow.text)
	}
	process := flow.at("value", 0, "workflowid").(string)
	stages := s.get(administrator, "processstages?$select=stagename&$filter=processid/workflowid eq "+process+"&$orderby=stagecategory").ok()
	stage := func(n int) string { return stages.at("value", n, "processstageid").(string) }
	bind := func(n int) string { return `"activestageid@odata.bind":"/processstages(` + stage(n) + `)"` }
	id := s.create("opportunitysalesprocesses", `{"name":"On its way","opportunityid@odata.bind":"/opportunities(`+made+`)","processid@odata.bind":"/workflows(`+process+`)",`+bind(0)+`,"traversedpath":"`+stage(0)+`"}`)
	row := "opportunitysalesprocesses(" + id + ")"
	move := func(body string) answer { return s.write(http.MethodPatch, row, administrator, body) }
	refused := func(body, sentence string) {
		t.Helper()
		if a := move(body); a.status != 400 || !strings.Contains(a.text, sentence) || !strings.Contains(a.text, codeUnexpected) {
			t.Errorf("%s: %d %s", body, a.status, a.text)
		}
	}
	refused("{"+bind(1)+"}", "complete the required steps")
	contact := s.get(administrator, "contacts?$select=contactid&$top=1").ok().at("value", 0, "contactid").(string)
	s.write(http.MethodPatch, "opportunities("+made+")", administrator, `{"parentcontactid@odata.bind":"/contacts(`+contact+`)","purchasetimeframe":0}`).done()
	refused("{"+bind(2)+"}", "Invalid stage transition")
	refused("{"+bind(1)+`,"traversedpath":"`+stage(0)+`"}`, "does not match last Stage ID in Traversed Path")
	refused(`{"statecode":1,"statuscode":2}`, "last stage")
	move("{" + bind(1) + `,"traversedpath":"` + stage(0) + "," + stage(1) + `"}`).done()
	there := s.get(administrator, row).ok()
	if there.at("_activestageid_value") != stage(1) || there.at("activestagestartedon") == nil {
		t.Error(there.text)
	}
	if list := s.get(administrator, "RetrieveProcessInstances(EntityId="+made+",EntityLogicalName='opportunity')").ok(); list.at("value", 0, "processstageid") != stage(1) || list.at("value", 0, "name") == "On its way" {
		t.Error(list.text)
	}
	move("{" + bind(0) + "}").done()
	if back := s.get(administrator, row).ok(); back.at("traversedpath") != stage(0) {
		t.Error(back.text)
	}
	move(`{"statecode":1,"statuscode":3}`).done()
	refused("{"+bind(1)+"}", "not active")
	move(`{"statecode":0,"statuscode":1}`).done()
	s.write(http.MethodPatch, row, administrator, "{"+bind(1)+"}", `If-Match: W/"1"`).refused(412, engine.CodeVersionMismatch)
}

// Who may not read a process's table is not told of it, and who may only read it moves nothing.
func TestAProcessHasRightsOfItsOwn(t *testing.T) {
	s := selling(t)
	row := s.get(administrator, "opportunitysalesprocesses?$top=1").ok()
	opportunity, id := row.at("value", 0, "_opportunityid_value").(string), row.at("value", 0, "businessprocessflowinstanceid").(string)
	list := s.get(readOnly, "RetrieveProcessInstances(EntityId="+opportunity+",EntityLogicalName='opportunity')").ok()
	if list.at("value", 0, "businessprocessflowinstanceid") != id {
		t.Error(list.text)
	}
	s.write(http.MethodPatch, "opportunitysalesprocesses("+id+")", readOnly, `{"statecode":1,"statuscode":3}`).refused(403, engine.CodePrivilegeDenied)
	for _, role := range s.get(administrator, "systemusers?$select=fullname&$filter=systemuserroles_association/any(r:contains(r/name,'Read-only'))&$expand=systemuserroles_association($select=name)").ok().at("value").([]any) {
		for _, r := range role.(map[string]any)["systemuserroles_association"].([]any) {
			one := r.(map[string]any)
			privileges := s.get(administrator, "roles("+one["roleid"].(string)+")/roleprivileges_association?$select=name&$filter=contains(name,'SalesProcess')").ok()
			for _, p := range privileges.at("value").([]any) {
				privilege := p.(map[string]any)["privilegeid"].(string)
				s.write(http.MethodDelete, "roles("+one["roleid"].(string)+")/roleprivileges_association("+privilege+")/$ref", administrator, "").done()
			}
		}
	}
	if list := s.get(readOnly, "RetrieveProcessInstances(EntityId="+opportunity+",EntityLogicalName='opportunity')").ok(); len(list.at("value").([]any)) != 0 {
		t.Error(list.text)
	}
}
