// Package dataverse is the client of the Global Discovery Service and of the Dataverse Web API: who may choose which
// organization and app, and dashboards, lists and charts as crm values for one person. It also owns the two caches,
// which are of different types so that they cannot be mixed up: metadata shared by an organization, and everything
// else by person. Reading the stored XML is package crmxml, tokens are package entra.
package dataverse
