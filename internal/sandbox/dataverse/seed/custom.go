package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// custom is a table that no product ships, with the casing that customizers' tables have.
func custom() []*schema.Table {
	visit := named("hf_name", define("hf_SiteVisit", "Site Visit|Site Visits|Vor-Ort-Besuch|Vor-Ort-Besuche", 10042, schema.UserOwned,
		id("hf_SiteVisitId", "Site Visit|Vor-Ort-Besuch"),
		must(text("hf_Name", "Name|Name", 200)),
		must(lookup("hf_AccountId", "Account|Firma", "account::hf_account_hf_sitevisit_AccountId")),
		lookup("hf_ContactId", "Contact on Site|Kontakt vor Ort", "contact::hf_contact_hf_sitevisit_ContactId"),
		lookup("hf_OpportunityId", "Opportunity|Verkaufschance", "opportunity::hf_opportunity_hf_sitevisit_OpportunityId"),
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
		currency(), active(),
	))
	visit.Searchable, visit.Tracked = true, true
	return []*schema.Table{visit}
}
