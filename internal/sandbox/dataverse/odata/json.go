package odata

import (
	"encoding/json"
	"errors"
	"strings"
)

var errJSON = errors.New("the value is not valid JSON")

// scanJSON reads the JSON value that text starts with and tells how long it is. Strings may be in single quotes, as many
// clients write them in addresses.
func scanJSON(text string) (Literal, int, error) {
	length, err := jsonLength(text)
	if err != nil {
		return Literal{}, 0, err
	}
	strict := doubleQuoted(text[:length])
	if text[0] == '{' {
		if !json.Valid([]byte(strict)) {
			return Literal{}, 0, errJSON
		}
		return Literal{Kind: Object, Text: strict}, length, nil
	}
	var raw []json.RawMessage
	if err := json.Unmarshal([]byte(strict), &raw); err != nil {
		// GUIDs may stand unquoted in a list, which JSON does not know.
		return looseList(text[:length], length)
	}
	list := Literal{Kind: List, Items: make([]Literal, 0, len(raw))}
	for _, item := range raw {
		list.Items = append(list.Items, jsonItem(item))
	}
	return list, length, nil
}

func jsonItem(raw json.RawMessage) Literal {
	switch {
	case raw[0] == '"':
		var s string
		_ = json.Unmarshal(raw, &s) // valid: it was part of a valid array
		return Literal{Kind: String, Text: s}
	case raw[0] == '{' || raw[0] == '[':
		return Literal{Kind: Object, Text: string(raw)}
	case raw[0] == 'n':
		return Literal{Kind: Null}
	case raw[0] == 't' || raw[0] == 'f':
		return Literal{Kind: Bool, Text: string(raw)}
	}
	return Literal{Kind: Number, Text: string(raw)}
}

func looseList(text string, length int) (Literal, int, error) {
	list := Literal{Kind: List}
	for _, part := range strings.Split(text[1:len(text)-1], ",") {
		part = strings.TrimSpace(part)
		if !IsGUID(part) {
			return Literal{}, 0, errJSON
		}
		list.Items = append(list.Items, Literal{Kind: GUID, Text: strings.ToLower(part)})
	}
	return list, length, nil
}

// jsonLength finds where the bracket that text starts with is closed.
func jsonLength(text string) (int, error) {
	depth, quote := 0, byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '[' || c == '{':
			if depth++; depth > maxDepth {
				return 0, errJSON
			}
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return i + 1, nil
			}
		}
	}
	return 0, errJSON
}

// doubleQuoted turns single-quoted strings into JSON's own.
func doubleQuoted(text string) string {
	if strings.IndexByte(text, '\'') < 0 {
		return text
	}
	var b strings.Builder
	quote := byte(0)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quote != 0 && c == '\\' && i+1 < len(text):
			i++
			if text[i] != '\'' {
				b.WriteByte('\\')
			}
			b.WriteByte(text[i])
			continue
		case quote == '\'' && c == '"':
			b.WriteString(`\"`)
			continue
		case quote != 0 && c == quote:
			quote = 0
			c = '"'
		case quote == 0 && (c == '"' || c == '\''):
			quote = c
			c = '"'
		}
		b.WriteByte(c)
	}
	return b.String()
}
