package dataverse

import (
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// leadQualified is the state of a lead that has become more.
const leadQualified = 1

// The columns that a lead hands on, "lead column: other column" where the names differ, as the mappings of the relationships
// account_originating_lead, contact_originating_lead and opportunity_originating_lead say at the beginning.
var (
	leadToBoth        = []string{"telephone1", "emailaddress1", "websiteurl", "fax", "description", "transactioncurrencyid", "donotphone", "donotemail", "donotfax", "donotpostalmail", "donotbulkemail", "address1_line1", "address1_line2", "address1_line3", "address1_city", "address1_stateorprovince", "address1_postalcode", "address1_country"}
	leadToAccount     = map[string]string{"companyname": "name", "industrycode": "industrycode", "revenue": "revenue", "numberofemployees": "numberofemployees", "sic": "sic"}
	leadToContact     = map[string]string{"firstname": "firstname", "lastname": "lastname", "salutation": "salutation", "jobtitle": "jobtitle", "mobilephone": "mobilephone"}
	leadToOpportunity = map[string]string{
		"subject": "name", "description": "description", "estimatedamount": "estimatedvalue", "estimatedclosedate": "estimatedclosedate", "budgetamount": "budgetamount",
		"budgetstatus": "budgetstatus", "need": "need", "purchaseprocess": "purchaseprocess", "purchasetimeframe": "purchasetimeframe", "initialcommunication": "initialcommunication",
		"decisionmaker": "decisionmaker", "confirminterest": "confirminterest", "evaluatefit": "evaluatefit", "emailaddress1": "emailaddress", "transactioncurrencyid": "transactioncurrencyid",
		"leadqualitycode": "opportunityratingcode",
	}
)

// qualification is a lead on its way to become an account, a contact and an opportunity.
type qualification struct {
	*call
	lead   engine.Ref
	given  odata.Node
	values engine.Row // of the lead
	made   []engine.Ref
}

// qualifyLead is leads(<id>)/Microsoft.Dynamics.CRM.QualifyLead: it creates what is asked for, ties it together, and closes
// the lead. New rows belong to whoever qualifies the lead.
func (c *call) qualifyLead(at written, given odata.Node) (reply, error) {
	q := &qualification{call: c, lead: engine.Ref{Table: "lead", ID: at.id}, given: given}
	if err := q.read(); err != nil {
		return nil, err
	}
	account, err := q.related("CreateAccount", "account", "parentaccountid", nil)
	if err != nil {
		return nil, err
	}
	contact, err := q.related("CreateContact", "contact", "parentcontactid", engine.Row{"parentcustomerid": orNothing(account)})
	if err != nil {
		return nil, err
	}
	opportunity, err := q.opportunity(account, contact)
	if err != nil {
		return nil, err
	}
	links := engine.Row{"parentaccountid": orNothing(account), "parentcontactid": orNothing(contact), "qualifyingopportunityid": orNothing(opportunity)}
	more := engine.Row{}
	fill(more, links)
	if err := c.x.SetState("lead", at.id, leadQualified, statusOf(given), columnsOf(at.table, more)); err != nil {
		return nil, err
	}
	return q.tell, q.goOn(opportunity)
}

// read takes the lead's values, and refuses a lead that is closed.
func (q *qualification) read() (err error) {
	names := append([]string{"statecode", "parentaccountid", "parentcontactid"}, leadToBoth...)
	for _, mapping := range []map[string]string{leadToAccount, leadToContact, leadToOpportunity} {
		for name := range mapping {
			names = append(names, name)
		}
	}
	if q.values, err = q.x.Read("lead", q.lead.ID, names...); err != nil {
		return err
	}
	if state, _ := q.values["statecode"].(int64); state != 0 {
		return &engine.Error{Code: engine.CodeInvalidTransition, Message: "The lead is already closed and cannot be qualified."}
	}
	return nil
}

// asked reads one of the parameters that are yes or no.
func (q *qualification) asked(name string) bool {
	n, _ := q.given.Member(name)
	return n.True
}

// related creates an account or a contact, unless the lead has one or nobody asks for it. A lead without a company makes no
// account.
func (q *qualification) related(parameter, table, lookup string, more engine.Row) (engine.Ref, error) {
	if ref, there := q.values[lookup].(engine.Ref); there {
		return ref, nil
	}
	mapping := map[string]map[string]string{"account": leadToAccount, "contact": leadToContact}[table]
	row := q.handed(mapping)
	if !q.asked(parameter) || table == "account" && row["name"] == nil {
		return engine.Ref{}, nil
	}
	for _, name := range leadToBoth {
		fill(row, engine.Row{name: q.values[name]})
	}
	fill(row, more)
	return q.create(table, row)
}

func (q *qualification) opportunity(account, contact engine.Ref) (engine.Ref, error) {
	if !q.asked("CreateOpportunity") {
		return engine.Ref{}, nil
	}
	row := q.handed(leadToOpportunity)
	customer := account
	if customer.ID == "" {
		customer = contact
	}
	for parameter, column := range map[string]string{"OpportunityCurrencyId": "transactioncurrencyid", "OpportunityCustomerId": "customerid"} {
		n, there := q.given.Member(parameter)
		_, bound := q.given.Member(parameter + "@odata.bind")
		if !bound && (!there || n.Kind == odata.NodeNull) {
			continue
		}
		ref, err := q.rowParameter(q.given, parameter)
		if err != nil {
			return ref, err
		}
		row[column] = ref
	}
	fill(row, engine.Row{"customerid": orNothing(customer), "parentaccountid": orNothing(account), "parentcontactid": orNothing(contact)})
	return q.create("opportunity", row)
}

func (q *qualification) handed(mapping map[string]string) engine.Row {
	row := engine.Row{}
	for from, to := range mapping {
		fill(row, engine.Row{to: q.values[from]})
	}
	return row
}

func (q *qualification) create(table string, row engine.Row) (engine.Ref, error) {
	t, err := q.tableFor(table, "QualifyLead")
	if err != nil {
		return engine.Ref{}, err
	}
	row["originatingleadid"] = q.lead
	id, err := q.x.Create(table, columnsOf(t, row))
	ref := engine.Ref{Table: table, ID: id}
	q.made = append(q.made, ref)
	return ref, err
}

// orNothing keeps a reference to nothing out of a row.
func orNothing(ref engine.Ref) any {
	if ref.ID == "" {
		return nil
	}
	return ref
}

// tell lists what was made.
func (q *qualification) tell() error {
	list := []metadata.Object{}
	for _, ref := range q.made {
		t := q.org.DB.Model().Table(ref.Table)
		list = append(list, metadata.Object{{Name: "@odata.type", Value: "#" + odata.Namespace + ref.Table}, {Name: t.PrimaryID, Value: ref.ID}})
	}
	return q.send(metadata.AppendJSON(nil, metadata.Object{{Name: "@odata.context", Value: q.context("Collection(" + odata.Namespace + "crmbaseentity)")}, {Name: "value", Value: list}}))
}
