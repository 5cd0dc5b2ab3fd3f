package odata

import (
	"net/http"
	"path"
	"strconv"
	"strings"
)

// Preferences are what a Prefer header asks for.
type Preferences struct {
	MaxPageSize          int // 0 when not asked
	Annotations          string
	ContinueOnError      bool
	ReturnRepresentation bool
	TrackChanges         bool

	patterns []string
}

// The bounds of Prefer: longer than anybody's, and few enough patterns to ask each about every annotation of every row.
const (
	maxPrefer   = 8 << 10
	maxPatterns = 50
)

// ParsePrefer reads all Prefer headers: a comma list whose quoted values may contain commas (RFC 7240). What is not
// understood is ignored, as the RFC says, and so is what is over the bounds.
func ParsePrefer(h http.Header) Preferences {
	var p Preferences
	text := strings.Join(h.Values("Prefer"), ",")
	if len(text) > maxPrefer {
		return p
	}
	for _, element := range splitQuoted(text, ',') {
		name, value, _ := strings.Cut(element, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		value = strings.TrimSpace(splitFirst(value))
		value = strings.Trim(value, `"`)
		switch name {
		case "odata.maxpagesize", "maxpagesize":
			if n, err := strconv.Atoi(value); err == nil && n > 0 {
				p.MaxPageSize = n
			}
		case "odata.include-annotations", "include-annotations":
			p.Annotations = value
			for pattern := range strings.SplitSeq(value, ",") {
				if len(p.patterns) == maxPatterns {
					break
				}
				p.patterns = append(p.patterns, strings.TrimSpace(pattern))
			}
		case "odata.continue-on-error", "continue-on-error":
			p.ContinueOnError = value != "false"
		case "return":
			p.ReturnRepresentation = value == "representation"
		case "odata.track-changes", "track-changes":
			p.TrackChanges = true
		}
	}
	return p
}

// Includes reports whether an annotation was asked for, by name, by namespace ("OData.*") or by "*". A pattern with a
// leading "-" leaves annotations out again.
func (p Preferences) Includes(annotation string) bool {
	included := false
	for _, pattern := range p.patterns {
		exclude := strings.HasPrefix(pattern, "-")
		// Annotation names hold no "/", so that path.Match's star spans the dots of a namespace.
		if ok, err := path.Match(strings.TrimPrefix(pattern, "-"), annotation); err == nil && ok {
			included = !exclude
		}
	}
	return included
}

func splitFirst(value string) string {
	parts := splitQuoted(value, ';')
	if len(parts) == 0 {
		return ""
	}
	return parts[0]
}

func splitQuoted(text string, separator byte) []string {
	var parts []string
	start, quoted := 0, false
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '"':
			quoted = !quoted
		case text[i] == separator && !quoted:
			parts = append(parts, text[start:i])
			start = i + 1
		}
	}
	return append(parts, text[start:])
}
