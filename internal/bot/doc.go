// Package bot is the chat: what comes from Microsoft Teams is heard once, answered in order, and what is answered is decided here.
//
//	POST /api/messages -> Receive: token, tenant
//	    invoke  -> answered in the response, within its time
//	    message -> heard and queued in one transaction -> acknowledged
//	                 `-> a turn: who is it, are they signed in, may the text be read -> answer by the connector
//
// A turn belongs to one process at a time (a lease in the database), those of one conversation follow each other, and a turn
// that a process leaves behind is taken over by another. What the activity says is sealed while it waits, and gone when it has
// been answered. Checking tokens and sending is package botframework, keeping is package store, understanding text is package
// intent.
package bot
