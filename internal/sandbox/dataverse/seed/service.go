package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// service is what customers ask for.
func service() []*schema.Table {
	incident := named("title", define("Incident", "Case|Cases|Anfrage|Anfragen", 112, schema.UserOwned,
		id("IncidentId", "Case|Anfrage"),
		must(text("Title", "Case Title|Anfragetitel", 200)),
		text("TicketNumber", "Case Number|Anfragenummer", 100),
		must(customer("CustomerId", "Customer|Kunde", "incident_customer_accounts", "incident_customer_contacts")),
		lookup("PrimaryContactId", "Contact|Kontakt", "contact:primarycontactid:contact_as_primary_contact"),
		lookup("ResponsibleContactId", "Responsible Contact (Deprecated)|Verantwortlicher Kontakt (veraltet)", "contact:responsiblecontactid:contact_as_responsible_contact"),
		lookup("SubjectId", "Subject|Thema", "subject:subjectid:subject_incidents"),
		lookup("ParentCaseId", "Parent Case|Übergeordnete Anfrage", "incident:parentcaseid:incident_parent_incident"),
		lookup("MasterId", "Master Case|Masteranfrage", "incident:masterid:incident_master_incident"),
		choice("PriorityCode", "Priority|Priorität", "1=High|Hoch|#c4314b;2=Normal|Normal|#2b88d8;3=Low|Niedrig|#8a8886"),
		choice("CaseTypeCode", "Case Type|Anfragetyp", "1=Question|Frage;2=Problem|Problem;3=Request|Anforderung"),
		choice("CaseOriginCode", "Origin|Ursprung", "1=Phone|Telefon;2=Email|E-Mail;3=Web|Web;2483=Facebook|Facebook;3986=Twitter|Twitter;700610000=IoT|IoT"),
		choice("SeverityCode", "Severity|Schweregrad", "1=Default Value|Standardwert"),
		choice("CustomerSatisfactionCode", "Satisfaction|Zufriedenheit", "5=Very Satisfied|Sehr zufrieden;4=Satisfied|Zufrieden;3=Neutral|Neutral;2=Dissatisfied|Unzufrieden;1=Very Dissatisfied|Sehr unzufrieden"),
		choice("IncidentStageCode", "Case Stage|Anfragephase", "1=Default Value|Standardwert"),
		choice("ContractServiceLevelCode", "Service Level|Servicelevel", "1=Gold|Gold;2=Silver|Silber;3=Bronze|Bronze"),
		choice("ServiceStage", "Service Stage|Servicephase", "0=Identify|Identifizieren;1=Research|Recherchieren;2=Resolve|Lösen"),
		choice("FirstResponseSLAStatus", "First Response SLA Status|SLA-Status der ersten Antwort", "1=In Progress|In Bearbeitung;2=Nearing Noncompliance|Fast nicht konform;3=Succeeded|Erfolgreich;4=Noncompliant|Nicht konform"),
		choice("ResolveBySLAStatus", "Resolve By SLA Status|SLA-Status der Lösung", "1=In Progress|In Bearbeitung;2=Nearing Noncompliance|Fast nicht konform;3=Succeeded|Erfolgreich;4=Noncompliant|Nicht konform"),
		yesno("FirstResponseSent", "First Response Sent|Erste Antwort gesendet"),
		yesno("IsEscalated", "Is Escalated|Eskaliert"),
		moment("EscalatedOn", "Escalated On|Eskaliert am"),
		moment("ResponseBy", "First Response By|Erste Antwort bis"),
		moment("ResolveBy", "Resolve By|Lösen bis"),
		moment("FollowupBy", "Follow Up By|Nachverfolgen bis"),
		fixed(moment("LastOnHoldTime", "Last On Hold Time|Zuletzt zurückgestellt")),
		fixed(duration("OnHoldTime", "On Hold Time (Minutes)|Wartezeit (Minuten)")),
		memo("Description", "Description|Beschreibung", 2000),
		rich("hf_Findings", "Findings|Befund", 20000),
		file("hf_Evidence", "Evidence|Beleg", 10240),
		text("ProductSerialNumber", "Serial Number|Seriennummer", 100),
		email("EmailAddress", "Email Address|E-Mail-Adresse"),
		whole("BilledServiceUnits", "Billed Service Units|Abgerechnete Einheiten", 0, 1000000000),
		whole("ActualServiceUnits", "Actual Service Units|Tatsächliche Einheiten", 0, 1000000000),
		whole("NumberOfChildIncidents", "Child Cases|Untergeordnete Anfragen", 0, 1000000000),
		yesno("CheckEmail", "Check Email|E-Mail überprüfen"),
		yesno("BlockedProfile", "Blocked Profile|Gesperrtes Profil"),
		yesno("CustomerContacted", "Customer Contacted|Kunde kontaktiert"),
		yesno("ActivitiesComplete", "Activities Complete|Aktivitäten abgeschlossen"),
		yesno("DecrementEntitlementTerm", "Decrement Entitlement|Berechtigung verringern"),
		double("SentimentValue", "Sentiment Value|Stimmungswert", -100000000000, 100000000000),
		whole("MessageTypeCode", "Received As|Empfangen als", 0, 10),
		currency(),
		following(states("0=Active|Aktiv:1=In Progress|In Bearbeitung;2=On Hold|Zurückgestellt;3=Waiting for Details|Warten auf Details;4=Researching|Recherche", "1=Resolved|Gelöst:5=Problem Solved|Problem gelöst;1000=Information Provided|Informationen bereitgestellt", "2=Cancelled|Abgebrochen:6=Cancelled|Abgebrochen;2000=Merged|Zusammengeführt"),
			"1>2 3 4 5 6 1000 2000", "2>1 3 4 5 6 1000 2000", "3>1 2 4 5 6 1000 2000", "4>1 2 3 5 6 1000 2000", "5>1", "1000>1", "6>1", "2000>"),
	))
	incident.Searchable, incident.Tracked, incident.Audited, incident.Notes, incident.Activities, incident.QuickCreate, incident.Process, incident.Transitions = true, true, true, true, true, true, true, true

	return []*schema.Table{incident}
}
