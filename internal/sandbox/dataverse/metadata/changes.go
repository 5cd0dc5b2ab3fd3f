package metadata

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// Query is an EntityQueryExpression: which definitions RetrieveMetadataChanges tells of, and which of their properties.
type Query struct {
	Criteria          *Criteria
	Properties        *Wanted
	AttributeQuery    *PartQuery
	RelationshipQuery *PartQuery
	KeyQuery          *PartQuery
	LabelQuery        *struct {
		FilterLanguages      []int
		MissingLabelBehavior any
	}
}

// PartQuery is the query for what belongs to a table: columns, relationships or keys.
type PartQuery struct {
	Criteria   *Criteria
	Properties *Wanted
}

// Wanted are the properties that a query asks for.
type Wanted struct {
	AllProperties bool
	PropertyNames []string
}

// Criteria is a MetadataFilterExpression.
type Criteria struct {
	FilterOperator any // And, Or or their numbers
	Conditions     []CriteriaCondition
	Filters        []Criteria
}

// CriteriaCondition is a MetadataConditionExpression.
type CriteriaCondition struct {
	ConditionOperator any // Equals ... or its number
	PropertyName      string
	Value             *struct {
		Type  string
		Value json.RawMessage
	}
}

// queryDepth is how deep filters may lie within each other.
const queryDepth = 10

// ParseQuery reads a query and refuses what it cannot mean.
func ParseQuery(text string) (*Query, error) {
	q := &Query{}
	if text == "" || text == "null" {
		return q, nil
	}
	if err := json.Unmarshal([]byte(text), q); err != nil {
		return nil, &odata.Error{Message: "The query is no EntityQueryExpression", Position: -1}
	}
	for _, c := range []*Criteria{q.Criteria, q.AttributeQuery.criteria(), q.RelationshipQuery.criteria(), q.KeyQuery.criteria()} {
		if c != nil && c.depth() > queryDepth {
			return nil, &odata.Error{Message: "The filters of the query are nested too deeply", Position: -1}
		}
	}
	return q, nil
}

func (p *PartQuery) criteria() *Criteria {
	if p == nil {
		return nil
	}
	return p.Criteria
}

func (c *Criteria) depth() int {
	most := 0
	for i := range c.Filters {
		most = max(most, c.Filters[i].depth())
	}
	return most + 1
}

// Languages are those of the labels; nil for all.
func (q *Query) Languages() []int {
	if q.LabelQuery == nil || len(q.LabelQuery.FilterLanguages) == 0 {
		return nil
	}
	return q.LabelQuery.FilterLanguages
}

// Run gives the definitions of tables as complex values, with changed as their HasChanged.
func (q *Query) Run(tables []*Resource, changed any) ([]Object, error) {
	list := []Object{}
	for _, r := range tables {
		ok, err := q.Criteria.holds(r)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		o, err := q.complex(r, q.Properties, changed)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, nil
}

// complex writes a definition as a complex value: what is a navigation property elsewhere lies within.
func (q *Query) complex(r *Resource, wanted *Wanted, changed any) (Object, error) {
	if wanted == nil {
		wanted = &Wanted{PropertyNames: []string{"LogicalName"}}
		if _, ok := r.Property("LogicalName"); !ok {
			wanted = &Wanted{PropertyNames: []string{"SchemaName"}}
		}
	}
	var out Object
	if r.Type != "EntityMetadata" {
		out = append(out, Member{"@odata.type", "#" + odata.Namespace + "Complex" + r.Type})
	}
	id, _ := r.Property("MetadataId")
	out = append(out, Member{"MetadataId", id}, Member{"HasChanged", changed})
	for _, p := range r.Properties {
		if _, there := out.Get(p.Name); !there && (wanted.AllProperties || slices.Contains(wanted.PropertyNames, p.Name)) {
			out = append(out, p)
		}
	}
	for i := range r.Navigation {
		n := &r.Navigation[i]
		if !wanted.AllProperties && !slices.Contains(wanted.PropertyNames, n.Name) {
			continue
		}
		v, err := q.within(n, changed)
		if err != nil {
			return nil, err
		}
		out = append(out, Member{n.Name, v})
	}
	for _, name := range wanted.PropertyNames {
		if _, there := out.Get(name); !there && r.Type == "EntityMetadata" {
			return nil, r.unknown(name, false)
		}
	}
	return out, nil
}

func (q *Query) within(n *Navigation, changed any) (any, error) {
	var part *PartQuery
	switch {
	case n.Name == "Attributes":
		part = q.AttributeQuery
	case strings.HasSuffix(n.Name, "Relationships"):
		part = q.RelationshipQuery
	case n.Name == "Keys":
		part = q.KeyQuery
	default: // choices
		part = &PartQuery{Properties: &Wanted{AllProperties: true}}
	}
	if part == nil {
		part = &PartQuery{Properties: &Wanted{AllProperties: true}}
	}
	list := []Object{}
	for _, r := range n.Items {
		ok, err := part.Criteria.holds(r)
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		o, err := q.complex(r, part.Properties, changed)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	if n.Collection {
		return list, nil
	}
	if len(list) == 0 {
		return nil, nil
	}
	return list[0], nil
}

func (c *Criteria) holds(r *Resource) (bool, error) {
	if c == nil {
		return true, nil
	}
	either := c.FilterOperator == "Or" || c.FilterOperator == 1.0
	found := false
	each := func(ok bool, err error) (stop bool, _ error) {
		found = found || ok
		return err != nil || ok == either, err
	}
	for i := range c.Conditions {
		if stop, err := each(c.Conditions[i].holds(r)); stop {
			return found && either, err
		}
	}
	for i := range c.Filters {
		if stop, err := each(c.Filters[i].holds(r)); stop {
			return found && either, err
		}
	}
	return !either || len(c.Conditions)+len(c.Filters) == 0, nil
}

// operators are the members of MetadataConditionOperator.
var operators = []string{"Equals", "NotEquals", "In", "NotIn", "GreaterThan", "LessThan"}

func (c *CriteriaCondition) holds(r *Resource) (bool, error) {
	operator, _ := c.ConditionOperator.(string)
	if n, ok := c.ConditionOperator.(float64); ok && n >= 0 && int(n) < len(operators) {
		operator = operators[int(n)]
	}
	if !slices.Contains(operators, operator) {
		return false, &odata.Error{Message: "A condition of the query has no known ConditionOperator", Position: -1}
	}
	value, ok := r.Property(c.PropertyName)
	if !ok {
		if r.Type == "EntityMetadata" {
			return false, r.unknown(c.PropertyName, false)
		}
		return false, nil // a property of another derived type
	}
	if o, complex := value.(Object); complex {
		value, _ = o.Get("Value")
	}
	text, wanted := plainText(value), c.texts()
	switch operator {
	case "Equals", "In":
		return slices.Contains(wanted, text), nil
	case "NotEquals", "NotIn":
		return !slices.Contains(wanted, text), nil
	}
	a, errA := strconv.ParseFloat(text, 64)
	b, errB := strconv.ParseFloat(strings.Join(wanted, ""), 64)
	if errA != nil || errB != nil {
		return false, nil
	}
	return operator == "GreaterThan" && a > b || operator == "LessThan" && a < b, nil
}

// texts are the values of a condition: one, or several as an array or as an array in text.
func (c *CriteriaCondition) texts() []string {
	if c.Value == nil {
		return []string{"null"}
	}
	var v any
	_ = json.Unmarshal(c.Value.Value, &v) // it was part of a valid document
	if s, ok := v.(string); ok && strings.HasPrefix(s, "[") {
		if list, err := odata.ParseLiteral(s); err == nil {
			var texts []string
			for _, item := range list.Items {
				texts = append(texts, item.Text)
			}
			return texts
		}
	}
	if list, ok := v.([]any); ok {
		var texts []string
		for _, item := range list {
			texts = append(texts, plainText(item))
		}
		return texts
	}
	return []string{plainText(v)}
}

func plainText(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		if v == "True" || v == "False" {
			return strings.ToLower(v)
		}
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	}
	return ""
}
