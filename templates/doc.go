// Package templates draws what people see: one templ component for each page (XxxPage) and for each piece that script
// swaps in (XxxPanel), with the model struct it takes beside it. Models hold crm values and no markup; every sentence
// comes from package locale and every file from package static. Deciding what to show is package web and the services
// behind it.
//
// The nonce of the Content-Security-Policy travels in the context (templ.WithNonce), the reader's language too
// (locale.With). No component writes a style attribute, an inline event handler or a script without that nonce.
package templates
