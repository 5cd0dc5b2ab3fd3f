package crmxml

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// limits bound a document before anything is built from it.
type limits struct {
	bytes int
	depth int
	nodes int
}

// fetchLimits follow what the service accepts (32 KB of query in an address, more in a batch, 500 conditions) with room.
var fetchLimits = limits{bytes: 256 << 10, depth: 32, nodes: 4000}

// formLimits hold for the XML of forms, layouts, charts and site maps.
var formLimits = limits{bytes: 4 << 20, depth: 64, nodes: 60000}

// maxAttributes is how many attributes an element may have, in any document.
const maxAttributes = 200

// ErrTooLarge is the cause when a document is over its limits.
var ErrTooLarge = errors.New("document is over its limits")

// bounded walks the tokens once, so that hostile depth or length costs little: encoding/xml's token reader has no depth
// limit of its own.
func bounded(text string, l limits) error {
	if len(text) > l.bytes {
		return fmt.Errorf("%w: %d bytes", ErrTooLarge, len(text))
	}
	decoder := xml.NewDecoder(strings.NewReader(text))
	depth, nodes := 0, 0
	for {
		token, err := decoder.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		switch element := token.(type) {
		case xml.StartElement:
			depth++
			nodes++
			if len(element.Attr) > maxAttributes {
				return fmt.Errorf("%w: %d attributes", ErrTooLarge, len(element.Attr))
			}
		case xml.EndElement:
			depth--
		}
		if depth > l.depth || nodes > l.nodes {
			return fmt.Errorf("%w: depth %d, %d elements", ErrTooLarge, depth, nodes)
		}
	}
}
