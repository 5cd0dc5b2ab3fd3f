package dataverse

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// definitions answers everything below EntityDefinitions, RelationshipDefinitions and GlobalOptionSetDefinitions.
func (c *call) definitions() error {
	if c.unchangedModel() {
		return nil
	}
	catalog, err := c.catalog()
	if err != nil {
		return err
	}
	at := &metadata.Navigation{Name: c.segments[0].Name, Collection: true}
	switch at.Name {
	case "EntityDefinitions":
		at.Items = catalog.Entities
	case "RelationshipDefinitions":
		at.Items, at.Abstract = catalog.Relationships, true
	case "GlobalOptionSetDefinitions":
		at.Items, at.Abstract = catalog.OptionSets, true
	}
	if at, err = lookUp(at, c.segments[0]); err != nil {
		return err
	}
	for i, s := range c.segments[1:] {
		last := i == len(c.segments)-2
		if cast, ok := strings.CutPrefix(s.Name, odata.Namespace); ok {
			if at, err = castTo(at, s, cast); err != nil {
				return err
			}
			continue
		}
		if s.Name == "$count" && last && at.Collection {
			return c.sendText(strconv.Itoa(len(at.Items)))
		}
		if at.Collection {
			return notFound(s.Name)
		}
		next := at.Items[0].Follow(s.Name)
		if next == nil {
			return c.definitionProperty(at, s, last)
		}
		if at, err = lookUp(next, s); err != nil {
			return err
		}
		if !at.Collection && len(at.Items) == 0 {
			return c.sendNothing()
		}
	}
	return c.sendDefinitions(at)
}

// catalog is the model labelled in the caller's language.
func (c *call) catalog() (*metadata.Catalog, error) {
	text := c.options.Custom["LabelLanguages"]
	if text == "" {
		return c.catalogIn(nil), nil
	}
	var languages []int
	for part := range strings.SplitSeq(text, ",") {
		lcid, err := strconv.Atoi(strings.TrimSpace(part))
		if err != nil {
			return nil, bad("LabelLanguages is a list of LCIDs.")
		}
		languages = append(languages, lcid)
	}
	return c.catalogIn(languages), nil
}

// catalogIn is the catalog with labels in some languages, or in all.
func (c *call) catalogIn(languages []int) *metadata.Catalog {
	model, graph := c.org.DB.Model(), c.org.graph
	if languages != nil {
		return metadata.NewCatalog(model, graph, c.caller.LCID, languages)
	}
	c.org.mu.Lock()
	defer c.org.mu.Unlock()
	catalog := c.org.catalogs[c.caller.LCID]
	if catalog == nil {
		catalog = metadata.NewCatalog(model, graph, c.caller.LCID, nil)
		if len(c.org.catalogs) >= 16 {
			clear(c.org.catalogs)
		}
		c.org.catalogs[c.caller.LCID] = catalog
	}
	return catalog
}

// lookUp narrows a collection to what the parentheses after its name say.
func lookUp(n *metadata.Navigation, s odata.Segment) (*metadata.Navigation, error) {
	if !s.Call || !n.Collection {
		return n, nil
	}
	if len(s.Arguments) != 1 {
		return nil, bad("A definition has a key of one part.")
	}
	key := s.Arguments[0]
	for _, r := range n.Items {
		if r.HasKey(key.Name, key.Value.Text) {
			return &metadata.Navigation{Name: n.Name, Abstract: n.Abstract, Items: []*metadata.Resource{r}}, nil
		}
	}
	return nil, &Error{http.StatusNotFound, "0x80040217", "Could not find an entity with name '" + key.Value.Text + "' in " + n.Name + "."}
}

// castTo keeps the definitions of one derived type, whose own properties can then be asked for.
func castTo(n *metadata.Navigation, s odata.Segment, typeName string) (*metadata.Navigation, error) {
	if typeName == "EnumAttributeMetadata" {
		return nil, bad("The type '" + odata.Namespace + typeName + "' cannot be cast to.")
	}
	cast := &metadata.Navigation{Name: n.Name, Collection: n.Collection}
	for _, r := range n.Items {
		if r.Is(typeName) {
			cast.Items = append(cast.Items, r)
		}
	}
	if typeName == "AttributeMetadata" || typeName == "RelationshipMetadataBase" || typeName == "OptionSetMetadataBase" {
		cast.Abstract = true
	}
	if !n.Collection && len(cast.Items) == 0 {
		return nil, notFound(s.Name)
	}
	return lookUp(cast, s)
}

// definitionProperty answers one property of a definition.
func (c *call) definitionProperty(at *metadata.Navigation, s odata.Segment, last bool) error {
	v, err := at.Items[0].Resolve(odata.Path{s.Name}, false)
	if err != nil || s.Call || !last {
		return notFound(s.Name)
	}
	if v == nil {
		return c.sendNothing()
	}
	out := metadata.Object{{Name: "@odata.context", Value: c.context(at.Name + "/" + s.Name)}}
	if o, ok := v.(metadata.Object); ok {
		out = append(out, o...)
	} else {
		out = append(out, metadata.Member{Name: "value", Value: v})
	}
	return c.send(metadata.AppendJSON(nil, out))
}

func (c *call) sendDefinitions(at *metadata.Navigation) error {
	o := c.options
	fragment := at.Name + selection(o.Select, o.Expand)
	if !at.Collection {
		object, err := at.Items[0].Render(o, at.Abstract)
		if err != nil {
			return err
		}
		head := metadata.Object{{Name: "@odata.context", Value: c.context(fragment + "/$entity")}}
		return c.send(metadata.AppendJSON(nil, append(head, object...)))
	}
	if o.Filter != nil && at.Name == "GlobalOptionSetDefinitions" {
		return bad("The query parameter $filter is not supported on GlobalOptionSetDefinitions.")
	}
	if len(o.OrderBy) > 0 || o.Apply != nil {
		return bad("$orderby and $apply are not supported on metadata.")
	}
	items, err := metadata.Filter(at.Items, o.Filter, at.Abstract)
	if err != nil {
		return err
	}
	if o.Top != nil {
		items = items[:min(*o.Top, len(items))]
	}
	list := make([]metadata.Object, 0, len(items))
	for _, item := range slices.All(items) {
		object, err := item.Render(o, at.Abstract)
		if err != nil {
			return err
		}
		list = append(list, object)
	}
	out := metadata.Object{{Name: "@odata.context", Value: c.context(fragment)}}
	if o.Count {
		out = append(out, metadata.Member{Name: "@odata.count", Value: len(items)})
	}
	return c.send(metadata.AppendJSON(nil, append(out, metadata.Member{Name: "value", Value: list})))
}

// unchangedModel gives an answer about the model its tag, and answers 304 to whoever has it already. The tag is of the
// model and the person's language.
func (c *call) unchangedModel() bool {
	tag := `W/"` + c.org.modelVersion() + "-" + strconv.Itoa(c.caller.LCID) + `"`
	c.w.Header().Set("ETag", tag)
	if !c.unchanged(tag) {
		return false
	}
	c.w.WriteHeader(http.StatusNotModified)
	return true
}

// csdl answers $metadata.
func (c *call) csdl() error {
	if c.unchangedModel() {
		return nil
	}
	body := metadata.CSDL(c.org.DB.Model(), c.org.graph, definedMessages())
	h := c.w.Header()
	h.Set("Content-Type", "application/xml")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	c.w.WriteHeader(http.StatusOK)
	if c.r.Method != http.MethodHead {
		_, _ = c.w.Write(body)
	}
	return nil
}

// serviceDocument lists the entity sets.
func (c *call) serviceDocument() error {
	var list []metadata.Object
	for _, t := range c.org.DB.Model().Tables {
		list = append(list, metadata.Object{{Name: "name", Value: t.SetName}, {Name: "kind", Value: "EntitySet"}, {Name: "url", Value: t.SetName}})
	}
	return c.send(metadata.AppendJSON(nil, metadata.Object{{Name: "@odata.context", Value: c.root + "$metadata"}, {Name: "value", Value: list}}))
}
