package dataverse

import (
	"encoding/xml"
	"errors"
	"io"
	"net/url"
	"strings"
)

// longestMark bounds a paging cookie: it holds the sorted columns of two rows.
const longestMark = 4096

// pageMark reads the paging cookie out of the annotation fetchxmlpagingcookie, where it is URL-encoded twice; "" when there is
// none that can be sent back (page large result sets with FetchXML).
func pageMark(annotation string) string {
	if len(annotation) > 8*longestMark {
		return ""
	}
	var outer struct {
		XMLName xml.Name `xml:"cookie"`
		Inner   string   `xml:"pagingcookie,attr"`
	}
	if annotation == "" || xml.Unmarshal([]byte(annotation), &outer) != nil {
		return ""
	}
	text := outer.Inner
	for range 2 {
		var err error
		if text, err = url.QueryUnescape(text); err != nil {
			return ""
		}
	}
	return readMark(text)
}

// readMark passes on what has the form of a paging cookie and nothing else: it comes back from outside.
func readMark(text string) string {
	if text == "" || len(text) > longestMark {
		return ""
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	depth, roots := 0, 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			if roots != 1 || depth != 0 {
				return ""
			}
			return text
		}
		if err != nil {
			return ""
		}
		switch e := token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
			if depth > 2 || depth == 1 && e.Name.Local != "cookie" || !plainMark(e, depth) {
				return ""
			}
		case xml.EndElement:
			depth--
		case xml.CharData:
			if strings.TrimSpace(string(e)) != "" {
				return ""
			}
		default:
			return "" // a comment, a document type or an instruction
		}
	}
}

// plainMark reports whether an element is one of a paging cookie: the cookie itself, or a sorted column of its rows.
func plainMark(e xml.StartElement, depth int) bool {
	if e.Name.Space != "" || depth == 2 && !logicalName.MatchString(strings.ReplaceAll(e.Name.Local, ".", "_")) {
		return false
	}
	for _, a := range e.Attr {
		switch a.Name.Local {
		case "page", "parentEntityId", "parentAttributeName", "parentEntityObjectTypeCode":
			if depth != 1 {
				return false
			}
		case "first", "last", "firstnull", "lastnull":
			if depth != 2 {
				return false
			}
		default:
			return false
		}
		if a.Name.Space != "" {
			return false
		}
	}
	return true
}
