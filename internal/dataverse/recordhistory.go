package dataverse

import (
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// happened reads one entry of a history; false when it is older than a moment, in milliseconds since 1970, or changed nothing.
func (b *blueprint) happened(d auditDetail, reading crm.Reading, since int64) (crm.Happened, bool) {
	at, err := time.Parse(time.RFC3339, d.AuditRecord.cell("createdon").raw)
	// The service tells whole seconds; rather tell something twice than never.
	if err != nil || at.Unix() < since/1000 {
		return crm.Happened{}, false
	}
	who := d.AuditRecord.cell("userid")
	if !who.set {
		who = d.AuditRecord.cell("objectuserid")
	}
	h := crm.Happened{Touched: crm.Touched{By: crm.Reference{Table: "systemuser", ID: who.raw, Name: who.text}, At: at}}
	var names []string
	for _, side := range []row{d.OldValue, d.NewValue} {
		for key := range side {
			name := strings.TrimSuffix(strings.TrimPrefix(key, "_"), "_value")
			if !strings.Contains(key, "@") && b.has(name) && b.columns[name].source == "" {
				names = append(names, name)
			}
		}
	}
	s := sheet{outline: &outline{plan: b}, reading: reading}
	for _, name := range unique(names) {
		x := b.fields[name]
		if x.Kind == crm.KindID || name == "modifiedon" || name == "modifiedby" || name == "versionnumber" {
			continue
		}
		change := crm.Change{Column: x.Column, Old: s.value(x, d.OldValue), New: s.value(x, d.NewValue)}
		if !x.Same(change.Old, change.New) {
			h.Fields = append(h.Fields, change)
		}
	}
	slices.SortFunc(h.Fields, func(a, c crm.Change) int { return strings.Compare(a.Column.Label, c.Column.Label) })
	return h, len(h.Fields) > 0
}
