package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

const activityKinds = "4201=Appointment|Termin;4202=Email|E-Mail;4210=Phone Call|Telefonanruf;4212=Task|Aufgabe"

// regarding is the polymorphic lookup from an activity to what it is about.
func regarding(kind string) columns {
	collection := map[string]string{"task": "Tasks", "phonecall": "Phonecalls", "appointment": "Appointments", "email": "Emails", "activitypointer": "ActivityPointers", "opportunityclose": "OpportunityCloses", "incidentresolution": "ActivityIncidentResolutions"}[kind]
	var targets []string
	for _, t := range []struct{ table, prefix string }{
		{"account", "Account_"}, {"contact", "Contact_"}, {"opportunity", "Opportunity_"}, {"lead", "Lead_"}, {"incident", "Incident_"},
	} {
		navigation := "regardingobjectid_" + t.table
		if kind != "activitypointer" {
			navigation += "_" + kind
		}
		targets = append(targets, t.table+":"+navigation+":"+t.prefix+collection)
	}
	return lookup("RegardingObjectId", "Regarding|Bezug", targets...)
}

// activity is what every activity and activitypointer have in common.
func activity(kind string) columns {
	return join(
		id("ActivityId", "Activity|Aktivität"),
		must(text("Subject", "Subject|Betreff", 400)),
		memo("Description", "Description|Beschreibung", 2000),
		activityType(),
		regarding(kind),
		moment("ScheduledStart", "Start Date|Startdatum"),
		moment("ScheduledEnd", "Due Date|Fälligkeitsdatum"),
		moment("ActualStart", "Actual Start|Tatsächlicher Beginn"),
		moment("ActualEnd", "Actual End|Tatsächliches Ende"),
		duration("ActualDurationMinutes", "Actual Duration|Tatsächliche Dauer"),
		duration("ScheduledDurationMinutes", "Scheduled Duration|Geplante Dauer"),
		choice("PriorityCode", "Priority|Priorität", "0=Low|Niedrig|#8a8886;1=Normal|Normal|#2b88d8;2=High|Hoch|#c4314b"),
		yesno("IsBilled", "Is Billed|Wurde abgerechnet"),
		yesno("IsWorkflowCreated", "Is Workflow Created|Durch Workflow erstellt"),
		yesno("IsRegularActivity", "Is Regular Activity|Ist normale Aktivität"),
		yesno("LeftVoiceMail", "Left Voice Mail|Voicemail hinterlassen"),
		moment("SortDate", "Sort Date|Sortierdatum"),
		moment("LastOnHoldTime", "Last On Hold Time|Zuletzt zurückgestellt"),
	)
}

func activityType() columns {
	c := choice("ActivityTypeCode", "Activity Type|Aktivitätstyp", activityKinds)
	c[0].Type, c[0].ReadOnly, c[0].Options = schema.EntityName, true, nil
	return c
}

func activityTable(name, label string, code int, groups ...columns) *schema.Table {
	t := named("subject", define(name, label, code, schema.UserOwned, groups...))
	t.PrivilegeSet, t.IsActivity, t.Searchable, t.Tracked, t.QuickCreate = "Activity", true, true, true, true
	return t
}

// activities is what people do: tasks, calls, meetings and mail, and the activitypointer that stands for any of them.
func activities() []*schema.Table {
	pointer := activityTable("ActivityPointer", "Activity|Activities|Aktivität|Aktivitäten", 4200, activity("activitypointer"),
		states("0=Open|Offen:1=Open|Offen", "1=Completed|Abgeschlossen:2=Completed|Abgeschlossen", "2=Canceled|Abgebrochen:3=Canceled|Abgebrochen", "3=Scheduled|Geplant:4=Scheduled|Geplant"),
	)

	task := activityTable("Task", "Task|Tasks|Aufgabe|Aufgaben", 4212, activity("task"),
		text("Category", "Category|Kategorie", 250),
		text("Subcategory", "Sub-Category|Unterkategorie", 250),
		whole("PercentComplete", "Percent Complete|Prozent abgeschlossen", 0, 100),
		states("0=Open|Offen:2=Not Started|Nicht begonnen;3=In Progress|In Bearbeitung;4=Waiting on someone else|Warten auf andere;7=Deferred|Zurückgestellt", "1=Completed|Abgeschlossen:5=Completed|Abgeschlossen", "2=Canceled|Abgebrochen:6=Canceled|Abgebrochen"),
	)

	call := activityTable("PhoneCall", "Phone Call|Phone Calls|Telefonanruf|Telefonanrufe", 4210, activity("phonecall"),
		phone("PhoneNumber", "Phone Number|Rufnummer"),
		flag("DirectionCode", "Direction|Richtung", "Incoming|Eingehend", "Outgoing|Ausgehend"),
		party("From", "Call From|Anruf von"),
		party("To", "Call To|Anruf an"),
		text("Category", "Category|Kategorie", 250),
		text("Subcategory", "Sub-Category|Unterkategorie", 250),
		states("0=Open|Offen:1=Open|Offen", "1=Completed|Abgeschlossen:2=Made|Getätigt;4=Received|Empfangen", "2=Canceled|Abgebrochen:3=Canceled|Abgebrochen"),
	)

	appointment := activityTable("Appointment", "Appointment|Appointments|Termin|Termine", 4201, activity("appointment"),
		text("Location", "Location|Ort", 200),
		yesno("IsAllDayEvent", "All Day Event|Ganztägiges Ereignis"),
		yesno("IsOnlineMeeting", "Teams Meeting|Teams-Besprechung"),
		url("OnlineMeetingJoinUrl", "Online Meeting Join Url|URL der Onlinebesprechung"),
		party("RequiredAttendees", "Required Attendees|Erforderliche Teilnehmer"),
		party("OptionalAttendees", "Optional Attendees|Optionale Teilnehmer"),
		party("Organizer", "Organizer|Organisator"),
		text("Category", "Category|Kategorie", 250),
		states("0=Open|Offen:1=Free|Frei;2=Tentative|Mit Vorbehalt", "1=Completed|Abgeschlossen:3=Completed|Abgeschlossen", "2=Canceled|Abgebrochen:4=Canceled|Abgebrochen", "3=Scheduled|Geplant:5=Busy|Beschäftigt;6=Out of Office|Abwesend"),
	)

	mail := activityTable("Email", "Email|Emails|E-Mail|E-Mails", 4202, activity("email"),
		flag("DirectionCode", "Direction|Richtung", "Incoming|Eingehend", "Outgoing|Ausgehend"),
		text("Sender", "From|Von", 250),
		text("ToRecipients", "To Recipients|An Empfänger", 500),
		text("MessageId", "Message ID|Nachrichten-ID", 320),
		party("From", "From|Von"),
		party("To", "To|An"),
		party("Cc", "Cc|Cc"),
		moment("SentOn", "Date Sent|Gesendet am"),
		yesno("ReadReceiptRequested", "Read Receipt Requested|Lesebestätigung angefordert"),
		yesno("DeliveryReceiptRequested", "Delivery Receipt Requested|Übermittlungsbestätigung angefordert"),
		whole("AttachmentCount", "Attachment Count|Anzahl der Anlagen", 0, 1000),
		whole("OpenCount", "Open Count|Anzahl der Öffnungen", 0, 1000000),
		states("0=Open|Offen:1=Draft|Entwurf;8=Failed|Fehler", "1=Completed|Abgeschlossen:2=Completed|Abgeschlossen;3=Sent|Gesendet;4=Received|Empfangen;6=Pending Send|Senden ausstehend;7=Sending|Wird gesendet", "2=Canceled|Abgebrochen:5=Canceled|Abgebrochen"),
	)

	for i := range mail.Columns {
		if mail.Columns[i].LogicalName == "description" { // the body is HTML
			mail.Columns[i].Format, mail.Columns[i].MaxLength = "RichText", 1073741823
		}
	}

	won := activityTable("OpportunityClose", "Opportunity Close|Opportunity Close Activities|Abschluss der Verkaufschance|Abschlüsse von Verkaufschancen", 4208, activity("opportunityclose"),
		lookup("OpportunityId", "Opportunity|Verkaufschance", "opportunity:opportunityid:Opportunity_OpportunityClose"),
		money("ActualRevenue", "Actual Revenue|Tatsächlicher Umsatz"),
		guidLookup("CompetitorId", "Competitor|Konkurrent"),
		text("OpportunityStateCode", "Opportunity Status|Status der Verkaufschance", 50),
		currency(),
		states("0=Open|Offen:1=Open|Offen", "1=Completed|Abgeschlossen:2=Completed|Abgeschlossen", "2=Canceled|Abgebrochen:3=Canceled|Abgebrochen"),
	)
	resolved := activityTable("IncidentResolution", "Case Resolution|Case Resolutions|Anfragenlösung|Anfragenlösungen", 4206, activity("incidentresolution"),
		lookup("IncidentId", "Case|Anfrage", "incident:incidentid:Incident_IncidentResolutions"),
		whole("TimeSpent", "Time Spent|Aufgewendete Zeit", 0, 2147483647),
		states("0=Open|Offen:1=Open|Offen", "1=Completed|Abgeschlossen:2=Completed|Abgeschlossen", "2=Canceled|Abgebrochen:3=Canceled|Abgebrochen"),
	)
	won.QuickCreate, resolved.QuickCreate, pointer.QuickCreate, mail.QuickCreate = false, false, false, false

	member := define("ActivityParty", "Activity Party|Activity Parties|Aktivitätspartei|Aktivitätsparteien", 135, schema.NoOwner,
		id("ActivityPartyId", "Activity Party|Aktivitätspartei"),
		lookup("ActivityId", "Activity|Aktivität",
			"activitypointer:activityid_activitypointer:activitypointer_activity_parties", "task:activityid_task:task_activity_parties",
			"phonecall:activityid_phonecall:phonecall_activity_parties", "appointment:activityid_appointment:appointment_activity_parties", "email:activityid_email:email_activity_parties"),
		lookup("PartyId", "Party|Partei",
			"account:partyid_account:account_activity_parties", "contact:partyid_contact:contact_activity_parties",
			"systemuser:partyid_systemuser:system_user_activity_parties", "lead:partyid_lead:lead_activity_parties", "queue:partyid_queue:queue_activity_parties"),
		choice("ParticipationTypeMask", "Participation Type|Teilnahmetyp", "1=Sender|Absender;2=To Recipient|An;3=CC Recipient|Cc;4=BCC Recipient|Bcc;5=Required attendee|Erforderlicher Teilnehmer;6=Optional attendee|Optionaler Teilnehmer;7=Organizer|Organisator;8=Regarding|Bezug;9=Owner|Besitzer;10=Resource|Ressource;11=Customer|Kunde"),
		text("AddressUsed", "Address|Adresse", 100),
		text("PartyIdName", "Name|Name", 400),
		yesno("DoNotEMail", "Do not allow Emails|Keine E-Mails zulassen"),
		moment("ScheduledStart", "Scheduled Start|Geplanter Beginn"),
		moment("ScheduledEnd", "Scheduled End|Geplantes Ende"),
	)
	member.PrimaryName, member.PrivilegeSet = "partyidname", "Activity"
	return []*schema.Table{pointer, task, call, appointment, mail, won, resolved, member}
}

// party is a list of people; its rows are in activityparty.
func party(name, label string) columns {
	return columns{column(schema.PartyList, name, label)}
}
