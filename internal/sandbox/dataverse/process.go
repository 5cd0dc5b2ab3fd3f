package dataverse

import (
	"errors"
	"slices"
	"time"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// processKey is the primary key that the tables of all business process flows share.
const processKey = "businessprocessflowinstanceid"

// flowTables are the tables of business process flows: one for each flow, a row for each row that goes through it.
func (c *call) flowTables() []*schema.Table {
	var list []*schema.Table
	for _, t := range c.org.DB.Model().Tables {
		if t.PrimaryID == processKey && t.Column("activestageid") != nil {
			list = append(list, t)
		}
	}
	return list
}

// retrieveProcesses lists the processes that a row goes through, those that it went through last at the beginning.
func (c *call) retrieveProcesses(s odata.Segment) error {
	id, _ := s.Argument("EntityId")
	name, _ := s.Argument("EntityLogicalName")
	table := c.org.DB.Model().Table(name.Text)
	if id.Kind != odata.GUID || name.Kind != odata.String || table == nil {
		return bad("RetrieveProcessInstances needs the parameters EntityId, a GUID, and EntityLogicalName, the name of a table.")
	}
	if err := c.visible(target{table: table, id: id.Text}); err != nil {
		return err
	}
	var found []processInstance
	for _, t := range c.flowTables() {
		if c.caller.Depth(t.Privilege("Read")) == engine.None {
			continue
		}
		for i := range t.Columns {
			column := &t.Columns[i]
			if column.Type != schema.Lookup || !slices.Contains(column.Targets, table.LogicalName) {
				continue
			}
			rows, err := c.flowRows(t, column.LogicalName, id.Text)
			if err != nil {
				return err
			}
			found = append(found, rows...)
		}
	}
	slices.SortStableFunc(found, func(a, b processInstance) int { return b.when.Compare(a.when) })
	list := []metadata.Object{}
	for _, f := range found {
		list = append(list, f.row)
	}
	return c.send(metadata.AppendJSON(nil, metadata.Object{{Name: "@odata.context", Value: c.context("businessprocessflowinstances")}, {Name: "value", Value: list}}))
}

// processInstance is a row of a flow's table, and when it changed last.
type processInstance struct {
	when time.Time
	row  metadata.Object
}

// flowRows are the instances of one flow that a lookup ties to a row, as rows of the abstract type that they share.
func (c *call) flowRows(t *schema.Table, lookup, id string) ([]processInstance, error) {
	q := newQuery(c.org, t)
	q.equals(lookup, id)
	columns := []string{"name", "processid", "activestageid", "traversedpath", "activestagestartedon", "completedon", "createdon", "modifiedon", "statecode", "statuscode"}
	q.root.attributes = slices.DeleteFunc(columns, func(name string) bool { return t.Column(name) == nil })
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, q.fetch(), engine.FetchOptions{SkipFormat: true})
	if err != nil {
		return nil, err
	}
	var list []processInstance
	for _, row := range page.Rows {
		one := processInstance{}
		o := metadata.Object{
			{Name: "@odata.type", Value: "#" + odata.Namespace + t.LogicalName}, {Name: "@odata.id", Value: c.root + t.SetName + "(" + row.ID + ")"},
			{Name: "@odata.etag", Value: etag(row.Version)}, {Name: processKey, Value: row.ID},
		}
		for i, cell := range row.Cells {
			column := page.Columns[i]
			if column.Column.LogicalName == "modifiedon" {
				one.when, _ = cell.Value.(time.Time)
			}
			switch {
			case column.Implied || column.Column.LogicalName == processKey:
			case column.Column.LogicalName == "activestageid": // the abstract type calls it so
				o = append(o, metadata.Member{Name: "processstageid", Value: plain(column, cell)})
				o = append(o, metadata.Member{Name: "_activestageid_value", Value: plain(column, cell)})
			case column.Column.LogicalName == "name":
			case column.Column.LogicalName == "processid":
				// The abstract type is called as its process is, not as the record that goes through it.
				if ref, ok := cell.Value.(string); ok {
					if name, err := c.value(target{table: c.org.DB.Model().Table("workflow"), id: ref}, "name"); err == nil {
						o = append(o, metadata.Member{Name: "name", Value: name})
					}
				}
				o = append(o, metadata.Member{Name: "processid", Value: plain(column, cell)}, metadata.Member{Name: "_processid_value", Value: plain(column, cell)})
			default:
				o = append(o, metadata.Member{Name: column.Column.LogicalName, Value: plain(column, cell)})
			}
		}
		one.row = o
		list = append(list, one)
	}
	return list, nil
}

// plain is a cell's value as JSON has it.
func plain(column engine.Column, cell engine.Cell) any {
	if cell.Value == nil {
		return nil
	}
	return metadata.Raw(appendValue(nil, column, cell.Value))
}

// retrieveActivePath lists the stages of an instance: those that it has been through, and those to come.
func (c *call) retrieveActivePath(s odata.Segment) error {
	id, _ := s.Argument("ProcessInstanceId")
	stages := c.org.DB.Model().Table("processstage")
	if id.Kind != odata.GUID || stages == nil {
		return bad("RetrieveActivePath needs the parameter ProcessInstanceId, a GUID.")
	}
	for _, t := range c.flowTables() {
		at := target{table: t, id: id.Text}
		rights, err := c.org.DB.Access(c.r.Context(), c.caller, t.LogicalName, id.Text)
		if err != nil {
			if known := (*engine.Error)(nil); errors.As(err, &known) && known.Code == engine.CodeObjectDoesNotExist {
				continue
			}
			return err
		}
		if rights&engine.ReadAccess == 0 {
			return c.denied(at)
		}
		process, err := c.value(at, "processid")
		if err != nil {
			return err
		}
		c.options = odata.Options{Custom: map[string]string{}}
		return c.rows(target{table: stages, name: stages.SetName, narrow: func(q *query) {
			q.equals("processid", process)
			q.orders = []crmxml.Order{{Attribute: "stagecategory"}, {Attribute: "stagename"}}
		}})
	}
	return &engine.Error{Code: engine.CodeObjectDoesNotExist, Message: "businessprocessflowinstance With Id = " + id.Text + " Does Not Exist"}
}

// calculateRollup brings a rollup column up to date: CalculateRollupField(Target=@t,FieldName='column'). It answers with the
// row's column and what goes with it.
func (c *call) calculateRollup(s odata.Segment) error {
	at, err := c.targetArgument(s)
	if err != nil {
		return err
	}
	field, ok := s.Argument("FieldName")
	column := at.table.Column(field.Text)
	if !ok || field.Kind != odata.String || column == nil || column.Source != schema.Rollup {
		return &Error{400, engine.CodeInvalidArgument, "The field '" + brief(field.Text) + "' of '" + at.table.LogicalName + "' is no rollup field."}
	}
	if err := c.visible(at); err != nil {
		return err
	}
	if err := c.org.DB.CalculateRollup(c.r.Context(), at.table.LogicalName, column.LogicalName, at.id); err != nil {
		return err
	}
	c.options = odata.Options{Select: []string{column.LogicalName}, Custom: map[string]string{}}
	for _, suffix := range []string{"_date", "_state"} {
		if at.table.Column(column.LogicalName+suffix) != nil {
			c.options.Select = append(c.options.Select, column.LogicalName+suffix)
		}
	}
	at.name = at.table.SetName
	return c.row(at)
}
