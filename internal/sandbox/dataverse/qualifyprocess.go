package dataverse

import (
	"slices"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// goOn takes the processes that the lead goes through over to the opportunity, at the first stage that is about it: the one
// that ProcessInstanceId names, or all that are active.
func (q *qualification) goOn(opportunity engine.Ref) error {
	if opportunity.ID == "" {
		return nil
	}
	only := ""
	if n, there := q.given.Member("ProcessInstanceId"); there && n.Kind == odata.NodeObject {
		if id, _ := n.Member(processKey); odata.IsGUID(id.Text) {
			only = id.Text
		}
	}
	for _, t := range q.flowTables() {
		from, to := lookupTo(t, "lead"), lookupTo(t, "opportunity")
		if from == "" || to == "" || q.caller.Depth(t.Privilege("Write")) == engine.None {
			continue
		}
		ids, err := q.x.Pointing(t.LogicalName, from, q.lead.ID)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if only != "" && only != id {
				continue
			}
			if err := q.advance(t, id, to, opportunity); err != nil {
				return err
			}
		}
	}
	return nil
}

// advance moves one process on.
func (q *qualification) advance(t *schema.Table, id, lookup string, opportunity engine.Ref) error {
	now, err := q.x.Read(t.LogicalName, id, "statecode", "processid", "traversedpath")
	if err != nil {
		return err
	}
	process, _ := now["processid"].(engine.Ref)
	if state, _ := now["statecode"].(int64); state != 0 || process.ID == "" {
		return nil
	}
	stages, err := q.x.Pointing("processstage", "processid", process.ID)
	if err != nil {
		return err
	}
	row := engine.Row{lookup: opportunity}
	first := int64(-1)
	for _, stage := range stages {
		s, err := q.x.Read("processstage", stage, "stagecategory", "primaryentitytypecode")
		if err != nil {
			return err
		}
		if category, _ := s["stagecategory"].(int64); s["primaryentitytypecode"] == "opportunity" && (first < 0 || category < first) {
			first = category
			path, _ := now["traversedpath"].(string)
			row["activestageid"], row["traversedpath"] = engine.Ref{Table: "processstage", ID: stage}, path+","+stage
			row["activestagestartedon"] = q.org.DB.Options().Now().UTC()
		}
	}
	return q.x.Update(t.LogicalName, id, columnsOf(t, row), engine.Guard{MustExist: true})
}

// lookupTo is the column of a table that points to another; "" when there is none.
func lookupTo(t *schema.Table, target string) string {
	for i := range t.Columns {
		if c := &t.Columns[i]; c.Type == schema.Lookup && slices.Contains(c.Targets, target) {
			return c.LogicalName
		}
	}
	return ""
}
