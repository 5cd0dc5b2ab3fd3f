package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// instance is an environment as discovery tells of it.
type instance map[string]any

// instanceOf is one of the sandbox's organizations, with what is changed about it.
func instanceOf(name string, changes instance) instance {
	for _, o := range world.Organizations() {
		if o.Name != name {
			continue
		}
		one := instance{
			"Id": o.ID, "UniqueName": o.Name, "UrlName": o.Name, "FriendlyName": o.FriendlyName, "State": 0, "StatusMessage": nil, "Version": o.Version,
			"Url": at.Dataverse + "/" + name + "/", "ApiUrl": at.Dataverse + "/" + name, "TenantId": o.TenantID, "OrganizationType": 0, "Region": o.Region,
		}
		for field, value := range changes {
			one[field] = value
		}
		return one
	}
	return nil
}

// discover makes discovery tell of these environments, to everybody, until behave.
func discover(t *testing.T, instances ...instance) {
	t.Helper()
	body, err := json.Marshal(map[string]any{"value": instances})
	if err != nil {
		t.Fatal(err)
	}
	behave(t, at.Dataverse)
	misbehave(t, at.Dataverse, map[string]any{"path": "/api/discovery", "status": 200, "times": 100000, "body": string(body)})
}

// anew is Settings with everything read again.
func (v *visitor) anew(path string) answer {
	v.Helper()
	v.post("/tab/dashboard/refresh", url.Values{})
	return v.get(path)
}

// listedIn reports whether something is offered in a list of Settings, and by which rule it is not.
func (a answer) listedIn(list, name string) (listed bool, reason string) {
	for _, link := range a.page.Find(`ul[data-list="` + list + `"] a .name`).EachIter() {
		listed = listed || strings.TrimSpace(link.Text()) == name
	}
	for _, item := range a.page.Find(`[data-testid="missing"] li`).EachIter() {
		if strings.TrimSpace(item.Find("strong").Text()) == name {
			reason = item.AttrOr("data-reason", "")
		}
	}
	return listed, reason
}

// wantRule checks both sides of a rule: without a reason the thing is offered, with one it is not, and says so.
func (a answer) wantRule(what, list, name, reason string) {
	a.Helper()
	listed, said := a.listedIn(list, name)
	if listed != (reason == "") || said != reason {
		a.Errorf("%s: %s offered: %v, reason %q, want %q", what, name, listed, said, reason)
	}
}

// S31: organizations of version 9 or later are offered, older ones are not.
func TestRuleS31OnlyVersionNineOrLater(t *testing.T) {
	v, _ := visit(t, "tomas@harborfinch.example")
	for version, reason := range map[string]string{
		"9.0.0.1": "", "9.2.24061.140": "", "10.0.1.2": "", "8.2.25.7": "version", "8.99": "version", "7": "version", "": "version", "nine": "version",
	} {
		discover(t, instanceOf("harbor-sales", nil), instanceOf("harbor-service", instance{"Version": version}))
		v.anew("/tab/settings").wantRule("version "+version, "organizations", serviceOrganization, reason)
	}
}

// S32: only organizations that are enabled and set up are offered.
func TestRuleS32OnlyActiveOrganizations(t *testing.T) {
	v, _ := visit(t, "tomas@harborfinch.example")
	for _, c := range []struct {
		state   int
		message any
		reason  string
	}{
		{0, nil, ""}, {0, 5, ""}, {0, 6, ""}, {0, 0, ""}, {1, nil, "disabled"}, {1, 4, "disabled"}, {1, 0, "disabled"},
		{0, 3, "provisioning"}, {1, 3, "provisioning"}, {0, 2, "failed"},
	} {
		discover(t, instanceOf("harbor-sales", nil), instanceOf("harbor-service", instance{"State": c.state, "StatusMessage": c.message}))
		v.anew("/tab/settings").wantRule(fmt.Sprintf("state %d, status %v", c.state, c.message), "organizations", serviceOrganization, c.reason)
	}
}

// S33: only apps of the Unified Interface are offered.
func TestRuleS33OnlyUnifiedInterfaceApps(t *testing.T) {
	v, _ := visit(t, "tomas@harborfinch.example")
	page := v.anew("/tab/settings?org=" + url.QueryEscape(at.Dataverse+"/harbor-sales"))
	page.wantRule("a Unified Interface app", "apps", "Sales Hub", "")
	page.wantRule("a classic app", "apps", "Sales Classic", "classic")
}

// S34: only apps that the person is licensed for are offered, in each organization; the licence of another does not help.
func TestRuleS34OnlyLicensedApps(t *testing.T) {
	address := "/tab/settings?org=" + url.QueryEscape(at.Dataverse+"/harbor-sales")
	v, _ := visit(t, "priya@harborfinch.example")
	v.anew(address).wantRule("licensed", "apps", "Sales Hub", "")
	misbehave(t, at.Dataverse, map[string]any{
		"path": "RetrieveUserLicenseInfo", "status": 200, "times": 1000,
		"body": `{"LicenseInfo":{"ServicePlans":[{"Id":"00000000-0000-0000-0000-000000000000","Name":"DYN365_SALES_INSIGHTS"}]}}`,
	})
	v.anew(address).wantRule("not licensed any more", "apps", "Sales Hub", "licence")
	behave(t, at.Dataverse)
	v.anew(address).wantRule("licensed again", "apps", "Sales Hub", "")
	unlicensed, _ := visit(t, "omar@harborfinch.example")
	unlicensed.anew(address).wantRule("somebody without a licence", "apps", "Sales Hub", "licence")
}

// S35: the apps are those of the organization that is looked at.
func TestRuleS35AppsFollowTheOrganization(t *testing.T) {
	v, _ := visit(t, "tomas@harborfinch.example")
	for organization, apps := range map[string][2]string{"harbor-sales": {"Sales Hub", "Field Service"}, "harbor-service": {"Field Service", "Sales Hub"}} {
		page := v.anew("/tab/settings?org=" + url.QueryEscape(at.Dataverse+"/"+organization))
		page.wantRule(organization, "apps", apps[0], "")
		if listed, _ := page.listedIn("apps", apps[1]); listed {
			t.Errorf("%s offers %s of another organization", organization, apps[1])
		}
	}
}

// Whatever became of the remembered choice, both pages say so with the rule, fall back visibly, and lead on.
func TestTheRememberedChoiceIsGone(t *testing.T) {
	v, _ := visit(t, "tomas@harborfinch.example")
	undo := v.choose(serviceOrganization, "Field Service")
	for _, c := range []struct {
		what    string
		becomes func()
		says    []string
		now     string
	}{
		{"the organization is gone", func() { discover(t, instanceOf("harbor-sales", nil)) },
			[]string{"You had chosen", "/harbor-service"}, salesOrganization},
		{"it was disabled", func() {
			discover(t, instanceOf("harbor-sales", nil), instanceOf("harbor-service", instance{"State": 1}))
		},
			[]string{"You had chosen " + serviceOrganization, "switched off by an administrator"}, salesOrganization},
		{"it was put back to version 8", func() {
			discover(t, instanceOf("harbor-sales", nil), instanceOf("harbor-service", instance{"Version": "8.2.1"}))
		},
			[]string{"You had chosen " + serviceOrganization, "version 8.2.1"}, salesOrganization},
		{"the person is no member any more", func() {
			misbehave(t, at.Dataverse, map[string]any{"path": "/harbor-service/", "status": 403, "times": 1000, "body": `{"error":{"code":"0x80072560","message":"raw"}}`})
		}, []string{"You had chosen " + serviceOrganization, "does not know you"}, salesOrganization},
	} {
		t.Run(c.what, func(t *testing.T) {
			c.becomes()
			for _, path := range []string{"/tab/dashboard", "/tab/settings"} {
				page := v.anew(path)
				page.wantStatus(200)
				for _, words := range c.says {
					page.wantText(`[data-testid="lost"]`, words)
				}
				page.wantText(`[data-testid="lost"]`, c.now)
				if path == "/tab/dashboard" {
					page.wantText(".place", c.now)
					if page.page.Find(`[data-testid="lost"] a[href^="/tab/settings"]`).Length() == 0 {
						t.Error("no way on")
					}
				} else if page.page.Find(`[data-testid="save"]`).Length() == 0 {
					t.Error("nothing to choose instead")
				}
			}
			behave(t, at.Dataverse)
		})
	}
	v.anew("/tab/dashboard").wantText(".place", serviceOrganization)
	undo()
}
