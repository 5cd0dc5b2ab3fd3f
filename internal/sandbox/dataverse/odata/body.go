package odata

import (
	"bytes"
	"errors"
	"io"

	"github.com/go-json-experiment/json/jsontext"
)

// The bounds of one JSON body: far above what a row with related rows needs, and together with the size of the body a bound
// on memory.
const (
	maxBodyDepth   = 12
	maxBodyMembers = 20000
)

// NodeKind is what a JSON value is.
type NodeKind int

// The kinds of JSON values.
const (
	NodeNull NodeKind = iota
	NodeBool
	NodeNumber
	NodeString
	NodeObject
	NodeArray
)

// Node is a JSON value of a request's body. Numbers keep their digits, because a decimal is not a float64.
type Node struct {
	Kind    NodeKind
	Text    string   // of strings, unquoted, and of numbers, as written
	True    bool     // of booleans
	Members []Member // of objects, in the order of the text
	Items   []Node   // of arrays
}

// Member is a member of a JSON object; names are unique within one.
type Member struct {
	Name  string
	Value Node
}

// Member finds a member of an object by name.
func (n Node) Member(name string) (Node, bool) {
	for _, m := range n.Members {
		if m.Name == name {
			return m.Value, true
		}
	}
	return Node{}, false
}

// IsString reports whether the value is a string.
func (n Node) IsString() bool { return n.Kind == NodeString }

// Literal is the value as it would stand in an address; arrays and objects are none.
func (n Node) Literal() (Literal, bool) {
	switch n.Kind {
	case NodeNull:
		return Literal{Kind: Null}, true
	case NodeBool:
		return Literal{Kind: Bool, Text: map[bool]string{true: "true", false: "false"}[n.True]}, true
	case NodeNumber:
		return Literal{Kind: Number, Text: n.Text}, true
	case NodeString:
		return Literal{Kind: String, Text: n.Text}, true
	}
	return Literal{}, false
}

// ParseBody reads a body that is one JSON object. A byte order mark is ignored, as the service does.
func ParseBody(body []byte) (Node, error) {
	body = bytes.TrimPrefix(body, []byte("\xef\xbb\xbf"))
	r := bodyReader{d: jsontext.NewDecoder(bytes.NewReader(body))}
	if r.d.PeekKind() != '{' {
		if _, err := r.d.ReadToken(); err != nil {
			return Node{}, notJSON(err)
		}
		return Node{}, problem("A JSON object was expected as the payload")
	}
	n, err := r.value(0)
	if err != nil {
		return Node{}, err
	}
	if _, err := r.d.ReadToken(); !errors.Is(err, io.EOF) {
		return Node{}, problem("There is more than one JSON value in the payload")
	}
	return n, nil
}

type bodyReader struct {
	d     *jsontext.Decoder
	count int
}

func (r *bodyReader) value(depth int) (Node, error) {
	if depth > maxBodyDepth {
		return Node{}, problem("The payload is nested too deeply")
	}
	if r.count++; r.count > maxBodyMembers {
		return Node{}, problem("The payload has too many values")
	}
	t, err := r.d.ReadToken()
	if err != nil {
		return Node{}, notJSON(err)
	}
	switch t.Kind() {
	case 'n':
		return Node{}, nil
	case 't', 'f':
		return Node{Kind: NodeBool, True: t.Bool()}, nil
	case '0':
		return Node{Kind: NodeNumber, Text: t.String()}, nil
	case '"':
		return Node{Kind: NodeString, Text: t.String()}, nil
	case '[':
		return r.array(depth)
	}
	return r.object(depth)
}

func (r *bodyReader) array(depth int) (Node, error) {
	n := Node{Kind: NodeArray}
	for r.d.PeekKind() != ']' {
		item, err := r.value(depth + 1)
		if err != nil {
			return Node{}, err
		}
		n.Items = append(n.Items, item)
	}
	_, err := r.d.ReadToken()
	return n, notJSON(err)
}

func (r *bodyReader) object(depth int) (Node, error) {
	n := Node{Kind: NodeObject}
	for r.d.PeekKind() != '}' {
		name, err := r.d.ReadToken()
		if err != nil {
			return Node{}, notJSON(err)
		}
		member := Member{Name: name.String()} // before the next token, which takes its place
		if member.Value, err = r.value(depth + 1); err != nil {
			return Node{}, err
		}
		n.Members = append(n.Members, member)
	}
	_, err := r.d.ReadToken()
	return n, notJSON(err)
}

func notJSON(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, jsontext.ErrDuplicateName):
		return problem("Multiple properties with the same name were found in the payload, but a property may be there only once")
	}
	return problem("Invalid JSON. A token was not recognized in the JSON content")
}
