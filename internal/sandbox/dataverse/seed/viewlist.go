package seed

// Links that several views share.
var (
	primaryContact = link{table: "contact", from: "contactid", to: "primarycontactid", alias: "accountprimarycontactidcontactcontactid", kind: "outer", columns: "emailaddress1"}
	customerOf     = link{table: "account", from: "accountid", to: "parentaccountid", alias: "a_account", kind: "outer", columns: "industrycode address1_country"}
	companyOf      = link{table: "account", from: "accountid", to: "parentcustomerid", alias: "pa", kind: "outer", columns: "telephone1 accountcategorycode"}
)

const (
	accountCells  = "name:300 telephone1:120 address1_city:120 primarycontactid:160 accountprimarycontactidcontactcontactid.emailaddress1:180 revenue:140 industrycode:170"
	contactCells  = "fullname:220 emailaddress1:220 parentcustomerid:200 telephone1:130 jobtitle:150"
	dealCells     = "name:300 customerid:200 estimatedclosedate:120 estimatedvalue:140 closeprobability:100 opportunityratingcode:90 stepname:130 ownerid:150"
	closedCells   = "name:300 customerid:200 actualclosedate:120 actualvalue:140 statecode:90 statuscode:120 ownerid:150"
	leadCells     = "fullname:200 subject:220 companyname:180 statuscode:110 leadsourcecode:130 leadqualitycode:90 createdon:140"
	caseCells     = "title:320 ticketnumber:150 prioritycode:90 caseorigincode:100 customerid:200 ownerid:150 statuscode:120 createdon:140"
	activityCells = "subject:300 regardingobjectid:220 activitytypecode:120 statecode:90 prioritycode:90 scheduledstart:150 scheduledend:150 ownerid:140"
	vesselCells   = "hf_name:220 hf_imo:110 hf_type:110 hf_cargo:180 hf_length:90 hf_dayrate:120 hf_nextinspection:120 hf_departure:150 hf_visits:80 statuscode:110 ownerid:140"
	visitCells    = "hf_name:280 hf_accountid:200 hf_visitdate:110 hf_arrival:150 hf_outcome:120 hf_topics:160 hf_rating:80 hf_cost:110 hf_safetybriefing:90 ownerid:140"
)

var systemViews = []view{
	{table: "account", key: "active", name: "Active Accounts|Aktive Firmen", standard: true, cells: accountCells, order: "name", where: "statecode eq 0", links: []link{primaryContact}},
	{table: "account", key: "my", name: "My Active Accounts|Meine aktiven Firmen", cells: accountCells, order: "name", where: "statecode eq 0; ownerid eq-userid", links: []link{primaryContact}},
	{table: "account", key: "all", name: "All Accounts|Alle Firmen", cells: accountCells, order: "name", links: []link{primaryContact}},
	{table: "account", key: "inactive", name: "Inactive Accounts|Inaktive Firmen", cells: "name:300 statuscode:120 modifiedon:140 ownerid:150", order: "-modifiedon", where: "statecode eq 1"},
	{table: "account", key: "credit", name: "Accounts: Credit and Terms|Firmen: Kredit und Zahlung", cells: "name:260 accountnumber:110 creditlimit:130 creditonhold:90 paymenttermscode:130 hf_loyaltytier:100 hf_segments:200 transactioncurrencyid:90", order: "-creditlimit name", where: "statecode eq 0"},
	{table: "account", key: "large", name: "Large Accounts|Große Firmen", cells: "name:300 revenue:150 numberofemployees:120 industrycode:170 websiteurl:200", order: "-revenue", where: "statecode eq 0; revenue ge 10000000"},
	{table: "account", key: "openpipeline", name: "Accounts with Open Opportunities|Firmen mit offenen Verkaufschancen", cells: "name:300 telephone1:120 ownerid:150 address1_country:120", order: "name", where: "statecode eq 0", distinct: true, links: []link{{table: "opportunity", from: "parentaccountid", to: "accountid", alias: "opp", kind: "inner", where: "statecode eq 0"}}},
	{table: "account", key: "untouched", name: "Accounts without Cases|Firmen ohne Anfragen", cells: "name:300 createdon:140 ownerid:150", order: "name", where: "statecode eq 0; c.incidentid null", distinct: true, links: []link{{table: "incident", from: "customerid", to: "accountid", alias: "c", kind: "outer"}}},
	{table: "account", key: "none", name: "Accounts on Hold since Tomorrow|Seit morgen gesperrte Firmen", cells: "name:300 creditonhold:100", order: "name", where: "creditonhold eq 1; createdon tomorrow"},
	{table: "account", key: "quickfind", name: "Quick Find Active Accounts|Schnellsuche aktive Firmen", kind: quickFindView, standard: true, cells: "name:300 accountnumber:120 primarycontactid:160 address1_city:120 telephone1:120 emailaddress1:180", order: "name", where: "statecode eq 0", find: "name accountnumber emailaddress1 telephone1 address1_city"},
	{table: "account", key: "lookup", name: "Account Lookup View|Nachschlageansicht Firma", kind: lookupView, standard: true, cells: "name:300 emailaddress1:180 address1_city:120", order: "name", where: "statecode eq 0"},
	{table: "account", key: "associated", name: "Account Associated View|Zugeordnete Firmen", kind: associatedView, standard: true, cells: "name:300 primarycontactid:160 telephone1:120", order: "name", where: "statecode eq 0"},

	{table: "contact", key: "active", name: "Active Contacts|Aktive Kontakte", standard: true, cells: contactCells, order: "fullname", where: "statecode eq 0"},
	{table: "contact", key: "my", name: "My Active Contacts|Meine aktiven Kontakte", cells: contactCells, order: "fullname", where: "statecode eq 0; ownerid eq-userid"},
	{table: "contact", key: "all", name: "All Contacts|Alle Kontakte", cells: contactCells, order: "fullname"},
	{table: "contact", key: "inactive", name: "Inactive Contacts|Inaktive Kontakte", cells: "fullname:220 parentcustomerid:200 modifiedon:140", order: "fullname", where: "statecode eq 1"},
	{table: "contact", key: "preferred", name: "Contacts of Preferred Customers|Kontakte bevorzugter Kunden", cells: "fullname:220 emailaddress1:220 parentcustomerid:200 pa.telephone1:130 pa.accountcategorycode:130", order: "fullname", where: "statecode eq 0", links: []link{{table: "account", from: "accountid", to: "parentcustomerid", alias: "pa", kind: "inner", columns: "telephone1 accountcategorycode", where: "accountcategorycode eq 1"}}},
	{table: "contact", key: "birthdays", name: "Contacts: Personal|Kontakte: Persönliches", cells: "fullname:220 birthdate:120 accountrolecode:130 mobilephone:140 pa.telephone1:140", order: "birthdate fullname", where: "birthdate not-null", links: []link{companyOf}},
	{table: "contact", key: "quickfind", name: "Quick Find Active Contacts|Schnellsuche aktive Kontakte", kind: quickFindView, standard: true, cells: contactCells, order: "fullname", where: "statecode eq 0", find: "fullname emailaddress1 telephone1 mobilephone"},
	{table: "contact", key: "lookup", name: "Contact Lookup View|Nachschlageansicht Kontakt", kind: lookupView, standard: true, cells: "fullname:220 parentcustomerid:200 emailaddress1:200", order: "fullname", where: "statecode eq 0"},
	{table: "contact", key: "associated", name: "Contact Associated View|Zugeordnete Kontakte", kind: associatedView, standard: true, cells: "fullname:220 emailaddress1:220 telephone1:130", order: "fullname", where: "statecode eq 0"},

	{table: "opportunity", key: "open", name: "Open Opportunities|Offene Verkaufschancen", standard: true, cells: dealCells, order: "-estimatedvalue name", where: "statecode eq 0"},
	{table: "opportunity", key: "my", name: "My Open Opportunities|Meine offenen Verkaufschancen", cells: "name:300 customerid:200 estimatedclosedate:120 estimatedvalue:140 closeprobability:100 opportunityratingcode:90 stepname:130", order: "estimatedclosedate", where: "statecode eq 0; ownerid eq-userid"},
	{table: "opportunity", key: "all", name: "All Opportunities|Alle Verkaufschancen", cells: "name:300 customerid:200 statecode:90 estimatedvalue:140 actualvalue:140 createdon:140 ownerid:150", order: "-createdon"},
	{table: "opportunity", key: "won", name: "Won Opportunities|Gewonnene Verkaufschancen", cells: closedCells, order: "-actualclosedate", where: "statecode eq 1"},
	{table: "opportunity", key: "lost", name: "Lost Opportunities|Verlorene Verkaufschancen", cells: closedCells, order: "-actualclosedate", where: "statecode eq 2"},
	{table: "opportunity", key: "closed", name: "Closed Opportunities|Geschlossene Verkaufschancen", cells: closedCells, order: "-actualclosedate", where: "statecode in 1,2"},
	{table: "opportunity", key: "myclosed", name: "My Closed Opportunities|Meine geschlossenen Verkaufschancen", cells: closedCells, order: "-actualclosedate", where: "statecode ne 0; ownerid eq-userid"},
	{table: "opportunity", key: "wonyear", name: "Won in the Last 12 Months|In den letzten 12 Monaten gewonnen", cells: closedCells, order: "-actualclosedate", where: "statecode eq 1; actualclosedate last-x-months 12"},
	{table: "opportunity", key: "thismonth", name: "Closing This Month|Abschluss in diesem Monat", cells: dealCells, order: "estimatedclosedate -estimatedvalue", where: "statecode eq 0; estimatedclosedate this-month"},
	{table: "opportunity", key: "next30", name: "Closing in the Next 30 Days|Abschluss in den nächsten 30 Tagen", cells: dealCells, order: "estimatedclosedate", where: "statecode eq 0; estimatedclosedate next-x-days 30"},
	{table: "opportunity", key: "overdue", name: "Overdue Opportunities|Überfällige Verkaufschancen", cells: dealCells, order: "estimatedclosedate", where: "statecode eq 0; estimatedclosedate olderthan-x-days 1"},
	{table: "opportunity", key: "team", name: "Opportunities of Me and My Teams|Verkaufschancen von mir und meinen Teams", cells: dealCells, order: "-estimatedvalue", where: "statecode eq 0; ownerid eq-useroruserteams"},
	{table: "opportunity", key: "hierarchy", name: "My People's Pipeline|Pipeline meiner Leute", cells: dealCells, order: "ownerid -estimatedvalue", where: "statecode eq 0; ownerid eq-useroruserhierarchy"},
	{table: "opportunity", key: "unit", name: "Opportunities of My Business Unit|Verkaufschancen meiner Einheit", cells: dealCells, order: "-estimatedvalue", where: "statecode eq 0; owningbusinessunit eq-businessid"},
	{table: "opportunity", key: "byindustry", name: "Open Opportunities with Industry|Offene Verkaufschancen mit Branche", cells: "name:280 parentaccountid:200 a_account.industrycode:180 a_account.address1_country:120 estimatedvalue:140 estimatedvalue_base:140 transactioncurrencyid:90", order: "-estimatedvalue", where: "statecode eq 0", links: []link{customerOf}},
	{table: "opportunity", key: "hot", name: "Hot or Nearly Closed|Heiß oder fast abgeschlossen", cells: dealCells, order: "opportunityratingcode -closeprobability", where: "statecode eq 0", or: "opportunityratingcode eq 1; closeprobability ge 80"},
	{table: "opportunity", key: "margin", name: "Opportunities with Margin|Verkaufschancen mit Marge", cells: "name:300 estimatedvalue:140 hf_marginpercent:120 budgetstatus:130 purchasetimeframe:130", order: "-hf_marginpercent", where: "statecode eq 0"},
	{table: "opportunity", key: "none", name: "Opportunities Created in the Year 2000|Verkaufschancen aus dem Jahr 2000", cells: dealCells, order: "name", where: "createdon between 2000-01-01,2000-12-31"},
	{table: "opportunity", key: "quickfind", name: "Quick Find All Opportunities|Schnellsuche alle Verkaufschancen", kind: quickFindView, standard: true, cells: "name:300 customerid:200 statecode:90 estimatedvalue:140 ownerid:150", order: "name", find: "name"},
	{table: "opportunity", key: "lookup", name: "Opportunity Lookup View|Nachschlageansicht Verkaufschance", kind: lookupView, standard: true, cells: "name:300 customerid:200", order: "name"},
	{table: "opportunity", key: "associated", name: "Opportunity Associated View|Zugeordnete Verkaufschancen", kind: associatedView, standard: true, cells: "name:300 estimatedvalue:140 estimatedclosedate:120 statecode:90", order: "-estimatedclosedate"},

	{table: "lead", key: "open", name: "Open Leads|Offene Leads", standard: true, cells: leadCells, order: "-createdon", where: "statecode eq 0"},
	{table: "lead", key: "my", name: "My Open Leads|Meine offenen Leads", cells: leadCells, order: "-createdon", where: "statecode eq 0; ownerid eq-userid"},
	{table: "lead", key: "all", name: "All Leads|Alle Leads", cells: leadCells, order: "-createdon"},
	{table: "lead", key: "hot", name: "Hot Leads|Heiße Leads", cells: leadCells + " estimatedamount:130", order: "-estimatedamount", where: "statecode eq 0; leadqualitycode eq 1"},
	{table: "lead", key: "closed", name: "Closed Leads|Geschlossene Leads", cells: leadCells, order: "-createdon", where: "statecode ne 0"},
	{table: "lead", key: "quickfind", name: "Quick Find All Leads|Schnellsuche alle Leads", kind: quickFindView, standard: true, cells: leadCells, order: "fullname", find: "fullname companyname subject emailaddress1"},
	{table: "lead", key: "lookup", name: "Lead Lookup View|Nachschlageansicht Lead", kind: lookupView, standard: true, cells: "fullname:200 companyname:180", order: "fullname", where: "statecode eq 0"},

	{table: "incident", key: "active", name: "Active Cases|Aktive Anfragen", standard: true, cells: caseCells, order: "prioritycode -createdon", where: "statecode eq 0"},
	{table: "incident", key: "my", name: "My Active Cases|Meine aktiven Anfragen", cells: caseCells, order: "prioritycode -createdon", where: "statecode eq 0; ownerid eq-userid"},
	{table: "incident", key: "all", name: "All Cases|Alle Anfragen", cells: caseCells + " statecode:90", order: "-createdon"},
	{table: "incident", key: "resolved", name: "Resolved Cases|Gelöste Anfragen", cells: caseCells + " customersatisfactioncode:120", order: "-modifiedon", where: "statecode eq 1"},
	{table: "incident", key: "myresolved", name: "My Resolved Cases|Meine gelösten Anfragen", cells: caseCells, order: "-modifiedon", where: "statecode eq 1; ownerid eq-userid"},
	{table: "incident", key: "week", name: "Cases Opened in the Last 7 Days|Anfragen der letzten 7 Tage", cells: caseCells, order: "-createdon", where: "createdon last-x-days 7"},
	{table: "incident", key: "escalated", name: "Escalated Cases|Eskalierte Anfragen", cells: "title:320 prioritycode:90 escalatedon:150 customerid:200 ownerid:150 resolveby:150", order: "escalatedon", where: "statecode eq 0; isescalated eq 1"},
	{table: "incident", key: "late", name: "Cases Past Their Deadline|Anfragen nach Frist", cells: "title:320 prioritycode:90 resolveby:150 resolvebyslastatus:130 customerid:200 ownerid:150", order: "resolveby", where: "statecode eq 0; resolveby olderthan-x-hours 1"},
	{table: "incident", key: "queue", name: "Cases in a Queue|Anfragen in Warteschlangen", cells: "title:320 prioritycode:90 q.queueid:160 q.enteredon:150 q.workerid:150", order: "prioritycode", where: "statecode eq 0", links: []link{{table: "queueitem", from: "objectid", to: "incidentid", alias: "q", kind: "inner", columns: "queueid enteredon workerid", where: "statecode eq 0"}}},
	{table: "incident", key: "none", name: "Cases Opened Tomorrow|Morgen eröffnete Anfragen", cells: caseCells, order: "title", where: "createdon tomorrow"},
	{table: "incident", key: "quickfind", name: "Quick Find Active Cases|Schnellsuche aktive Anfragen", kind: quickFindView, standard: true, cells: caseCells, order: "title", where: "statecode eq 0", find: "title ticketnumber"},
	{table: "incident", key: "lookup", name: "Case Lookup View|Nachschlageansicht Anfrage", kind: lookupView, standard: true, cells: "title:320 ticketnumber:150", order: "title"},
	{table: "incident", key: "associated", name: "Case Associated View|Zugeordnete Anfragen", kind: associatedView, standard: true, cells: "title:320 statuscode:120 createdon:140", order: "-createdon"},

	{table: "activitypointer", key: "my", name: "My Activities|Meine Aktivitäten", standard: true, cells: activityCells, order: "scheduledend", where: "statecode in 0,3; ownerid eq-userid"},
	{table: "activitypointer", key: "open", name: "Open Activities|Offene Aktivitäten", cells: activityCells, order: "scheduledend", where: "statecode in 0,3"},
	{table: "activitypointer", key: "all", name: "All Activities|Alle Aktivitäten", cells: activityCells, order: "-scheduledend"},
	{table: "activitypointer", key: "overdue", name: "My Overdue Activities|Meine überfälligen Aktivitäten", cells: activityCells, order: "scheduledend", where: "statecode in 0,3; ownerid eq-userid; scheduledend olderthan-x-days 1"},
	{table: "activitypointer", key: "week", name: "Due in the Next 7 Days|Fällig in den nächsten 7 Tagen", cells: activityCells, order: "scheduledend", where: "statecode in 0,3; scheduledend next-seven-days"},
	{table: "activitypointer", key: "done", name: "Completed in the Last 30 Days|In den letzten 30 Tagen erledigt", cells: activityCells, order: "-actualend", where: "statecode eq 1; actualend last-x-days 30"},
	{table: "activitypointer", key: "quickfind", name: "Quick Find All Activities|Schnellsuche alle Aktivitäten", kind: quickFindView, standard: true, cells: activityCells, order: "subject", find: "subject"},

	{table: "hf_sitevisit", key: "active", name: "Active Site Visits|Aktive Vor-Ort-Besuche", standard: true, cells: visitCells, order: "-hf_visitdate", where: "statecode eq 0"},
	{table: "hf_sitevisit", key: "my", name: "My Site Visits|Meine Vor-Ort-Besuche", cells: visitCells, order: "-hf_visitdate", where: "statecode eq 0; ownerid eq-userid"},
	{table: "hf_sitevisit", key: "upcoming", name: "Upcoming Site Visits|Kommende Vor-Ort-Besuche", cells: visitCells, order: "hf_visitdate", where: "hf_visitdate next-x-weeks 6"},
	{table: "hf_sitevisit", key: "pricing", name: "Visits about Pricing|Besuche zu Preisen", cells: visitCells, order: "-hf_visitdate", where: "hf_topics contain-values 751230001"},
	{table: "hf_sitevisit", key: "associated", name: "Site Visit Associated View|Zugeordnete Besuche", kind: associatedView, standard: true, cells: "hf_name:280 hf_visitdate:110 hf_outcome:120", order: "-hf_visitdate"},
	{table: "hf_sitevisit", key: "lookup", name: "Site Visit Lookup View|Nachschlageansicht Besuch", kind: lookupView, standard: true, cells: "hf_name:280 hf_visitdate:110", order: "hf_name"},
	{table: "hf_vessel", key: "active", name: "Active Vessels|Aktive Schiffe", standard: true, cells: vesselCells, order: "hf_name", where: "statecode eq 0"},
	{table: "hf_vessel", key: "my", name: "My Vessels|Meine Schiffe", cells: vesselCells, order: "hf_name", where: "statecode eq 0; ownerid eq-userid"},
	{table: "hf_vessel", key: "laidup", name: "Laid-up Vessels|Aufgelegte Schiffe", cells: vesselCells, order: "hf_name", where: "statecode eq 1"},
	{table: "hf_vessel", key: "associated", name: "Vessel Associated View|Zugeordnete Schiffe", kind: associatedView, standard: true, cells: "hf_name:220 hf_type:120 hf_dayrate:120", order: "hf_name"},
	{table: "hf_vessel", key: "lookup", name: "Vessel Lookup View|Nachschlageansicht Schiff", kind: lookupView, standard: true, cells: "hf_name:220 hf_imo:120", order: "hf_name", where: "statecode eq 0"},
	{table: "hf_vessel", key: "quickfind", name: "Quick Find Vessels|Schnellsuche Schiffe", kind: quickFindView, standard: true, cells: vesselCells, order: "hf_name", find: "hf_name hf_imo hf_callsign"},

	{table: "hf_sitevisit", key: "quickfind", name: "Quick Find Site Visits|Schnellsuche Vor-Ort-Besuche", kind: quickFindView, standard: true, cells: visitCells, order: "hf_name", find: "hf_name"},

	{table: "systemuser", key: "enabled", name: "Enabled Users|Aktivierte Benutzer", standard: true, cells: "fullname:200 title:180 businessunitid:160 internalemailaddress:220", order: "fullname", where: "isdisabled eq 0; accessmode ne 4"},
	{table: "systemuser", key: "reports", name: "My Direct Reports|Meine direkten Mitarbeiter", cells: "fullname:200 title:180 businessunitid:160", order: "fullname", where: "parentsystemuserid eq-userid"},
	{table: "systemuser", key: "quickfind", name: "Quick Find Users|Schnellsuche Benutzer", kind: quickFindView, standard: true, cells: "fullname:200 title:180", order: "fullname", where: "isdisabled eq 0", find: "fullname internalemailaddress"},
	{table: "team", key: "owner", name: "All Owner Teams|Alle Besitzerteams", standard: true, cells: "name:220 businessunitid:160 administratorid:160", order: "name", where: "teamtype eq 0"},
	{table: "queueitem", key: "all", name: "All Items|Alle Elemente", standard: true, cells: "title:300 enteredon:150 queueid:160 workerid:160", order: "-enteredon", where: "statecode eq 0"},
	{table: "queueitem", key: "my", name: "Items I am working on|Elemente, an denen ich arbeite", cells: "title:300 enteredon:150 queueid:160", order: "-enteredon", where: "statecode eq 0; workerid eq-userid"},
}

// activityViews are the same for each kind of activity.
func activityViews() []view {
	var list []view
	for _, a := range []struct{ table, one, many, manyDE string }{
		{"task", "Task", "Tasks", "Aufgaben"}, {"phonecall", "Phone Call", "Phone Calls", "Telefonanrufe"},
		{"appointment", "Appointment", "Appointments", "Termine"}, {"email", "Email", "Emails", "E-Mails"},
	} {
		cells := "subject:300 regardingobjectid:220 prioritycode:90 statuscode:120 scheduledend:150 ownerid:140"
		list = append(list,
			view{table: a.table, key: "my", name: "My " + a.many + "|Meine " + a.manyDE, standard: true, cells: cells, order: "scheduledend", where: "statecode in 0,3; ownerid eq-userid"},
			view{table: a.table, key: "open", name: "Open " + a.many + "|Offene " + a.manyDE, cells: cells, order: "scheduledend", where: "statecode in 0,3"},
			view{table: a.table, key: "all", name: "All " + a.many + "|Alle " + a.manyDE, cells: cells, order: "-scheduledend"},
			view{table: a.table, key: "done", name: "Completed " + a.many + "|Erledigte " + a.manyDE, cells: cells + " actualend:150", order: "-actualend", where: "statecode eq 1"},
			view{table: a.table, key: "quickfind", name: "Quick Find " + a.many + "|Schnellsuche " + a.manyDE, kind: quickFindView, standard: true, cells: cells, order: "subject", find: "subject"},
		)
	}
	return list
}
