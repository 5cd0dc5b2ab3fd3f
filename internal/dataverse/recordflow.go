package dataverse

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

const slotFlows slot = "flows"

// flow is the definition of a business process flow. It is shared by the questions of one person: nobody changes one.
type flow struct {
	id, name string
	table    string // that keeps where records are in it
	stages   []flowStage
	// branches says that which stage comes next follows from the record, so that the service has to be asked.
	branches bool
}

// flowStage is one stage of it, in a reader's language.
type flowStage struct {
	id, name, table string
	category        crm.Option
	steps           []flowStep
}

// flowStep is one step of a stage; column is "" for one that is no column.
type flowStep struct {
	label, column string
	required      bool
	exact         bool // label is in the reader's own language
}

// flowSet are the flows with a stage about one table; told is false where the organization does not say.
type flowSet struct {
	told  bool
	flows []flow
}

func (s flowSet) find(id string) (flow, bool) {
	i := slices.IndexFunc(s.flows, func(f flow) bool { return f.id == id })
	if i < 0 {
		return flow{}, false
	}
	return s.flows[i], true
}

// columns are what the stages about a table ask for.
func (s flowSet) columns(table string) (names []string) {
	for _, f := range s.flows {
		for _, stage := range f.stages {
			for _, step := range stage.steps {
				if stage.table == table && step.column != "" {
					names = append(names, step.column)
				}
			}
		}
	}
	return unique(names)
}

// flowRow is a definition as the Web API has it (table workflow), with its stages (table processstage).
type flowRow struct {
	ID         string     `json:"workflowid"`
	Name       string     `json:"name"`
	UniqueName string     `json:"uniquename"`
	ClientData string     `json:"clientdata"`
	Stages     []stageRow `json:"process_processstage"`
}

type stageRow struct {
	ID            string `json:"processstageid"`
	Name          string `json:"stagename"`
	Category      *int   `json:"stagecategory"`
	CategoryLabel string `json:"stagecategory@OData.Community.Display.V1.FormattedValue"`
	Table         string `json:"primaryentitytypecode"`
	ClientData    string `json:"clientdata"`
}

const stageFields = "processstageid,stagename,stagecategory,primaryentitytypecode,clientdata"

// flows reads the activated flows that pass a table. They are the person's own: who may not read a flow goes without it.
func (c *Client) flows(ctx context.Context, caller crm.Caller, org crm.Organization, table string) (flowSet, error) {
	return mine(ctx, c, caller, org, slotFlows, table, func(ctx context.Context) (flowSet, int, error) {
		up, err := c.organization(org)
		if err != nil || !logicalName.MatchString(table) {
			return flowSet{}, 0, err
		}
		var page struct{ Value *[]flowRow }
		path := "workflows?$select=workflowid,name,uniquename,clientdata&$orderby=processorder" +
			"&$filter=" + escaped("category eq 4 and type eq 1 and statecode eq 1 and process_processstage/any(s:s/primaryentitytypecode eq '"+table+"')") +
			"&$expand=process_processstage($select=" + stageFields + ")"
		n, err := c.read(ctx, caller, up, call{path: path, prefer: recordAnnotations}, &page)
		if err != nil || page.Value == nil {
			return flowSet{}, n, optional(err)
		}
		set := flowSet{told: true}
		for _, r := range *page.Value {
			set.flows = append(set.flows, r.flow(lcidOf(caller.Locale)))
		}
		return set, n, nil
	})
}

// flow puts the rows and the document of a definition together: the document has the order, the labels and the steps.
func (r flowRow) flow(lcid int) flow {
	f := flow{id: crmxml.GUID(r.ID), name: r.Name, table: plainName(r.UniqueName), branches: true}
	rows := map[string]stageRow{}
	for _, s := range r.Stages {
		rows[crmxml.GUID(s.ID)] = s
	}
	var document flowNode
	if json.Unmarshal([]byte(r.ClientData), &document) == nil && len(r.ClientData) <= bodyLimit {
		f.branches = strings.Contains(r.ClientData, "SetNextStage")
		document.walk("", func(table string, node flowNode) {
			id := crmxml.GUID(node.StageID)
			row, known := rows[id]
			if !known || len(f.stages) >= mostStages || slices.ContainsFunc(f.stages, func(s flowStage) bool { return s.id == id }) {
				return
			}
			stage := row.stage()
			stage.id, stage.table = id, cmp.Or(row.Table, table)
			stage.name = cmp.Or(node.Labels.exactly(lcid), row.Name, node.Labels.any())
			stage.steps = node.flowSteps(lcid)
			f.stages = append(f.stages, stage)
		})
	}
	if len(f.stages) < len(rows) {
		// What the document does not have is found by asking for the way of each record.
		f.branches = true
		for _, s := range r.Stages {
			id := crmxml.GUID(s.ID)
			if !slices.ContainsFunc(f.stages, func(have flowStage) bool { return have.id == id }) && len(f.stages) < mostStages {
				f.stages = append(f.stages, s.stage())
			}
		}
	}
	return f
}

const (
	// mostStages and mostSteps are the service's own limits, which cannot be raised, for five tables (Microsoft Learn, "Work
	// with business process flows using code").
	mostStages = 150
	mostSteps  = 30
)

// stage is what a row alone says of a stage: its steps are in the language of the organization.
func (r stageRow) stage() flowStage {
	s := flowStage{id: crmxml.GUID(r.ID), name: r.Name, table: r.Table}
	if r.Category != nil {
		s.category = crm.Option{Value: *r.Category, Label: r.CategoryLabel}
	}
	var steps []struct {
		DisplayName string
		Field       struct {
			AttributeName string
			IsRequired    bool
		}
	}
	if json.Unmarshal([]byte(r.ClientData), &steps) != nil {
		return s
	}
	for _, step := range steps {
		if len(s.steps) < mostSteps {
			s.steps = append(s.steps, flowStep{label: step.DisplayName, column: plainName(step.Field.AttributeName), required: step.Field.IsRequired})
		}
	}
	return s
}

// flowNode is a node of a definition's document: the workflow, an entity, a stage, a step or its control (classes
// WorkflowStep, EntityStep, StageStep, StepStep and ControlStep of Microsoft.Crm.Workflow.ObjectModel).
type flowNode struct {
	Class       string     `json:"__class"`
	Description string     `json:"description"`
	StageID     string     `json:"stageId"`
	Labels      flowLabels `json:"stepLabels"`
	Required    bool       `json:"isProcessRequired"`
	Hidden      bool       `json:"isHidden"`
	Column      string     `json:"dataFieldName"`
	Unbound     bool       `json:"isUnbound"`
	Steps       struct {
		List []flowNode `json:"list"`
	} `json:"steps"`
}

type flowLabels struct {
	List []struct {
		Language int    `json:"languageCode"`
		Text     string `json:"description"`
	} `json:"list"`
}

// exactly is the label in one language; "" when there is none.
func (l flowLabels) exactly(lcid int) string {
	for _, one := range l.List {
		if one.Language == lcid {
			return one.Text
		}
	}
	return ""
}

func (l flowLabels) any() string {
	for _, one := range l.List {
		if one.Text != "" {
			return one.Text
		}
	}
	return ""
}

func (n flowNode) is(class string) bool {
	name, _, _ := strings.Cut(n.Class, ":")
	return name == class
}

// walk visits the stages in the order in which they are shown.
func (n flowNode) walk(table string, visit func(table string, stage flowNode)) {
	for _, child := range n.Steps.List {
		switch {
		case child.is("EntityStep"):
			child.walk(plainName(child.Description), visit)
		case child.is("StageStep"):
			visit(table, child)
		}
	}
}

// flowSteps are the steps of a stage that are shown.
func (n flowNode) flowSteps(lcid int) (steps []flowStep) {
	for _, child := range n.Steps.List {
		if !child.is("StepStep") || child.Hidden || len(steps) >= mostSteps {
			continue
		}
		step := flowStep{label: child.Labels.exactly(lcid), required: child.Required}
		step.exact = step.label != ""
		step.label = cmp.Or(step.label, child.Labels.any(), child.Description)
		for _, control := range child.Steps.List {
			if control.is("ControlStep") && !control.Unbound {
				step.column = plainName(control.Column)
			}
		}
		steps = append(steps, step)
	}
	return steps
}

// plainName is a name that a column or a table can have; "" for anything else.
func plainName(name string) string {
	if !logicalName.MatchString(name) {
		return ""
	}
	return strings.ToLower(name)
}
