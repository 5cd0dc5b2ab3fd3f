// Package dashboard chooses the dashboard a person sees and fills its parts in parallel; one part may fail alone. What a
// dashboard, a list and a chart are is package crm, reading them is package dataverse, and where the person works is
// package workspace.
package dashboard
