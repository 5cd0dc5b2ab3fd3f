package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// auditing is the table of what was changed by whom (Microsoft Learn, "Retrieve the history of audited data changes").
func auditing() []*schema.Table {
	t := define("Audit", "Auditing|Auditing|Überwachung|Überwachung", 4567, schema.NoOwner,
		id("AuditId", "Record Id|Datensatz-ID"),
		fixed(moment("CreatedOn", "Changed Date|Änderungsdatum")),
		fixed(choice("Action", "Event|Ereignis", "1=Create|Erstellen;2=Update|Aktualisieren;3=Delete|Löschen;4=Activate|Aktivieren;5=Deactivate|Deaktivieren;13=Assign|Zuweisen;14=Share|Freigeben;33=Associate Entities|Entitäten zuordnen;34=Disassociate Entities|Entitätszuordnung aufheben;48=Modify Share|Freigabe ändern;49=Unshare|Freigabe aufheben")),
		fixed(choice("Operation", "Operation|Vorgang", "1=Create|Erstellen;2=Update|Aktualisieren;3=Delete|Löschen;4=Access|Zugriff")),
		fixed(lookup("ObjectId", "Record|Datensatz")),
		typeName("ObjectTypeCode", "Entity|Entität"),
		fixed(lookup("UserId", "Changed By|Geändert von", "systemuser:userid:lk_audit_userid")),
		fixed(lookup("CallingUserId", "Calling User|Aufrufender Benutzer", "systemuser:callinguserid:lk_audit_callinguserid")),
		fixed(memo("AttributeMask", "Changed Field|Geändertes Feld", 10000)),
		fixed(memo("ChangeData", "Change Data|Änderungsdaten", 1048576)),
		fixed(guid("TransactionId", "Transaction Id|Transaktions-ID")),
		fixed(text("UserAdditionalInfo", "User Info|Benutzerinfo", 350)),
	)
	t.PrivilegeSet = "AuditSummary"
	return []*schema.Table{t}
}

// auditTargets lets audit rows be about the rows of every audited table; the service gives those no collection of them.
func auditTargets(m *schema.Model) {
	for _, t := range m.Tables {
		if t.LogicalName != "audit" {
			continue
		}
		for i := range t.Columns {
			if c := &t.Columns[i]; c.LogicalName == "objectid" {
				for _, other := range m.Tables {
					if other.Audited {
						c.Targets = append(c.Targets, other.LogicalName)
						c.Navigation[other.LogicalName], c.Collection[other.LogicalName] = "objectid_"+other.LogicalName, ""
					}
				}
			}
		}
	}
}
