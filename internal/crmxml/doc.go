// Package crmxml reads and writes the XML that Dataverse keeps in its rows: FetchXML, FormXML, layoutXML, site maps and
// charts. Every reader is bounded in bytes, depth and nodes before it allocates. It knows no record and no HTTP; giving
// the XML a meaning for one person is package dataverse, and running FetchXML against tables is the sandbox.
package crmxml
