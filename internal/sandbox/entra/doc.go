// Package entra is the sandbox's stand-in for Microsoft Entra ID: an OpenID provider with Entra's paths, claims, grants
// and AADSTS errors, strict about redirect addresses, codes and refresh tokens. Who exists is package world; what a
// Dataverse token opens is decided by package dataverse of the sandbox. It never imports what it is used to test.
//
//	/{tenant}/v2.0/.well-known/openid-configuration   metadata
//	/{tenant}/discovery/v2.0/keys                     signing keys
//	/{tenant}/oauth2/v2.0/authorize                   account chooser, consent, multi-factor: plain forms
//	/{tenant}/oauth2/v2.0/token                       every grant
//	/{tenant}/oauth2/v2.0/logout                      sign-out
//	/_sandbox/...                                     faults, require, rotate-keys, clock
//
// {tenant} is a GUID, a domain, or organizations or common where Entra ID allows them.
package entra
