// Package record opens a record on its form and changes it, for every door: the record page and the bot's cards go through
// the same Service. Reading and writing Dataverse is package dataverse, turning typed text into values is crm.Form.Apply.
//
// A write goes one way only:
//
//	token -> shape -> Apply -> note the operation -> PATCH with If-Match -> receipt
//	                                              |-> 412: read again -> was, theirs, mine
//	                                              `-> no answer: read again -> saved, sent once more, conflict or unknown
//
// The form's values travel sealed with the page (the token), so that a save takes one round trip, and so that nothing of a
// record is kept here: the database holds the operation's id, the record's id and its versions.
package record
