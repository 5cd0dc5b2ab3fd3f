// Package locale owns every sentence that people read, and how numbers and times are written for them. Catalogues are
// embedded, one JSON file for each language, keys in the words of the situation ("state.no-app.title"). A message is text
// with {placeholders}, or an object of plural forms named as CLDR names them, picked by the argument n.
//
// Values of Dataverse come formatted from Dataverse; this package formats only what Pintab computes itself: chart ticks,
// counts and clock times. The catalogue is our own rather than go-i18n's because that library parses a text/template for
// each message when it is loaded and again allocates a few kilobytes for each sentence, which a page of a hundred sentences feels.
package locale
