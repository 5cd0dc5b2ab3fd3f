package crmxml

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// ChartData is a chart's data description: a query, and which of its aliases are the category and the measures.
type ChartData struct {
	Fetch *Fetch
	// Category is the alias of the category column; "" means the first group-by column.
	Category string
	// Measures has one list of aliases for each series, in the order of Presentation.Series.
	Measures [][]string
}

// ReadChartData reads a datadescription (savedqueryvisualization table reference).
func ReadChartData(text string) (*ChartData, error) {
	text = withoutProlog(text)
	if err := bounded(text, formLimits); err != nil {
		return nil, fmt.Errorf("chart data: %w", err)
	}
	var d struct {
		XMLName    xml.Name `xml:"datadefinition"`
		Fetches    []*Fetch `xml:"fetchcollection>fetch"`
		Categories []struct {
			Alias       string `xml:"alias,attr"`
			Collections []struct {
				Measures []struct {
					Alias string `xml:"alias,attr"`
				} `xml:"measure"`
			} `xml:"measurecollection"`
		} `xml:"categorycollection>category"`
	}
	if err := xml.Unmarshal([]byte(text), &d); err != nil {
		return nil, fmt.Errorf("chart data: %w", err)
	}
	if len(d.Fetches) == 0 || d.Fetches[0].Entity.Name == "" {
		return nil, fmt.Errorf("chart data: no query")
	}
	data := &ChartData{Fetch: d.Fetches[0]}
	for i, c := range d.Categories {
		if i == 0 {
			data.Category = c.Alias
		}
		for _, m := range c.Collections {
			var aliases []string
			for _, measure := range m.Measures {
				if measure.Alias != "" {
					aliases = append(aliases, measure.Alias)
				}
			}
			if len(aliases) > 0 {
				data.Measures = append(data.Measures, aliases)
			}
		}
	}
	return data, nil
}

// Presentation is how a chart is drawn, as far as the document says something that Pintab follows: colours, fonts and
// borders are the theme's.
type Presentation struct {
	Series []PresentationSeries
	XTitle string
	YTitle string
	Legend bool
	Title  string
}

// PresentationSeries is one series. Type is the ASP.NET chart type in lower case, for example "stackedcolumn100".
type PresentationSeries struct {
	Type       string
	Name       string
	ShowValues bool
}

// ReadPresentation reads a presentationdescription, which is a serialized ASP.NET chart without a published schema.
func ReadPresentation(text string) (*Presentation, error) {
	root, err := parse(text, formLimits)
	if err != nil {
		return nil, fmt.Errorf("chart presentation: %w", err)
	}
	if err := root.root("chart"); err != nil {
		return nil, fmt.Errorf("chart presentation: %w", err)
	}
	p := &Presentation{}
	for _, s := range root.child("series").all("series") {
		p.Series = append(p.Series, PresentationSeries{
			Type: strings.ToLower(s.attr("charttype")), Name: s.attr("name"), ShowValues: Bool(s.attr("isvalueshownaslabel"), false),
		})
	}
	area := root.child("chartareas").child("chartarea")
	p.XTitle, p.YTitle = axisTitle(area.child("axisx")), axisTitle(area.child("axisy"))
	for _, l := range root.child("legends").all("legend") {
		p.Legend = p.Legend || Bool(l.attr("enabled"), true)
	}
	if t := root.child("titles").child("title"); t != nil {
		p.Title = t.attr("text")
	}
	return p, nil
}

func axisTitle(axis *node) string {
	if axis == nil {
		return ""
	}
	return axis.attr("title")
}

// withoutProlog drops a byte order mark and an XML declaration, whose encoding no longer holds for a text.
func withoutProlog(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	if strings.HasPrefix(text, "<?xml") {
		if _, rest, found := strings.Cut(text, "?>"); found {
			return rest
		}
	}
	return text
}
