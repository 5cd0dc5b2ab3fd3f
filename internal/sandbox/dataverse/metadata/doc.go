// Package metadata answers what the Web API says about an organization's data model: table, column, choice and
// relationship definitions with labels in every language, and the CSDL document. All of it is derived from package schema.
// It holds documents in memory and filters them with package odata; HTTP is package dataverse.
package metadata
