package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

const queryTypes = "0=Public|Öffentlich;1=Advanced Find|Erweiterte Suche;2=Associated|Zugeordnet;4=Quick Find|Schnellsuche;64=Lookup|Suche"

func published() columns {
	return join(
		fixed(choice("ComponentState", "Component State|Komponentenstatus", "0=Published|Veröffentlicht;1=Unpublished|Unveröffentlicht;2=Deleted|Gelöscht;3=Deleted Unpublished|Gelöscht, unveröffentlicht")),
		fixed(guid("SolutionId", "Solution|Lösung")),
		fixed(yesno("IsManaged", "State|Zustand")),
		fixed(moment("OverwriteTime", "Record Overwrite Time|Überschreibungszeit")),
	)
}

// presentation is how rows are shown: forms, dashboards, views and charts, the organization's and people's own.
func presentation() []*schema.Table {
	form := named("name", define("SystemForm", "System Form|System Forms|Systemformular|Systemformulare", 1030, schema.OrganizationOwned,
		id("FormId", "Form|Formular"),
		must(text("Name", "Name|Name", 100)),
		memo("Description", "Description|Beschreibung", 2000),
		memo("FormXml", "Form XML|Formular-XML", 1073741823),
		memo("FormJson", "Form JSON|Formular-JSON", 1073741823),
		typeName("ObjectTypeCode", "Table Name|Tabellenname"),
		must(choice("Type", "Form Type|Formulartyp", "0=Dashboard|Dashboard;1=AppointmentBook|Terminbuch;2=Main|Haupt;4=Preview|Vorschau;5=Mobile - Express|Mobil - Express;6=Quick View Form|Schnellansichtsformular;7=Quick Create|Schnellerfassung;8=Dialog|Dialog;9=Task Flow Form|Aufgabenfluss;10=InteractionCentricDashboard|Interaktives Dashboard;11=Card|Karte;12=Main - Interactive experience|Haupt - interaktiv;13=Contextual Dashboard|Kontextdashboard;100=Other|Andere;101=MainBackup|Hauptsicherung;102=AppointmentBookBackup|Terminbuchsicherung;103=Power BI Dashboard|Power BI-Dashboard")),
		yesno("IsDefault", "Default Form|Standardformular"),
		yesno("IsDesktopEnabled", "Is Desktop Enabled|Für Desktop aktiviert"),
		yesno("IsTabletEnabled", "Is Tablet Enabled|Für Tablet aktiviert"),
		choice("FormActivationState", "Form State|Formularstatus", "0=Inactive|Inaktiv;1=Active|Aktiv"),
		choice("FormPresentation", "AIR Refreshed|Darstellung", "0=ClassicForm|Klassisch;1=AirForm|Air;2=ConvertedICForm|Konvertiert"),
		text("UniqueName", "Unique Name|Eindeutiger Name", 100),
		guidLookup("AncestorFormId", "Parent Form|Übergeordnetes Formular"),
		moment("PublishedOn", "Published On|Veröffentlicht am"),
		whole("Version", "Version|Version", -2147483648, 2147483647),
		text("IntroducedVersion", "Introduced Version|Eingeführt in Version", 48),
		published(),
	))

	userForm := named("name", define("UserForm", "User Dashboard|User Dashboards|Benutzerdashboard|Benutzerdashboards", 1031, schema.UserOwned,
		id("UserFormId", "User Dashboard|Benutzerdashboard"),
		must(text("Name", "Name|Name", 100)),
		memo("Description", "Description|Beschreibung", 2000),
		memo("FormXml", "Form XML|Formular-XML", 1073741823),
		memo("FormJson", "Form JSON|Formular-JSON", 1073741823),
		typeName("ObjectTypeCode", "Table Name|Tabellenname"),
		choice("Type", "Form Type|Formulartyp", "0=Dashboard|Dashboard;103=Power BI Dashboard|Power BI-Dashboard"),
		yesno("IsTabletEnabled", "Is Tablet Enabled|Für Tablet aktiviert"),
	))

	view := named("name", define("SavedQuery", "View|Views|Ansicht|Ansichten", 1039, schema.OrganizationOwned,
		id("SavedQueryId", "View|Ansicht"),
		must(text("Name", "Name|Name", 200)),
		memo("Description", "Description|Beschreibung", 2000),
		memo("FetchXml", "FetchXml|FetchXml", 1073741823),
		memo("LayoutXml", "Layout XML|Layout-XML", 1073741823),
		memo("LayoutJson", "Layout JSON|Layout-JSON", 1073741823),
		typeName("ReturnedTypeCode", "Entity Name|Entitätsname"),
		choice("QueryType", "Query Type|Abfragetyp", queryTypes),
		yesno("IsDefault", "Default View|Standardansicht"),
		yesno("IsQuickFindQuery", "Is Quick Find Query|Ist Schnellsuche"),
		yesno("IsUserDefined", "User Defined|Benutzerdefiniert"),
		yesno("IsPrivate", "Is Private|Ist privat"),
		yesno("IsCustom", "Is Custom|Ist benutzerdefiniert"),
		memo("ConditionalFormatting", "Conditional Formatting|Bedingte Formatierung", 1073741823),
		text("QueryAPI", "Query API|Abfrage-API", 1073741823),
		text("AdvancedGroupBy", "Advanced Group By|Erweiterte Gruppierung", 160),
		text("QueryAppUsage", "Query App Usage|App-Nutzung", 100),
		active(),
		published(),
	))
	view.PrivilegeSet = "Query"

	userView := named("name", define("UserQuery", "Personal View|Personal Views|Persönliche Ansicht|Persönliche Ansichten", 4230, schema.UserOwned,
		id("UserQueryId", "Personal View|Persönliche Ansicht"),
		must(text("Name", "Name|Name", 200)),
		memo("Description", "Description|Beschreibung", 2000),
		memo("FetchXml", "FetchXml|FetchXml", 1073741823),
		memo("LayoutXml", "Layout XML|Layout-XML", 1073741823),
		memo("LayoutJson", "Layout JSON|Layout-JSON", 1073741823),
		typeName("ReturnedTypeCode", "Entity Name|Entitätsname"),
		choice("QueryType", "Query Type|Abfragetyp", queryTypes),
		memo("ConditionalFormatting", "Conditional Formatting|Bedingte Formatierung", 1073741823),
		text("AdvancedGroupBy", "Advanced Group By|Erweiterte Gruppierung", 160),
		active(),
	))

	chart := named("name", define("SavedQueryVisualization", "System Chart|System Charts|Systemdiagramm|Systemdiagramme", 1111, schema.OrganizationOwned,
		id("SavedQueryVisualizationId", "System Chart|Systemdiagramm"),
		must(text("Name", "Name|Name", 100)),
		memo("Description", "Description|Beschreibung", 2000),
		typeName("PrimaryEntityTypeCode", "Primary Type Code|Primärtyp"),
		memo("DataDescription", "Data XML|Daten-XML", 1073741823),
		memo("PresentationDescription", "Presentation XML|Darstellungs-XML", 1073741823),
		yesno("IsDefault", "Default|Standard"),
		choice("ChartType", "Chart Type|Diagrammtyp", "0=ASP.NET Charts|ASP.NET-Diagramme;1=Power BI|Power BI"),
		choice("Type", "Type|Typ", "0=All|Alle;1=Interaction centric only|Nur interaktiv"),
		lookup("WebResourceId", "Web Resource|Webressource", "webresource:webresourceid:webresource_savedqueryvisualizations"),
		published(),
	))
	chart.PrivilegeSet = "SavedQueryVisualizations"

	userChart := named("name", define("UserQueryVisualization", "User Chart|User Charts|Benutzerdiagramm|Benutzerdiagramme", 1112, schema.UserOwned,
		id("UserQueryVisualizationId", "User Chart|Benutzerdiagramm"),
		must(text("Name", "Name|Name", 100)),
		memo("Description", "Description|Beschreibung", 2000),
		typeName("PrimaryEntityTypeCode", "Primary Type Code|Primärtyp"),
		memo("DataDescription", "Data XML|Daten-XML", 1073741823),
		memo("PresentationDescription", "Presentation XML|Darstellungs-XML", 1073741823),
		yesno("IsDefault", "Default|Standard"),
		choice("ChartType", "Chart Type|Diagrammtyp", "0=ASP.NET Charts|ASP.NET-Diagramme;1=Power BI|Power BI"),
		lookup("WebResourceId", "Web Resource|Webressource", "webresource:webresourceid:webresource_userqueryvisualizations"),
	))
	userChart.PrivilegeSet = "UserQueryVisualizations"

	resource := named("name", define("WebResource", "Web Resource|Web Resources|Webressource|Webressourcen", 9333, schema.OrganizationOwned,
		id("WebResourceId", "Web Resource|Webressource"),
		must(text("Name", "Name|Name", 256)),
		text("DisplayName", "Display Name|Anzeigename", 200),
		memo("Description", "Description|Beschreibung", 2000),
		choice("WebResourceType", "Type|Typ", "1=Webpage (HTML)|Webseite (HTML);2=Style Sheet (CSS)|Formatvorlage (CSS);3=Script (JScript)|Skript (JScript);4=Data (XML)|Daten (XML);5=PNG format|PNG-Format;6=JPG format|JPG-Format;7=GIF format|GIF-Format;8=Silverlight (XAP)|Silverlight (XAP);9=Style Sheet (XSL)|Formatvorlage (XSL);10=ICO format|ICO-Format;11=Vector format (SVG)|Vektorformat (SVG);12=String (RESX)|Zeichenfolge (RESX)"),
		memo("Content", "Content|Inhalt", 1073741823),
		whole("LanguageCode", "Language|Sprache", 0, 65535),
		published(),
	))
	return []*schema.Table{form, userForm, view, userView, chart, userChart, resource}
}

// typeName holds the logical name of a table.
func typeName(name, label string) columns {
	c := column(schema.EntityName, name, label)
	c.MaxLength = 64
	return columns{c}
}

// apps is what people open: model-driven apps, what they consist of, and who is licensed for them.
func apps() []*schema.Table {
	app := named("name", define("AppModule", "Model-driven App|Model-driven Apps|Modellgesteuerte App|Modellgesteuerte Apps", 9006, schema.OrganizationOwned,
		id("AppModuleId", "App|App"),
		guid("AppModuleIdUnique", "Unique Id|Eindeutige ID"),
		must(text("Name", "Name|Name", 100)),
		must(text("UniqueName", "Unique Name|Eindeutiger Name", 100)),
		memo("Description", "Description|Beschreibung", 2000),
		whole("ClientType", "Client Type|Clienttyp", 1, 31),
		whole("FormFactor", "Form Factor|Formfaktor", 1, 8),
		choice("NavigationType", "Navigation Type|Navigationstyp", "0=Single session|Einzelsitzung;1=Multi session|Mehrfachsitzung"),
		yesno("IsDefault", "Is Default|Ist Standard"),
		yesno("IsFeatured", "Is Featured|Ist empfohlen"),
		text("Url", "URL|URL", 200),
		guid("WebResourceId", "Icon|Symbol"),
		guid("WelcomePageId", "Welcome Page|Willkommensseite"),
		text("AppModuleVersion", "App Version|App-Version", 48),
		memo("ConfigXml", "Configuration XML|Konfigurations-XML", 1073741823),
		memo("EventHandlers", "Event Handlers|Ereignishandler", 1073741823),
		text("OptimizedFor", "Optimized For|Optimiert für", 100),
		moment("PublishedOn", "Published On|Veröffentlicht am"),
		guidLookup("PublisherId", "Publisher|Herausgeber"),
		text("AIAppDescription", "AI App Description|KI-App-Beschreibung", 5000),
		memo("AppGraph", "App Graph|App-Graph", 1073741823),
		states("0=Active|Aktiv:1=Active|Aktiv", "1=Inactive|Inaktiv:2=Inactive|Inaktiv;3=Deleted|Gelöscht"),
		published(),
	))

	component := define("AppModuleComponent", "App Component|App Components|App-Komponente|App-Komponenten", 9007, schema.NoOwner,
		id("AppModuleComponentId", "App Component|App-Komponente"),
		guid("AppModuleComponentIdUnique", "Unique Id|Eindeutige ID"),
		lookup("AppModuleIdUnique", "App|App", "appmodule:appmoduleidunique:appmodule_appmodulecomponent"),
		choice("ComponentType", "Component Type|Komponententyp", "1=Entities|Entitäten;26=Views|Ansichten;29=Business Process Flows|Geschäftsprozessflüsse;48=Command (Ribbon) for Forms, Grids, sub grids|Befehl (Menüband);59=Charts|Diagramme;60=Forms|Formulare;62=Sitemap|Siteübersicht"),
		guid("ObjectId", "Object Id|Objekt-ID"),
		yesno("IsDefault", "Is Default|Ist Standard"),
		yesno("IsMetadata", "Is Metadata|Ist Metadaten"),
		choice("RootComponentBehavior", "Root Component Behavior|Verhalten der Stammkomponente", "0=Include Subcomponents|Unterkomponenten einschließen;1=Do not include subcomponents|Unterkomponenten nicht einschließen;2=Include As Shell Only|Nur als Hülle einschließen"),
		guid("RootAppModuleComponentId", "Root Component|Stammkomponente"),
	)
	component.PrivilegeSet = "AppModule"

	siteMap := named("sitemapname", define("SiteMap", "Site Map|Site Maps|Siteübersicht|Siteübersichten", 4709, schema.OrganizationOwned,
		id("SiteMapId", "Site Map|Siteübersicht"),
		guid("SiteMapIdUnique", "Unique Id|Eindeutige ID"),
		text("SiteMapName", "Site Map Name|Name der Siteübersicht", 100),
		text("SiteMapNameUnique", "Unique Name|Eindeutiger Name", 100),
		memo("SiteMapXml", "Site Map XML|Siteübersichts-XML", 1073741823),
		yesno("IsAppAware", "Is App Aware|App-fähig"),
		published(),
	))

	plan := named("name", define("ServicePlan", "Service Plan|Service Plans|Serviceplan|Servicepläne", 10010, schema.OrganizationOwned,
		id("ServicePlanId", "Service Plan|Serviceplan"),
		must(text("Name", "Name|Name", 100)),
		text("DisplayName", "Display Name|Anzeigename", 200),
		url("MoreInfoUrl", "More Information|Weitere Informationen"),
		choice("AccessMode", "Access Mode|Zugriffsmodus", "0=Custom apps|Benutzerdefinierte Apps;1=First-party apps|Apps von Microsoft;2=Both|Beide;3=Unrestricted|Uneingeschränkt;4=ISV restricted|ISV-eingeschränkt"),
	))
	return []*schema.Table{app, component, siteMap, plan}
}
