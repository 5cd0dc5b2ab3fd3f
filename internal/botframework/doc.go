// Package botframework speaks with the Bot Connector: it checks what comes in and sends what goes out.
//
//	Teams -> Bot Connector -> POST /api/messages     Verifier: is the token the connector's, and for this very activity?
//	bot   -> Connector     -> POST {serviceUrl}/v3/… the app's own token, to Microsoft's hosts alone
//
// What a message means and what is answered is package bot's matter; that an activity is handled once, package store's.
// Names and limits are those of Microsoft's "Bot Framework activity schema", "Authentication with the Bot Connector API" and
// "Rate limiting for bots" pages.
package botframework
