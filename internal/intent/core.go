package intent

import (
	"github.com/pintab/pintab/internal/crm"
)

// Core is the vocabulary of the core tables as Dynamics 365 delivers them in English. It stands in where no organization has
// been asked, in particular for the command explain.
func Core() Vocabulary {
	v := Vocabulary{Language: "en"}
	for _, t := range coreTables {
		table := Table{Table: crm.Table{LogicalName: t.name, Label: t.label, PluralLabel: t.plural}}
		for _, c := range t.columns {
			table.Columns = append(table.Columns, coreColumns[c].column(c))
		}
		v.Tables = append(v.Tables, table)
	}
	return v
}

type coreColumn struct {
	label   string
	kind    crm.Kind
	options []string
}

func (c coreColumn) column(name string) crm.Column {
	column := crm.Column{LogicalName: name, Label: c.label, Kind: c.kind}
	for i, o := range c.options {
		column.Options = append(column.Options, crm.Option{Value: i, Label: o})
	}
	return column
}

var ratings = []string{"Hot", "Warm", "Cold"}

// coreColumns are the columns by logical name, where they mean the same in every table.
var coreColumns = map[string]coreColumn{
	"name":                  {"Name", crm.KindText, nil},
	"lastname":              {"Last Name", crm.KindText, nil},
	"firstname":             {"First Name", crm.KindText, nil},
	"telephone1":            {"Main Phone", crm.KindPhone, nil},
	"mobilephone":           {"Mobile Phone", crm.KindPhone, nil},
	"fax":                   {"Fax", crm.KindPhone, nil},
	"emailaddress1":         {"Email", crm.KindEmail, nil},
	"websiteurl":            {"Website", crm.KindURL, nil},
	"address1_city":         {"City", crm.KindText, nil},
	"revenue":               {"Annual Revenue", crm.KindMoney, nil},
	"numberofemployees":     {"Number of Employees", crm.KindInteger, nil},
	"industrycode":          {"Industry", crm.KindChoice, []string{"Accounting", "Consulting", "Consumer Services", "Financial", "Insurance", "Retail", "Wholesale", "Broadcasting Printing and Publishing"}},
	"creditonhold":          {"Credit Hold", crm.KindBoolean, []string{"No", "Yes"}},
	"description":           {"Description", crm.KindMemo, nil},
	"jobtitle":              {"Job Title", crm.KindText, nil},
	"companyname":           {"Company Name", crm.KindText, nil},
	"estimatedvalue":        {"Est. Revenue", crm.KindMoney, nil},
	"estimatedclosedate":    {"Est. Close Date", crm.KindDate, nil},
	"closeprobability":      {"Probability", crm.KindInteger, nil},
	"opportunityratingcode": {"Rating", crm.KindChoice, ratings},
	"leadqualitycode":       {"Rating", crm.KindChoice, ratings},
	"prioritycode":          {"Priority", crm.KindChoice, []string{"High", "Normal", "Low"}},
	"title":                 {"Case Title", crm.KindText, nil},
	"subject":               {"Subject", crm.KindText, nil},
	"scheduledend":          {"Due Date", crm.KindDateTime, nil},
	"primarycontactid":      {"Primary Contact", crm.KindLookup, nil},
}

var coreTables = []struct {
	name, label, plural string
	columns             []string
}{
	{"account", "Account", "Accounts", []string{"name", "telephone1", "fax", "emailaddress1", "websiteurl", "address1_city", "revenue", "numberofemployees", "industrycode", "creditonhold", "description", "primarycontactid"}},
	{"contact", "Contact", "Contacts", []string{"lastname", "firstname", "telephone1", "mobilephone", "fax", "emailaddress1", "websiteurl", "address1_city", "jobtitle", "creditonhold", "description"}},
	{"opportunity", "Opportunity", "Opportunities", []string{"name", "estimatedvalue", "estimatedclosedate", "closeprobability", "opportunityratingcode", "description"}},
	{"lead", "Lead", "Leads", []string{"lastname", "firstname", "companyname", "subject", "telephone1", "mobilephone", "emailaddress1", "websiteurl", "address1_city", "jobtitle", "leadqualitycode", "revenue", "numberofemployees", "industrycode", "estimatedclosedate", "description"}},
	{"incident", "Case", "Cases", []string{"title", "prioritycode", "description"}},
	{"task", "Task", "Tasks", []string{"subject", "scheduledend", "prioritycode", "description"}},
	{"phonecall", "Phone Call", "Phone Calls", []string{"subject", "scheduledend", "prioritycode", "description"}},
	{"appointment", "Appointment", "Appointments", []string{"subject", "scheduledend", "prioritycode", "description"}},
	{"email", "Email", "Emails", []string{"subject", "description"}},
	{"annotation", "Note", "Notes", nil},
	{"activitypointer", "Activity", "Activities", []string{"subject", "scheduledend", "prioritycode", "description"}},
}
