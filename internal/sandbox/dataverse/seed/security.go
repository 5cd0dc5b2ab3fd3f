package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// security is who people are and what they may do.
func security() []*schema.Table {
	user := named("fullname", define("SystemUser", "User|Users|Benutzer|Benutzer", 8, schema.BusinessOwned,
		id("SystemUserId", "User|Benutzer"),
		fixed(text("FullName", "Full Name|Vollständiger Name", 200)),
		must(text("FirstName", "First Name|Vorname", 256)),
		must(text("LastName", "Last Name|Nachname", 256)),
		must(text("DomainName", "User Name|Benutzername", 1024)),
		must(email("InternalEMailAddress", "Primary Email|Primäre E-Mail-Adresse")),
		guid("AzureActiveDirectoryObjectId", "Azure AD Object ID|Azure AD-Objekt-ID"),
		guid("ApplicationId", "Application ID|Anwendungs-ID"),
		text("Title", "Title|Titel", 128),
		text("JobTitle", "Job Title|Position", 100),
		phone("MobilePhone", "Mobile Phone|Mobiltelefon"),
		phone("Address1_Telephone1", "Main Phone|Telefon (Haupt)"),
		text("Address1_City", "City|Ort", 128),
		text("Address1_Country", "Country/Region|Land/Region", 128),
		must(lookup("BusinessUnitId", "Business Unit|Unternehmenseinheit", "businessunit:businessunitid:business_unit_system_users")),
		lookup("ParentSystemUserId", "Manager|Vorgesetzter", "systemuser:parentsystemuserid:user_parent_user"),
		lookup("TerritoryId", "Territory|Gebiet", "territory:territoryid:territory_system_users"),
		lookup("QueueId", "Default Queue|Standardwarteschlange", "queue:queueid:queue_system_user"),
		lookup("TransactionCurrencyId", "Currency|Währung", "transactioncurrency"),
		flag("IsDisabled", "Status|Status", "Enabled|Aktiviert", "Disabled|Deaktiviert"),
		yesno("IsLicensed", "User Licensed|Benutzer lizenziert"),
		yesno("SetupUser", "Restricted Access Mode|Eingeschränkter Zugriffsmodus"),
		choice("AccessMode", "Access Mode|Zugriffsmodus", "0=Read-Write|Lesen/Schreiben;1=Administrative|Administrativ;2=Read|Lesen;3=Support User|Supportbenutzer;4=Non-interactive|Nicht interaktiv;5=Delegated Admin|Delegierter Administrator"),
		choice("CALType", "License Type|Lizenztyp", "0=Professional|Professional;1=Administrative|Administrativ;2=Basic|Basic"),
		text("NickName", "Nickname|Spitzname", 50),
		guid("OrganizationId", "Organization|Organisation"),
	))
	user.PrivilegeSet, user.Searchable = "User", true

	team := named("name", define("Team", "Team|Teams|Team|Teams", 9, schema.BusinessOwned,
		id("TeamId", "Team|Team"),
		must(text("Name", "Team Name|Teamname", 160)),
		memo("Description", "Description|Beschreibung", 2000),
		must(lookup("BusinessUnitId", "Business Unit|Unternehmenseinheit", "businessunit:businessunitid:business_unit_teams")),
		lookup("AdministratorId", "Administrator|Administrator", "systemuser:administratorid:lk_teambase_administratorid"),
		choice("TeamType", "Team Type|Teamtyp", "0=Owner|Besitzer;1=Access|Zugriff;2=Security Group|Sicherheitsgruppe;3=Office Group|Office-Gruppe"),
		yesno("IsDefault", "Is Default|Ist Standard"),
		guid("AzureActiveDirectoryObjectId", "Object Id for a group|Objekt-ID einer Gruppe"),
		email("EMailAddress", "Email|E-Mail"),
		lookup("QueueId", "Default Queue|Standardwarteschlange", "queue:queueid:queue_team"),
		guid("OrganizationId", "Organization|Organisation"),
	))

	unit := named("name", define("BusinessUnit", "Business Unit|Business Units|Unternehmenseinheit|Unternehmenseinheiten", 10, schema.BusinessOwned,
		id("BusinessUnitId", "Business Unit|Unternehmenseinheit"),
		must(text("Name", "Name|Name", 160)),
		lookup("ParentBusinessUnitId", "Parent Business|Übergeordnete Unternehmenseinheit", "businessunit:parentbusinessunitid:business_unit_parent_business_unit"),
		memo("Description", "Description|Beschreibung", 2000),
		text("DivisionName", "Division|Abteilung", 100),
		text("CostCenter", "Cost Center|Kostenstelle", 100),
		url("WebSiteUrl", "Website|Website"),
		email("EMailAddress", "Email|E-Mail"),
		yesno("IsDisabled", "Is Disabled|Ist deaktiviert"),
		guid("OrganizationId", "Organization|Organisation"),
	))

	role := named("name", define("Role", "Security Role|Security Roles|Sicherheitsrolle|Sicherheitsrollen", 1036, schema.BusinessOwned,
		id("RoleId", "Role|Rolle"),
		must(text("Name", "Name|Name", 100)),
		must(lookup("BusinessUnitId", "Business Unit|Unternehmenseinheit", "businessunit:businessunitid:business_unit_roles")),
		fixed(lookup("ParentRoleId", "Parent Role|Übergeordnete Rolle", "role:parentroleid:role_parent_role")),
		fixed(lookup("ParentRootRoleId", "Parent Root Role|Übergeordnete Stammrolle", "role:parentrootroleid:role_parent_root_role")),
		guidLookup("RoleTemplateId", "Role Template ID|Rollenvorlagen-ID"),
		yesno("IsInherited", "Is Inherited|Wird vererbt"),
		guid("OrganizationId", "Organization|Organisation"),
		yesno("IsManaged", "State|Zustand"),
	))

	privilege := named("name", define("Privilege", "Privilege|Privileges|Berechtigung|Berechtigungen", 1023, schema.NoOwner,
		id("PrivilegeId", "Privilege|Berechtigung"),
		text("Name", "Name|Name", 100),
		whole("AccessRight", "Access Right|Zugriffsrecht", 0, 2147483647),
		yesno("CanBeBasic", "Can Be Basic|Basis möglich"),
		yesno("CanBeLocal", "Can Be Local|Lokal möglich"),
		yesno("CanBeDeep", "Can Be Deep|Tief möglich"),
		yesno("CanBeGlobal", "Can Be Global|Global möglich"),
	))
	privilege.PrivilegeSet = "Role"

	rolePrivileges := define("RolePrivileges", "Role Privilege|Role Privileges|Rollenberechtigung|Rollenberechtigungen", 12, schema.NoOwner,
		id("RolePrivilegeId", "Role Privilege|Rollenberechtigung"),
		guid("RoleId", "Role|Rolle"),
		guid("PrivilegeId", "Privilege|Berechtigung"),
		whole("PrivilegeDepthMask", "Depth Mask|Tiefenmaske", 0, 2147483647),
	)
	rolePrivileges.IsIntersect, rolePrivileges.PrivilegeSet = true, "Role"

	shared := define("PrincipalObjectAccess", "Shared Access|Shared Accesses|Freigabe|Freigaben", 11, schema.NoOwner,
		id("PrincipalObjectAccessId", "Shared Access|Freigabe"),
		guid("PrincipalId", "Principal|Prinzipal"),
		text("PrincipalTypeCode", "Principal Type|Prinzipaltyp", 64),
		guid("ObjectId", "Object|Objekt"),
		text("ObjectTypeCode", "Object Type|Objekttyp", 64),
		whole("AccessRightsMask", "Access Rights|Zugriffsrechte", 0, 2147483647),
		whole("InheritedAccessRightsMask", "Inherited Access Rights|Geerbte Zugriffsrechte", 0, 2147483647),
	)

	profile := named("name", define("FieldSecurityProfile", "Column Security Profile|Column Security Profiles|Spaltensicherheitsprofil|Spaltensicherheitsprofile", 1200, schema.OrganizationOwned,
		id("FieldSecurityProfileId", "Profile|Profil"),
		must(text("Name", "Name|Name", 100)),
		memo("Description", "Description|Beschreibung", 2000),
	))

	permission := define("FieldPermission", "Column Permission|Column Permissions|Spaltenberechtigung|Spaltenberechtigungen", 1201, schema.OrganizationOwned,
		id("FieldPermissionId", "Permission|Berechtigung"),
		lookup("FieldSecurityProfileId", "Profile|Profil", "fieldsecurityprofile:fieldsecurityprofileid:lk_fieldpermission_fieldsecurityprofileid"),
		text("EntityName", "Table|Tabelle", 64),
		text("AttributeLogicalName", "Column|Spalte", 64),
		choice("CanRead", "Can Read|Kann lesen", "0=Not Allowed|Nicht zulässig;4=Allowed|Zulässig"),
		choice("CanCreate", "Can Create|Kann erstellen", "0=Not Allowed|Nicht zulässig;4=Allowed|Zulässig"),
		choice("CanUpdate", "Can Update|Kann aktualisieren", "0=Not Allowed|Nicht zulässig;4=Allowed|Zulässig"),
	)
	permission.PrivilegeSet = "FieldSecurityProfile"

	return []*schema.Table{user, team, unit, role, privilege, rolePrivileges, shared, profile, permission}
}

// guidLookup is a lookup to a table that the sandbox does not have: only its value can be read, as _name_value.
func guidLookup(name, label string) columns {
	return fixed(lookup(name, label))
}
