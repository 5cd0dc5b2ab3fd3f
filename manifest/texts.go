package manifest

import "fmt"

// texts is everything in the package that people read, in one language.
type texts struct {
	short, full, summary, description string
	dashboard, settings               string
	commands                          []command
}

var english = texts{
	short:   "Pintab for Dynamics 365",
	full:    "Pintab for Dynamics 365: dashboards and records where you talk",
	summary: "Your Dynamics 365 dashboard and records, inside Teams.",
	description: "Pintab brings Dynamics 365 into the place where your team already talks.\n\n" +
		"My Dashboard shows the dashboard that belongs to you and your role, with its lists and charts. " +
		"Records open on their own forms and are changed there; what two people change at once is never lost. " +
		"Pin a record or a view to a channel and everybody sees it with their own rights: what Dynamics 365 hides from you stays hidden here.\n\n" +
		"Pintab needs Dynamics 365 or Dataverse version 9 or later. It keeps no copy of your records: " +
		"every page is read with your own permissions at the moment you open it.",
	dashboard: "My Dashboard",
	settings:  "Settings",
	commands: []command{
		{"Change organization", "Choose another organization or app"},
		{"Help", "See what you can ask"},
		{"Sign out", "End your session with Dynamics 365 in this conversation"},
	},
}

var german = texts{
	short:   "Pintab für Dynamics 365",
	full:    "Pintab für Dynamics 365: Dashboards und Datensätze, wo Sie reden",
	summary: "Ihr Dynamics-365-Dashboard und Ihre Datensätze in Teams.",
	description: "Pintab bringt Dynamics 365 dorthin, wo Ihr Team ohnehin redet.\n\n" +
		"Mein Dashboard zeigt das Dashboard, das zu Ihnen und Ihrer Rolle gehört, mit Listen und Diagrammen. " +
		"Datensätze öffnen sich in ihren eigenen Formularen und werden dort geändert; was zwei zugleich ändern, geht nie verloren. " +
		"Heften Sie einen Datensatz oder eine Ansicht an einen Kanal, und alle sehen ihn mit ihren eigenen Rechten: " +
		"Was Dynamics 365 vor Ihnen verbirgt, bleibt auch hier verborgen.\n\n" +
		"Pintab braucht Dynamics 365 oder Dataverse ab Version 9. Es behält keine Kopie Ihrer Datensätze: " +
		"Jede Seite wird in dem Augenblick, in dem Sie sie öffnen, mit Ihren eigenen Berechtigungen gelesen.",
	dashboard: "Mein Dashboard",
	settings:  "Einstellungen",
	commands: []command{
		{"Organisation wechseln", "Wählt eine andere Organisation oder App"},
		{"Hilfe", "Zeigt, was Sie fragen können"},
		{"Abmelden", "Beendet Ihre Sitzung mit Dynamics 365 in dieser Unterhaltung"},
	},
}

// localization gives the flat document of a language file: keys are paths into the manifest (Microsoft's schema
// MicrosoftTeams.Localization). The positions are looked up in the manifest itself, so that they cannot drift.
func (t texts) localization(d document) map[string]string {
	flat := map[string]string{
		"$schema":           localizationSchemaID,
		"name.short":        t.short,
		"name.full":         t.full,
		"description.short": t.summary,
		"description.full":  t.description,
	}
	for i, tab := range d.StaticTabs {
		switch tab.EntityID {
		case EntityDashboard:
			flat[fmt.Sprintf("staticTabs[%d].name", i)] = t.dashboard
		case EntitySettings:
			flat[fmt.Sprintf("staticTabs[%d].name", i)] = t.settings
		}
	}
	for i, c := range t.commands {
		flat[fmt.Sprintf("bots[0].commandLists[0].commands[%d].title", i)] = c.Title
		flat[fmt.Sprintf("bots[0].commandLists[0].commands[%d].description", i)] = c.Description
	}
	return flat
}
