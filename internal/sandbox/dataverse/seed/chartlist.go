package seed

import (
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

const (
	revenueAxis = "Est. Revenue (sum)|Geschätzter Umsatz (Summe)"
	actualAxis  = "Actual Revenue (sum)|Tatsächlicher Umsatz (Summe)"
	countAxis   = "Count|Anzahl"
)

var systemCharts = []chart{
	{table: "opportunity", key: "pipeline", name: "Sales Pipeline|Vertriebspipeline", kind: "Funnel", groups: "stepname", measures: "estimatedvalue.sum", order: "g0", standard: true},
	{table: "opportunity", key: "wonbymonth", name: "Won by Month|Gewonnen nach Monat", kind: "Column", groups: "actualclosedate.month", measures: "actualvalue.sum", x: "Month (Actual Close Date)|Monat (Abschluss)", y: actualAxis},
	{table: "opportunity", key: "yearonyear", name: "Won: Month by Year|Gewonnen: Monat nach Jahr", kind: "Line", groups: "actualclosedate.month actualclosedate.year", measures: "actualvalue.sum", x: "Month|Monat", y: actualAxis, where: "statecode eq 1", legend: "bottom"},
	{table: "opportunity", key: "byindustry", name: "Pipeline by Industry|Pipeline nach Branche", kind: "pie", groups: "account/accountid/parentaccountid/industrycode", measures: "estimatedvalue.sum", order: "-m0"},
	{table: "opportunity", key: "ownerstage", name: "Pipeline by Owner and Stage|Pipeline nach Besitzer und Phase", kind: "StackedBar", groups: "ownerid salesstage", measures: "estimatedvalue.sum", x: "Owner|Besitzer", y: revenueAxis},
	{table: "opportunity", key: "ratingstage", name: "Stage by Rating (share)|Phase nach Bewertung (Anteil)", kind: "StackedColumn100", groups: "salesstage opportunityratingcode", measures: "opportunityid.count", x: "Sales Stage|Vertriebsphase", y: countAxis},
	{table: "opportunity", key: "stagestacked", name: "Stage by Rating|Phase nach Bewertung", kind: "StackedColumn", groups: "salesstage opportunityratingcode", measures: "estimatedvalue.sum", x: "Sales Stage|Vertriebsphase", y: revenueAxis, legend: "bottom"},
	{table: "opportunity", key: "closeline", name: "Expected Closings by Month|Erwartete Abschlüsse nach Monat", kind: "Line", groups: "estimatedclosedate.month", measures: "estimatedvalue.sum", x: "Month|Monat", y: revenueAxis},
	{table: "opportunity", key: "createdarea", name: "New Opportunities by Quarter|Neue Verkaufschancen nach Quartal", kind: "Area", groups: "createdon.quarter", measures: "opportunityid.count", x: "Quarter|Quartal", y: countAxis},
	{table: "opportunity", key: "closeweek", name: "Closings by Week|Abschlüsse nach Woche", kind: "Column", groups: "estimatedclosedate.week", measures: "estimatedvalue.sum", x: "Week|Woche", y: revenueAxis},
	{table: "opportunity", key: "rating", name: "Pipeline by Rating|Pipeline nach Bewertung", kind: "Doughnut", groups: "opportunityratingcode", measures: "estimatedvalue.sum"},
	{table: "opportunity", key: "status", name: "Opportunities by Status Reason|Verkaufschancen nach Statusgrund", kind: "Doughnut", groups: "statuscode", measures: "opportunityid.count"},
	{table: "opportunity", key: "currency", name: "Currencies|Währungen", kind: "Tag", groups: "transactioncurrencyid", measures: "estimatedvalue_base.sum"},
	{table: "opportunity", key: "leaders", name: "Sales Leaderboard|Vertriebsrangliste", kind: "Bar", groups: "ownerid", measures: "actualvalue.sum", order: "-m0", top: 10, x: "Owner|Besitzer", y: actualAxis},
	{table: "opportunity", key: "topcustomers", name: "Top Opportunities by Customer|Größte Verkaufschancen nach Kunde", kind: "Bar", groups: "customerid", measures: "estimatedvalue.sum", order: "-m0", top: 8, x: "Potential Customer|Potenzieller Kunde", y: revenueAxis},
	{table: "opportunity", key: "estactual", name: "Estimated and Actual by Owner|Geschätzt und tatsächlich nach Besitzer", kind: "Column", groups: "ownerid", measures: "estimatedvalue.sum actualvalue.sum", x: "Owner|Besitzer", y: "Revenue|Umsatz", legend: "top"},
	{table: "opportunity", key: "valuecount", name: "Value and Number by Stage|Wert und Anzahl nach Phase", kind: "Column", kinds: []string{"Column", "Line"}, groups: "salesstage", measures: "estimatedvalue.sum opportunityid.count", x: "Sales Stage|Vertriebsphase", y: revenueAxis, legend: "top"},
	{table: "opportunity", key: "ownershare", name: "Owner by Rating (share)|Besitzer nach Bewertung (Anteil)", kind: "StackedBar100", groups: "ownerid opportunityratingcode", measures: "estimatedvalue.sum", x: "Owner|Besitzer", y: revenueAxis},
	{table: "opportunity", key: "probability", name: "Average Probability by Stage|Mittlere Wahrscheinlichkeit nach Phase", kind: "Bar", groups: "salesstage", measures: "closeprobability.avg", x: "Sales Stage|Vertriebsphase", y: "Probability (avg)|Wahrscheinlichkeit (Mittel)", plain: true},
	{table: "opportunity", key: "largest", name: "Largest Deal by Currency|Größter Abschluss nach Währung", kind: "Column", groups: "transactioncurrencyid", measures: "estimatedvalue.max", x: "Currency|Währung", y: "Est. Revenue (max)|Geschätzter Umsatz (Max.)", hideValues: true},
	{table: "opportunity", key: "margin", name: "Average Margin by Rating|Mittlere Marge nach Bewertung", kind: "Column", groups: "opportunityratingcode", measures: "hf_marginpercent.avg", x: "Rating|Bewertung", y: "Margin (avg)|Marge (Mittel)"},
	{table: "opportunity", key: "fiscal", name: "Closings by Fiscal Period|Abschlüsse nach Geschäftsperiode", kind: "Column", groups: "actualclosedate.fiscal-period", measures: "actualvalue.sum", x: "Fiscal Period|Geschäftsperiode", y: actualAxis},
	{table: "opportunity", key: "areastack", name: "Closings by Month and Stage|Abschlüsse nach Monat und Phase", kind: "StackedArea", groups: "estimatedclosedate.month salesstage", measures: "estimatedvalue.sum", x: "Month|Monat", y: revenueAxis},

	{table: "account", key: "industry", name: "Accounts by Industry|Firmen nach Branche", kind: "Column", groups: "industrycode", measures: "accountid.count", x: "Industry|Branche", y: countAxis, standard: true},
	{table: "account", key: "owner", name: "Accounts by Owner|Firmen nach Besitzer", kind: "Bar", groups: "ownerid", measures: "accountid.count", order: "-m0", x: "Owner|Besitzer", y: countAxis},
	{table: "account", key: "territory", name: "Revenue by Territory|Umsatz nach Gebiet", kind: "Bar", groups: "territoryid", measures: "revenue.sum", x: "Territory|Gebiet", y: "Annual Revenue (sum)|Jahresumsatz (Summe)"},
	{table: "account", key: "loyalty", name: "Accounts by Loyalty Tier|Firmen nach Treuestufe", kind: "Doughnut", groups: "hf_loyaltytier", measures: "accountid.count"},
	{table: "account", key: "new", name: "New Accounts by Month|Neue Firmen nach Monat", kind: "Line", groups: "createdon.month", measures: "accountid.count", x: "Month|Monat", y: countAxis},
	{table: "account", key: "hold", name: "Credit Hold|Kreditsperre", kind: "Pie", groups: "creditonhold", measures: "accountid.count"},
	{table: "contact", key: "account", name: "Contacts by Account (top 10)|Kontakte nach Firma (Top 10)", kind: "Bar", groups: "parentcustomerid", measures: "contactid.count", order: "-m0", top: 10, x: "Company Name|Firmenname", y: countAxis, standard: true},
	{table: "contact", key: "method", name: "Contacts by Preferred Method|Kontakte nach bevorzugter Methode", kind: "Pie", groups: "preferredcontactmethodcode", measures: "contactid.count"},
	{table: "lead", key: "source", name: "Leads by Source|Leads nach Quelle", kind: "Pie", groups: "leadsourcecode", measures: "leadid.count", standard: true},
	{table: "lead", key: "funnel", name: "Leads by Rating|Leads nach Bewertung", kind: "Funnel", groups: "leadqualitycode", measures: "leadid.count"},
	{table: "lead", key: "sourcerating", name: "Source by Rating|Quelle nach Bewertung", kind: "StackedColumn", groups: "leadsourcecode leadqualitycode", measures: "leadid.count", x: "Lead Source|Leadquelle", y: countAxis},
	{table: "incident", key: "priority", name: "Cases by Priority|Anfragen nach Priorität", kind: "Doughnut", groups: "prioritycode", measures: "incidentid.count", standard: true},
	{table: "incident", key: "origin", name: "Cases by Origin|Anfragen nach Ursprung", kind: "Column", groups: "caseorigincode", measures: "incidentid.count", x: "Origin|Ursprung", y: countAxis},
	{table: "incident", key: "day", name: "Cases by Day|Anfragen nach Tag", kind: "Area", groups: "createdon.day", measures: "incidentid.count", x: "Created On|Erstellt am", y: countAxis},
	{table: "incident", key: "month", name: "Cases by Month|Anfragen nach Monat", kind: "Line", groups: "createdon.month", measures: "incidentid.count", x: "Month|Monat", y: countAxis},
	{table: "incident", key: "ownerpriority", name: "Cases by Agent and Priority|Anfragen nach Bearbeiter und Priorität", kind: "StackedBar", groups: "ownerid prioritycode", measures: "incidentid.count", x: "Owner|Besitzer", y: countAxis},
	{table: "incident", key: "satisfaction", name: "Satisfaction by Subject|Zufriedenheit nach Thema", kind: "StackedBar100", groups: "subjectid customersatisfactioncode", measures: "incidentid.count", x: "Subject|Thema", y: countAxis},
	{table: "incident", key: "sla", name: "Deadlines Kept|Eingehaltene Fristen", kind: "Tag", groups: "resolvebyslastatus", measures: "incidentid.count"},
	{table: "incident", key: "account", name: "Cases by Account (top 5)|Anfragen nach Firma (Top 5)", kind: "Bar", groups: "customerid", measures: "incidentid.count", order: "-m0", top: 5, x: "Customer|Kunde", y: countAxis},
	{table: "activitypointer", key: "type", name: "Activities by Type|Aktivitäten nach Typ", kind: "Column", groups: "activitytypecode", measures: "activityid.count", x: "Activity Type|Aktivitätstyp", y: countAxis, standard: true},
	{table: "activitypointer", key: "owner", name: "Activities by Owner and Priority|Aktivitäten nach Besitzer und Priorität", kind: "StackedColumn", groups: "ownerid prioritycode", measures: "activityid.count", x: "Owner|Besitzer", y: countAxis},
	{table: "activitypointer", key: "due", name: "Activities by Due Day|Aktivitäten nach Fälligkeit", kind: "Area", groups: "scheduledend.day", measures: "activityid.count", x: "Due Date|Fälligkeit", y: countAxis},
	{table: "hf_sitevisit", key: "outcome", name: "Visits by Outcome|Besuche nach Ergebnis", kind: "Column", groups: "hf_outcome", measures: "hf_sitevisitid.count hf_cost.sum", x: "Outcome|Ergebnis", y: countAxis, standard: true, legend: "top"},
	{table: "hf_sitevisit", key: "rating", name: "Average Rating by Month|Mittlere Bewertung nach Monat", kind: "Line", groups: "hf_visitdate.month", measures: "hf_rating.avg", x: "Month|Monat", y: "Rating (avg)|Bewertung (Mittel)"},
}

func (f *filler) charts() {
	for _, c := range systemCharts {
		f.insert("savedqueryvisualization", engine.Row{
			"savedqueryvisualizationid": c.id(), "name": f.say(c.name), "primaryentitytypecode": c.table, "datadescription": c.data(),
			"presentationdescription": c.presentation(f.org.LCID), "isdefault": c.standard, "charttype": 0, "type": 0, "componentstate": 0,
		})
	}
	// A chart drawn by a web resource has no description of its own.
	f.insert("savedqueryvisualization", engine.Row{
		"savedqueryvisualizationid": chartID("opportunity/webresource"), "name": f.say("Deal Map|Abschlusskarte"), "primaryentitytypecode": "opportunity",
		"webresourceid": ref("webresource", webResourceID("hf_/deals/map.html")), "isdefault": false, "charttype": 0, "type": 0,
	})
	for _, p := range personalCharts {
		owner := f.byKey[p.owner]
		if owner == nil {
			continue
		}
		f.insert("userqueryvisualization", engine.Row{
			"userqueryvisualizationid": f.fixed("userqueryvisualization", p.owner+"/"+p.key), "name": f.say(p.name), "primaryentitytypecode": p.table, "ownerid": owner.owner(),
			"datadescription": p.data(), "presentationdescription": p.presentation(f.org.LCID), "isdefault": false, "charttype": 0, "createdon": f.before(90),
		})
	}
}

// personalChart is a chart of one person.
type personalChart struct {
	chart
	owner string
}

var personalCharts = []personalChart{
	{chart{table: "opportunity", key: "mine", name: "My odds & chances|Meine Chancen", kind: "Bar", groups: "purchasetimeframe", measures: "estimatedvalue.sum opportunityid.count", x: "When|Wann", y: revenueAxis, legend: "bottom"}, "seller"},
	{chart{table: "opportunity", key: "spread", name: "Spread by country|Streuung nach Land", kind: "Column", groups: "account/accountid/parentaccountid/address1_country", measures: "estimatedvalue_base.sum", order: "-m0", y: revenueAxis}, "manager"},
}
