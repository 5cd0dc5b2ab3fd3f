package templates

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// What a form of a stage sends beside the columns of its steps.
const (
	MoveNot        = "save"     // of MoveName: the steps are saved, and the record stays in its stage
	MoveName       = "_to"      // a crm.MoveKind
	InstanceName   = "_process" // which process
	StageName      = "_stage"   // which of its stages the steps are of
	ProcessParam   = "process"  // of an address: the process that is shown
	OpenStageParam = "stage"    // of an address: the stage that is open for typing
)

// stageBar is the process that is shown: the one that was asked for, else the one that was moved last.
type stageBar struct {
	*recordView
	crm.Process
	inputs *recordView // draws the steps of the stage that is open for typing
}

func newStageBar(v *recordView) (b stageBar, ok bool) {
	if v.Form.New() || len(v.Form.Processes) == 0 {
		return b, false
	}
	b = stageBar{recordView: v, Process: v.Form.Processes[0]}
	if p, there := v.Form.Follow(v.Flow); there {
		b.Process = p
	}
	own := *v
	own.Staged, own.Mode = true, RecordEdit
	b.inputs = &own
	return b, true
}

// over reports whether the record has left the process.
func (b stageBar) over() bool { return b.Status != crm.ProcessActive }

func (b stageBar) past(i int) bool {
	return b.Status == crm.ProcessFinished || i < b.Active
}

func (b stageBar) class(i int) string {
	switch {
	case b.past(i):
		return "stage past"
	case i == b.Active && b.over():
		return "stage left"
	case i == b.Active:
		return "stage now"
	}
	return "stage"
}

func (b stageBar) current(i int) templ.OrderedAttributes {
	if b.over() || i != b.Active {
		return nil
	}
	return templ.OrderedAttributes{{Key: "aria-current", Value: "step"}}
}

// said tells of a stage what its colour tells.
func (b stageBar) said(ctx context.Context, i int) string {
	switch {
	case b.past(i):
		return t(ctx, "process.stage-past")
	case i == b.Active && !b.over():
		return t(ctx, "process.stage-now")
	}
	return t(ctx, "process.stage-later")
}

// ended says how the process ended; "" while it runs.
func (b stageBar) ended(ctx context.Context) string {
	switch b.Status {
	case crm.ProcessFinished:
		return t(ctx, "process.finished")
	case crm.ProcessAborted:
		return t(ctx, "process.abandoned")
	}
	return ""
}

// since says for how long the record has been in its stage.
func (b stageBar) since(ctx context.Context) string {
	if b.Process.Since.IsZero() || b.over() || b.Process.Since.After(b.AsOf) {
		return ""
	}
	args := locale.Args{"date": moments{b.Form.Reading}.date(ctx, b.Process.Since), "n": int(b.AsOf.Sub(b.Process.Since) / (24 * time.Hour))}
	if args["n"] == 0 {
		return t(ctx, "process.since-today", args)
	}
	return t(ctx, "process.since", args)
}

// typing reports whether the steps of a stage are inputs now: those of the active stage, or of one that was asked for.
func (b stageBar) typing(i int) bool {
	s := b.Stages[i]
	if !b.Record.Stages || b.editing() || b.over() || s.Table != b.Form.Ref.Table {
		return false
	}
	if b.OpenStage != "" && b.Find(b.OpenStage) >= 0 {
		return s.ID == b.OpenStage && b.typable(s)
	}
	return i == b.Active && b.typable(s)
}

func (b stageBar) typable(s crm.Stage) bool {
	for _, step := range s.Steps {
		if b.typableStep(step) {
			return true
		}
	}
	return false
}

func (b stageBar) typableStep(step crm.Step) bool {
	if step.Field < 0 || step.Field >= len(b.Form.Fields) {
		return false
	}
	x := b.Form.Fields[step.Field]
	return x.ReadOnly == "" && !x.Masked && typable(x)
}

// opened reports whether a stage's steps are in sight from the beginning.
func (b stageBar) opened(i int) bool { return b.OpenStage != "" && b.Stages[i].ID == b.OpenStage }

// offered is whether there is anything to do in a stage beside reading.
func (b stageBar) offered(i int) bool {
	return b.typing(i) || i == b.Active && b.Record.Stages && !b.editing() && (b.May(crm.MoveNext) || b.May(crm.MoveBack) || b.May(crm.MoveFinish) || b.Through != "")
}

// moving reports whether anything at all can be sent.
func (b stageBar) moving() bool {
	for i := range b.Stages {
		if b.offered(i) {
			return true
		}
	}
	return len(b.aside()) > 0
}

// typed is the stage whose steps are inputs; where there is none, the active one.
func (b stageBar) typed() string {
	for i, s := range b.Stages {
		if b.typing(i) {
			return s.ID
		}
	}
	return b.Process.Stage
}

func (b stageBar) unmet(ctx context.Context) string {
	if !b.May(crm.MoveNext) && !b.May(crm.MoveFinish) && b.Through == "" {
		return ""
	}
	missing := b.Unmet()
	if len(missing) == 0 {
		return ""
	}
	return t(ctx, "process.unmet", locale.Args{"steps": strings.Join(missing, ", ")})
}

// aside are the moves that are seldom wanted.
func (b stageBar) aside() (kinds []crm.MoveKind) {
	for _, kind := range []crm.MoveKind{crm.MoveAbandon, crm.MoveReactivate} {
		if b.Record.Stages && !b.editing() && b.May(kind) {
			kinds = append(kinds, kind)
		}
	}
	return kinds
}

// field is the form's field behind a step, with the label and the demand of the step.
func (b stageBar) field(step crm.Step) crm.Field {
	x := b.Form.Fields[step.Field]
	x.Label = step.Label
	if step.Required {
		x.Required = crm.Mandatory
	}
	return x
}

// stageHref leads to the input of a step, where that is what a problem is about.
func (v *recordView) stageHref(column string) (string, bool) {
	if v.OpenStage == "" || v.editing() {
		return "", false
	}
	b, ok := newStageBar(v)
	i := b.Find(v.OpenStage)
	if !ok || i < 0 || !b.typing(i) {
		return "", false
	}
	for _, step := range b.Stages[i].Steps {
		if step.Column == column {
			return "#" + b.inputs.inputID(crm.Field{Column: crm.Column{LogicalName: column}}), true
		}
	}
	return "", false
}

// problemURL leads to the input that a problem is about.
func (v *recordView) problemURL(column string) templ.SafeURL {
	if href, ok := v.stageHref(column); ok {
		return templ.SafeURL(href)
	}
	return templ.SafeURL("#f-" + column)
}
