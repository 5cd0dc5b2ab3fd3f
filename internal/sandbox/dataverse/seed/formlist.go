package seed

var (
	salesForms   = []string{"manager", "admin"}
	quickAccount = "account/card_view"
	quickContact = "contact/card_view"
)

// formList are the designed forms. Tables without a main form of their own get a plain one.
var formList = []form{
	{table: "account", key: "main", name: "Account|Firma", kind: mainForm, order: 2, fallback: true, scripted: true,
		header: "-revenue numberofemployees ownerid", footer: "-statecode", hidden: "createdby modifiedon",
		says: map[string]string{"~@notes*1x8": "Timeline|Zeitachse", "name": "Account Name|Name der Firma", "@grid:contact_customer_accounts:contact/associated:5": "Contacts|Kontakte"},
		tabs: []formTab{
			{label: "Summary|Zusammenfassung", widths: []int{34, 33, 33}, sections: []formSection{
				{label: "Account information|Firmeninformationen", columns: 1, cells: "!name accountnumber telephone1 ?fax websiteurl emailaddress1 parentaccountid tickersymbol entityimage customertypecode hf_loyaltytier hf_segments"},
				{label: "Address|Adresse", columns: 2, cells: "address1_line1*2 address1_postalcode address1_city address1_stateorprovince address1_country ~-address1_composite*2x2 @map*2x3"},
				{in: 1, columns: 1, cells: "~@notes*1x8"},
				{in: 2, label: "Primary contact|Hauptkontakt", columns: 1, cells: "primarycontactid^contact_customer_accounts^accountid^account ~@quick:primarycontactid:" + quickContact + "*1x4"},
				{in: 2, columns: 1, cells: "@grid:contact_customer_accounts:contact/associated:5*1x5"},
				{in: 2, columns: 1, cells: "@grid:opportunity_parent_account:opportunity/associated:5*1x5 @grid:hf_account_hf_vessel_AccountId:hf_vessel/associated:3*1x4"},
			}},
			{label: "Details|Details", widths: []int{50, 50}, sections: []formSection{
				{label: "Company profile|Firmenprofil", columns: 2, beside: true, cells: "industrycode ownershipcode revenue numberofemployees -hf_revenueperhead sic hf_customersince hf_nextreview hf_officeopens hf_traveltime hf_healthscore _ hf_profile*2x5 description*2x3"},
				{in: 1, label: "Billing|Abrechnung", columns: 2, cells: "transactioncurrencyid creditlimit creditonhold paymenttermscode -opendeals -openrevenue hf_contract*2"},
				{in: 1, label: "Contact preferences|Kontakteinstellungen", columns: 3, cells: "preferredcontactmethodcode donotemail donotbulkemail donotphone donotfax donotpostalmail"},
				{in: 1, label: "Location|Lage", columns: 2, cells: "address1_latitude address1_longitude territoryid preferredsystemuserid"},
				{in: 1, label: "Internal|Intern", columns: 1, hidden: true, cells: "masterid merged"},
			}},
			{label: "Cases and leads|Anfragen und Leads", collapsed: true, sections: []formSection{
				{columns: 1, cells: "@grid:incident_customer_accounts:incident/associated:6*1x6 @grid:accountleads_association:lead/open:4*1x4 @view:opportunity/overdue:4*1x5"},
			}},
			{label: "Elsewhere|Anderswo", collapsed: true, sections: []formSection{
				{columns: 2, cells: "@web:hf_/deals/map.html*1x4 @frame:https://intranet.harborfinch.example/account?x=1*1x4 @custom:hf_Weather.Widget*2x2"},
			}},
			{label: "Administration|Verwaltung", hidden: true, sections: []formSection{{columns: 2, cells: "-createdon -createdby -modifiedon -modifiedby statuscode"}}},
		}},
	{table: "account", key: "keyaccount", name: "Key Account|Schlüsselkunde", kind: mainForm, order: 1, roles: salesForms, only: salesOnly,
		header: "-creditlimit -openrevenue ownerid",
		tabs: []formTab{{label: "Key figures|Kennzahlen", widths: []int{60, 40}, sections: []formSection{
			{columns: 4, cells: "!name*4 revenue creditlimit creditonhold -openrevenue aging30 aging60 aging90 -opendeals hf_loyaltytier hf_segments*2 hf_healthscore"},
			{in: 1, columns: 1, cells: "~@notes*1x10"},
		}}, {label: "Opportunities|Verkaufschancen", sections: []formSection{{columns: 1, cells: "@grid:opportunity_parent_account:opportunity/open:10*1x10"}}}}},
	{table: "account", key: "old", name: "Account (2016)|Firma (2016)", kind: mainForm, order: 9, off: true, tabs: []formTab{{label: "General|Allgemein", sections: []formSection{{columns: 2, cells: "name telephone1 fax"}}}}},
	{table: "account", key: "card_view", name: "Account Card|Firmenkarte", kind: quickView, tabs: []formTab{{sections: []formSection{{columns: 1, cells: "-name -telephone1 -address1_city -primarycontactid -@grid:contact_customer_accounts:contact/associated:3*1x3"}}}}},
	{table: "account", key: "new", name: "Account Quick Create|Firma: Schnellerfassung", kind: quickNew, tabs: []formTab{{widths: []int{50, 50}, sections: []formSection{
		{label: "Details|Details", columns: 1, cells: "!name telephone1 websiteurl primarycontactid hf_loyaltytier revenue transactioncurrencyid"}, {in: 1, label: "Address|Adresse", columns: 1, cells: "address1_line1 address1_postalcode address1_city address1_country description*1x2"}}}}},
	{table: "account", key: "card", name: "Account Card Form|Firma: Karte", kind: cardForm, tabs: []formTab{{sections: []formSection{{label: "ColorStrip", columns: 1, cells: "statuscode"}, {label: "Header", columns: 1, cells: "name"}, {label: "Details", columns: 1, cells: "telephone1 address1_city primarycontactid"}}}}},

	{table: "contact", key: "main", name: "Contact|Kontakt", kind: mainForm, order: 1, fallback: true, header: "ownerid -statecode",
		tabs: []formTab{
			{label: "Summary|Zusammenfassung", widths: []int{34, 33, 33}, sections: []formSection{
				{label: "Contact information|Kontaktinformationen", columns: 1, cells: "firstname !lastname jobtitle department parentcustomerid emailaddress1 telephone1 mobilephone fax preferredcontactmethodcode entityimage"},
				{label: "Address|Adresse", columns: 1, cells: "address1_line1 address1_postalcode address1_city address1_country"},
				{in: 1, columns: 1, cells: "~@notes*1x8"},
				{in: 2, label: "Company|Firma", columns: 1, cells: "~@quick:parentcustomerid:" + quickAccount + "," + quickContact + "*1x4"},
				{in: 2, columns: 1, cells: "@grid:opportunity_parent_contact:opportunity/associated:4*1x5 @grid:contact_as_primary_contact:incident/associated:4*1x5 @grid:hf_Vessel_Contact_Crew:hf_vessel/associated:4*1x4"},
			}},
			{label: "Details|Details", sections: []formSection{
				{label: "Personal information|Persönliche Informationen", columns: 3, cells: "salutation nickname suffix birthdate gendercode familystatuscode spousesname anniversary hf_language hf_zone hf_interests*2 description*3x3"},
				{label: "Billing|Abrechnung", columns: 2, cells: "transactioncurrencyid creditlimit paymenttermscode creditonhold"},
				{label: "Preferences|Einstellungen", columns: 3, cells: "donotemail donotbulkemail donotphone donotfax donotpostalmail followemail"},
			}},
		}},
	{table: "contact", key: "lean", name: "Contact (short)|Kontakt (kurz)", kind: mainForm, order: 2, roles: []string{"seller", "csr"}, tabs: []formTab{{label: "General|Allgemein", widths: []int{50, 50}, sections: []formSection{
		{columns: 2, cells: "firstname lastname emailaddress1*2 telephone1 mobilephone parentcustomerid*2"}, {in: 1, columns: 1, cells: "~@notes*1x6"}}}}},
	{table: "contact", key: "card_view", name: "Contact Card|Kontaktkarte", kind: quickView, tabs: []formTab{{sections: []formSection{{columns: 1, cells: "-fullname -jobtitle -emailaddress1 -telephone1 -mobilephone"}}}}},
	{table: "contact", key: "new", name: "Contact Quick Create|Kontakt: Schnellerfassung", kind: quickNew, tabs: []formTab{{widths: []int{50, 50}, sections: []formSection{
		{columns: 1, cells: "firstname !lastname jobtitle parentcustomerid"}, {in: 1, columns: 1, cells: "emailaddress1 telephone1 mobilephone description*1x2"}}}}},
	{table: "contact", key: "card", name: "Contact Card Form|Kontakt: Karte", kind: cardForm, tabs: []formTab{{sections: []formSection{{label: "Header", columns: 1, cells: "fullname"}, {label: "Details", columns: 1, cells: "jobtitle parentcustomerid emailaddress1 telephone1"}}}}},

	{table: "opportunity", key: "main", name: "Opportunity|Verkaufschance", kind: mainForm, order: 2, fallback: true, header: "estimatedclosedate estimatedvalue -statuscode ownerid", hidden: "stageid processid",
		tabs: []formTab{
			{label: "Summary|Zusammenfassung", widths: []int{34, 33, 33}, sections: []formSection{
				{columns: 1, cells: "~@process"},
				{label: "Opportunity information|Verkaufschance", columns: 1, cells: "!name parentcontactid^contact_customer_accounts^parentaccountid^account parentaccountid customerid purchasetimeframe transactioncurrencyid budgetamount purchaseprocess msdyn_forecastcategory closeprobability -hf_weightedvalue hf_marginpercent hf_channels"},
				{label: "Needs|Bedarf", columns: 1, cells: "currentsituation customerneed*1x2 proposedsolution*1x2 hf_offer*1x5"},
				{in: 1, columns: 1, cells: "~@notes*1x8"},
				{in: 2, label: "Customer|Kunde", columns: 1, cells: "~@quick:parentcontactid:" + quickContact + "*1x4 ~@quick:parentaccountid:" + quickAccount + "*1x4"},
				{in: 2, columns: 1, cells: "@grid:hf_opportunity_hf_sitevisit_OpportunityId:hf_sitevisit/associated:4*1x4 @grid:opportunity_connections1:connection/active:4*1x4"},
			}},
			{label: "Details|Details", sections: []formSection{
				{label: "Amounts|Beträge", columns: 4, cells: "isrevenuesystemcalculated totallineitemamount discountpercentage discountamount freightamount totaltax -totalamount actualvalue -actualclosedate opportunityratingcode salesstage -stepname"},
				{label: "Steps|Schritte", columns: 3, cells: "decisionmaker confirminterest evaluatefit identifycompetitors identifycustomercontacts developproposal presentproposal captureproposalfeedback filedebrief sendthankyounote finaldecisiondate scheduleproposalmeeting"},
				{columns: 2, cells: "hf_offerfile hf_score description*2x3 originatingleadid emailaddress"},
			}},
		}},
	{table: "opportunity", key: "deal", name: "Deal desk|Deal Desk", kind: mainForm, order: 1, roles: salesForms, only: salesOnly, header: "estimatedvalue closeprobability -statecode ownerid",
		tabs: []formTab{{label: "Deal|Abschluss", widths: []int{66, 34}, sections: []formSection{
			{columns: 3, cells: "!name*3 customerid parentcontactid _ !estimatedvalue estimatedclosedate closeprobability -hf_weightedvalue hf_marginpercent hf_score discountpercentage discountamount budgetstatus need timeline prioritycode"},
			{in: 1, columns: 1, cells: "~@notes*1x10"}}}}},
	{table: "opportunity", key: "new", name: "Opportunity Quick Create|Verkaufschance: Schnellerfassung", kind: quickNew, tabs: []formTab{{widths: []int{50, 50}, sections: []formSection{
		{columns: 1, cells: "!name parentaccountid parentcontactid estimatedclosedate estimatedvalue"}, {in: 1, columns: 1, cells: "purchasetimeframe budgetamount transactioncurrencyid description*1x2"}}}}},
	{table: "opportunity", key: "card", name: "Opportunity Card Form|Verkaufschance: Karte", kind: cardForm, tabs: []formTab{{sections: []formSection{{label: "Header", columns: 1, cells: "name"}, {label: "Details", columns: 1, cells: "estimatedvalue estimatedclosedate parentaccountid"}}}}},
	{table: "opportunity", key: "card_view", name: "Opportunity overview|Verkaufschance im Überblick", kind: quickView, tabs: []formTab{{sections: []formSection{{columns: 1, cells: "-name -estimatedvalue -estimatedclosedate -statuscode"}}}}},

	{table: "lead", key: "main", name: "Lead|Lead", kind: mainForm, order: 1, fallback: true, header: "leadsourcecode leadqualitycode -statuscode ownerid",
		tabs: []formTab{{label: "Summary|Zusammenfassung", widths: []int{34, 33, 33}, sections: []formSection{
			{columns: 1, cells: "~@process"},
			{label: "Contact|Kontakt", columns: 1, cells: "!subject firstname !lastname jobtitle telephone1 mobilephone emailaddress1 entityimage"},
			{label: "Company|Firma", columns: 1, cells: "companyname websiteurl address1_line1 address1_city address1_country"},
			{in: 1, columns: 1, cells: "~@notes*1x8"},
			{in: 2, columns: 1, cells: "estimatedamount estimatedclosedate purchasetimeframe budgetstatus budgetamount decisionmaker parentaccountid parentcontactid -qualifyingopportunityid @grid:accountleads_association:account/active:3*1x4"},
		}}, {label: "Details|Details", sections: []formSection{{columns: 2, beside: true, cells: "industrycode revenue numberofemployees sic transactioncurrencyid donotemail description*2x3"}}}}},
	{table: "lead", key: "new", name: "Lead Quick Create|Lead: Schnellerfassung", kind: quickNew, tabs: []formTab{{widths: []int{50, 50}, sections: []formSection{
		{columns: 1, cells: "!subject firstname !lastname companyname"}, {in: 1, columns: 1, cells: "leadsourcecode emailaddress1 telephone1 estimatedamount"}}}}},

	{table: "incident", key: "main", name: "Case|Anfrage", kind: mainForm, order: 1, fallback: true, header: "prioritycode -createdon -statuscode ownerid",
		tabs: []formTab{{label: "Summary|Zusammenfassung", widths: []int{34, 33, 33}, sections: []formSection{
			{columns: 1, cells: "~@process"},
			{label: "Case details|Anfragedetails", columns: 1, cells: "!title -ticketnumber subjectid !customerid caseorigincode casetypecode productserialnumber parentcaseid description*1x3 hf_findings*1x4"},
			{in: 1, columns: 1, cells: "~@notes*1x8"},
			{in: 2, label: "Deadline|Frist", columns: 1, cells: "@timer:resolveby responseby resolveby -firstresponseslastatus isescalated -escalatedon followupby"},
			{in: 2, label: "Customer|Kunde", columns: 1, cells: "~@quick:customerid:" + quickAccount + "," + quickContact + "*1x4 primarycontactid hf_evidence"},
			{in: 2, columns: 1, cells: "@grid:incident_parent_incident:incident/associated:3*1x4 @view:incident/active:5*1x5"},
		}}, {label: "Additional details|Weitere Details", collapsed: true, sections: []formSection{{columns: 2, cells: "severitycode customersatisfactioncode contractservicelevelcode sentimentvalue billedserviceunits actualserviceunits -onholdtime -lastonholdtime checkemail customercontacted activitiescomplete firstresponsesent"}}}}},
	{table: "incident", key: "desk", name: "Case for supervisors|Anfrage für Leitende", kind: mainForm, order: 0, roles: []string{"csrmanager", "admin"}, only: serviceOnly, header: "prioritycode -statuscode ownerid",
		tabs: []formTab{{label: "Case|Anfrage", widths: []int{60, 40}, sections: []formSection{{columns: 2, cells: "!title*2 customerid primarycontactid isescalated escalatedon responseby resolveby statuscode severitycode description*2x3"}, {in: 1, columns: 1, cells: "~@notes*1x8"}}}}},
	{table: "incident", key: "new", name: "Case Quick Create|Anfrage: Schnellerfassung", kind: quickNew, tabs: []formTab{{widths: []int{50, 50}, sections: []formSection{
		{columns: 1, cells: "!customerid !title subjectid caseorigincode"}, {in: 1, columns: 1, cells: "prioritycode casetypecode description*1x3"}}}}},

	{table: "task", key: "main", name: "Task|Aufgabe", kind: mainForm, fallback: true, header: "prioritycode scheduledend -statuscode ownerid", tabs: []formTab{{label: "Task|Aufgabe", widths: []int{60, 40}, sections: []formSection{
		{columns: 1, cells: "!subject description*1x4 regardingobjectid actualdurationminutes percentcomplete category subcategory"}, {in: 1, columns: 1, cells: "~@notes*1x6"}}}}},
	{table: "task", key: "new", name: "Task Quick Create|Aufgabe: Schnellerfassung", kind: quickNew, tabs: []formTab{{sections: []formSection{{columns: 1, cells: "!subject description*1x3 regardingobjectid scheduledend actualdurationminutes prioritycode ownerid"}}}}},
	{table: "phonecall", key: "main", name: "Phone Call|Telefonanruf", kind: mainForm, fallback: true, header: "prioritycode scheduledend -statuscode ownerid", tabs: []formTab{{label: "Phone Call|Telefonanruf", widths: []int{60, 40}, sections: []formSection{
		{columns: 1, cells: "!subject !from !to phonenumber directioncode description*1x4 regardingobjectid actualdurationminutes leftvoicemail"}, {in: 1, columns: 1, cells: "~@notes*1x6"}}}}},
	{table: "phonecall", key: "new", name: "Phone Call Quick Create|Telefonanruf: Schnellerfassung", kind: quickNew, tabs: []formTab{{sections: []formSection{{columns: 1, cells: "!subject from to directioncode phonenumber description*1x3 regardingobjectid scheduledend actualdurationminutes"}}}}},
	{table: "appointment", key: "main", name: "Appointment|Termin", kind: mainForm, fallback: true, header: "prioritycode -statuscode ownerid", tabs: []formTab{{label: "Appointment|Termin", widths: []int{60, 40}, sections: []formSection{
		{columns: 2, cells: "!subject*2 requiredattendees*2 optionalattendees*2 regardingobjectid*2 location*2 isonlinemeeting isalldayevent !scheduledstart !scheduledend scheduleddurationminutes category description*2x4"}, {in: 1, columns: 1, cells: "~@notes*1x6"}}}}},
	{table: "appointment", key: "new", name: "Appointment Quick Create|Termin: Schnellerfassung", kind: quickNew, tabs: []formTab{{sections: []formSection{{columns: 1, cells: "!subject requiredattendees regardingobjectid location !scheduledstart !scheduledend isalldayevent description*1x3"}}}}},
	{table: "email", key: "main", name: "Email|E-Mail", kind: mainForm, fallback: true, header: "prioritycode -statuscode ownerid", tabs: []formTab{{label: "Email|E-Mail", sections: []formSection{
		{columns: 1, cells: "from to cc !subject ~description*1x10 regardingobjectid"}, {label: "Attachments|Anlagen", columns: 1, cells: "@grid:email_activity_mime_attachment:activitymimeattachment/active:4*1x4"}, {label: "More|Weiteres", columns: 3, cells: "-senton directioncode actualdurationminutes readreceiptrequested deliveryreceiptrequested -attachmentcount"}}}}},

	{table: "hf_sitevisit", key: "main", name: "Site Visit|Vor-Ort-Besuch", kind: mainForm, fallback: true, header: "hf_visitdate hf_outcome ownerid", tabs: []formTab{{label: "General|Allgemein", widths: []int{50, 50}, sections: []formSection{
		{columns: 1, cells: "~@process"},
		{label: "Visit|Besuch", columns: 2, cells: "!hf_name*2 !hf_accountid hf_contactid^contact_customer_accounts^hf_accountid^account hf_opportunityid hf_vesselid hf_visitdate hf_arrival hf_duration hf_distance hf_topics*2 hf_rating hf_safetybriefing hf_cost transactioncurrencyid hf_report*2 hf_notes*2x4"},
		{in: 1, columns: 1, cells: "~@notes*1x6 ~@quick:hf_accountid:" + quickAccount + "*1x4"}}}}},
	{table: "hf_sitevisit", key: "new", name: "Site Visit Quick Create|Besuch: Schnellerfassung", kind: quickNew, tabs: []formTab{{sections: []formSection{{columns: 1, cells: "!hf_name !hf_accountid hf_contactid hf_visitdate hf_topics hf_notes*1x2"}}}}},

	{table: "hf_vessel", key: "main", name: "Vessel|Schiff", kind: mainForm, fallback: true, header: "-hf_vesselnumber hf_imo -statuscode ownerid", footer: "-modifiedon -modifiedby", tabs: []formTab{
		{label: "General|Allgemein", widths: []int{60, 40}, sections: []formSection{
			{label: "Vessel|Schiff", columns: 3, cells: "!hf_name*2 hf_photo*1x4 hf_callsign hf_type | hf_iceclass hf_cargo | hf_loyaltytier hf_built | hf_remarks*3x2"},
			{label: "Size|Größe", columns: 4, cells: "hf_length hf_draught -hf_section hf_crewsize"},
			{label: "Business|Geschäft", columns: 2, cells: "hf_accountid hf_chartererid hf_sisterid hf_yardid hf_homeportid transactioncurrencyid hf_dayrate hf_turnaround -hf_turnaroundcost hf_insuredvalue -hf_visits -hf_visitcost"},
			{in: 1, columns: 1, cells: "~@notes*1x8 @grid:hf_vessel_hf_sitevisit_VesselId:hf_sitevisit/associated:4*1x4 @grid:hf_Vessel_Contact_Crew:contact/associated:4*1x4"},
		}},
		{label: "Schedule and contact|Planung und Kontakt", sections: []formSection{
			{label: "Dates|Daten", columns: 2, beside: true, cells: "hf_nextinspection hf_lastcontact hf_departure hf_drydock hf_homezone hf_crewlanguage"},
			{label: "Bridge|Brücke", columns: 2, cells: "hf_bridgeemail hf_bridgephone hf_trackingurl*2"},
			{label: "Documents|Dokumente", columns: 1, cells: "hf_certificate hf_specification*1x5 hf_history*1x3"}}},
	}},
	{table: "hf_vessel", key: "new", name: "Vessel Quick Create|Schiff: Schnellerfassung", kind: quickNew, tabs: []formTab{{sections: []formSection{{columns: 2, cells: "!hf_name !hf_imo hf_type hf_accountid hf_length hf_draught"}}}}},
	{table: "hf_vessel", key: "card_view", name: "Vessel overview|Schiff im Überblick", kind: quickView, tabs: []formTab{{sections: []formSection{{columns: 1, cells: "-hf_photo -hf_name -hf_type -hf_dayrate"}}}}},
}
