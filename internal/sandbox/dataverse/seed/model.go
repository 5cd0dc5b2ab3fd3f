package seed

import (
	"errors"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Model is the data model that every organization of the sandbox has, indexed and ready to use. Table, column and
// relationship names, object type codes, states and navigation properties are Dataverse's own, except the hf_ tables.
func Model() *schema.Model {
	m, err := (*Files)(nil).Model()
	if err != nil {
		panic(err) // only files can be wrong
	}
	return m
}

// Model is that data model with what the files add to it. The error says which file is wrong and how.
func (f *Files) Model() (*schema.Model, error) {
	m := &schema.Model{OptionSets: map[string][]schema.Option{
		"hf_loyaltytier":       options("751230000=Bronze|Bronze|#8a5a2b;751230001=Silver|Silber|#7a7f87;751230002=Gold|Gold|#b8860b"),
		"budgetstatus":         options("0=No Committed Budget|Kein zugesichertes Budget;1=May Buy|Kauft möglicherweise;2=Can Buy|Kann kaufen;3=Will Buy|Wird kaufen"),
		"need":                 options("0=Must have|Zwingend;1=Should have|Sollte sein;2=Good to have|Wünschenswert;3=No need|Kein Bedarf"),
		"purchaseprocess":      options("0=Individual|Einzelperson;1=Committee|Gremium;2=Unknown|Unbekannt"),
		"purchasetimeframe":    options("0=Immediate|Sofort;1=This Quarter|Dieses Quartal;2=Next Quarter|Nächstes Quartal;3=This Year|Dieses Jahr;4=Unknown|Unbekannt"),
		"initialcommunication": options("0=Contacted|Kontaktiert;1=Not Contacted|Nicht kontaktiert"),
	}}
	for _, group := range [][]*schema.Table{
		accounts(), sales(), service(), activities(), collaboration(), processes(), security(), platform(), auditing(), presentation(), apps(), custom(), intersects(),
	} {
		m.Tables = append(m.Tables, group...)
	}
	m.ManyToMany = manyToMany()
	if err := errors.Join(f.extend(m), f.checkNames()); err != nil {
		return nil, err
	}
	reach(m)
	behaviors(m)
	for _, t := range m.Tables {
		collections(t)
	}
	m.Index()
	return m, nil
}

func intersects() []*schema.Table {
	table := func(name, key, label, set string, code int, left, right string) *schema.Table {
		t := intersect(name, key, label, code, left, right)
		t.PrivilegeSet = set
		return t
	}
	return []*schema.Table{
		table("SystemUserRoles", "SystemUserRoleId", "User Role|Benutzerrolle", "Role", 15, "SystemUserId", "RoleId"),
		table("TeamMembership", "TeamMembershipId", "Team Membership|Teammitgliedschaft", "Team", 23, "TeamId", "SystemUserId"),
		table("TeamRoles", "TeamRoleId", "Team Role|Teamrolle", "Role", 40, "TeamId", "RoleId"),
		table("SystemUserProfiles", "SystemUserProfileId", "User Profile|Benutzerprofil", "FieldSecurityProfile", 1202, "SystemUserId", "FieldSecurityProfileId"),
		table("TeamProfiles", "TeamProfileId", "Team Profile|Teamprofil", "FieldSecurityProfile", 1203, "TeamId", "FieldSecurityProfileId"),
		table("AppModuleRoles", "AppModuleRoleId", "App Role|App-Rolle", "AppModule", 9009, "AppModuleId", "RoleId"),
		table("ServicePlanAppModules", "ServicePlanAppModuleId", "Service Plan of App|Serviceplan der App", "ServicePlan", 10012, "ServicePlanId", "AppModuleId"),
		table("AccountLeads", "AccountLeadId", "Lead of Account|Lead der Firma", "Account", 16, "AccountId", "LeadId"),
		table("hf_Vessel_Contact", "hf_Vessel_ContactId", "Crew Contact|Kontakt an Bord", "hf_Vessel", 10045, "hf_VesselId", "ContactId"),
		table("SystemUserServicePlans", "SystemUserServicePlanId", "Service Plan of User|Serviceplan des Benutzers", "ServicePlan", 10013, "SystemUserId", "ServicePlanId"),
	}
}

func manyToMany() []schema.ManyToMany {
	return []schema.ManyToMany{
		{SchemaName: "systemuserroles_association", Intersect: "systemuserroles", Entity1: "systemuser", Entity2: "role", Attribute1: "systemuserid", Attribute2: "roleid", Navigation1: "systemuserroles_association", Navigation2: "systemuserroles_association"},
		{SchemaName: "teammembership_association", Intersect: "teammembership", Entity1: "team", Entity2: "systemuser", Attribute1: "teamid", Attribute2: "systemuserid", Navigation1: "teammembership_association", Navigation2: "teammembership_association"},
		{SchemaName: "teamroles_association", Intersect: "teamroles", Entity1: "team", Entity2: "role", Attribute1: "teamid", Attribute2: "roleid", Navigation1: "teamroles_association", Navigation2: "teamroles_association"},
		{SchemaName: "systemuserprofiles_association", Intersect: "systemuserprofiles", Entity1: "systemuser", Entity2: "fieldsecurityprofile", Attribute1: "systemuserid", Attribute2: "fieldsecurityprofileid", Navigation1: "systemuserprofiles_association", Navigation2: "systemuserprofiles_association"},
		{SchemaName: "teamprofiles_association", Intersect: "teamprofiles", Entity1: "team", Entity2: "fieldsecurityprofile", Attribute1: "teamid", Attribute2: "fieldsecurityprofileid", Navigation1: "teamprofiles_association", Navigation2: "teamprofiles_association"},
		{SchemaName: "roleprivileges_association", Intersect: "roleprivileges", Entity1: "role", Entity2: "privilege", Attribute1: "roleid", Attribute2: "privilegeid", Navigation1: "roleprivileges_association", Navigation2: "roleprivileges_association"},
		{SchemaName: "appmoduleroles_association", Intersect: "appmoduleroles", Entity1: "appmodule", Entity2: "role", Attribute1: "appmoduleid", Attribute2: "roleid", Navigation1: "appmoduleroles_association", Navigation2: "appmoduleroles_association"},
		{SchemaName: "accountleads_association", Intersect: "accountleads", Entity1: "account", Entity2: "lead", Attribute1: "accountid", Attribute2: "leadid", Navigation1: "accountleads_association", Navigation2: "accountleads_association"},
		{SchemaName: "hf_Vessel_Contact_Crew", Intersect: "hf_vessel_contact", Entity1: "hf_vessel", Entity2: "contact", Attribute1: "hf_vesselid", Attribute2: "contactid", Navigation1: "hf_Vessel_Contact_Crew", Navigation2: "hf_Vessel_Contact_Crew"},
		{SchemaName: "serviceplan_appmodule_association", Intersect: "serviceplanappmodules", Entity1: "serviceplan", Entity2: "appmodule", Attribute1: "serviceplanid", Attribute2: "appmoduleid", Navigation1: "serviceplan_appmodule_association", Navigation2: "serviceplan_appmodule_association"},
	}
}
