// Package bearer reads signed tokens more strictly than a library does, fetches what issuers publish with restraint, and
// remembers what has been verified within bounds.
//
// It knows no issuer: which claims a token of Entra ID must have is package entra's matter, and which one of the Bot Connector
// is package botframework's. Nothing that TakeApart gives may be believed before Verify has found the issuer's signature.
package bearer
