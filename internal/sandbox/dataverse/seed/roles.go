package seed

import (
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// rule gives verbs at depths on privilege sets: "R8" is Read at Global. C create, R read, W write, D delete, A append,
// T append to, G assign, S share; 1 user, 2 business unit, 4 with those below, 8 organization.
type rule struct{ sets, grants string }

type roleSpec struct {
	name     string
	template string
	rules    []rule
}

const allSets = "*"

// auditHistory is a privilege that is no table's: to read what happened to a row.
const auditHistory = "RecordAuditHistory"

// offered reports whether there is such a privilege on a set.
func offered(verb string, mustHaveOwners bool, set string, owned map[string]bool) bool {
	return (!mustHaveOwners || owned[set]) && (set != auditHistory || verb == "Read")
}

// shown is what anybody must read to see apps, dashboards and names of people.
var shown = []rule{
	{"User Team BusinessUnit TransactionCurrency Queue Subject Territory ConnectionRole Workflow", "T8"},
	{auditHistory, "R8"},
	{"User Team BusinessUnit Role TransactionCurrency Queue Subject Territory SystemForm Query SavedQueryVisualizations WebResource AppModule SiteMap Organization UserSettings ServicePlan FieldSecurityProfile TimeZoneDefinition Workflow ConnectionRole", "R8"},
	{"Post", "C8 R8 W8 D8 A8 T8"},
	{"msdyn_TeamsCollaboration", "C8 R8 W8 A8 T8"},
	{"UserForm UserQuery UserQueryVisualizations", "C1 R1 W1 D1 A1 T1 G1 S1"},
}

func with(rules ...rule) []rule { return append(rules, shown...) }

// The tables of processes have rights of their own: who may work with them, who may look, and who sees nothing of them.
const flowTables = "OpportunitySalesProcess LeadToOpportunitySalesProcess PhoneToCaseProcess hf_VisitProcess"

var flowing = rule{flowTables, "C8 R8 W8 A8 T8"}

// roleSpecs are the security roles. The template ids of the first two are the same in every environment.
var roleSpecs = map[string]roleSpec{
	"admin": {"System Administrator|Systemadministrator", "627090ff-40a3-4053-8790-584edc5be201", []rule{{allSets, "C8 R8 W8 D8 A8 T8 G8 S8"}}},
	"customizer": {"System Customizer|Systemanpasser", "119f245c-3cc8-4b62-b31c-d1a046ced15d", with(
		flowing,
		rule{"SystemForm Query SavedQueryVisualizations WebResource AppModule SiteMap", "C8 R8 W8 D8 A8 T8"},
		rule{"Account Contact Opportunity Lead Incident Activity Note Connection hf_SiteVisit hf_Vessel", "C1 R1 W1 D1 A1 T1 G1 S1"})},
	"seller": {"Salesperson|Vertriebsmitarbeiter", "", with(
		flowing,
		rule{"Opportunity Lead Activity Note Connection hf_SiteVisit hf_Vessel", "C1 R1 W1 D1 A1 T1 G1 S1"},
		rule{"Account Contact", "C1 R2 W1 A2 T2 S1"},
		rule{"Incident", "R1 A1 T1"})},
	"manager": {"Sales Manager|Vertriebsleiter", "", with(
		flowing,
		rule{"Account Contact Opportunity Lead Activity Note Connection hf_SiteVisit hf_Vessel", "C4 R4 W4 D4 A4 T4 G4 S4"},
		rule{"Incident", "R4 A4 T4"},
		rule{"UserForm UserQuery UserQueryVisualizations", "R1"})},
	"readonly": {"Sales Read-only|Vertrieb (nur Lesen)", "", with(
		rule{flowTables, "R8"},
		rule{"Account Contact Opportunity Lead Incident Activity Note Connection hf_SiteVisit hf_Vessel", "R8"})},
	"channel": {"Treasury Desk Analyst|Vertriebskanal-Controlling", "", with(
		rule{"Account Opportunity", "R8"})},
	"csr": {"Customer Service Representative|Kundenservicemitarbeiter", "", with(
		flowing,
		rule{"Account Contact", "C1 R8 W2 A8 T8"},
		rule{"Incident", "C1 R2 W2 A2 T2 G2 S2"},
		rule{"Activity Note Connection hf_SiteVisit hf_Vessel", "C1 R2 W1 D1 A1 T2 G1 S1"},
		rule{"Opportunity", "R1"},
		rule{"Queue", "C2 R8 W8 A8 T8"})},
	"csrmanager": {"CSR Manager|Kundenservice-Manager", "", with(
		flowing,
		rule{"Account Contact", "C4 R8 W8 A8 T8 G8 S8"},
		rule{"Incident Activity Note Connection hf_SiteVisit hf_Vessel Opportunity", "C4 R4 W4 D4 A4 T4 G4 S4"},
		rule{"Queue", "C8 R8 W8 D8 A8 T8 G8"})},
	"field": {"Field Service Dispatcher|Außendienst-Disponent", "", with(
		flowing,
		rule{"hf_SiteVisit hf_Vessel Activity Note", "C2 R4 W4 D2 A4 T4 G4"},
		rule{"Account Contact", "R8"})},
}

var verbs = []struct {
	letter byte
	name   string
	right  engine.Rights
	owned  bool // only where rows have owners
}{
	{'C', "Create", engine.CreateAccess, false}, {'R', "Read", engine.ReadAccess, false}, {'W', "Write", engine.WriteAccess, false},
	{'D', "Delete", engine.DeleteAccess, false}, {'A', "Append", engine.AppendAccess, false}, {'T', "AppendTo", engine.AppendToAccess, false},
	{'G', "Assign", engine.AssignAccess, true}, {'S', "Share", engine.ShareAccess, true},
}

// miscellaneous are privileges on no table; whoever may do everything has them.
var miscellaneous = []string{"prvActOnBehalfOfAnotherUser", "prvExportToExcel", "prvBulkEdit", "prvPublishCustomization"}

// privilegeSets lists the model's privilege sets in order, and whether their rows have owners.
func privilegeSets(m *schema.Model) (names []string, owned map[string]bool) {
	owned = map[string]bool{}
	for _, t := range m.Tables {
		name := strings.TrimPrefix(t.Privilege(""), "prv")
		if _, ok := owned[name]; !ok {
			names = append(names, name)
		}
		owned[name] = owned[name] || t.Ownership == schema.UserOwned
	}
	return append(names, auditHistory), owned
}

func (f *filler) privileges() {
	names, owned := privilegeSets(f.model)
	for _, set := range names {
		for _, v := range verbs {
			if !offered(v.name, v.owned, set, owned) {
				continue
			}
			name := "prv" + v.name + set
			f.insert("privilege", engine.Row{
				"privilegeid": schema.PrivilegeID(name), "name": name, "accessright": int(v.right),
				"canbebasic": owned[set], "canbelocal": owned[set], "canbedeep": owned[set], "canbeglobal": true,
			})
		}
	}
	for _, name := range miscellaneous {
		f.insert("privilege", engine.Row{"privilegeid": schema.PrivilegeID(name), "name": name, "accessright": 0, "canbebasic": false, "canbelocal": false, "canbedeep": false, "canbeglobal": true})
	}
	f.servicePlans()
}

// grant is a privilege at a depth.
type grant struct {
	privilege string
	depth     int
}

// granted works out a role's privileges. The widest of several depths holds.
func granted(m *schema.Model, spec roleSpec) []grant {
	names, owned := privilegeSets(m)
	depths := map[string]int{}
	var order []string
	for _, r := range spec.rules {
		sets := strings.Fields(r.sets)
		if r.sets == allSets {
			sets = names
			for _, name := range miscellaneous {
				order, depths[name] = append(order, name), 8
			}
		}
		for _, set := range sets {
			for _, g := range strings.Fields(r.grants) {
				for _, v := range verbs {
					if v.letter != g[0] || !offered(v.name, v.owned, set, owned) {
						continue
					}
					depth := int(g[1] - '0')
					if !owned[set] {
						depth = 8
					}
					name := "prv" + v.name + set
					if depths[name] == 0 {
						order = append(order, name)
					}
					depths[name] = max(depths[name], depth)
				}
			}
		}
	}
	list := make([]grant, len(order))
	for i, name := range order {
		list[i] = grant{schema.PrivilegeID(name), depths[name]}
	}
	return list
}

// securityRoles makes every role in the root business unit and its copies below, as the service does: privileges are those
// of the root role alone.
func (f *filler) securityRoles() {
	parent := map[string]string{}
	for _, u := range f.plan.units {
		parent[u.key] = u.parent
	}
	for _, key := range f.plan.roles {
		spec := f.files.role(key, roleSpecs[key])
		for _, u := range f.plan.units {
			id := f.fixed("role", key+"/"+u.key)
			row := engine.Row{"roleid": id, "name": f.say(spec.name), "businessunitid": ref("businessunit", f.units[u.key]), "organizationid": f.org.ID, "isinherited": true}
			if spec.template != "" {
				row["roletemplateid"] = spec.template
			}
			if u.parent == "" {
				f.roles[key] = id
			} else {
				row["parentroleid"] = ref("role", f.roleIn[key+"/"+parent[u.key]])
			}
			row["parentrootroleid"] = ref("role", f.roles[key])
			f.insert("role", row)
			f.roleIn[key+"/"+u.key] = id
		}
		for _, g := range granted(f.model, spec) {
			f.insert("roleprivileges", engine.Row{"roleprivilegeid": f.next("roleprivileges"), "roleid": f.roles[key], "privilegeid": g.privilege, "privilegedepthmask": g.depth})
		}
	}
	// A role that exists and that nobody has.
	id := f.fixed("role", "nobody")
	f.roles["nobody"] = f.insert("role", engine.Row{"roleid": id, "name": f.say("Board Member|Vorstandsmitglied"), "businessunitid": ref("businessunit", f.units["root"]), "parentrootroleid": ref("role", id), "organizationid": f.org.ID, "isinherited": true})
}

func (f *filler) servicePlans() {
	for _, p := range []struct {
		name, display string
		mode          int
	}{
		{planSales, "Dynamics 365 for Sales Enterprise", 1}, {planInsights, "Dynamics 365 Sales Insights", 1},
		{planService, "Dynamics 365 for Customer Service Enterprise", 1}, {planField, "Dynamics 365 for Field Service Enterprise", 1},
		{planForecast, "Harbor & Finch Revenue Forecasting", 4},
	} {
		f.plans[p.name] = f.insert("serviceplan", engine.Row{"serviceplanid": schema.ID("serviceplan", p.name), "name": p.name, "displayname": p.display, "accessmode": p.mode})
	}
}
