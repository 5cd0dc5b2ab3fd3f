package templates

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/locale"
)

const nonce = "bm9uY2U"

func reader(language string) context.Context {
	return templ.WithNonce(locale.With(context.Background(), locale.Negotiate(language)), nonce)
}

// text renders a component in a language.
func text(t testing.TB, language string, c templ.Component) string {
	t.Helper()
	var out bytes.Buffer
	if err := c.Render(reader(language), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// draw renders a component in English as a document. Declarative shadow roots are opened, so that selectors see all there is.
func draw(t testing.TB, c templ.Component) *goquery.Document {
	t.Helper()
	flat := strings.NewReplacer(`<template shadowrootmode="open">`, "<div>", "</template>", "</div>").Replace(text(t, "en-US", c))
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(flat))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func words(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

// wellFormed holds every element to the strictness of XML: what a browser would have to guess at is a defect.
func wellFormed(t testing.TB, fragment string) {
	t.Helper()
	decoder := xml.NewDecoder(strings.NewReader("<all>" + fragment + "</all>"))
	decoder.Entity = xml.HTMLEntity
	for {
		_, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%v in %s", err, fragment)
		}
	}
}

// safe fails for anything that a page of ours must never have.
func safe(t testing.TB, doc *goquery.Document) {
	t.Helper()
	doc.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, a := range s.Nodes[0].Attr {
			switch {
			case a.Key == "style", strings.HasPrefix(a.Key, "on"), a.Key == "formaction":
				t.Errorf("%s has %s=%q", s.Nodes[0].Data, a.Key, a.Val)
			case a.Key == "href" || a.Key == "src" || a.Key == "action":
				checkAddress(t, s.Nodes[0].Data, a.Val)
			}
		}
	})
	doc.Find("script, style").Each(func(_ int, s *goquery.Selection) {
		_, linked := s.Attr("src")
		if given := s.AttrOr("nonce", ""); !linked && given != nonce {
			t.Errorf("%s without the nonce", s.Nodes[0].Data)
		}
	})
	if n := doc.Find("iframe, object, embed, foreignObject, base, marquee").Length(); n > 0 {
		t.Errorf("%d elements that we never write", n)
	}
}

func checkAddress(t testing.TB, element, address string) {
	t.Helper()
	for _, prefix := range []string{"/tab/", "/auth/", "/static/", "/privacy?", "#", "data:,", "https://harbor.crm4.dynamics.com/", "mailto:", "tel:"} {
		if strings.HasPrefix(address, prefix) {
			return
		}
	}
	if address == "https://harbor.crm4.dynamics.com" {
		return
	}
	t.Errorf("%s leads to %q", element, address)
}
