package crmxml

import (
	"fmt"
	"strings"
)

// Layout is a view's layoutXML: which columns are shown, in which order.
type Layout struct {
	Table      string // name of the row's grid as the document has it; informative
	ObjectType int
	Jump       string // primary name column
	ID         string // primary id column
	Cells      []LayoutCell
}

// LayoutCell is a column of a view. Name is a column or "alias.column" of a link-entity.
type LayoutCell struct {
	Name           string
	Width          int // px; 0 when the document gives none
	Label          string
	Hidden         bool
	DisableSorting bool
}

// ReadLayout reads layoutXML.
func ReadLayout(text string) (*Layout, error) {
	root, err := parse(text, formLimits)
	if err != nil {
		return nil, fmt.Errorf("layout: %w", err)
	}
	if err := root.root("grid"); err != nil {
		return nil, fmt.Errorf("layout: %w", err)
	}
	layout := &Layout{
		Table: root.attr("name"), ObjectType: Int(root.attr("object"), 0, 0, 1<<31-1), Jump: strings.ToLower(root.attr("jump")),
	}
	row := root.child("row")
	if row == nil {
		return layout, nil
	}
	layout.ID = strings.ToLower(row.attr("id"))
	seen := map[string]bool{}
	for _, c := range row.all("cell") {
		name := c.attr("name")
		if name == "" || seen[name] {
			continue
		}
		seen[name] = true
		layout.Cells = append(layout.Cells, LayoutCell{
			Name: name, Width: Int(c.attr("width"), 0, 1, 2000), Label: c.attr("label"),
			Hidden: Bool(c.attr("ishidden"), false), DisableSorting: Bool(c.attr("disablesorting"), false),
		})
	}
	return layout, nil
}
