// Package engine keeps an organization's rows, answers queries over them and changes them, with one person's rights.
//
// Tables come from package schema; every organization is one SQLite file. A query is the FetchXML tree of package crmxml:
// OData text, JSON and metadata documents are package dataverse, and which tables and rows exist is package seed.
//
// A query passes three stages: binding (names of tables and columns to the schema, with the person's privileges and column
// security), SQL (identifiers from the schema alone, every value a parameter), and shaping (raw values to cells with the
// text a person reads). A column that a person may not read is the SQL constant NULL from the binding on, so that no
// filter, order, group or aggregate can tell anything about it.
//
// A Change is one transaction. Each of its writes passes the same stages: the table takes the message, the row is read with
// all that the person may do with it, the guard is held against it, values are converted and held against their columns,
// what follows from them is filled (by the code that a Load fills with), what depends on other rows is checked, and the row
// is written with its version number, its audit row and what the deletion of a tracked row leaves behind. What belongs to a
// row by a parental relationship goes with it: deletions, owners and shares. A refusal undoes the whole Change. There is one
// writer at a time, on a connection of its own; readers go on beside it and see a Change whole or not at all.
//
// Big tables have indexes that small ones do without: of views (index_views.go), of pieces of text (index_text.go,
// index_like.go) and of words (search_index.go), built after the first load and kept in step by triggers. Search is a
// question to the index of words, with the same rights as a query (search*.go).
package engine
