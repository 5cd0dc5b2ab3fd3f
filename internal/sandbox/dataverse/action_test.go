package dataverse

import (
	"net/http"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

func TestARowIsSharedAndTakenBack(t *testing.T) {
	s := writable(t)
	target := `"Target":{"@odata.type":"Microsoft.Dynamics.CRM.account","accountid":"` + boreas + `"}`
	give := func(action, mask string) answer {
		return s.write(http.MethodPost, action, administrator, `{`+target+`,"PrincipalAccess":{"AccessMask":"`+mask+`","Principal":{"@odata.type":"Microsoft.Dynamics.CRM.systemuser","systemuserid":"`+tomas+`"}}}`)
	}
	row := "accounts(" + boreas + ")"
	s.get(salesperson, row).refused(403, engine.CodeUnmanagedIDAccessDenied)
	give("GrantAccess", "ReadAccess").done()
	s.get(salesperson, row).ok()
	s.write(http.MethodPatch, row, salesperson, `{"employees":1}`).refused(403, engine.CodeUnmanagedIDAccessDenied)
	give("Microsoft.Dynamics.CRM.ModifyAccess", "ReadAccess, WriteAccess").done()
	s.write(http.MethodPatch, row, salesperson, `{"employees":1}`).done()
	if a := s.batch(changeSetOf(with("POST RevokeAccess", `{`+target+`,"Revokee":{"@odata.id":"systemusers(`+tomas+`)"}}`), with("POST accounts", `{"name":"Beside"}`))); a.status != http.StatusOK {
		t.Fatal(a.status, a.text)
	}
	s.get(salesperson, row).refused(403, engine.CodeUnmanagedIDAccessDenied)
	give("GrantAccess", "EverythingAccess").refused(400, engine.CodeInvalidArgument)
	s.write(http.MethodPost, "GrantAccess", administrator, `{}`).refused(400, invalidPayload)
	s.write(http.MethodPatch, "GrantAccess", administrator, `{}`).refused(405, codeResource)
	s.write(http.MethodPost, "GrantNothing", administrator, `{}`).refused(404, codeResource)
}
