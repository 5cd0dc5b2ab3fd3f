// Package engine keeps an organization's rows and answers queries over them with one person's rights.
//
// Tables come from package schema; every organization is one SQLite file. A query is the FetchXML tree of package crmxml:
// OData text, JSON and metadata documents are package dataverse, and which tables and rows exist is package seed.
//
// A query passes three stages: binding (names of tables and columns to the schema, with the person's privileges and column
// security), SQL (identifiers from the schema alone, every value a parameter), and shaping (raw values to cells with the
// text a person reads). A column that a person may not read is the SQL constant NULL from the binding on, so that no
// filter, order, group or aggregate can tell anything about it.
package engine
