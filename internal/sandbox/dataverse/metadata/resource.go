package metadata

import (
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// Member is a named value of an Object: nil, string, bool, int, float64, Object, or a slice of strings or Objects.
type Member struct {
	Name  string
	Value any
}

// Object is a JSON object that keeps its order.
type Object []Member

// Get finds a member.
func (o Object) Get(name string) (any, bool) {
	for _, m := range o {
		if m.Name == name {
			return m.Value, true
		}
	}
	return nil, false
}

// Resource is one definition: an entity of the metadata part of the Web API.
type Resource struct {
	Type       string // for example StringAttributeMetadata
	Properties Object
	Base       int // how many of the first properties the base type has, too
	Navigation []Navigation
}

// Navigation is what a definition leads to. Abstract says that the declared type is a base type, so that the properties
// of each definition's own type need a cast.
type Navigation struct {
	Name       string
	Collection bool
	Abstract   bool
	Items      []*Resource // at most one unless Collection
}

// Property finds a property of the definition's own type.
func (r *Resource) Property(name string) (any, bool) { return r.Properties.Get(name) }

// Follow finds a navigation property.
func (r *Resource) Follow(name string) *Navigation {
	for i := range r.Navigation {
		if r.Navigation[i].Name == name {
			return &r.Navigation[i]
		}
	}
	return nil
}

// Is reports whether the definition is of a type, which may be a base type.
func (r *Resource) Is(typeName string) bool {
	switch typeName {
	case r.Type, "MetadataBase":
		return true
	case "AttributeMetadata", "EnumAttributeMetadata":
		return strings.HasSuffix(r.Type, "AttributeMetadata")
	case "RelationshipMetadataBase":
		return strings.HasSuffix(r.Type, "RelationshipMetadata")
	case "OptionSetMetadataBase":
		return strings.HasSuffix(r.Type, "OptionSetMetadata")
	}
	return false
}

// HasKey reports whether a key names the definition: its MetadataId, or one of its names.
func (r *Resource) HasKey(name, value string) bool {
	switch name {
	case "":
		name = "MetadataId"
	case "LogicalName", "SchemaName", "Name", "MetadataId":
	default:
		return false
	}
	v, _ := r.Property(name)
	text, ok := v.(string)
	return ok && (text == value || name == "MetadataId" && strings.EqualFold(text, value))
}

// Resolve gives the value of a path for a filter. Only the base type's properties are known where abstract is set.
func (r *Resource) Resolve(path odata.Path, abstract bool) (any, error) {
	object := r.Properties
	if abstract {
		object = object[:r.Base]
	}
	for i, name := range path {
		v, ok := object.Get(name)
		if !ok {
			return nil, r.unknown(name, abstract)
		}
		if i == len(path)-1 {
			return v, nil
		}
		if v == nil {
			return nil, nil
		}
		if object, ok = v.(Object); !ok {
			return nil, r.unknown(path[i+1], abstract)
		}
	}
	return nil, r.unknown("", abstract)
}

func (r *Resource) unknown(name string, abstract bool) error {
	typeName := r.Type
	if abstract {
		switch {
		case r.Is("AttributeMetadata"):
			typeName = "AttributeMetadata"
		case r.Is("RelationshipMetadataBase"):
			typeName = "RelationshipMetadataBase"
		case r.Is("OptionSetMetadataBase"):
			typeName = "OptionSetMetadataBase"
		}
	}
	return &odata.Error{Message: "Could not find a property named '" + name + "' on type '" + odata.Namespace + typeName + "'.", Position: -1}
}

// Filter keeps the definitions that a $filter holds for.
func Filter(list []*Resource, e odata.Expr, abstract bool) ([]*Resource, error) {
	if e == nil {
		return list, nil
	}
	kept := make([]*Resource, 0, len(list))
	for _, r := range list {
		ok, err := odata.Holds(e, func(p odata.Path) (any, error) { return r.Resolve(p, abstract) })
		if err != nil {
			return nil, err
		}
		if ok {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// Render gives a definition as $select and $expand ask for it.
func (r *Resource) Render(o odata.Options, abstract bool) (Object, error) {
	var out Object
	if abstract && r.Base < len(r.Properties) {
		out = append(out, Member{"@odata.type", "#" + odata.Namespace + r.Type})
	}
	if len(o.Select) == 0 {
		out = append(out, r.Properties...)
	} else {
		for _, name := range o.Select {
			v, err := r.Resolve(odata.Path{name}, abstract)
			if err != nil {
				return nil, err
			}
			if _, twice := out.Get(name); !twice {
				out = append(out, Member{name, v})
			}
		}
		if id, ok := r.Property("MetadataId"); ok {
			if _, there := out.Get("MetadataId"); !there {
				out = append(out, Member{"MetadataId", id})
			}
		}
	}
	for _, e := range o.Expand {
		n := r.Follow(e.Name)
		if n == nil || abstract && r.Base < len(r.Properties) {
			return nil, r.unknown(e.Name, abstract)
		}
		v, err := n.render(e.Options)
		if err != nil {
			return nil, err
		}
		out = append(out, Member{e.Name, v})
	}
	return out, nil
}

func (n *Navigation) render(o odata.Options) (any, error) {
	if !n.Collection {
		if len(n.Items) == 0 {
			return nil, nil
		}
		return n.Items[0].Render(o, n.Abstract)
	}
	items, err := Filter(n.Items, o.Filter, n.Abstract)
	if err != nil {
		return nil, err
	}
	list := make([]Object, 0, len(items))
	for _, item := range items {
		object, err := item.Render(o, n.Abstract)
		if err != nil {
			return nil, err
		}
		list = append(list, object)
	}
	return list, nil
}
