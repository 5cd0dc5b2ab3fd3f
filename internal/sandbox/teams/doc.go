// Package teams is the sandbox's chat client, called Parley: a page that hosts tabs as Microsoft Teams does, and the Bot
// Connector behind its conversations.
//
// Everything that it shows of an app (name, tabs, addresses, icons, bot) comes from the app package that is offered in its
// store. It frames tabs on their own origin and speaks the recorded host protocol of TeamsJS 2.58 with them by
// postMessage (folder assets: host.js starts a page, frame.js is the protocol and calls.js what pages may ask; tab.js,
// tabsetup.js and tasks.js are the places where frames stand; chat.js is the conversation). Tab tokens come from the Entra
// stand-in by its password grant.
//
//	person -> Parley page -> iframe (tab)           postMessage, origin checked on both sides
//	person -> conversation -> bot endpoint          activities, signed as the Bot Connector signs them
//	bot -> /v3/conversations/...                    replies, with a token that the Entra stand-in issued
//
// Who the people are is package world's matter, issuing tokens is internal/sandbox/entra, and making the app package is
// package manifest, which this package must not know: it reads the zip file as a stranger would.
package teams
