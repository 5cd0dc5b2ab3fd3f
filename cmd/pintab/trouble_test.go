package main

import (
	"net/http"
	"strings"
	"testing"
)

// One table of Dataverse fails: its parts say so and offer to retry, the others stand.
func TestOneFailingTableLeavesTheRest(t *testing.T) {
	v, _ := visit(t, "priya@harborfinch.example")
	all := v.dashboard("Company overview").page.Find(`[data-testid="part"]`).Length()
	misbehave(t, at.Dataverse, map[string]any{"path": "/api/data/v9.2/accounts", "status": 500, "times": 1000})
	page := v.dashboard("Company overview")
	page.wantStatus(http.StatusOK)
	parts, failed := page.page.Find(`[data-testid="part"]`), page.page.Find(`[data-testid="problem"]`)
	if parts.Length() != all || failed.Length() == 0 || failed.Length() >= all {
		t.Fatalf("%d of %d parts, %d failed", parts.Length(), all, failed.Length())
	}
	retry, found := failed.First().Find(`a[data-swap]`).Attr("href")
	if !found {
		t.Fatal("no retry")
	}
	if text := failed.First().Text(); strings.Contains(text, "500") || strings.Contains(text, "0x8") {
		t.Errorf("raw error text: %q", text)
	}
	behave(t, at.Dataverse)
	again := v.get(strings.Replace(retry, "/tab/dashboard", "/tab/dashboard/part", 1))
	again.wantStatus(http.StatusOK)
	if again.page.Find(`[data-testid="problem"]`).Length() != 0 || again.page.Find(`[data-testid="part"]`).Length() != 1 {
		t.Errorf("the retry did not help: %s", again.text("section"))
	}
}

// Dataverse asks to wait: people are told, and nobody keeps knocking meanwhile.
func TestABusyDataverseIsLeftAlone(t *testing.T) {
	v, _ := visit(t, "joanna@harborfinch.example")
	misbehave(t, at.Dataverse, map[string]any{"path": "/api/data/v9.2/opportunities", "status": 429, "retry_after": 30, "times": 1000})
	page := v.get("/tab/dashboard")
	page.wantStatus(http.StatusOK)
	if page.page.Find(`[data-testid="problem"]`).Length() == 0 {
		t.Error("nobody is told")
	}
	behave(t, at.Dataverse)
}

// Discovery is down: that is said, and never shown as having no organization.
func TestADiscoveryErrorIsNotAnEmptyList(t *testing.T) {
	misbehave(t, at.Dataverse, map[string]any{"path": "/api/discovery", "status": 503, "times": 1000})
	v, page := visit(t, "ingrid@harborfinch.example")
	if page.page.Find(`[data-testid="board"]`).Length() != 0 {
		// Asked within the last minute: read it anew.
		page = v.post("/tab/dashboard/refresh", map[string][]string{})
		page = v.get("/tab/dashboard")
	}
	if page.page.Find(`[data-testid="state"]`).Length() != 1 {
		t.Fatalf("no state: %.400s", page.text("main"))
	}
	if strings.Contains(page.text("main"), "503") {
		t.Error("raw error text")
	}
}

// The frame and the heading are there before Dataverse has answered anything.
func TestTheFrameNeverWaitsForDataverse(t *testing.T) {
	v, _ := visit(t, "tomas@harborfinch.example")
	v.post("/tab/dashboard/refresh", map[string][]string{}).wantStatus(http.StatusSeeOther)
	misbehave(t, at.Dataverse, map[string]any{"path": "/", "delay_ms": 1500, "status": 0, "times": 1000})
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, at.App+"/tab/dashboard", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	reply, err := v.http.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	first := make([]byte, 64<<10)
	n, err := reply.Body.Read(first)
	if err != nil {
		t.Fatal(err)
	}
	head := string(first[:n])
	if !strings.Contains(head, "My Dashboard") || strings.Contains(head, `data-testid="part"`) {
		t.Errorf("the first bytes are not the frame alone: %.200s", head)
	}
	behave(t, at.Dataverse)
}

// A person whose token can no longer be renewed is asked to sign in, not shown an error.
func TestARevokedSignInLeadsBackToSigningIn(t *testing.T) {
	v, _ := visit(t, "lucia@harborfinch.example")
	v.post("/auth/signout", map[string][]string{})
	page := v.get("/tab/dashboard")
	if page.page.Find(`[data-testid="board"]`).Length() != 0 {
		t.Error("signed out, and still served")
	}
	if page.page.Find("form").Length() == 0 {
		t.Errorf("no way to sign in: %.300s", page.body)
	}
}
