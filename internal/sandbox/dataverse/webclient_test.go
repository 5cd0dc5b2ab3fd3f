package dataverse

import (
	"net/http"
	"strings"
	"testing"
)

func TestLinksToDynamicsSayWhatWouldOpen(t *testing.T) {
	s := start(t, nil)
	request, _ := http.NewRequest(http.MethodGet, s.organization()+"/main.aspx?pagetype=entityrecord&etn=%3Cscript%3Ealert(1)%3C/script%3E&id="+acme, nil)
	a := s.do(request)
	if a.status != http.StatusOK || !strings.Contains(a.text, acme) || strings.Contains(a.text, "<script>") || a.header.Get("Content-Security-Policy") == "" {
		t.Error(a.status, a.text)
	}
	request, _ = http.NewRequest(http.MethodGet, s.base+"/nobody/main.aspx", nil)
	if a := s.do(request); a.status != http.StatusNotFound {
		t.Error(a.status)
	}
}
