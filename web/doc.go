// Package web is the door for people: routes, the session cookie, signing in, the Content-Security-Policy, streaming and
// the one place where a fault becomes a page. It is the only package that knows Echo and gorilla/sessions. What pages look
// like is package templates, deciding what they show is workspace and dashboard, tokens are package entra, and rows are
// package store.
//
// A request passes, outermost first: log and request id, security headers, compression, language, the one error page, body
// cap, cross-origin protection. Handlers read, ask one service, draw one page, and fail by returning.
//
// Signing in, three ways to one session:
//
//	framed by Teams   GET /tab/dashboard ─► shell ─ getAuthToken ─► POST /auth/teams ─► the page itself, with a cookie
//	consent or MFA    tab keeps a verifier and opens a pop-up: /auth/start?challenge= ─► Entra ID ─► /auth/callback
//	                  ─► one-time code ─► tab: POST /auth/handoff (code, verifier) ─► the page itself, with a cookie
//	plain browser     GET /tab/dashboard ─► /auth/start?next= ─► Entra ID ─► /auth/callback ─► 303 to the page
package web
