// Package privacy owns what Pintab says and does about the data that it holds of people: the inventory of every table and
// column, what is held of one person, erasing all of it, how long things are kept, and the consent to the bot. The rows are
// package store, tokens in memory package entra, the pages package web and templates.
//
// An erasure has to hold against three who know nothing of it: a request that is under way, another replica, and a file.
//
//	         Erase ── one transaction: next epoch, mark of the person, every row gone ── file scrubbed ── receipt
//	            │                     │
//	 memory of this process      erasures: (mark, epoch)
//	                                  │
//	requests under way ── each knows the epoch at which its person was last recognized (WithEpoch); a row about a person
//	                      is inserted only if no later erasure of that person is marked, in the same statement
//	other replicas     ── their sessions are the same rows, looked up at every request; Keeper reads new marks twice a
//	                      second and drops what memory holds of whoever matches
//
// A request that does not say which epoch it belongs to counts as older than every erasure. The mark is a one-way number
// that outlives its purpose by nothing: after MarkLife, when no request can be that old, it is removed too. Whoever signs in
// again starts at the new epoch with new ids; nothing of before leads to them.
package privacy
