package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// custom are tables that no product ships, with the casing that customizers' tables have.
func custom() []*schema.Table {
	visit := named("hf_name", define("hf_SiteVisit", "Site Visit|Site Visits|Vor-Ort-Besuch|Vor-Ort-Besuche", 10042, schema.UserOwned,
		id("hf_SiteVisitId", "Site Visit|Vor-Ort-Besuch"),
		must(text("hf_Name", "Name|Name", 200)),
		must(lookup("hf_AccountId", "Account|Firma", "account::hf_account_hf_sitevisit_AccountId")),
		lookup("hf_ContactId", "Contact on Site|Kontakt vor Ort", "contact::hf_contact_hf_sitevisit_ContactId"),
		lookup("hf_OpportunityId", "Opportunity|Verkaufschance", "opportunity::hf_opportunity_hf_sitevisit_OpportunityId"),
		lookup("hf_VesselId", "Vessel|Schiff", "hf_vessel::hf_vessel_hf_sitevisit_VesselId"),
		date("hf_VisitDate", "Visit Date|Besuchsdatum"),
		moment("hf_Arrival", "Arrival|Ankunft"),
		duration("hf_Duration", "Duration|Dauer"),
		choice("hf_Outcome", "Outcome|Ergebnis", "751230000=Order placed|Bestellung|#107c10;751230001=Follow up|Nachfassen|#d9822b;751230002=No interest|Kein Interesse|#8a8886;751230003=Nobody there|Niemand angetroffen|#c4314b"),
		choices("hf_Topics", "Topics|Themen", "751230000=Delivery|Lieferung;751230001=Pricing|Preise;751230002=Quality|Qualität;751230003=Contract|Vertrag"),
		decimal("hf_Distance", "Distance (km)|Entfernung (km)", 1, 0, 100000),
		whole("hf_Rating", "Rating|Bewertung", 1, 5),
		yesno("hf_SafetyBriefing", "Safety Briefing Done|Sicherheitsunterweisung erfolgt"),
		money("hf_Cost", "Cost|Kosten"),
		memo("hf_Notes", "Notes|Notizen", 4000),
		file("hf_Report", "Report|Bericht", 10240),
		currency(), active(),
	))
	visit.Searchable, visit.Tracked, visit.Audited, visit.Notes, visit.Activities, visit.QuickCreate, visit.Process = true, true, true, true, true, true, true
	return []*schema.Table{visit, vessel()}
}

// vessel has a column of every kind there is.
func vessel() *schema.Table {
	t := named("hf_name", define("hf_Vessel", "Vessel|Vessels|Schiff|Schiffe", 10043, schema.UserOwned,
		id("hf_VesselId", "Vessel|Schiff"),
		must(text("hf_Name", "Name|Name", 100)),
		numbered("hf_VesselNumber", "Vessel Number|Schiffsnummer", "VES-{SEQNUM:5}"),
		must(text("hf_IMO", "IMO Number|IMO-Nummer", 10)),
		formatted("hf_CallSign", "Call Sign|Rufzeichen", "TickerSymbol", 10),
		formatted("hf_Remarks", "Remarks|Bemerkungen", "TextArea", 500),
		rich("hf_Specification", "Specification|Spezifikation", 20000),
		memo("hf_History", "History|Geschichte", 4000),
		email("hf_BridgeEmail", "Bridge Email|E-Mail der Brücke"),
		phone("hf_BridgePhone", "Bridge Phone|Telefon der Brücke"),
		url("hf_TrackingUrl", "Tracking|Standort"),
		whole("hf_CrewSize", "Crew Size|Besatzung", 0, 5000),
		decimal("hf_Length", "Length (m)|Länge (m)", 2, 0, 500),
		double("hf_Draught", "Draught (m)|Tiefgang (m)", 0, 40),
		money("hf_DayRate", "Day Rate|Tagessatz"),
		secured(money("hf_InsuredValue", "Insured Value|Versicherungswert")),
		choice("hf_Type", "Type|Typ", "751230000=Freighter|Frachter|#0b6a88;751230001=Ferry|Fähre|#4f6b1f;751230002=Tug|Schlepper|#8f6a00;751230003=Tanker|Tanker|#a4262c"),
		choices("hf_Cargo", "Cargo|Ladung", "751230000=Containers|Container;751230001=Bulk|Schüttgut;751230002=Liquids|Flüssigkeiten;751230003=Vehicles|Fahrzeuge;751230004=Passengers|Passagiere"),
		global("hf_LoyaltyTier", "Loyalty Tier|Treuestufe", "hf_loyaltytier"),
		flag("hf_IceClass", "Ice Class|Eisklasse", "None|Keine", "Strengthened|Verstärkt"),
		date("hf_Built", "Built|Baujahr"),
		localDay("hf_NextInspection", "Next Inspection|Nächste Inspektion"),
		moment("hf_LastContact", "Last Contact|Letzter Kontakt"),
		clock("hf_Departure", "Scheduled Departure (local time)|Planmäßige Abfahrt (Ortszeit)"),
		clockDay("hf_DryDock", "Dry Dock|Trockendock"),
		duration("hf_Turnaround", "Turnaround|Liegezeit"),
		wholeAs("hf_CrewLanguage", "Crew Language|Sprache der Besatzung", "Language"),
		wholeAs("hf_HomeZone", "Home Time Zone|Heimatzeitzone", "TimeZone"),
		customer("hf_ChartererId", "Charterer|Charterer", "hf_account_hf_vessel_ChartererId", "hf_contact_hf_vessel_ChartererId"),
		wanted(lookup("hf_AccountId", "Operator|Betreiber", "account::hf_account_hf_vessel_AccountId")),
		lookup("hf_SisterId", "Sister Ship|Schwesterschiff", "hf_vessel::hf_vessel_hf_vessel_SisterId"),
		onlyAtFirst(lookup("hf_YardId", "Built by|Bauwerft", "account::hf_account_hf_vessel_YardId")),
		lookup("hf_HomePortId", "Home Port Territory|Gebiet des Heimathafens", "territory::hf_territory_hf_vessel_HomePortId"),
		file("hf_Certificate", "Certificate|Zertifikat", 32768),
		imageOf("hf_Photo", "Photo|Foto", 10240, true),
		calculated("hf_dayrate * hf_turnaround / 1440", money("hf_TurnaroundCost", "Turnaround Cost|Liegekosten")),
		calculated("hf_length * hf_draught", decimal("hf_Section", "Section (m²)|Querschnitt (m²)", 1, 0, 1000000)),
		rollup(schema.Formula{Aggregate: "count", Table: "hf_sitevisit", Via: "hf_vesselid", Column: "hf_sitevisitid"}, whole("hf_Visits", "Visits|Besuche", 0, 2147483647)),
		rollup(schema.Formula{Aggregate: "sum", Table: "hf_sitevisit", Via: "hf_vesselid", Column: "hf_cost", Where: map[string]int{"statecode": 0}}, money("hf_VisitCost", "Cost of Visits|Besuchskosten")),
		currency(),
		following(states("0=Active|Aktiv:1=Planned|Geplant;751230001=In Service|In Betrieb;751230002=In Dock|Im Dock", "1=Inactive|Inaktiv:2=Laid Up|Aufgelegt;751230003=Scrapped|Verschrottet"),
			"1>751230001", "751230001>751230002 2", "751230002>751230001 2", "2>751230001 751230003", "751230003>"),
	))
	t.Searchable, t.Tracked, t.Audited, t.Notes, t.Activities, t.QuickCreate, t.Transitions, t.PrimaryImage = true, true, true, true, true, true, true, "hf_photo"
	t.Keys = []schema.Key{{Name: "hf_imo_key", Columns: []string{"hf_imo"}}}
	return t
}
