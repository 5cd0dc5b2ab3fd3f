package crmxml

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// Fetch is a FetchXML query. Its grammar is Microsoft's published Fetch.xsd; unknown attributes are ignored, as the
// service does. Print it with String.
type Fetch struct {
	XMLName                xml.Name `xml:"fetch"`
	Version                string   `xml:"version,attr,omitempty"`
	Mapping                string   `xml:"mapping,attr,omitempty"`
	Count                  int      `xml:"count,attr,omitempty"`
	Page                   int      `xml:"page,attr,omitempty"`
	Top                    int      `xml:"top,attr,omitempty"`
	PagingCookie           string   `xml:"paging-cookie,attr,omitempty"`
	Distinct               bool     `xml:"distinct,attr,omitempty"`
	Aggregate              bool     `xml:"aggregate,attr,omitempty"`
	ReturnTotalRecordCount bool     `xml:"returntotalrecordcount,attr,omitempty"`
	NoLock                 bool     `xml:"no-lock,attr,omitempty"`
	UTCOffset              string   `xml:"utc-offset,attr,omitempty"`
	UseRawOrderBy          bool     `xml:"useraworderby,attr,omitempty"` // sorts choices by number instead of label
	AggregateLimit         int      `xml:"aggregatelimit,attr,omitempty"`
	Entity                 Entity   `xml:"entity"`
}

// Entity is the table that is asked, and everything asked of it.
type Entity struct {
	Name string `xml:"name,attr"`
	Body
}

// Body is what an entity and a link-entity have in common.
type Body struct {
	AllAttributes *struct{}   `xml:"all-attributes"`
	Attributes    []Attribute `xml:"attribute"`
	Orders        []Order     `xml:"order"`
	Filters       []Filter    `xml:"filter"`
	Links         []Link      `xml:"link-entity"`
}

// Link is a link-entity. Type is inner (also when empty), outer, any, not any, all, not all, exists, in or
// matchfirstrowusingcrossapply.
type Link struct {
	Name      string `xml:"name,attr"`
	From      string `xml:"from,attr,omitempty"`
	To        string `xml:"to,attr,omitempty"`
	Alias     string `xml:"alias,attr,omitempty"`
	Type      string `xml:"link-type,attr,omitempty"`
	Intersect bool   `xml:"intersect,attr,omitempty"`
	Visible   string `xml:"visible,attr,omitempty"`
	Body
}

// Attribute is a column to return. Aggregate is count, countcolumn, sum, avg, min or max; DateGrouping is day, week,
// month, quarter, year, fiscal-period or fiscal-year.
type Attribute struct {
	Name         string `xml:"name,attr"`
	Alias        string `xml:"alias,attr,omitempty"`
	Aggregate    string `xml:"aggregate,attr,omitempty"`
	GroupBy      bool   `xml:"groupby,attr,omitempty"`
	DateGrouping string `xml:"dategrouping,attr,omitempty"`
	UserTimeZone string `xml:"usertimezone,attr,omitempty"`
	Distinct     bool   `xml:"distinct,attr,omitempty"`
	RowAggregate string `xml:"rowaggregate,attr,omitempty"`
}

// Order sorts by an attribute, or by an alias in aggregate queries. EntityName is a link-entity's alias.
type Order struct {
	Attribute  string `xml:"attribute,attr,omitempty"`
	Alias      string `xml:"alias,attr,omitempty"`
	EntityName string `xml:"entityname,attr,omitempty"`
	Descending bool   `xml:"descending,attr,omitempty"`
}

// Filter is a group of conditions. Type is "and" (also when empty) or "or". Links are link-entities of the kinds any,
// not any, all and not all, which are conditions too.
type Filter struct {
	Type             string      `xml:"type,attr,omitempty"`
	QuickFind        bool        `xml:"isquickfindfields,attr,omitempty"`
	Hint             string      `xml:"hint,attr,omitempty"`
	OverrideQuickFnd string      `xml:"overridequickfindrecordlimitenabled,attr,omitempty"`
	Conditions       []Condition `xml:"condition"`
	Filters          []Filter    `xml:"filter"`
	Links            []Link      `xml:"link-entity"`
}

// Condition compares a column. EntityName is a link-entity's alias; Values are the <value> children of in, not-in,
// between, not-between, contain-values and not-contain-values; ValueOf names a column to compare with.
type Condition struct {
	EntityName string           `xml:"entityname,attr,omitempty"`
	Attribute  string           `xml:"attribute,attr"`
	Operator   string           `xml:"operator,attr"`
	Value      string           `xml:"value,attr,omitempty"`
	ValueOf    string           `xml:"valueof,attr,omitempty"`
	Values     []ConditionValue `xml:"value"`
}

// ConditionValue is one <value> of a condition.
type ConditionValue struct {
	Text string `xml:",chardata"`
}

// ParseFetch reads a FetchXML query. The error says what is wrong in words that may be shown to a developer.
func ParseFetch(text string) (*Fetch, error) {
	if err := bounded(text, fetchLimits); err != nil {
		return nil, err
	}
	var f Fetch
	if err := xml.Unmarshal([]byte(text), &f); err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	if strings.TrimSpace(f.Entity.Name) == "" {
		return nil, fmt.Errorf("fetch: no entity name")
	}
	return &f, nil
}

// String prints the query.
func (f *Fetch) String() string {
	var b strings.Builder
	if err := xml.NewEncoder(&b).Encode(f); err != nil {
		return "" // cannot happen: the type holds only strings, numbers and booleans
	}
	return b.String()
}
