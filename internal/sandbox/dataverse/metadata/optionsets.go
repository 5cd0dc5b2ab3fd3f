package metadata

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// options adds the choices of a choice column: OptionSet, and GlobalOptionSet where it is a shared one.
func (b *builder) options(r *Resource, t *schema.Table, c *schema.Column) {
	switch c.Type {
	case schema.Boolean, schema.Picklist, schema.MultiSelectPicklist, schema.State, schema.Status:
	default:
		return
	}
	set, global := b.global[c.OptionSet], Navigation{Name: "GlobalOptionSet"}
	if set != nil {
		global.Items = []*Resource{set}
	} else {
		set = b.localSet(t, c)
	}
	r.Navigation = []Navigation{{Name: "OptionSet", Items: []*Resource{set}}, global}
}

func (b *builder) localSet(t *schema.Table, c *schema.Column) *Resource {
	name := t.LogicalName + "_" + c.LogicalName
	kind := string(c.Type)
	if c.Type == schema.MultiSelectPicklist {
		kind = "Picklist"
	}
	if c.Type != schema.Boolean {
		set := b.optionSet(name, "", c, c.Options, kind)
		if c.Type == schema.State {
			defaultStatus(set, t)
		}
		return set
	}
	id := schema.ID("optionset", name)
	r := &Resource{Type: "BooleanOptionSetMetadata", Properties: b.optionSetBase(id, name, "Boolean", false, c.Label)}
	r.Base = len(r.Properties)
	for value, member := range []string{"FalseOption", "TrueOption"} {
		o := schema.Option{Value: value, Label: schema.Label{1033: [...]string{"No", "Yes"}[value], 1031: [...]string{"Nein", "Ja"}[value]}}
		for _, defined := range c.Options {
			if defined.Value == value {
				o = defined
			}
		}
		r.Properties = append(r.Properties, Member{member, b.option(id, o)})
	}
	return r
}

func (b *builder) optionSetBase(id, name, kind string, global bool, label schema.Label) Object {
	return Object{
		{"MetadataId", id}, {"Name", name}, {"OptionSetType", kind}, {"IsGlobal", global}, {"IsCustomOptionSet", isCustom(name) && global},
		{"IsManaged", true}, {"IsCustomizable", managed(true, "iscustomizable")}, {"IntroducedVersion", "5.0.0.0"},
		{"DisplayName", b.label(id+"name", label)}, {"Description", b.label(id+"description", nil)}, {"ParentOptionSetName", nil},
	}
}

// optionSet makes a set of choices; global is its name when it is shared, and column is nil then.
func (b *builder) optionSet(name, global string, column *schema.Column, options []schema.Option, kind string) *Resource {
	id := schema.ID("optionset", name)
	label := schema.Label{1033: name}
	if column != nil {
		label = column.Label
	}
	r := &Resource{Type: "OptionSetMetadata", Properties: b.optionSetBase(id, name, kind, global != "", label)}
	r.Base = len(r.Properties)
	list := make([]Object, 0, len(options))
	for _, o := range options {
		object := b.option(id, o)
		switch kind {
		case "State":
			object = append(Object{{"@odata.type", "#Microsoft.Dynamics.CRM.StateOptionMetadata"}}, object...)
			object = append(object, Member{"DefaultStatus", nil}, Member{"InvariantName", o.Label.In(1033)})
		case "Status":
			object = append(Object{{"@odata.type", "#Microsoft.Dynamics.CRM.StatusOptionMetadata"}}, object...)
			object = append(object, Member{"State", o.State}, Member{"TransitionData", transitions(o)})
		}
		list = append(list, object)
	}
	r.Properties = append(r.Properties, Member{"Options", list})
	return r
}

// transitions names the status reasons that may follow one, as the service writes them; null lets any follow.
func transitions(o schema.Option) any {
	if o.Next == nil {
		return nil
	}
	var w strings.Builder
	w.WriteString(`<allowedtransitions xmlns="http://schemas.microsoft.com/crm/2009/WebServices">`)
	for _, to := range o.Next {
		fmt.Fprintf(&w, `<allowedtransition sourcestatusid="%d" tostatusid="%d" />`, o.Value, to)
	}
	w.WriteString(`</allowedtransitions>`)
	return w.String()
}

func (b *builder) option(set string, o schema.Option) Object {
	id := set + "." + strconv.Itoa(o.Value)
	return Object{
		{"Value", o.Value}, {"Label", b.label(id, o.Label)}, {"Description", b.label(id+"description", nil)}, {"Color", orNull(o.Color)},
		{"IsManaged", true}, {"ExternalValue", ""}, {"ParentValues", []Object{}}, {"MetadataId", nil}, {"HasChanged", nil},
	}
}

// defaultStatus names the first status reason of every state.
func defaultStatus(set *Resource, t *schema.Table) {
	options, _ := set.Property("Options")
	for i := range t.Columns {
		if t.Columns[i].Type != schema.Status {
			continue
		}
		for _, object := range options.([]Object) {
			state, _ := object.Get("Value")
			for _, status := range t.Columns[i].Options {
				if status.State == state {
					object.set("DefaultStatus", status.Value)
					break
				}
			}
		}
	}
}

func (o Object) set(name string, value any) {
	for i := range o {
		if o[i].Name == name {
			o[i].Value = value
		}
	}
}
