package crmxml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// node is one element of a stored document. Names are lower case: the documents mix cases, and the service does not mind.
type node struct {
	name     string
	attrs    map[string]string
	children []*node
	text     string
	raw      []byte // text while the element is open
}

// parse reads a whole document into nodes and stops as soon as a limit is passed.
func parse(text string, l limits) (*node, error) {
	if len(text) > l.bytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrTooLarge, len(text))
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	// Stored documents claim utf-16 now and then; by now they are text.
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var root *node
	var open []*node
	nodes := 0
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		switch t := token.(type) {
		case xml.StartElement:
			if nodes++; nodes > l.nodes || len(open) >= l.depth {
				return nil, fmt.Errorf("%w: depth %d, %d elements", ErrTooLarge, len(open)+1, nodes)
			}
			n := newNode(t)
			switch {
			case len(open) > 0:
				parent := open[len(open)-1]
				parent.children = append(parent.children, n)
			case root == nil:
				root = n
			}
			open = append(open, n)
		case xml.EndElement:
			last := open[len(open)-1]
			last.text, last.raw = string(last.raw), nil
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				last := open[len(open)-1]
				last.raw = append(last.raw, t...)
			}
		}
	}
	if root == nil {
		return nil, errors.New("document has no element")
	}
	return root, nil
}

func newNode(start xml.StartElement) *node {
	n := &node{name: strings.ToLower(start.Name.Local)}
	for _, a := range start.Attr {
		if n.attrs == nil {
			n.attrs = make(map[string]string, len(start.Attr))
		}
		n.attrs[strings.ToLower(a.Name.Local)] = a.Value
	}
	return n
}

// attr gives an attribute by its lower-case name, trimmed.
func (n *node) attr(name string) string { return strings.TrimSpace(n.attrs[name]) }

// child gives the first child of a name; nil when there is none, and a nil node has none.
func (n *node) child(name string) *node {
	if n == nil {
		return nil
	}
	for _, c := range n.children {
		if c.name == name {
			return c
		}
	}
	return nil
}

// all gives the children of a name.
func (n *node) all(name string) []*node {
	if n == nil {
		return nil
	}
	var found []*node
	for _, c := range n.children {
		if c.name == name {
			found = append(found, c)
		}
	}
	return found
}

// root checks the document's element.
func (n *node) root(name string) error {
	if n.name != name {
		return fmt.Errorf("document is <%s>, not <%s>", n.name, name)
	}
	return nil
}

// value gives an attribute like attr; a nil node has none.
func (n *node) value(name string) string {
	if n == nil {
		return ""
	}
	return n.attr(name)
}
