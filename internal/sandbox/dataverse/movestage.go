package dataverse

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// The statuses of a row of a process's table.
const (
	processActive   = 1
	processFinished = 2
)

// plannedStage is a stage as the process's definition has it.
type plannedStage struct {
	id, table string
	required  []string // columns
}

// refusedStage is how the service words what a process does not let happen; its Web API has one code for all of it.
func refusedStage(sentence string) error {
	return &Error{400, codeUnexpected, sentence}
}

// moveStage checks what an update of a process's row does to the way of a record through it, and completes the update (Microsoft
// Learn, "Work with business process flows using code"): one stage on, or back to one that was gone through; finished at the last
// stage alone; and on only when the stage has everything that it requires.
func (c *call) moveStage(at written, row engine.Row) error {
	if at.id == "" || at.table.PrimaryID != processKey || at.table.Column("activestageid") == nil {
		return nil
	}
	columns := []string{"statuscode", "processid", "traversedpath", "activestageid"}
	for i := range at.table.Columns {
		if column := &at.table.Columns[i]; column.Type == schema.Lookup {
			columns = append(columns, column.LogicalName)
		}
	}
	now, err := c.x.Read(at.table.LogicalName, at.id, columns...)
	if known := (*engine.Error)(nil); errors.As(err, &known) && known.Code == engine.CodeObjectDoesNotExist {
		return nil // the update says so itself
	}
	if err != nil {
		return err
	}
	process, _ := now["processid"].(engine.Ref)
	stages, err := c.planned(process.ID)
	if err != nil {
		return err
	}
	m := &movement{call: c, row: row, now: now, stages: stages, table: at.table}
	m.from, m.to = m.find(now["activestageid"]), -1
	if given, there := row["activestageid"]; there {
		if m.to = m.find(given); m.to != m.from {
			if err := m.change(); err != nil {
				return err
			}
		}
	}
	return m.status()
}

// movement is one update of a process's row.
type movement struct {
	*call
	row, now engine.Row
	stages   []plannedStage
	table    *schema.Table
	from, to int // indexes of stages; -1 for one that is none of the process's
}

func (m *movement) find(stage any) int {
	ref, _ := stage.(engine.Ref)
	return slices.IndexFunc(m.stages, func(s plannedStage) bool { return s.id == ref.ID })
}

// change takes the record to another stage.
func (m *movement) change() error {
	given, _ := m.row["activestageid"].(engine.Ref)
	path := strings.FieldsFunc(asText(m.now["traversedpath"]), func(r rune) bool { return r == ',' || r == ' ' })
	back := slices.Index(path, given.ID)
	switch {
	case m.now["statuscode"] != int64(processActive) && asNumber(m.row["statuscode"]) != processActive:
		return refusedStage("The stage of a process instance that is not active cannot be changed.")
	case m.to < 0 || m.from < 0 || m.to > m.from+1 || m.to < m.from && back < 0:
		return refusedStage("Invalid stage transition. Transition to stage " + given.ID + " is not in the process active path.")
	}
	way := append(slices.Clone(path), given.ID)
	if back >= 0 {
		way = path[:back+1]
	}
	if asked, there := m.row["traversedpath"]; there {
		last := asText(asked)
		last = strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:])
		if last != given.ID {
			return refusedStage("Active Stage ID '" + given.ID + "' does not match last Stage ID in Traversed Path '" + brief(last) + "'. Please contact your system administrator.")
		}
	} else {
		m.row["traversedpath"] = strings.Join(way, ",")
	}
	if m.about(m.to).ID == "" {
		return refusedStage("Participating entity record of stage: " + given.ID + " is not valid")
	}
	if m.to > m.from {
		if err := m.complete(m.from); err != nil {
			return err
		}
	}
	m.row["activestagestartedon"] = m.org.DB.Options().Now().UTC()
	return nil
}

// status ends or reopens the record's way.
func (m *movement) status() error {
	given, there := m.row["statuscode"]
	if !there {
		return nil
	}
	if asNumber(given) != processFinished {
		m.row["completedon"] = nil
		return nil
	}
	at := m.from
	if m.to >= 0 {
		at = m.to
	}
	if at != len(m.stages)-1 {
		return refusedStage("A process instance can only be finished at its last stage.")
	}
	m.row["completedon"] = m.org.DB.Options().Now().UTC()
	return m.complete(at)
}

// about is the row that a stage is about.
func (m *movement) about(stage int) engine.Ref {
	column := lookupTo(m.table, m.stages[stage].table)
	if given, there := m.row[column]; there {
		ref, _ := given.(engine.Ref)
		return ref
	}
	ref, _ := m.now[column].(engine.Ref)
	return ref
}

// complete refuses to leave a stage that lacks something required: any value or, of yes and no, a yes.
func (m *movement) complete(stage int) error {
	s, about := m.stages[stage], m.about(stage)
	if len(s.required) == 0 || about.ID == "" {
		return nil
	}
	row, err := m.x.Read(s.table, about.ID, s.required...)
	if err != nil {
		return err
	}
	for _, name := range s.required {
		if v := row[name]; v == nil || v == "" || v == false || m.org.DB.Model().Table(s.table).Column(name).Type == schema.Boolean && v == int64(0) {
			return refusedStage("To move to the next stage, complete the required steps.")
		}
	}
	return nil
}

// planned reads the stages of a process from its definition.
func (c *call) planned(process string) ([]plannedStage, error) {
	row, err := c.x.Read("workflow", process, "clientdata")
	if err != nil {
		return nil, err
	}
	type node struct {
		Class       string `json:"__class"`
		StageID     string `json:"stageId"`
		Description string `json:"description"`
		Required    bool   `json:"isProcessRequired"`
		Column      string `json:"dataFieldName"`
		Steps       struct {
			List []json.RawMessage `json:"list"`
		} `json:"steps"`
	}
	var list []plannedStage
	var visit func(raw json.RawMessage, table string, required bool)
	visit = func(raw json.RawMessage, table string, required bool) {
		var n node
		if json.Unmarshal(raw, &n) != nil {
			return
		}
		switch {
		case n.StageID != "":
			list = append(list, plannedStage{id: n.StageID, table: table})
		case n.Column != "" && required && len(list) > 0:
			last := &list[len(list)-1]
			last.required = append(last.required, n.Column)
		case strings.HasPrefix(n.Class, "EntityStep:"):
			table = n.Description
		}
		for _, child := range n.Steps.List {
			visit(child, table, n.Required)
		}
	}
	visit(json.RawMessage(asText(row["clientdata"])), "", false)
	return list, nil
}

func asText(v any) string {
	s, _ := v.(string)
	return s
}

// whole reads a number of a body.
func asNumber(v any) int64 {
	switch n := v.(type) {
	case int64:
		return n
	case int:
		return int64(n)
	case float64:
		return int64(n)
	}
	return -1
}
