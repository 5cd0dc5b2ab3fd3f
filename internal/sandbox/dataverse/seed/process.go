package seed

import (
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// processes are business process flows: their definition, their stages, and a table for each with how far rows are.
func processes() []*schema.Table {
	flow := named("name", define("Workflow", "Process|Processes|Prozess|Prozesse", 4703, schema.UserOwned,
		id("WorkflowId", "Process|Prozess"),
		must(text("Name", "Process Name|Prozessname", 100)),
		text("UniqueName", "Unique Name|Eindeutiger Name", 256),
		memo("Description", "Description|Beschreibung", 100000),
		must(choice("Category", "Category|Kategorie", "0=Workflow|Workflow;1=Dialog|Dialog;2=Business Rule|Geschäftsregel;3=Action|Aktion;4=Business Process Flow|Geschäftsprozessfluss;5=Modern Flow|Moderner Flow")),
		choice("Type", "Type|Typ", "1=Definition|Definition;2=Activation|Aktivierung;3=Template|Vorlage"),
		choice("BusinessProcessType", "Business Process Type|Geschäftsprozesstyp", "0=Business Flow|Geschäftsfluss;1=Task Flow|Aufgabenfluss"),
		typeName("PrimaryEntity", "Primary Entity|Primärentität"),
		whole("ProcessOrder", "Process Order|Prozessreihenfolge", 0, 2147483647),
		memo("ClientData", "Client Data|Clientdaten", 1073741823),
		memo("UIData", "UI Data|Oberflächendaten", 1073741823),
		memo("Xaml", "XAML|XAML", 1073741823),
		yesno("IsCrmUIWorkflow", "Is CRM Process|Ist CRM-Prozess"),
		fixed(yesno("IsManaged", "Is Managed|Ist verwaltet")),
		states("0=Draft|Entwurf:1=Draft|Entwurf", "1=Activated|Aktiviert:2=Activated|Aktiviert", "2=CompanyDLPViolation|Richtlinienverstoß:3=CompanyDLPViolation|Richtlinienverstoß"),
	))
	stage := named("stagename", define("ProcessStage", "Process Stage|Process Stages|Prozessphase|Prozessphasen", 4724, schema.NoOwner,
		id("ProcessStageId", "Process Stage|Prozessphase"),
		must(text("StageName", "Stage Name|Phasenname", 100)),
		choice("StageCategory", "Stage Category|Phasenkategorie", "0=Qualify|Qualifizieren;1=Develop|Entwickeln;2=Propose|Vorschlagen;3=Close|Abschließen;4=Identify|Identifizieren;5=Research|Recherchieren;6=Resolve|Lösen;7=Approval|Genehmigung"),
		lookup("ProcessId", "Process|Prozess", "workflow:processid:process_processstage"),
		typeName("PrimaryEntityTypeCode", "Primary Entity|Primärentität"),
		memo("ClientData", "Client Data|Clientdaten", 1073741823),
		whole("OperationId", "Operation|Vorgang", 0, 2147483647),
	))
	stage.PrivilegeSet = "Workflow"
	list := []*schema.Table{flow, stage}
	for _, f := range flows {
		list = append(list, f.instances())
	}
	return list
}

// instances is the table of a flow: one row for each row that goes through it.
func (f flow) instances() *schema.Table {
	var links columns
	for _, way := range strings.Fields(f.links) {
		column, table, _ := strings.Cut(way, ":")
		lower := strings.ToLower(f.table)
		links = append(links, lookup(column, labelOfTable[table], table+"::"+strings.ToLower("bpf_"+table+"_"+lower))...)
	}
	t := named("name", define(f.table, f.label, f.code, schema.OrganizationOwned,
		id("BusinessProcessFlowInstanceId", f.label),
		text("Name", "Name|Name", 600),
		links,
		lookup("ActiveStageId", "Active Stage|Aktive Phase", "processstage::processstage_"+strings.ToLower(f.table)),
		moment("ActiveStageStartedOn", "Active Stage Started On|Aktive Phase begonnen am"),
		moment("CompletedOn", "Completed On|Abgeschlossen am"),
		lookup("ProcessId", "Process|Prozess", "workflow::workflow_"+strings.ToLower(f.table)),
		text("TraversedPath", "Traversed Path|Durchlaufener Pfad", 1250),
		duration("Duration", "Duration|Dauer"),
		guid("OrganizationId", "Organization|Organisation"),
		states("0=Active|Aktiv:1=Active|Aktiv", "1=Inactive|Inaktiv:2=Finished|Beendet;3=Aborted|Abgebrochen"),
	))
	return t
}

var labelOfTable = map[string]string{
	"opportunity": "Opportunity|Verkaufschance", "lead": "Lead|Lead", "incident": "Case|Anfrage", "phonecall": "Phone Call|Telefonanruf", "hf_sitevisit": "Site Visit|Vor-Ort-Besuch",
}

// flow is a business process flow; its table of instances has the flow's unique name.
type flow struct {
	table, label string
	code         int
	primary      string   // table that it begins with
	links        string   // "OpportunityId:opportunity" for each table that it passes
	only         []string // seeds of the organizations whose rows go through it
	stages       []stagePlan
}

// stagePlan is a stage; a step "budgetstatus!" is required, and "Label|Beschriftung=column" has a label of its own.
type stagePlan struct {
	name, table string
	category    int
	steps       string // separated by semicolons
}

var flows = []flow{
	{table: "LeadToOpportunitySalesProcess", label: "Lead to Opportunity Sales Process|Lead to Opportunity Sales Processes|Vertriebsprozess vom Lead zur Verkaufschance|Vertriebsprozesse vom Lead zur Verkaufschance", code: 954, primary: "lead",
		links: "LeadId:lead OpportunityId:opportunity", only: salesOnly,
		stages: []stagePlan{
			{"Qualify|Qualifizieren", "lead", 0, "Existing Contact?|Vorhandener Kontakt?=parentcontactid;Existing Account?|Vorhandene Firma?=parentaccountid;purchasetimeframe!;budgetamount;purchaseprocess;Identify Decision Maker|Entscheider ermitteln=decisionmaker;Capture Summary|Zusammenfassung=description"},
			{"Develop|Entwickeln", "opportunity", 1, "customerneed;proposedsolution;Identify Stakeholders|Beteiligte ermitteln=identifycustomercontacts;identifycompetitors"},
			{"Propose|Vorschlagen", "opportunity", 2, "developproposal;presentproposal;Complete Internal Review|Interne Prüfung=captureproposalfeedback"},
			{"Close|Abschließen", "opportunity", 3, "finaldecisiondate;sendthankyounote;filedebrief"},
		}},
	{table: "OpportunitySalesProcess", label: "Opportunity Sales Process|Opportunity Sales Processes|Verkaufschancen-Vertriebsprozess|Verkaufschancen-Vertriebsprozesse", code: 953, primary: "opportunity",
		links: "OpportunityId:opportunity", only: salesOnly,
		stages: []stagePlan{
			{"Qualify|Qualifizieren", "opportunity", 0, "Identify Contact|Kontakt ermitteln=parentcontactid!;Identify Account|Firma ermitteln=parentaccountid;purchasetimeframe!;budgetamount;purchaseprocess;description"},
			{"Develop|Entwickeln", "opportunity", 1, "customerneed!;proposedsolution;identifycustomercontacts;identifycompetitors"},
			{"Propose|Vorschlagen", "opportunity", 2, "developproposal!;presentproposal;estimatedvalue!"},
			{"Close|Abschließen", "opportunity", 3, "finaldecisiondate!;sendthankyounote;filedebrief"},
		}},
	{table: "PhoneToCaseProcess", label: "Phone to Case Process|Phone to Case Processes|Telefon-zu-Anfrage-Prozess|Telefon-zu-Anfrage-Prozesse", code: 952, primary: "incident",
		links: "IncidentId:incident", only: serviceOnly,
		stages: []stagePlan{
			{"Identify|Identifizieren", "incident", 4, "Find Customer|Kunden suchen=customerid!;Find Contact|Kontakt suchen=primarycontactid;Find Case|Anfrage suchen=parentcaseid;caseorigincode"},
			{"Research|Recherchieren", "incident", 5, "Conclude Research|Recherche abschließen=activitiescomplete!;followupby;Contact Customer|Kunden kontaktieren=customercontacted"},
			{"Resolve|Lösen", "incident", 6, "Mark Complete|Als erledigt markieren=firstresponsesent!"},
		}},
	{table: "hf_VisitProcess", label: "Visit Process|Visit Processes|Besuchsprozess|Besuchsprozesse", code: 10044, primary: "hf_sitevisit",
		links: "bpf_hf_sitevisitid:hf_sitevisit",
		stages: []stagePlan{
			{"Prepare|Vorbereiten", "hf_sitevisit", 0, "hf_accountid!;hf_contactid;hf_visitdate!"},
			{"On Site|Vor Ort", "hf_sitevisit", 1, "hf_safetybriefing!;hf_arrival;hf_topics"},
			{"Report|Berichten", "hf_sitevisit", 3, "hf_outcome!;hf_rating;hf_notes"},
		}},
}
