package dataverse

import (
	"net/http"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

func TestSecuredColumnsAreRefusedWithTheirOwnCodes(t *testing.T) {
	s := writable(t)
	s.write(http.MethodPost, "accounts", salesperson, `{"name":"x","taxid":"1"}`).refused(403, engine.CodeColumnCreateDenied)
	s.write(http.MethodPatch, "accounts("+acme+")", salesperson, `{"taxid":"1"}`).refused(403, engine.CodeColumnUpdateDenied)
}
