// Package crm is Pintab's vocabulary: who a person is, which organization and app they work in, and what a dashboard, a
// list and a chart are once they have been resolved for one person. It has no I/O and no context; the XML that Dataverse
// stores is package crmxml, reading it is package dataverse, deciding is workspace and dashboard.
package crm
