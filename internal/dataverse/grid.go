package dataverse

import (
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

// Class ids of controls (FormXML; compared without braces in lower case).
const (
	classGrid        = "e7a81278-8635-4d9e-8d4d-59480b391c5b" // lists and charts alike
	classFrame       = "fd2a7985-3187-444e-908d-6624b21f69c0"
	classWebResource = "9fdf5f91-88b1-47f4-ad53-c11efc01a01d"
	classImage       = "587cdf98-c1d5-4bde-8473-14a0bc7644a7"
)

const (
	usualPage  = 10
	widestGrid = 12
	// mostCells bounds a section; Dataverse allows six parts on a dashboard, twenty where an administrator raised it.
	mostCells = 200
)

// place resolves a form's structure: labels in a language, and every part at its place on its section's grid.
func (f form) place(lcid int) crm.Dashboard {
	d := crm.Dashboard{DashboardRef: f.ref, Interactive: f.interactive}
	keys := keyring{}
	for _, t := range f.xml.Tabs {
		if !t.Visible {
			continue
		}
		tab := crm.DashboardTab{Title: t.Labels.In(lcid), ShowTitle: t.ShowLabel && t.Labels.In(lcid) != "", Expanded: t.Expanded}
		for i, width := range widths(t.Columns) {
			column := crm.DashboardColumn{Width: width}
			for _, s := range t.Columns[i].Sections {
				if s.Visible {
					column.Sections = append(column.Sections, section(s, lcid, keys))
				}
			}
			tab.Columns = append(tab.Columns, column)
		}
		d.Tabs = append(d.Tabs, tab)
	}
	return d
}

// widths gives each column its share in per cent; what the form leaves open is divided equally.
func widths(columns []crmxml.FormColumn) []int {
	left, open := 100, 0
	for _, c := range columns {
		left -= c.Width
		if c.Width == 0 {
			open++
		}
	}
	shares := make([]int, len(columns))
	for i, c := range columns {
		if shares[i] = c.Width; c.Width == 0 {
			shares[i] = max(left/open, 1)
		}
	}
	return shares
}

// spot is a cell at its place, 0-based, with the parts it holds.
type spot struct {
	row, column, rows, columns int
	parts                      []crm.Part
	beside                     bool // several parts stand side by side rather than below each other
}

// section places the cells as a table does: each takes the first free room in its row, and a row without room sends it
// further down. The empty rows that follow a tall cell in a form are thereby just rows that are full already.
func section(s crmxml.FormSection, lcid int, keys keyring) crm.DashboardSection {
	placed := crm.DashboardSection{Title: s.Labels.In(lcid), ShowTitle: s.ShowLabel && s.Labels.In(lcid) != "", Columns: s.Columns}
	taken := map[[2]int]bool{}
	var spots []spot
	cells := 0
	for r, row := range s.Rows {
		for _, cell := range row.Cells {
			if cells++; cells > mostCells {
				break
			}
			at := room(taken, r, s.Columns, min(cell.ColSpan, s.Columns), cell.RowSpan)
			if cell.Visible && cell.Control != nil {
				at.parts = parts(cell, lcid, keys)
				at.beside = cell.Control.ShowAsTiles || cell.Tile
				spots = append(spots, at)
			}
		}
	}
	placed.Columns = stretch(spots, s.Columns, &placed.Parts)
	return placed
}

// room takes the first free rectangle at or below a row.
func room(taken map[[2]int]bool, row, width, columns, rows int) spot {
	for ; ; row++ {
		for column := 0; column+columns <= width; column++ {
			if !free(taken, row, column, columns, rows) {
				continue
			}
			for r := range rows {
				for c := range columns {
					taken[[2]int{row + r, column + c}] = true
				}
			}
			return spot{row: row, column: column, rows: rows, columns: columns}
		}
	}
}

func free(taken map[[2]int]bool, row, column, columns, rows int) bool {
	for r := range rows {
		for c := range columns {
			if taken[[2]int{row + r, column + c}] {
				return false
			}
		}
	}
	return true
}

// stretch makes room where one cell holds several parts (the streams of an interactive dashboard): its rows or columns are
// divided, and everything else on the grid spans the division. It gives the number of columns.
func stretch(spots []spot, columns int, parts *[]crm.Part) int {
	down, across := map[int]int{}, map[int]int{}
	for _, s := range spots {
		if s.beside && len(s.parts) > 1 {
			divide(across, s.column, s.columns, len(s.parts))
			if total(across, columns) > widestGrid {
				clear(across)
				for j := range spots {
					spots[j].beside = false
				}
				return stretch(spots, columns, parts)
			}
		} else {
			divide(down, s.row, s.rows, len(s.parts))
		}
	}
	for _, s := range spots {
		top, height := total(down, s.row), total(down, s.row+s.rows)-total(down, s.row)
		left, width := total(across, s.column), total(across, s.column+s.columns)-total(across, s.column)
		for i, p := range s.parts {
			p.Row, p.RowSpan, p.Column, p.ColSpan = top+1, height, left+1, width
			n := len(s.parts)
			if s.beside {
				from, to := i*width/n, (i+1)*width/n
				p.Column, p.ColSpan = left+1+from, to-from
			} else {
				from, to := i*height/n, (i+1)*height/n
				p.Row, p.RowSpan = top+1+from, to-from
			}
			*parts = append(*parts, p)
		}
	}
	return total(across, columns)
}

// divide asks that the lines from first on hold n parts together.
func divide(factors map[int]int, first, lines, n int) {
	for line := first; line < first+lines; line++ {
		factors[line] = max(factors[line], (n+lines-1)/lines, 1)
	}
}

// total counts the divided lines before a line.
func total(factors map[int]int, line int) int {
	sum := line
	for l, factor := range factors {
		if l < line {
			sum += max(factor, 1) - 1
		}
	}
	return sum
}

// parts makes the parts of a cell: one, or one for each stream.
func parts(cell crmxml.FormCell, lcid int, keys keyring) []crm.Part {
	title := cell.Labels.In(lcid)
	base := crm.Part{Title: title, ShowTitle: cell.ShowLabel && title != ""}
	if len(cell.Control.Streams) == 0 {
		base.Key = keys.key(cell, "")
		return []crm.Part{control(base, cell)}
	}
	all := make([]crm.Part, 0, len(cell.Control.Streams))
	for i, s := range cell.Control.Streams {
		p := base
		if len(cell.Control.Streams) > 1 {
			p.Title, p.ShowTitle = "", false // the cell's is that of all together
		}
		p.Key = keys.key(cell, strconv.Itoa(i+1))
		p.Kind, p.Table, p.ViewID, p.PageSize = crm.PartStream, s.Table, s.ViewID, usualPage
		if cell.Control.ShowAsTiles || cell.Tile {
			p.Kind = crm.PartTile
		}
		if s.QueueID != "" {
			p.Table, p.ViewID, p.Queue = "queueitem", s.QueueViewID, s.QueueID
		}
		if p.ViewID == "" || p.Table == "" {
			p.Kind, p.Unsupported = crm.PartUnsupported, "custom"
		}
		all = append(all, p)
	}
	return all
}

// control reads the one part of an ordinary cell.
func control(p crm.Part, cell crmxml.FormCell) crm.Part {
	c := cell.Control
	switch c.ClassID {
	case classGrid:
		if c.Parameters.Text("TargetEntityType") != "" || c.Parameters.GUID("ViewId") != "" {
			return grid(p, cell)
		}
		p.Unsupported = "custom"
	case classFrame:
		p.Unsupported = "iframe"
	case classWebResource:
		p.Unsupported = "webresource"
	case classImage:
		p.Unsupported = "image"
	default:
		p.Unsupported = "custom"
		for name := range c.Parameters {
			if strings.HasPrefix(name, "powerbi") || name == "tileurl" {
				p.Unsupported = "powerbi"
			}
		}
	}
	p.Kind = crm.PartUnsupported
	return p
}

// grid reads the parameters of a list or chart.
func grid(p crm.Part, cell crmxml.FormCell) crm.Part {
	set := cell.Control.Parameters
	p.Table = strings.ToLower(set.Text("TargetEntityType"))
	p.ViewID, p.PersonalView = set.GUID("ViewId"), set.Bool("IsUserView", false)
	p.ViewIDs = crmxml.GUIDs(set.Text("ViewIds"))
	p.ChartID, p.PersonalChart = set.GUID("VisualizationId"), set.Bool("IsUserChart", false)
	p.PageSize = crmxml.Int(set.Text("RecordsPerPage"), usualPage, 1, 250)
	p.QuickFind, p.ViewPicker, p.ChartPicker = set.Bool("EnableQuickFind", false), set.Bool("EnableViewPicker", false), set.Bool("EnableChartPicker", false)
	switch mode := strings.ToLower(set.Text("ChartGridMode")); {
	case p.ChartID == "":
		p.Kind = crm.PartList
	case mode == "chart":
		p.Kind = crm.PartChart
	case mode == "all":
		p.Kind = crm.PartChartAndList
	case mode == "" && cell.Chart:
		p.Kind = crm.PartChart
	}
	switch {
	case cell.Tile && p.Kind == crm.PartList:
		p.Kind = crm.PartTile
	case cell.Stream && p.Kind == crm.PartList:
		p.Kind = crm.PartStream
	}
	return p
}

// keyring gives every part of a dashboard a key of its own.
type keyring map[string]bool

// key is made of the cell's id, which stays the same as long as the cell does.
func (k keyring) key(cell crmxml.FormCell, part string) string {
	base := "p-" + cell.ID
	if cell.ID == "" {
		base = "p-" + strings.Map(func(r rune) rune {
			if r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '_' {
				return r
			}
			return -1
		}, cell.Control.ID)
	}
	if part != "" {
		base += "-" + part
	}
	key := base
	for n := 2; k[key]; n++ {
		key = base + "-again" + strconv.Itoa(n)
	}
	k[key] = true
	return key
}
