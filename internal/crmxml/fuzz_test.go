package crmxml

import "testing"

func FuzzReadForm(f *testing.F) {
	f.Add(board)
	f.Add(mainForm)
	f.Fuzz(func(t *testing.T, text string) {
		form, err := ReadForm(text)
		if err != nil {
			return
		}
		for _, tab := range form.Tabs {
			for _, c := range tab.Columns {
				for _, s := range c.Sections {
					if s.Columns < 1 || s.Columns > 12 || c.Width < 0 || c.Width > 100 {
						t.Errorf("%d columns, width %d", s.Columns, c.Width)
					}
					checkCells(t, form, s.Rows)
				}
			}
		}
	})
}

// checkCells asks every control everything, whatever it is.
func checkCells(t *testing.T, form *Form, rows []FormRow) {
	for _, r := range rows {
		for _, cell := range r.Cells {
			if cell.RowSpan < 1 || cell.ColSpan < 1 || cell.ColSpan > 12 {
				t.Errorf("spans %d by %d", cell.RowSpan, cell.ColSpan)
			}
			c := cell.Control
			if c == nil {
				continue
			}
			c.Kind()
			c.Lookup()
			c.Frame()
			form.Custom(c)
			if g := c.Grid(); g.PageSize < 0 || g.PageSize > 250 {
				t.Errorf("%d rows on a page", g.PageSize)
			}
			for _, q := range c.QuickForms {
				if GUID(q.FormID) != q.FormID || q.Table == "" {
					t.Errorf("%+v", q)
				}
			}
		}
	}
}

func FuzzReadLayout(f *testing.F) {
	f.Add(`<grid object="1" jump="name"><row id="accountid"><cell name="name" width="200"/></row></grid>`)
	f.Fuzz(func(t *testing.T, text string) { _, _ = ReadLayout(text) })
}

func FuzzReadSiteMap(f *testing.F) {
	f.Add(`<SiteMap><Area><Group><SubArea DefaultDashboard="{6F000000-0000-4000-8000-0000000000A1}"/></Group></Area></SiteMap>`)
	f.Fuzz(func(t *testing.T, text string) {
		if s, err := ReadSiteMap(text); err == nil {
			s.Dashboards()
		}
	})
}

func FuzzReadChartData(f *testing.F) {
	f.Add(`<datadefinition><fetchcollection><fetch aggregate="true"><entity name="a"><attribute name="b" groupby="true" alias="c"/></entity></fetch></fetchcollection></datadefinition>`)
	f.Fuzz(func(t *testing.T, text string) { _, _ = ReadChartData(text) })
}

func FuzzReadPresentation(f *testing.F) {
	f.Add(`<Chart><Series><Series ChartType="Pie"/></Series></Chart>`)
	f.Fuzz(func(t *testing.T, text string) { _, _ = ReadPresentation(text) })
}

// A narrowed query is still a query, and narrowing leaves the view alone.
func FuzzNarrow(f *testing.F) {
	f.Add(openDeals, openDeals)
	f.Fuzz(func(t *testing.T, chart, view string) {
		c, err := ParseFetch(chart)
		if err != nil {
			return
		}
		v, err := ParseFetch(view)
		if err != nil {
			return
		}
		before := v.String()
		c.Narrow(v, "v_")
		if v.String() != before {
			t.Error("the view was changed")
		}
	})
}
