package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// platform is what an organization has whatever it is used for.
func platform() []*schema.Table {
	settings := define("UserSettings", "User Settings|User Settings|Benutzereinstellungen|Benutzereinstellungen", 150, schema.BusinessOwned,
		id("SystemUserId", "User|Benutzer"),
		lookup("BusinessUnitId", "Business Unit|Unternehmenseinheit", "businessunit:businessunitid:"),
		whole("TimeZoneCode", "Time Zone|Zeitzone", -1, 1500),
		whole("TimeZoneBias", "Time Zone Bias|Zeitzonenabweichung", -1500, 1500),
		whole("UILanguageId", "User Interface Language|Sprache der Oberfläche", 0, 65535),
		whole("HelpLanguageId", "Help Language|Sprache der Hilfe", 0, 65535),
		whole("LocaleId", "Locale|Gebietsschema", 0, 65535),
		text("DateFormatString", "Date Format|Datumsformat", 255),
		text("TimeFormatString", "Time Format|Zeitformat", 255),
		text("DateSeparator", "Date Separator|Datumstrennzeichen", 5),
		text("TimeSeparator", "Time Separator|Zeittrennzeichen", 5),
		text("DecimalSymbol", "Decimal Symbol|Dezimaltrennzeichen", 5),
		text("NumberSeparator", "Digit Grouping Symbol|Zifferngruppierung", 5),
		text("NumberGroupFormat", "Number Group Format|Format der Zifferngruppierung", 25),
		whole("NegativeFormatCode", "Negative Format|Negativformat", 0, 4),
		whole("CurrencyDecimalPrecision", "Currency Precision|Währungsgenauigkeit", 0, 10),
		whole("CurrencyFormatCode", "Currency Format|Währungsformat", 0, 3),
		whole("NegativeCurrencyFormatCode", "Negative Currency Format|Negatives Währungsformat", 0, 15),
		whole("PagingLimit", "Records Per Page|Datensätze pro Seite", 1, 250),
		lookup("TransactionCurrencyId", "Currency|Währung", "transactioncurrency"),
		yesno("IsDefaultCountryCodeCheckEnabled", "Country Code Check|Ländercodeprüfung"),
	)
	settings.PrivilegeSet = "UserSettings"

	organization := named("name", define("Organization", "Organization|Organizations|Organisation|Organisationen", 1019, schema.NoOwner,
		id("OrganizationId", "Organization|Organisation"),
		text("Name", "Organization Name|Organisationsname", 160),
		lookup("BaseCurrencyId", "Currency|Währung", "transactioncurrency:basecurrencyid:"),
		text("BaseCurrencySymbol", "Base Currency Symbol|Symbol der Basiswährung", 13),
		text("BaseISOCurrencyCode", "Base ISO Currency Code|ISO-Code der Basiswährung", 5),
		whole("BaseCurrencyPrecision", "Base Currency Precision|Genauigkeit der Basiswährung", 0, 10),
		whole("LanguageCode", "Language|Sprache", 0, 65535),
		whole("LocaleId", "Locale|Gebietsschema", 0, 65535),
		whole("FiscalPeriodType", "Fiscal Period Type|Geschäftsperiodentyp", 0, 5000),
		moment("FiscalCalendarStart", "Fiscal Calendar Start|Beginn des Geschäftsjahrs"),
		text("FiscalYearFormat", "Fiscal Year Format|Format des Geschäftsjahrs", 25),
		text("FiscalPeriodFormat", "Fiscal Period Format|Format der Geschäftsperiode", 25),
		whole("WeekStartDayCode", "Week Start Day|Erster Wochentag", 0, 6),
		whole("CurrencyDisplayOption", "Currency Display|Währungsanzeige", 0, 1),
		whole("CurrencyDecimalPrecision", "Currency Decimal Precision|Währungsdezimalstellen", 0, 10),
		whole("QuickFindRecordLimitEnabled", "Quick Find Limit|Schnellsucheinschränkung", 0, 1),
		yesno("IsExternalSearchIndexEnabled", "Enable external search data syncing|Suchindex aktivieren"),
		yesno("IsDisabled", "Is Organization Disabled|Organisation deaktiviert"),
		yesno("IsAuditEnabled", "Is Auditing Enabled|Überwachung aktiviert"),
		guid("SystemUserId", "System User|Systembenutzer"),
		text("SchemaNamePrefix", "Customization Name Prefix|Anpassungspräfix", 8),
		whole("MaximumDynamicPropertiesAllowed", "Maximum Properties|Eigenschaften maximal", 0, 1000),
	))

	currencies := named("currencyname", define("TransactionCurrency", "Currency|Currencies|Währung|Währungen", 9105, schema.OrganizationOwned,
		id("TransactionCurrencyId", "Transaction Currency|Währung"),
		must(text("CurrencyName", "Currency Name|Währungsname", 100)),
		must(text("ISOCurrencyCode", "Currency Code|Währungscode", 5)),
		must(text("CurrencySymbol", "Currency Symbol|Währungssymbol", 13)),
		must(whole("CurrencyPrecision", "Currency Precision|Währungsgenauigkeit", 0, 10)),
		must(decimal("ExchangeRate", "Exchange Rate|Wechselkurs", 10, 0.0000000001, 100000000000)),
		active(),
	))

	queue := named("name", define("Queue", "Queue|Queues|Warteschlange|Warteschlangen", 2020, schema.UserOwned,
		id("QueueId", "Queue|Warteschlange"),
		must(text("Name", "Name|Name", 200)),
		memo("Description", "Description|Beschreibung", 2000),
		email("EMailAddress", "Incoming Email|Eingehende E-Mail"),
		choice("QueueViewType", "Type|Typ", "0=Public|Öffentlich;1=Private|Privat"),
		whole("NumberOfItems", "Queue items|Elemente", 0, 1000000000),
		active(),
	))

	item := named("title", define("QueueItem", "Queue Item|Queue Items|Warteschlangenelement|Warteschlangenelemente", 2029, schema.OrganizationOwned,
		id("QueueItemId", "Queue Item|Warteschlangenelement"),
		text("Title", "Title|Titel", 500),
		must(lookup("QueueId", "Queue|Warteschlange", "queue:queueid:queue_entries")),
		must(lookup("ObjectId", "Object|Objekt", "incident:objectid_incident:Incident_QueueItem", "email:objectid_email:Email_QueueItem", "phonecall:objectid_phonecall:PhoneCall_QueueItem", "task:objectid_task:Task_QueueItem")),
		lookup("WorkerId", "Worked By|Bearbeitet von", "systemuser:workerid_systemuser:queueitem_worker_systemuser", "team:workerid_team:queueitem_worker_team"),
		moment("EnteredOn", "Entered Queue|In Warteschlange seit"),
		moment("WorkerIdModifiedOn", "Worked By Changed|Bearbeiter geändert am"),
		whole("ObjectTypeCode", "Type|Typ", 0, 100000),
		whole("Priority", "Priority|Priorität", 0, 1000000000),
		active(),
	))
	item.PrivilegeSet = "Queue"

	subject := named("title", define("Subject", "Subject|Subjects|Thema|Themen", 129, schema.OrganizationOwned,
		id("SubjectId", "Subject|Thema"),
		must(text("Title", "Title|Titel", 500)),
		memo("Description", "Description|Beschreibung", 2000),
		lookup("ParentSubject", "Parent Subject|Übergeordnetes Thema", "subject:parentsubject:subject_parent_subject"),
		whole("FeatureMask", "Feature Mask|Funktionsmaske", 0, 1000000000),
	))

	territory := named("name", define("Territory", "Sales Territory|Sales Territories|Vertriebsgebiet|Vertriebsgebiete", 2013, schema.OrganizationOwned,
		id("TerritoryId", "Territory|Gebiet"),
		must(text("Name", "Name|Name", 200)),
		memo("Description", "Description|Beschreibung", 2000),
		lookup("ManagerId", "Manager|Manager", "systemuser:managerid:system_user_territories"),
		lookup("ParentTerritoryId", "Parent Territory|Übergeordnetes Gebiet", "territory:parentterritoryid:territory_parent_territory"),
	))
	zone := named("userinterfacename", define("TimeZoneDefinition", "Time Zone Definition|Time Zone Definitions|Zeitzonendefinition|Zeitzonendefinitionen", 4810, schema.NoOwner,
		id("TimeZoneDefinitionId", "Time Zone Definition|Zeitzonendefinition"),
		whole("TimeZoneCode", "Time Zone Code|Zeitzonencode", 0, 2147483647),
		text("StandardName", "Standard Name|Standardname", 100),
		text("DaylightName", "Daylight Name|Sommerzeitname", 100),
		text("UserInterfaceName", "User Interface Name|Anzeigename", 100),
		whole("Bias", "Bias|Abweichung", -2147483648, 2147483647),
		whole("RetiredOrder", "Retired Order|Reihenfolge der Ablösung", 0, 2147483647),
	))
	return []*schema.Table{settings, organization, currencies, queue, item, subject, territory, zone}
}
