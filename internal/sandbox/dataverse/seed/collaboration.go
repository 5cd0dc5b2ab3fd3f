package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// collaboration is what people leave on each other's rows: notes, posts, connections, files, and the Teams channels that a
// row is connected to.
func collaboration() []*schema.Table {
	note := named("subject", define("Annotation", "Note|Notes|Notiz|Notizen", 5, schema.UserOwned,
		id("AnnotationId", "Note|Notiz"),
		text("Subject", "Title|Titel", 500),
		memo("NoteText", "Description|Beschreibung", 100000),
		lookup("ObjectId", "Regarding|Bezug", "account:objectid_account:Account_Annotation", "contact:objectid_contact:Contact_Annotation", "opportunity:objectid_opportunity:Opportunity_Annotation", "lead:objectid_lead:Lead_Annotation", "incident:objectid_incident:Incident_Annotation"),
		typeName("ObjectTypeCode", "Object Type|Objekttyp"),
		yesno("IsDocument", "Is Document|Ist Dokument"),
		text("FileName", "File Name|Dateiname", 255),
		text("MimeType", "Mime Type|MIME-Typ", 256),
		memo("DocumentBody", "Document|Dokument", 1073741823),
		fixed(whole("FileSize", "File Size (Bytes)|Dateigröße (Bytes)", 0, 1000000000)),
		text("LangId", "Language ID|Sprach-ID", 2),
	))
	note.PrivilegeSet, note.Searchable, note.Tracked = "Note", true, true

	attachment := named("filename", define("ActivityMimeAttachment", "Attachment|Attachments|Anlage|Anlagen", 1001, schema.NoOwner,
		id("ActivityMimeAttachmentId", "Attachment|Anlage"),
		lookup("ObjectId", "Item|Element", "email:objectid_email:email_activity_mime_attachment", "appointment:objectid_appointment:appointment_activity_mime_attachment"),
		typeName("ObjectTypeCode", "Entity|Entität"),
		text("Subject", "Subject|Betreff", 2000),
		text("FileName", "File Name|Dateiname", 255),
		text("MimeType", "MIME Type|MIME-Typ", 256),
		memo("Body", "Body|Inhalt", 1073741823),
		fixed(whole("FileSize", "File Size (Bytes)|Dateigröße (Bytes)", 0, 1000000000)),
		whole("AttachmentNumber", "Attachment Number|Nummer der Anlage", 0, 1000000000),
	))
	attachment.PrivilegeSet = "Activity"

	post := named("text", define("Post", "Post|Posts|Beitrag|Beiträge", 8000, schema.OrganizationOwned,
		id("PostId", "Post|Beitrag"),
		must(text("Text", "Text|Text", 1000)),
		memo("LargeText", "Large Text|Langer Text", 100000),
		must(choice("Source", "Source|Quelle", "1=Auto Post|Automatischer Beitrag;2=Manual Post|Manueller Beitrag;3=ActionHub Post|ActionHub-Beitrag")),
		choice("Type", "Type|Typ", "1=Check-in|Einchecken;2=Idea|Idee;3=News|Neuigkeit;4=Private Message|Private Nachricht;5=Question|Frage;6=Re-post|Erneuter Beitrag;7=Status|Status"),
		lookup("RegardingObjectId", "Regarding|Bezug", "account:regardingobjectid_account:account_Posts", "contact:regardingobjectid_contact:contact_Posts", "opportunity:regardingobjectid_opportunity:opportunity_Posts", "lead:regardingobjectid_lead:lead_Posts", "incident:regardingobjectid_incident:incident_Posts"),
		guid("PostRegardingId", "Post Regarding|Beitragsbezug"),
		guid("RegardingObjectOwnerId", "Regarding Object Owner|Besitzer des Bezugs"),
	))
	comment := named("text", define("PostComment", "Comment|Comments|Kommentar|Kommentare", 8005, schema.OrganizationOwned,
		id("PostCommentId", "Comment|Kommentar"),
		must(text("Text", "Text|Text", 1000)),
		must(lookup("PostId", "Post|Beitrag", "post:postid:Post_Comments")),
	))
	about := define("PostRegarding", "Post Regarding|Post Regardings|Beitragsbezug|Beitragsbezüge", 8002, schema.NoOwner,
		id("PostRegardingId", "Post Regarding|Beitragsbezug"),
		guid("RegardingObjectId", "Regarding|Bezug"),
		typeName("RegardingObjectTypeCode", "Object Type|Objekttyp"),
		moment("LatestManualPostModifiedOn", "Latest Manual Post|Letzter manueller Beitrag"),
		moment("LatestAutoPostModifiedOn", "Latest Auto Post|Letzter automatischer Beitrag"),
	)
	comment.PrivilegeSet, about.PrivilegeSet = "Post", "Post"

	role := named("name", define("ConnectionRole", "Connection Role|Connection Roles|Verbindungsrolle|Verbindungsrollen", 3231, schema.OrganizationOwned,
		id("ConnectionRoleId", "Connection Role|Verbindungsrolle"),
		must(text("Name", "Name|Name", 100)),
		choice("Category", "Category|Kategorie", "1=Business|Geschäftlich;2=Family|Familie;3=Social|Sozial;4=Sales|Vertrieb;5=Other|Andere;1000=Stakeholder|Beteiligter;1001=Sales Team|Vertriebsteam"),
		memo("Description", "Description|Beschreibung", 2000),
		active(),
	))
	end := func(n, de string) columns {
		var targets []string
		for _, t := range []string{"account", "contact", "opportunity", "lead", "incident", "systemuser", "team"} {
			targets = append(targets, t+":record"+n+"id_"+t+":"+t+"_connections"+n)
		}
		return join(must(lookup("Record"+n+"Id", "Connected "+map[string]string{"1": "From|Verbunden von", "2": "To|Verbunden mit"}[n], targets...)),
			lookup("Record"+n+"RoleId", "Role ("+map[string]string{"1": "From", "2": "To"}[n]+")|Rolle ("+de+")", "connectionrole:record"+n+"roleid:connection_role_connections"+n))
	}
	connection := named("name", define("Connection", "Connection|Connections|Verbindung|Verbindungen", 3234, schema.UserOwned,
		id("ConnectionId", "Connection|Verbindung"),
		fixed(text("Name", "Name|Name", 500)),
		end("1", "von"), end("2", "mit"),
		memo("Description", "Description|Beschreibung", 2000),
		date("EffectiveStart", "Starting|Ab"),
		date("EffectiveEnd", "Ending|Bis"),
		guid("RelatedConnectionId", "Reciprocal Connection|Gegenverbindung"),
		fixed(yesno("IsMaster", "Is Master|Ist Master")),
		active(),
	))

	channel := named("msdyn_teamname", define("msdyn_TeamsCollaboration", "Teams Collaboration entity|Teams Collaboration entities|Teams-Zusammenarbeit|Teams-Zusammenarbeiten", 10046, schema.NoOwner,
		id("msdyn_TeamsCollaborationId", "Teams Collaboration|Teams-Zusammenarbeit"),
		text("msdyn_TeamName", "Team Name|Teamname", 300),
		text("msdyn_AppId", "App Id|App-ID", 100),
		text("msdyn_ChannelFolderRelativeUrl", "Channel Folder|Kanalordner", 1000),
		text("msdyn_ChannelId", "Channel Id|Kanal-ID", 300),
		text("msdyn_ChannelName", "Channel Name|Kanalname", 300),
		text("msdyn_ChannelType", "Channel Type|Kanaltyp", 100),
		url("msdyn_ContentUrl", "Content Url|Inhalts-URL"),
		text("msdyn_GroupId", "Group Id|Gruppen-ID", 100),
		text("msdyn_PipedEntityId", "Piped Entity Id|ID der Entität", 200),
		text("msdyn_TeamId", "Team Id|Team-ID", 300),
		url("msdyn_TeamSiteUrl", "Team Site|Teamwebsite"),
		text("msdyn_TenantId", "Tenant Id|Mandanten-ID", 100),
		url("msdyn_WebUrl", "Web Url|Web-URL"),
		text("RegardingObjectId", "Regarding Object Id|Bezugs-ID", 100),
		whole("RegardingObjectTypeCode", "Regarding Object Type|Bezugstyp", 0, 100000),
		text("RegardingObjectTypeName", "Regarding Object Type Name|Name des Bezugstyps", 100),
		active(),
	))
	return []*schema.Table{note, attachment, post, comment, about, role, connection, channel}
}

// reach lets notes, activities, posts and connections refer to every table that says it takes them.
func reach(m *schema.Model) {
	each := func(table, column string, wanted func(*schema.Table) bool, way func(*schema.Table) (navigation, collection string)) {
		var from *schema.Table
		for _, t := range m.Tables {
			if t.LogicalName == table {
				from = t
			}
		}
		if from == nil {
			return
		}
		for i := range from.Columns {
			c := &from.Columns[i]
			if c.LogicalName != column {
				continue
			}
			for _, t := range m.Tables {
				if _, ok := c.Navigation[t.LogicalName]; ok || !wanted(t) {
					continue
				}
				c.Targets = append(c.Targets, t.LogicalName)
				c.Navigation[t.LogicalName], c.Collection[t.LogicalName] = way(t)
			}
		}
	}
	notes := func(t *schema.Table) bool { return t.Notes || t.IsActivity && t.LogicalName != "activitypointer" }
	each("annotation", "objectid", notes, func(t *schema.Table) (string, string) {
		return "objectid_" + t.LogicalName, t.SchemaName + "_Annotations"
	})
	about := func(t *schema.Table) bool { return t.Activities }
	each("post", "regardingobjectid", about, func(t *schema.Table) (string, string) {
		return "regardingobjectid_" + t.LogicalName, t.LogicalName + "_Posts"
	})
	for _, end := range []string{"1", "2"} {
		each("connection", "record"+end+"id", about, func(t *schema.Table) (string, string) {
			return "record" + end + "id_" + t.LogicalName, t.LogicalName + "_connections" + end
		})
	}
	each("audit", "objectid", func(t *schema.Table) bool { return t.Audited }, func(t *schema.Table) (string, string) {
		return "objectid_" + t.LogicalName, ""
	})
	for _, a := range m.Tables {
		if !a.IsActivity {
			continue
		}
		each(a.LogicalName, "regardingobjectid", about, func(t *schema.Table) (string, string) {
			if a.LogicalName == "activitypointer" {
				return "regardingobjectid_" + t.LogicalName, t.LogicalName + "_ActivityPointers"
			}
			return "regardingobjectid_" + t.LogicalName + "_" + a.LogicalName, t.LogicalName + "_" + a.SetName
		})
	}
}
