package seed

// boards are the organization's dashboards.
var boards = append(salesBoards, serviceBoards...)

var (
	salesOnly   = []string{"sales", "second"}
	serviceOnly = []string{"service"}
)

var salesBoards = []board{
	{key: "salesactivity", name: "Sales Activity|Vertriebsaktivität", text: "What a seller looks at first.|Der erste Blick im Vertrieb.", only: salesOnly,
		roles: []string{"seller", "manager", "admin", "customizer"},
		tabs: []tab{{sections: []section{{label: "Overview|Überblick", columns: 3, rows: [][]cell{
			{
				{"Open pipeline by stage|Offene Pipeline nach Phase", 6, 1, graph("opportunity/open", "opportunity/pipeline")},
				{"My open opportunities|Meine offenen Verkaufschancen", 6, 2, list("opportunity/my", 8, "opportunity/my", "opportunity/open", "opportunity/team", "opportunity/next30")},
			}, {
				{"Won by month|Gewonnen nach Monat", 6, 1, graph("opportunity/wonyear", "opportunity/wonbymonth")},
				{"Pipeline by industry|Pipeline nach Branche", 6, 1, graph("opportunity/open", "opportunity/byindustry")},
				{"Top customers|Größte Kunden", 6, 1, graph("opportunity/open", "opportunity/topcustomers")},
			}, {
				{"My activities|Meine Aktivitäten", 7, 3, list("activitypointer/my", 10)},
			},
		}}}}}},
	{key: "salesmanager", name: "Sales Manager Dashboard|Dashboard Vertriebsleitung", only: salesOnly, roles: []string{"manager"},
		tabs: []tab{
			{label: "Pipeline|Pipeline", widths: []int{67, 33}, sections: []section{
				{columns: 2, rows: [][]cell{
					{{"By owner and stage|Nach Besitzer und Phase", 8, 1, graph("opportunity/open", "opportunity/ownerstage")}, {"Rating share|Anteil der Bewertung", 8, 1, graph("opportunity/open", "opportunity/ratingstage")}},
					{{"Expected closings|Erwartete Abschlüsse", 6, 2, graph("opportunity/open", "opportunity/closeline")}},
				}},
				{in: 1, columns: 1, rows: [][]cell{
					{{"By rating|Nach Bewertung", 6, 1, graph("opportunity/open", "opportunity/rating")}},
					{{"Currencies|Währungen", 3, 1, graph("opportunity/open", "opportunity/currency")}},
					{{"Leaderboard|Rangliste", 6, 1, graph("opportunity/wonyear", "opportunity/leaders")}},
				}},
			}},
			{label: "Closing soon|Bald fällig", sections: []section{{columns: 1, rows: [][]cell{
				{{"Closing this month|Abschluss in diesem Monat", 8, 1, list("opportunity/thismonth", 10, "opportunity/thismonth", "opportunity/next30", "opportunity/overdue")}},
			}}}},
			{label: "History|Verlauf", collapsed: true, sections: []section{{columns: 2, rows: [][]cell{
				{{"New by quarter|Neu nach Quartal", 6, 1, graph("opportunity/all", "opportunity/createdarea")}, {"This year against last|Dieses Jahr gegen letztes", 6, 1, graph("opportunity/closed", "opportunity/yearonyear")}},
			}}}},
		}},
	{key: "company", name: "Company overview|Unternehmensüberblick", text: "For everybody.|Für alle.", standard: true,
		tabs: []tab{{sections: []section{{columns: 3, rows: [][]cell{
			{{"Accounts by industry|Firmen nach Branche", 6, 2, graph("account/active", "account/industry")}, {"Loyalty|Treue", 6, 1, graph("account/active", "account/loyalty")}},
			{{"Accounts|Firmen", 7, 2, list("account/active", 8)}, {"Top 10 by contacts|Top 10 nach Kontakten", 7, 1, graph("contact/active", "contact/account")}},
			{{"Site visits|Vor-Ort-Besuche", 6, 1, graph("hf_sitevisit/active", "hf_sitevisit/outcome")}, {"Upcoming visits|Kommende Besuche", 6, 2, list("hf_sitevisit/upcoming", 6)}},
		}}}}}},
	{key: "gallery", name: "Chart gallery|Diagrammgalerie", text: "Every type of chart.|Jede Diagrammart.", only: salesOnly,
		tabs: []tab{
			{label: "Columns and bars|Säulen und Balken", sections: []section{{columns: 3, rows: [][]cell{
				{{"Column|Säule", 6, 1, graph("account/active", "account/industry")}, {"Stacked column|Gestapelte Säule", 6, 1, graph("opportunity/open", "opportunity/stagestacked")}, {"100 % stacked column|Gestapelte Säule 100 %", 6, 1, graph("opportunity/open", "opportunity/ratingstage")}},
				{{"Bar|Balken", 6, 1, graph("opportunity/open", "opportunity/probability")}, {"Stacked bar|Gestapelter Balken", 6, 1, graph("opportunity/open", "opportunity/ownerstage")}, {"100 % stacked bar|Gestapelter Balken 100 %", 6, 1, graph("opportunity/open", "opportunity/ownershare")}},
				{{"Two measures|Zwei Werte", 6, 1, graph("opportunity/all", "opportunity/estactual")}, {"Combination|Kombination", 6, 1, graph("opportunity/open", "opportunity/valuecount")}, {"Maximum, without labels|Maximum, ohne Werte", 6, 1, graph("opportunity/open", "opportunity/largest")}},
			}}}},
			{label: "Lines and areas|Linien und Flächen", sections: []section{{columns: 3, rows: [][]cell{
				{{"Line by month|Linie nach Monat", 6, 1, graph("opportunity/open", "opportunity/closeline")}, {"Line by month and year|Linie nach Monat und Jahr", 6, 1, graph("opportunity/closed", "opportunity/yearonyear")}, {"Area by quarter|Fläche nach Quartal", 6, 1, graph("opportunity/all", "opportunity/createdarea")}},
				{{"By week|Nach Woche", 6, 1, graph("opportunity/next30", "opportunity/closeweek")}, {"By fiscal period|Nach Geschäftsperiode", 6, 1, graph("opportunity/won", "opportunity/fiscal")}, {"Stacked area|Gestapelte Fläche", 6, 1, graph("opportunity/open", "opportunity/areastack")}},
			}}}},
			{label: "Round and other|Rund und andere", sections: []section{{columns: 4, rows: [][]cell{
				{{"Pie|Kreis", 6, 1, graph("lead/all", "lead/source")}, {"Doughnut|Ring", 6, 1, graph("opportunity/all", "opportunity/status")}, {"Funnel|Trichter", 6, 1, graph("opportunity/open", "opportunity/pipeline")}, {"Tag|Schlagwörter", 6, 1, graph("opportunity/open", "opportunity/currency")}},
				{{"Chart with its list|Diagramm mit Liste", 8, 4, both("account/active", "account/owner")}},
			}}}},
		}},
	{key: "mixed", name: "Guest parts & edge cases|Gastteile & Sonderfälle", text: "Parts that other tools draw, and parts that went missing.|Teile anderer Werkzeuge und fehlende Teile.", only: salesOnly,
		tabs: []tab{{sections: []section{{columns: 3, rows: [][]cell{
			{
				{"Web resource|Webressource", 4, 1, control{class: htmlClass, params: `<Url>hf_/deals/map.html</Url><WebResourceId>` + braced(webResourceID("hf_/deals/map.html")) + `</WebResourceId><PassParameters>false</PassParameters><Security>true</Security><Scrolling>auto</Scrolling><Border>true</Border><ShowOnMobileClient>false</ShowOnMobileClient>`}},
				{"Intranet news|Intranet-Nachrichten", 4, 1, control{class: iframeClass, params: `<Url>https://intranet.harborfinch.example/news?for=sales&amp;wide=1</Url><PassParameters>true</PassParameters><Security>true</Security><Scrolling>auto</Scrolling><Border>false</Border>`}},
				{"Power BI: revenue|Power BI: Umsatz", 4, 1, control{class: powerBIClass, params: `<PowerBIGroupId>2f4e9d10-7c55-4f0e-9c1c-0c5f0a6a7711</PowerBIGroupId><PowerBIDashboardId>c1b5a7e4-5a32-4f7c-8a86-8d7f3a1e9b20</PowerBIDashboardId><TileId>7b0f6b1e-22f1-4a63-8a44-3f0a8d2b6c05</TileId><TileUrl>https://app.powerbi.com/embed?dashboardId=c1b5a7e4-5a32-4f7c-8a86-8d7f3a1e9b20&amp;tileId=7b0f6b1e-22f1-4a63-8a44-3f0a8d2b6c05</TileUrl>`}},
			}, {
				{"Banner|Banner", 2, 3, control{class: imageClass, params: `<Url>hf_/images/banner.png</Url><WebResourceId>` + braced(webResourceID("hf_/images/banner.png")) + `</WebResourceId><AltText>Ships in the harbour</AltText><SizeType>StretchMaintainAspectRatio</SizeType><HorizontalAlignment>Center</HorizontalAlignment><VerticalAlignment>Middle</VerticalAlignment><ShowOnMobileClient>true</ShowOnMobileClient>`}},
			}, {
				{"List with a deleted view|Liste mit gelöschter Ansicht", 5, 1, list("opportunity/deleted-long-ago", 5)},
				{"Chart that was deleted|Gelöschtes Diagramm", 5, 1, graph("opportunity/open", "opportunity/deleted-long-ago")},
				{"List of a table that is gone|Liste einer entfernten Tabelle", 5, 1, list("hf_retired/active", 5)},
			}, {
				{"Nothing here|Hier ist nichts", 5, 1, list("account/none", 5)},
				{"Nothing to draw|Nichts zu zeichnen", 5, 1, graph("opportunity/none", "opportunity/pipeline")},
				{"Chart of a web resource|Diagramm einer Webressource", 5, 1, graph("opportunity/open", "opportunity/webresource")},
			}, {
				{"Average margin (secured column)|Mittlere Marge (geschützte Spalte)", 5, 1, graph("opportunity/open", "opportunity/margin")},
				{"Credit (secured column)|Kredit (geschützte Spalte)", 5, 2, list("account/credit", 5)},
			}, {
				{},
				{"Custom control|Benutzerdefiniertes Steuerelement", 3, 1, control{class: "{F9A8A302-114E-466A-B582-6771B2AE0D92}", params: `<CustomControlId>hf_Weather.Widget</CustomControlId>`}},
				{"", 3, 1, list("activitypointer/week", 4)},
			},
		}}}}}},
	{key: "leads", name: "Lead desk|Lead-Schreibtisch", only: salesOnly,
		tabs: []tab{{sections: []section{{columns: 2, rows: [][]cell{
			{{"Leads by source|Leads nach Quelle", 6, 1, graph("lead/open", "lead/source")}, {"Source by rating|Quelle nach Bewertung", 6, 1, graph("lead/all", "lead/sourcerating")}},
			{{"My open leads|Meine offenen Leads", 7, 1, list("lead/my", 7, "lead/my", "lead/open", "lead/hot")}, {"By rating|Nach Bewertung", 7, 1, graph("lead/open", "lead/funnel")}},
		}}}}}},
	{key: "audit", name: "Read-only overview|Überblick (nur Lesen)", only: salesOnly, roles: []string{"readonly", "admin"},
		tabs: []tab{{sections: []section{{columns: 2, rows: [][]cell{
			{{"Estimated and actual|Geschätzt und tatsächlich", 7, 1, graph("opportunity/all", "opportunity/estactual")}, {"Revenue by territory|Umsatz nach Gebiet", 7, 1, graph("account/active", "account/territory")}},
			{{"All opportunities|Alle Verkaufschancen", 8, 2, list("opportunity/all", 10)}},
		}}}}}},
	{key: "empty", name: "Empty dashboard|Leeres Dashboard", tabs: []tab{{sections: []section{{columns: 3, rows: [][]cell{{{}, {}, {}}}}}}}},
	{key: "board", name: "Board of directors|Vorstand", roles: []string{"nobody"},
		tabs: []tab{{sections: []section{{columns: 1, rows: [][]cell{{{"Everything we sold|Alles Verkaufte", 6, 1, graph("opportunity/won", "opportunity/wonbymonth")}}}}}}}},
	{key: "retired", name: "Old start page (2016)|Alte Startseite (2016)", off: true,
		tabs: []tab{{sections: []section{{columns: 1, rows: [][]cell{{{"Accounts|Firmen", 6, 1, list("account/active", 10)}}}}}}}},
}

var serviceBoards = []board{
	{key: "tier1", name: "Tier 1 Dashboard|Dashboard Ebene 1", only: serviceOnly,
		tabs: []tab{{sections: []section{{columns: 3, rows: [][]cell{
			{{"My active cases|Meine aktiven Anfragen", 8, 2, list("incident/my", 8, "incident/my", "incident/active", "incident/late", "incident/queue")}, {"By priority|Nach Priorität", 8, 1, graph("incident/active", "incident/priority")}},
			{{"Cases by day|Anfragen nach Tag", 6, 1, graph("incident/week", "incident/day")}, {"By origin|Nach Ursprung", 6, 1, graph("incident/active", "incident/origin")}, {"Deadlines|Fristen", 6, 1, graph("incident/active", "incident/sla")}},
			{{"My activities|Meine Aktivitäten", 7, 3, list("activitypointer/my", 10)}},
		}}}}}},
	{key: "csmanager", name: "Customer Service Manager Dashboard|Dashboard Kundenservice-Leitung", only: serviceOnly, roles: []string{"csrmanager", "admin"},
		tabs: []tab{
			{sections: []section{{columns: 2, rows: [][]cell{
				{{"By agent and priority|Nach Bearbeiter und Priorität", 7, 1, graph("incident/active", "incident/ownerpriority")}, {"Cases by month|Anfragen nach Monat", 7, 1, graph("incident/all", "incident/month")}},
				{{"Satisfaction by subject|Zufriedenheit nach Thema", 7, 1, graph("incident/resolved", "incident/satisfaction")}, {"Top 5 accounts|Top-5-Firmen", 7, 1, graph("incident/all", "incident/account")}},
			}}}},
			{label: "Attention|Handlungsbedarf", sections: []section{{columns: 1, rows: [][]cell{
				{{"Escalated|Eskaliert", 7, 1, list("incident/escalated", 8)}}, {{"Past their deadline|Frist überschritten", 7, 1, list("incident/late", 8)}},
			}}}},
		}},
	{key: "agent", name: "Agent dashboard (interactive)|Bearbeiter-Dashboard (interaktiv)", kind: 10, only: serviceOnly,
		table: "incident", view: "incident/active", filterBy: "createdon", tiled: true,
		tabs: []tab{
			{label: "Charts|Diagramme", sections: []section{{columns: 3, rows: [][]cell{
				{{"By priority|Nach Priorität", 6, 1, graph("incident/active", "incident/priority")}, {"By origin|Nach Ursprung", 6, 1, graph("incident/active", "incident/origin")}, {"By agent|Nach Bearbeiter", 6, 1, graph("incident/active", "incident/ownerpriority")}},
			}}}},
			{label: "Streams|Streams", sections: []section{{columns: 3, rows: [][]cell{
				{{"My active cases|Meine aktiven Anfragen", 10, 1, streams(false, "incident/my")}, {"Due this week|Diese Woche fällig", 10, 1, streams(false, "activitypointer/week")}, {"Escalated|Eskaliert", 10, 1, streams(false, "incident/escalated")}},
				{{"Escalations queue|Warteschlange Eskalationen", 8, 3, queueStream(escalations, "queueitem/all")}},
			}}}},
			{label: "Tiles|Kacheln", sections: []section{{columns: 4, rows: [][]cell{
				{{"Numbers|Zahlen", 2, 4, streams(true, "incident/active", "incident/my", "incident/late", "incident/escalated", "incident/none")}},
			}}}},
		}},
	{key: "field", name: "Visits|Besuche", only: serviceOnly, roles: []string{"field", "admin"},
		tabs: []tab{{sections: []section{{columns: 2, rows: [][]cell{
			{{"By outcome|Nach Ergebnis", 6, 1, graph("hf_sitevisit/active", "hf_sitevisit/outcome")}, {"Rating by month|Bewertung nach Monat", 6, 1, graph("hf_sitevisit/active", "hf_sitevisit/rating")}},
			{{"Upcoming|Kommende", 6, 1, list("hf_sitevisit/upcoming", 6)}, {"About pricing|Zu Preisen", 6, 1, list("hf_sitevisit/pricing", 6)}},
		}}}}}},
}
