package dataverse

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// retrieveHistory tells what happened to a row (Microsoft Learn, "Retrieve the history of audited data changes").
func (c *call) retrieveHistory(s odata.Segment) error {
	at, err := c.targetArgument(s)
	if err != nil {
		return err
	}
	list, err := c.org.DB.History(c.r.Context(), c.caller, at.table.LogicalName, at.id)
	if err != nil {
		return err
	}
	return c.sendHistory("RetrieveRecordChangeHistoryResponse", at.table, list, s)
}

// retrieveColumnHistory is the part of it that is about one column.
func (c *call) retrieveColumnHistory(s odata.Segment) error {
	at, err := c.targetArgument(s)
	if err != nil {
		return err
	}
	name, ok := s.Argument("AttributeLogicalName")
	if !ok || name.Kind != odata.String {
		return bad("RetrieveAttributeChangeHistory needs the parameter AttributeLogicalName.")
	}
	list, err := c.org.DB.ColumnHistory(c.r.Context(), c.caller, at.table.LogicalName, at.id, name.Text)
	if err != nil {
		return err
	}
	return c.sendHistory("RetrieveAttributeChangeHistoryResponse", at.table, list, s)
}

// historyPage is the parameter PagingInfo.
type historyPage struct {
	PageNumber, Count      int
	ReturnTotalRecordCount bool
}

// paging reads PagingInfo; without it everything is told at once.
func paging(s odata.Segment) (historyPage, error) {
	p := historyPage{PageNumber: 1, Count: largestPage}
	info, given := s.Argument("PagingInfo")
	if !given || info.Kind == odata.Null {
		return p, nil
	}
	if err := json.Unmarshal([]byte(info.Text), &p); err != nil || info.Kind != odata.Object || p.Count < 0 || p.Count > largestPage || p.PageNumber < 0 {
		return p, bad("The parameter PagingInfo is not valid.")
	}
	if p.Count == 0 {
		p.Count = largestPage
	}
	p.PageNumber = max(p.PageNumber, 1)
	return p, nil
}

func (c *call) sendHistory(typeName string, t *schema.Table, list []engine.AuditDetail, s odata.Segment) error {
	page, err := paging(s)
	if err != nil {
		return err
	}
	from := len(list)
	if page.PageNumber-1 <= len(list)/page.Count {
		from = min((page.PageNumber-1)*page.Count, len(list))
	}
	to := min(from+page.Count, len(list))
	details := make([]metadata.Object, 0, to-from)
	for _, d := range list[from:to] {
		details = append(details, c.auditDetail(t, d))
	}
	total, cookie := -1, ""
	if page.ReturnTotalRecordCount {
		total = len(list)
	}
	if to < len(list) {
		cookie = `<cookie page="` + itoa(page.PageNumber) + `"></cookie>`
	}
	return c.complexValue(typeName, metadata.Member{Name: "AuditDetailCollection", Value: metadata.Object{
		{Name: "MoreRecords", Value: to < len(list)}, {Name: "PagingCookie", Value: cookie}, {Name: "TotalRecordCount", Value: total}, {Name: "AuditDetails", Value: details},
	}})
}

// The actions of audit rows whose details are of types of their own (audit.action).
const (
	auditShare        = 14
	auditAssociate    = 33
	auditDisassociate = 34
	auditModifyShare  = 48
	auditUnshare      = 49
)

// auditDetail writes one entry as the complex type that its action has.
func (c *call) auditDetail(t *schema.Table, d engine.AuditDetail) metadata.Object {
	record := metadata.Member{Name: "AuditRecord", Value: c.auditRecord(d)}
	switch d.Action {
	case auditShare, auditModifyShare, auditUnshare:
		return metadata.Object{
			{Name: "@odata.type", Value: "#" + odata.Namespace + "ShareAuditDetail"},
			{Name: "OldPrivileges", Value: rightsText(d.Before, ", ")}, {Name: "NewPrivileges", Value: rightsText(d.After, ", ")},
			{Name: "Principal", Value: metadata.Object{{Name: "@odata.type", Value: "#" + odata.Namespace + d.Principal.Table}, {Name: "ownerid", Value: d.Principal.ID}}},
			record,
		}
	case auditAssociate, auditDisassociate:
		target := metadata.Object{{Name: "@odata.type", Value: "#" + odata.Namespace + d.Target.Table}}
		if far := c.org.DB.Model().Table(d.Target.Table); far != nil {
			target = append(target, metadata.Member{Name: far.PrimaryID, Value: d.Target.ID})
		}
		return metadata.Object{
			{Name: "@odata.type", Value: "#" + odata.Namespace + "RelationshipAuditDetail"},
			{Name: "RelationshipName", Value: d.Relationship}, {Name: "TargetRecords", Value: []metadata.Object{target}}, record,
		}
	}
	old, fresh := metadata.Object{{Name: "@odata.type", Value: "#" + odata.Namespace + t.LogicalName}}, metadata.Object{{Name: "@odata.type", Value: "#" + odata.Namespace + t.LogicalName}}
	for _, change := range d.Changes {
		old = append(old, c.auditValue(change.Column, change.Old)...)
		fresh = append(fresh, c.auditValue(change.Column, change.New)...)
	}
	return metadata.Object{
		{Name: "@odata.type", Value: "#" + odata.Namespace + "AttributeAuditDetail"}, {Name: "InvalidNewValueAttributes", Value: []string{}}, {Name: "LocLabelLanguageCode", Value: 0},
		{Name: "DeletedAttributes", Value: metadata.Object{{Name: "Count", Value: 0}, {Name: "Keys", Value: []string{}}, {Name: "Values", Value: []string{}}}},
		{Name: "OldValue", Value: old}, {Name: "NewValue", Value: fresh}, record,
	}
}

// auditRecord is the audit row itself: who, when and what.
func (c *call) auditRecord(d engine.AuditDetail) metadata.Object {
	audit := c.org.DB.Model().Table("audit")
	choice := func(name string, value int) metadata.Object {
		o := metadata.Object{{Name: name, Value: value}}
		if column := audit.Column(name); column != nil && c.prefer.Includes(formattedValue) {
			for _, option := range column.Options {
				if option.Value == value {
					o = append(metadata.Object{{Name: name + "@" + formattedValue, Value: option.Label.In(c.caller.LCID)}}, o...)
				}
			}
		}
		return o
	}
	reference := func(name, navigation string, ref engine.Ref, text string) metadata.Object {
		return c.annotated(name, navigation, engine.Cell{Value: ref.ID, Text: text, Target: ref.Table})
	}
	o := metadata.Object{{Name: "@odata.type", Value: "#" + odata.Namespace + "audit"}, {Name: "auditid", Value: d.ID}, {Name: "createdon", Value: d.At.UTC().Format("2006-01-02T15:04:05Z")}}
	o = append(o, choice("action", d.Action)...)
	o = append(o, choice("operation", d.Operation)...)
	o = append(o, reference("_userid_value", "userid", d.User, d.UserName)...)
	o = append(o, reference("_objectid_value", "objectid_"+d.Record.Table, d.Record, "")...)
	return append(o, metadata.Member{Name: "objecttypecode", Value: d.Record.Table}, metadata.Member{Name: "transactionid", Value: d.Transaction})
}

// auditValue writes a value of the past as rows write it; nothing when there was none.
func (c *call) auditValue(column *schema.Column, cell engine.Cell) metadata.Object {
	if cell.Value == nil {
		return nil
	}
	if column.Type.IsLookup() {
		return c.annotated("_"+column.LogicalName+"_value", column.Navigation[cell.Target], cell)
	}
	value := cell.Value
	switch v := value.(type) {
	case time.Time:
		value = timeText(engine.Column{Column: column}, v)
	case int64:
		value = int(v)
		if column.Type == schema.Boolean {
			value = v != 0
		}
	}
	o := metadata.Object{{Name: column.LogicalName, Value: value}}
	if cell.Text != "" && c.prefer.Includes(formattedValue) && column.Type != schema.String && column.Type != schema.Memo {
		o = append(metadata.Object{{Name: column.LogicalName + "@" + formattedValue, Value: cell.Text}}, o...)
	}
	return o
}

// annotated writes a lookup with what is known about it.
func (c *call) annotated(name, navigation string, cell engine.Cell) metadata.Object {
	var o metadata.Object
	for _, a := range []struct{ name, value string }{
		{formattedValue, cell.Text}, {"Microsoft.Dynamics.CRM.associatednavigationproperty", navigation}, {"Microsoft.Dynamics.CRM.lookuplogicalname", cell.Target},
	} {
		if a.value != "" && c.prefer.Includes(a.name) {
			o = append(o, metadata.Member{Name: name + "@" + a.name, Value: a.value})
		}
	}
	id, _ := cell.Value.(string)
	return append(o, metadata.Member{Name: name, Value: strings.ToLower(id)})
}
