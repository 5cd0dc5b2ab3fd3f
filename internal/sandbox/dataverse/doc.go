// Package dataverse is the Dataverse stand-in: the global discovery service and the Web API of every organization, over
// HTTP, as Microsoft's service speaks them. Organizations are told apart by path, as on-premises:
//
//	/{organization}/api/data/v9.2/...      Web API (call.go, rows.go, write.go, functions.go, definitions.go, batch.go)
//	/{organization}/api/search/v2.0/...    Dataverse search, v1.0 as well (search*.go)
//	/api/discovery/v2.0/Instances          global discovery (discovery.go)
//	/_sandbox/faults                       misbehave on request (package faults)
//	/_sandbox/limits                       service protection limits, switched and tuned (limitswitch.go)
//	/_sandbox/search                       search on and off, its limits on and off (searchswitch.go)
//
// A request is one of five things: a query, which becomes a FetchXML tree for package engine (translate.go, navigate.go),
// a write, which runs in one transaction of package engine (write.go chooses its handler; changeset.go runs several in one),
// a look at the model (package metadata), a function, or a refusal. A new function or action is one entry of the table in
// messages.go. Text becomes trees in package odata. Rows, rights and formatted values are package engine; tables and data are
// package seed.
package dataverse
