package dataverse

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// through gives the form what the stages about its table ask for, so that it is read and typed with everything else. What stands
// on the form for reading alone may be typed in a stage.
func (o *outline) through(flows flowSet) *outline {
	names := flows.columns(o.plan.LogicalName)
	if len(names) == 0 {
		return o
	}
	own := *o
	own.form.Fields = slices.Clone(o.form.Fields)
	own.columns = slices.Clone(o.columns)
	for _, name := range names {
		at := slices.IndexFunc(own.form.Fields, func(x crm.Field) bool { return x.LogicalName == name })
		switch {
		case at >= 0 && own.form.Fields[at].ReadOnly == crm.ReadOnlyForm:
			own.form.Fields[at].ReadOnly = o.plan.closed(own.form.Fields[at])
		case at < 0 && o.plan.has(name) && o.plan.fields[name].Kind != crm.KindPartyList:
			x := o.plan.fields[name]
			x.ReadOnly = o.plan.closed(x)
			own.form.Fields = append(own.form.Fields, x)
			own.columns = append(own.columns, o.plan.selected(name)...)
			own.secured = own.secured || x.Secured
		}
	}
	own.columns = unique(own.columns)
	return &own
}

// closed says why a column is typed nowhere, whatever form it stands on.
func (b *blueprint) closed(x crm.Field) crm.ReadOnly {
	switch k := b.columns[x.LogicalName]; {
	case x.Kind == crm.KindState || x.Kind == crm.KindID || !k.update && !k.owner:
		return crm.ReadOnlyColumn
	case x.Kind == crm.KindImage || x.Kind == crm.KindFile || x.Kind == crm.KindOther || x.Kind == crm.KindPartyList && partyMasks[x.LogicalName] == 0:
		return crm.ReadOnlyKind
	}
	return ""
}

// unfollowed keeps a record open of whose processes nothing can be found out; it is said in their place.
func unfollowed(f *crm.Form, err error) error {
	f.Unfollowed = f.Unfollowed || optional(err) != nil
	return unless(err)
}

// unless passes on what the person has to do something about; everything else is done without.
func unless(err error) error {
	if fault.Is(err, fault.SignedOut) || fault.Is(err, fault.Consent) {
		return err
	}
	return nil
}

// positions asks where a record stands in its processes (RetrieveProcessInstances), the one that was moved last first. None
// is also the answer for somebody who may not see them.
func (c *Client) positions(ctx context.Context, caller crm.Caller, org crm.Organization, s sheet, id string) ([]crm.Position, error) {
	if s.flows.told && len(s.flows.flows) == 0 || !s.plan.staged {
		return nil, nil
	}
	up, err := c.organization(org)
	if err != nil {
		return nil, err
	}
	var answer rows
	path := "RetrieveProcessInstances(EntityId=" + id + ",EntityLogicalName='" + s.plan.LogicalName + "')"
	if _, err := c.read(ctx, caller, up, call{path: path}, &answer); err != nil || answer.Value == nil {
		return nil, optional(err)
	}
	var all []crm.Position
	for _, r := range *answer.Value {
		if p, ok := positionOf(r); ok && len(all) < mostFlows {
			all = append(all, p)
		}
	}
	return all, nil
}

// mostFlows bounds how many processes of one record are shown; organizations allow ten for a table unless they have raised it.
const mostFlows = 20

// positionOf reads a row of the abstract type businessprocessflowinstance, or of a process's own table.
func positionOf(r row) (crm.Position, bool) {
	p := crm.Position{
		Instance: crmxml.GUID(r.cell("businessprocessflowinstanceid").raw), Process: crmxml.GUID(r.cell("processid").raw),
		Stage: crmxml.GUID(r.cell("processstageid").raw), Status: crm.ProcessActive,
	}
	if p.Stage == "" {
		p.Stage = crmxml.GUID(r.cell("activestageid").raw)
	}
	if n, err := strconv.Atoi(r.cell("statuscode").raw); err == nil {
		p.Status = crm.ProcessStatus(n)
	}
	for id := range strings.SplitSeq(r.cell("traversedpath").raw, ",") {
		if id = crmxml.GUID(strings.TrimSpace(id)); id != "" && len(p.Path) < mostStages {
			p.Path = append(p.Path, id)
		}
	}
	p.Since, _ = time.Parse(time.RFC3339, r.cell("activestagestartedon").raw)
	return p, p.Instance != "" && p.Process != "" && p.Stage != ""
}

// follow resolves the positions of a form: the way through each process, and what this person may do with it. It gives what
// has to be asked for first.
func (c *Client) follow(ctx context.Context, caller crm.Caller, org crm.Organization, s sheet, f *crm.Form) (asks []func() error, resolve func() error) {
	ways, held, errs := make([]flow, len(f.Positions)), make([]powers, len(f.Positions)), make([]error, len(f.Positions))
	for i, p := range f.Positions {
		known, ok := s.flows.find(p.Process)
		ways[i] = known
		if !ok && s.flows.told {
			continue // it has been switched off, and the web app shows it no more
		}
		if known.branches || !ok {
			asks = append(asks, func() error {
				ways[i], errs[i] = c.way(ctx, caller, org, known, p)
				return nil
			})
		}
		if known.table != "" {
			asks = append(asks, func() (err error) {
				held[i], err = c.powers(ctx, caller, org, s.user, known.table)
				return optional(err)
			})
		}
	}
	return asks, func() error {
		f.Processes = nil
		for i, p := range f.Positions {
			if errs[i] != nil {
				if err := unfollowed(f, errs[i]); err != nil {
					return err
				}
				continue
			}
			if process, ok := ways[i].process(p, *f, s.plan); ok {
				process.Moves, process.Through = movesOf(process, *f, held[i])
				f.Processes = append(f.Processes, process)
			}
		}
		return nil
	}
}

// way asks for the stages that a record goes through (RetrieveActivePath), where that follows from the record or nothing else is
// told.
func (c *Client) way(ctx context.Context, caller crm.Caller, org crm.Organization, known flow, p crm.Position) (flow, error) {
	up, err := c.organization(org)
	if err != nil {
		return known, err
	}
	var page struct{ Value []stageRow }
	if _, err := c.read(ctx, caller, up, call{path: "RetrieveActivePath(ProcessInstanceId=" + p.Instance + ")", prefer: recordAnnotations}, &page); err != nil {
		return known, err
	}
	own := known
	own.stages = nil
	for _, r := range page.Value {
		stage := r.stage()
		if i := slices.IndexFunc(known.stages, func(s flowStage) bool { return s.id == stage.id }); i >= 0 {
			stage = known.stages[i]
		}
		if len(own.stages) < mostStages {
			own.stages = append(own.stages, stage)
		}
	}
	return own, nil
}

// process is a flow as one record goes through it; false when there is nothing to show.
func (w flow) process(p crm.Position, f crm.Form, plan *blueprint) (crm.Process, bool) {
	if len(w.stages) == 0 {
		return crm.Process{}, false
	}
	process := crm.Process{Position: p, Name: w.name, Table: w.table}
	for _, s := range w.stages {
		stage := crm.Stage{ID: s.id, Name: s.name, Table: s.table, Category: s.category}
		for _, step := range s.steps {
			one := crm.Step{Label: step.label, Column: step.column, Field: -1, Required: step.required}
			at := slices.IndexFunc(f.Fields, func(x crm.Field) bool { return x.LogicalName == step.column })
			if s.table == f.Ref.Table && at >= 0 {
				one.Field = at
				one.Done = f.Fields[at].MetBy(f.Fields[at].Value)
				if !step.exact && plan.columns[step.column].exact {
					one.Label = f.Fields[at].Label // as on forms: the reader's language before any other
				}
			}
			stage.Steps = append(stage.Steps, one)
		}
		process.Stages = append(process.Stages, stage)
	}
	process = process.At(p)
	now, ok := process.Now()
	process.Elsewhere = ok && now.Table != f.Ref.Table
	return process, true
}

// movesOf says what a person may do with a process: everything, where they may change both the record and how far it is.
func movesOf(p crm.Process, f crm.Form, held powers) (moves []crm.MoveKind, through crm.ActionKind) {
	if p.Table == "" || !held.may("Write") || !f.Access.Write || f.State.Inactive || p.Elsewhere {
		return nil, ""
	}
	for _, kind := range crm.MoveKinds() {
		if _, ok := p.To(kind); !ok {
			continue
		}
		if kind == crm.MoveNext && p.Stages[p.Active+1].Table != f.Ref.Table && slices.ContainsFunc(f.Actions, func(a crm.Action) bool { return a.Kind == crm.ActionQualify }) {
			through = crm.ActionQualify // which makes the record that the next stage is about
			continue
		}
		moves = append(moves, kind)
	}
	return moves, through
}
