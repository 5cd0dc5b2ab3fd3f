// Package pin keeps where tabs of channels, chats and meetings lead: which organization, app and record or view, and never what
// is there, so that every viewer sees it with their own rights.
//
// A tab's address says the same as the row kept here, so that an administrator can make tabs without Pintab (docs/tab-address.md).
// The row wins where there is one: a pin that was repaired keeps its tab.
//
//	choose -> Preview -> Create -> Settings -> the tab's address -> Open -> the record or the view, as its viewer may see it
//	                        |                                        |-> Change: the same tab leads elsewhere
//	                        `-> connect, best effort                 `-> Remove, at once; Restore
//
// A removal that was missed is made up for by package store's sweep: a pin that nobody has opened for half a year counts as removed.
// Should its tab still be there, its address makes the pin anew.
//
// Searching is package record, where a person works is package workspace.
package pin
