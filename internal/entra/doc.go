// Package entra signs people in with Microsoft Entra ID and holds every token of theirs.
//
// Two ways in: a tab hands over the token that Teams gave it (VerifyTab, SignInTab: verify, then exchange on behalf of the
// person), or a browser goes through the authorization code flow (AuthorizeURL, Redeem). Afterwards Token gives an access
// token for a Dataverse resource, from memory, from the vault, or by redeeming the refresh token once for all replicas.
//
//	tab token ──VerifyTab──► profile ──on behalf of──┐
//	code ──Redeem: PKCE, nonce──► profile ───────────┤
//	                                                 ▼
//	             Token ◄── memory ◄── vault (sealed) ◄── refresh token
//
// Keeping sealed tokens is package store (the Vault port), sessions and cookies are package web, the bot's own tokens are
// package botframework. No token leaves this package except the access token that Token returns to package dataverse.
package entra
