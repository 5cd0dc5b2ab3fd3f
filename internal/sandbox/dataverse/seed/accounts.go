package seed

import (
	"strconv"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

const industries = "1=Accounting|Buchhaltung;2=Agriculture and Non-petrol Natural Resource Extraction|Landwirtschaft und Rohstoffgewinnung ohne Erdöl;3=Broadcasting Printing and Publishing|Rundfunk, Druck und Verlagswesen;4=Brokers|Makler;5=Building Supply Retail|Baustoffhandel;6=Business Services|Unternehmensdienstleistungen;7=Consulting|Beratung;8=Consumer Services|Verbraucherdienste;9=Design, Direction and Creative Management|Design und Kreativmanagement;10=Distributors, Dispatchers and Processors|Vertrieb, Versand und Verarbeitung;11=Doctor's Offices and Clinics|Arztpraxen und Kliniken;12=Durable Manufacturing|Langlebige Güter;13=Eating and Drinking Places|Gastronomie;14=Entertainment Retail|Unterhaltungshandel;15=Equipment Rental and Leasing|Gerätevermietung und Leasing;16=Financial|Finanzen;17=Food and Tobacco Processing|Lebensmittel- und Tabakverarbeitung;18=Inbound Capital Intensive Processing|Kapitalintensive Verarbeitung;19=Inbound Repair and Services|Reparatur und Service;20=Insurance|Versicherung;21=Legal Services|Rechtsdienstleistungen;22=Non-Durable Merchandise Retail|Einzelhandel mit Verbrauchsgütern;23=Outbound Consumer Service|Verbraucherservice vor Ort;24=Petrochemical Extraction and Distribution|Petrochemie;25=Service Retail|Dienstleistungshandel;26=SIG Affiliations|SIG-Mitgliedschaften;27=Social Services|Soziale Dienste;28=Special Outbound Trade Contractors|Spezialhandwerk;29=Specialty Realty|Spezialimmobilien;30=Transportation|Transport;31=Utility Creation and Distribution|Versorgungsbetriebe;32=Vehicle Retail|Fahrzeughandel;33=Wholesale|Großhandel"

const contactMethods = "1=Any|Beliebig;2=Email|E-Mail;3=Phone|Telefon;4=Fax|Fax;5=Mail|Post"

const paymentTerms = "1=Net 30|30 Tage netto;2=2% 10, Net 30|2 % 10 Tage, 30 Tage netto;3=Net 45|45 Tage netto;4=Net 60|60 Tage netto"

const freightTerms = "1=FOB|FOB;2=No Charge|Keine Gebühr"

const shippingMethods = "1=Airborne|Luftfracht;2=DHL|DHL;3=FedEx|FedEx;4=UPS|UPS;5=Postal Mail|Post;6=Full Load|Komplettladung;7=Will Call|Selbstabholung"

// address is one of a row's numbered addresses.
func address(n int) columns {
	number := strconv.Itoa(n)
	p, en, de := "Address"+number+"_", "Address "+number+": ", "|Adresse "+number+": "
	return join(
		guid(p+"AddressId", en+"ID"+de+"ID"),
		choice(p+"AddressTypeCode", en+"Address Type"+de+"Adresstyp", "1=Bill To|Rechnung;2=Ship To|Lieferung;3=Primary|Primär;4=Other|Andere"),
		text(p+"Name", en+"Name"+de+"Name", 200),
		text(p+"Line1", en+"Street 1"+de+"Straße 1", 250),
		text(p+"Line2", en+"Street 2"+de+"Straße 2", 250),
		text(p+"Line3", en+"Street 3"+de+"Straße 3", 250),
		text(p+"City", en+"City"+de+"Ort", 80),
		text(p+"StateOrProvince", en+"State/Province"+de+"Bundesland/Kanton", 50),
		text(p+"PostalCode", en+"ZIP/Postal Code"+de+"Postleitzahl", 20),
		text(p+"Country", en+"Country/Region"+de+"Land/Region", 80),
		fixed(memo(p+"Composite", "Address "+number+"|Adresse "+number, 1000)),
		phone(p+"Telephone1", en+"Phone"+de+"Telefon"),
		double(p+"Latitude", en+"Latitude"+de+"Breitengrad", -90, 90),
		double(p+"Longitude", en+"Longitude"+de+"Längengrad", -180, 180),
		choice(p+"ShippingMethodCode", en+"Shipping Method"+de+"Versandart", shippingMethods),
		choice(p+"FreightTermsCode", en+"Freight Terms"+de+"Frachtbedingungen", freightTerms),
	)
}

func consent() columns {
	return join(
		flag("DoNotEMail", "Do not allow Emails|Keine E-Mails zulassen", "Allow|Zulassen", "Do Not Allow|Nicht zulassen"),
		flag("DoNotBulkEMail", "Do not allow Bulk Emails|Keine Massen-E-Mails zulassen", "Allow|Zulassen", "Do Not Allow|Nicht zulassen"),
		flag("DoNotPhone", "Do not allow Phone Calls|Keine Anrufe zulassen", "Allow|Zulassen", "Do Not Allow|Nicht zulassen"),
		flag("DoNotFax", "Do not allow Faxes|Keine Faxe zulassen", "Allow|Zulassen", "Do Not Allow|Nicht zulassen"),
		flag("DoNotPostalMail", "Do not allow Mails|Keine Briefe zulassen", "Allow|Zulassen", "Do Not Allow|Nicht zulassen"),
		flag("DoNotSendMM", "Send Marketing Materials|Marketingmaterial senden", "Send|Senden", "Do Not Send|Nicht senden"),
		choice("PreferredContactMethodCode", "Preferred Method of Contact|Bevorzugte Kontaktmethode", contactMethods),
	)
}

// accounts is whom business is done with.
func accounts() []*schema.Table {
	account := named("name", define("Account", "Account|Accounts|Firma|Firmen", 1, schema.UserOwned,
		id("AccountId", "Account|Firma"),
		must(text("Name", "Account Name|Firmenname", 160)),
		text("AccountNumber", "Account Number|Kundennummer", 20),
		lookup("ParentAccountId", "Parent Account|Übergeordnete Firma", "account:parentaccountid:account_parent_account"),
		wanted(lookup("PrimaryContactId", "Primary Contact|Hauptkontakt", "contact:primarycontactid:account_primary_contact")),
		phone("Telephone1", "Main Phone|Telefon (Haupt)"),
		phone("Telephone2", "Other Phone|Weitere Rufnummer"),
		phone("Fax", "Fax|Fax"),
		url("WebSiteURL", "Website|Website"),
		email("EMailAddress1", "Email|E-Mail"),
		email("EMailAddress2", "Email Address 2|E-Mail-Adresse 2"),
		formatted("TickerSymbol", "Ticker Symbol|Börsenkürzel", "TickerSymbol", 10),
		text("StockExchange", "Stock Exchange|Börse", 20),
		text("SIC", "SIC Code|SIC-Code", 20),
		memo("Description", "Description|Beschreibung", 2000),
		choice("IndustryCode", "Industry|Branche", industries),
		choice("OwnershipCode", "Ownership|Besitzverhältnis", "1=Public|Öffentlich;2=Private|Privat;3=Subsidiary|Tochterfirma;4=Other|Andere"),
		choice("CustomerTypeCode", "Relationship Type|Beziehungstyp", "1=Competitor|Konkurrent;2=Consultant|Berater;3=Customer|Kunde;4=Investor|Investor;5=Partner|Partner;6=Influencer|Beeinflusser;7=Press|Presse;8=Prospect|Interessent;9=Reseller|Wiederverkäufer;10=Supplier|Lieferant;11=Vendor|Anbieter;12=Other|Andere"),
		choice("CustomerSizeCode", "Customer Size|Kundengröße", "1=Default Value|Standardwert"),
		choice("AccountCategoryCode", "Category|Kategorie", "1=Preferred Customer|Bevorzugter Kunde|#107c10;2=Standard|Standard|#0078d4"),
		choice("AccountClassificationCode", "Classification|Klassifizierung", "1=Default Value|Standardwert"),
		choice("AccountRatingCode", "Account Rating|Firmenbewertung", "1=Default Value|Standardwert"),
		choice("BusinessTypeCode", "Business Type|Geschäftsart", "1=Default Value|Standardwert"),
		choice("TerritoryCode", "Territory Code|Gebietscode", "1=Default Value|Standardwert"),
		lookup("TerritoryId", "Territory|Gebiet", "territory:territoryid:territory_accounts"),
		money("Revenue", "Annual Revenue|Jahresumsatz"),
		whole("NumberOfEmployees", "Number of Employees|Anzahl der Mitarbeiter", 0, 1000000000),
		whole("SharesOutstanding", "Shares Outstanding|Ausstehende Aktien", 0, 1000000000),
		money("MarketCap", "Market Capitalization|Marktkapitalisierung"),
		secured(money("CreditLimit", "Credit Limit|Kreditlimit")),
		flag("CreditOnHold", "Credit Hold|Kreditsperre", "No|Nein", "Yes|Ja"),
		choice("PaymentTermsCode", "Payment Terms|Zahlungsbedingungen", paymentTerms),
		choice("ShippingMethodCode", "Shipping Method|Versandart", "1=Default Value|Standardwert"),
		money("Aging30", "Aging 30|Fällig 30"),
		money("Aging60", "Aging 60|Fällig 60"),
		money("Aging90", "Aging 90|Fällig 90"),
		rollup(schema.Formula{Aggregate: "sum", Table: "opportunity", Via: "parentaccountid", Column: "estimatedvalue", Where: map[string]int{"statecode": 0}}, money("OpenRevenue", "Open Revenue|Offener Umsatz")),
		rollup(schema.Formula{Aggregate: "count", Table: "opportunity", Via: "parentaccountid", Column: "opportunityid", Where: map[string]int{"statecode": 0}}, whole("OpenDeals", "Open Deals|Offene Abschlüsse", 0, 1000000000)),
		calculated("revenue / numberofemployees", decimal("hf_RevenuePerHead", "Revenue per Employee|Umsatz je Mitarbeiter", 0, -100000000000, 100000000000)),
		rich("hf_Profile", "Profile|Profil", 20000),
		double("hf_HealthScore", "Health Score|Beziehungswert", -100, 100),
		localDay("hf_NextReview", "Next Review|Nächste Durchsicht"),
		clock("hf_OfficeOpens", "Office Opens (local time)|Büro öffnet (Ortszeit)"),
		duration("hf_TravelTime", "Travel Time|Anfahrt"),
		file("hf_Contract", "Signed Contract|Unterschriebener Vertrag", 10240),
		imageOf("EntityImage", "Picture|Bild", 10240, false),
		currency(),
		consent(),
		choice("PreferredAppointmentTimeCode", "Preferred Time|Bevorzugte Zeit", "1=Morning|Vormittag;2=Afternoon|Nachmittag;3=Evening|Abend"),
		lookup("PreferredSystemUserId", "Preferred User|Bevorzugter Benutzer", "systemuser:preferredsystemuserid:system_user_accounts"),
		lookup("OriginatingLeadId", "Originating Lead|Ursprünglicher Lead", "lead:originatingleadid:account_originating_lead"),
		fixed(lookup("MasterId", "Master ID|Master-ID", "account:masterid:account_master_account")),
		fixed(yesno("Merged", "Merged|Zusammengeführt")),
		date("LastUsedInCampaign", "Last Date Included in Campaign|Zuletzt in Kampagne"),
		fixed(moment("LastOnHoldTime", "Last On Hold Time|Zuletzt zurückgestellt")),
		yesno("MarketingOnly", "Marketing Only|Nur Marketing"),
		yesno("FollowEmail", "Follow Email Activity|E-Mail-Aktivität verfolgen"),
		global("hf_LoyaltyTier", "Loyalty Tier|Treuestufe", "hf_loyaltytier"),
		choices("hf_Segments", "Segments|Segmente", "751230000=Marine|Marine|#0b6a88;751230001=Energy|Energie|#8f6a00;751230002=Food|Lebensmittel|#4f6b1f;751230003=Public Sector|Öffentlicher Sektor|#5c4b8a;751230004=Retail|Handel|#a4262c"),
		date("hf_CustomerSince", "Customer Since|Kunde seit"),
		address(1), address(2), active(),
	))
	account.Keys = []schema.Key{{Name: "hf_accountnumber_key", Columns: []string{"accountnumber"}}}
	account.Searchable, account.Tracked, account.Audited, account.Notes, account.Activities, account.QuickCreate, account.PrimaryImage = true, true, true, true, true, true, "entityimage"

	contact := named("fullname", define("Contact", "Contact|Contacts|Kontakt|Kontakte", 2, schema.UserOwned,
		id("ContactId", "Contact|Kontakt"),
		fixed(text("FullName", "Full Name|Vollständiger Name", 160)),
		wanted(text("FirstName", "First Name|Vorname", 50)),
		must(text("LastName", "Last Name|Nachname", 50)),
		text("MiddleName", "Middle Name|Zweiter Vorname", 50),
		text("NickName", "Nickname|Spitzname", 100),
		text("Salutation", "Salutation|Anrede", 100),
		text("Suffix", "Suffix|Namenszusatz", 10),
		text("JobTitle", "Job Title|Position", 100),
		text("Department", "Department|Abteilung", 100),
		customer("ParentCustomerId", "Company Name|Firmenname", "contact_customer_accounts", "contact_customer_contacts"),
		lookup("AccountId", "Account|Firma", "account:accountid:account_contacts_managing"),
		email("EMailAddress1", "Email|E-Mail"),
		email("EMailAddress2", "Email Address 2|E-Mail-Adresse 2"),
		email("EMailAddress3", "Email Address 3|E-Mail-Adresse 3"),
		phone("Telephone1", "Business Phone|Telefon (geschäftlich)"),
		phone("Telephone2", "Home Phone|Telefon (privat)"),
		phone("MobilePhone", "Mobile Phone|Mobiltelefon"),
		phone("Fax", "Fax|Fax"),
		phone("Pager", "Pager|Pager"),
		url("WebSiteUrl", "Website|Website"),
		text("AssistantName", "Assistant|Assistent", 100),
		phone("AssistantPhone", "Assistant Phone|Telefon des Assistenten"),
		text("ManagerName", "Manager|Vorgesetzter", 100),
		phone("ManagerPhone", "Manager Phone|Telefon des Vorgesetzten"),
		choice("AccountRoleCode", "Role|Rolle", "1=Decision Maker|Entscheider;2=Employee|Mitarbeiter;3=Influencer|Beeinflusser"),
		choice("GenderCode", "Gender|Geschlecht", "1=Male|Männlich;2=Female|Weiblich"),
		choice("FamilyStatusCode", "Marital Status|Familienstand", "1=Single|Ledig;2=Married|Verheiratet;3=Divorced|Geschieden;4=Widowed|Verwitwet"),
		choice("EducationCode", "Education|Bildung", "1=Default Value|Standardwert"),
		choice("CustomerTypeCode", "Relationship Type|Beziehungstyp", "1=Default Value|Standardwert"),
		choice("LeadSourceCode", "Lead Source|Leadquelle", "1=Default Value|Standardwert"),
		choice("TerritoryCode", "Territory|Gebiet", "1=Default Value|Standardwert"),
		date("BirthDate", "Birthday|Geburtstag"),
		wholeAs("hf_Language", "Preferred Language|Bevorzugte Sprache", "Language"),
		wholeAs("hf_Zone", "Time Zone|Zeitzone", "TimeZone"),
		choices("hf_Interests", "Interests|Interessen", "751230000=Newsletter|Newsletter;751230001=Trade fairs|Messen;751230002=Training|Schulung;751230003=Beta tests|Betatests"),
		imageOf("EntityImage", "Picture|Bild", 10240, true),
		date("Anniversary", "Anniversary|Jahrestag"),
		text("SpousesName", "Spouse/Partner Name|Name des Partners", 100),
		whole("NumberOfChildren", "No. of Children|Anzahl der Kinder", 0, 1000000000),
		yesno("HasChildrenCode", "Has Children|Hat Kinder"),
		text("EmployeeId", "Employee|Mitarbeiter", 50),
		text("GovernmentId", "Government|Ausweisnummer", 50),
		memo("Description", "Description|Beschreibung", 2000),
		money("AnnualIncome", "Annual Income|Jahreseinkommen"),
		money("CreditLimit", "Credit Limit|Kreditlimit"),
		yesno("CreditOnHold", "Credit Hold|Kreditsperre"),
		choice("PaymentTermsCode", "Payment Terms|Zahlungsbedingungen", paymentTerms),
		money("Aging30", "Aging 30|Fällig 30"),
		currency(),
		consent(),
		choice("PreferredAppointmentTimeCode", "Preferred Time|Bevorzugte Zeit", "1=Morning|Vormittag;2=Afternoon|Nachmittag;3=Evening|Abend"),
		lookup("PreferredSystemUserId", "Preferred User|Bevorzugter Benutzer", "systemuser:preferredsystemuserid:system_user_contacts"),
		lookup("OriginatingLeadId", "Originating Lead|Ursprünglicher Lead", "lead:originatingleadid:contact_originating_lead"),
		fixed(lookup("MasterId", "Master ID|Master-ID", "contact:masterid:contact_master_contact")),
		fixed(yesno("Merged", "Merged|Zusammengeführt")),
		text("ExternalUserIdentifier", "External User Identifier|Externe Benutzer-ID", 50),
		yesno("FollowEmail", "Follow Email Activity|E-Mail-Aktivität verfolgen"),
		address(1), address(2), active(),
	))
	contact.Searchable, contact.Tracked, contact.Audited, contact.Notes, contact.Activities, contact.QuickCreate, contact.PrimaryImage = true, true, true, true, true, true, "entityimage"
	return []*schema.Table{account, contact}
}
