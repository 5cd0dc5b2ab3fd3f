package crmxml

import (
	"fmt"
	"strings"
)

// SiteMap is an app's navigation, flattened to its sub-areas in document order.
type SiteMap struct{ SubAreas []SubArea }

// SubArea is one entry of the navigation.
type SubArea struct {
	ID, Area, Group  string
	Table            string // Entity, lower case
	URL              string
	Title            string // the plain attribute of older documents
	Titles           Labels
	DefaultDashboard string // lower case without braces
	Client, Sku      []string
	Privileges       []SubAreaPrivilege
}

// SubAreaPrivilege is a right that a person needs to be offered the entry.
type SubAreaPrivilege struct {
	Table      string
	Privileges []string // Read, Write, ...; All
}

// ReadSiteMap reads a site map.
func ReadSiteMap(text string) (*SiteMap, error) {
	root, err := parse(text, formLimits)
	if err != nil {
		return nil, fmt.Errorf("site map: %w", err)
	}
	if err := root.root("sitemap"); err != nil {
		return nil, fmt.Errorf("site map: %w", err)
	}
	siteMap := &SiteMap{}
	for _, area := range root.all("area") {
		for _, group := range area.all("group") {
			for _, n := range group.all("subarea") {
				siteMap.SubAreas = append(siteMap.SubAreas, subArea(n, area.attr("id"), group.attr("id")))
			}
		}
	}
	return siteMap, nil
}

// Dashboards gives the default dashboards that the site map names, in its order, each once.
func (s *SiteMap) Dashboards() []string {
	var ids []string
	seen := map[string]bool{}
	for _, a := range s.SubAreas {
		if a.DefaultDashboard != "" && !seen[a.DefaultDashboard] {
			seen[a.DefaultDashboard] = true
			ids = append(ids, a.DefaultDashboard)
		}
	}
	return ids
}

func subArea(n *node, area, group string) SubArea {
	s := SubArea{
		ID: n.attr("id"), Area: area, Group: group, Table: strings.ToLower(n.attr("entity")), URL: n.attr("url"), Title: n.attr("title"),
		Titles: titles(n), DefaultDashboard: GUID(n.attr("defaultdashboard")), Client: list(n.attr("client")), Sku: list(n.attr("sku")),
	}
	for _, p := range n.all("privilege") {
		s.Privileges = append(s.Privileges, SubAreaPrivilege{Table: strings.ToLower(p.attr("entity")), Privileges: list(p.attr("privilege"))})
	}
	return s
}

// list splits a comma list.
func list(text string) []string {
	var items []string
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}
