package crm

import (
	"slices"
	"time"
)

// ProcessStatus is how a record's way through a process stands (statuscode of the process's own table).
type ProcessStatus int

// The statuses (Microsoft Learn, "Work with business process flows using code").
const (
	ProcessActive   ProcessStatus = 1
	ProcessFinished ProcessStatus = 2
	ProcessAborted  ProcessStatus = 3
)

// MoveKind is what can be done with a record's way through a process.
type MoveKind string

// The moves.
const (
	MoveNext       MoveKind = "next"
	MoveBack       MoveKind = "back"
	MoveFinish     MoveKind = "finish" // from the last stage alone
	MoveAbandon    MoveKind = "abandon"
	MoveReactivate MoveKind = "reactivate"
)

// MoveKinds lists every move, for tests that prove that each is drawn and understood.
func MoveKinds() []MoveKind {
	return []MoveKind{MoveNext, MoveBack, MoveFinish, MoveAbandon, MoveReactivate}
}

// Forward reports whether a move asks for the required steps of the stage that it leaves.
func (k MoveKind) Forward() bool { return k == MoveNext || k == MoveFinish }

// Position is where a record stands in a process. It is all that there is to compare before a move, and travels sealed with
// the page.
type Position struct {
	Instance string        `json:"i"` // id of the row in the process's own table
	Process  string        `json:"p"` // id of the process's definition
	Stage    string        `json:"s"`
	Path     []string      `json:"v,omitempty"` // stages that have been gone through, the active one last
	Status   ProcessStatus `json:"u"`
	Since    time.Time     `json:"t,omitzero"` // when the active stage began; zero when it is not told
}

// Same reports whether nobody has moved the record between two readings.
func (p Position) Same(q Position) bool {
	return p.Instance == q.Instance && p.Stage == q.Stage && p.Status == q.Status
}

// Process is a business process flow that a record goes through, resolved for one person.
type Process struct {
	Position
	Name   string
	Table  string  // logical name of the process's own table; "" when it is not told
	Stages []Stage // the way through it, in order
	Active int     // index of the stage that the record is in; -1 when the way does not have it
	Moves  []MoveKind
	// Through is the action that leads to the next stage, where that is about a record which the action makes.
	Through ActionKind
	// Elsewhere says that the active stage is about another record than this one.
	Elsewhere bool
}

// Stage is one stage of a process.
type Stage struct {
	ID       string
	Name     string
	Table    string // logical name of the table whose records are in it
	Category Option
	Steps    []Step
}

// Step is a column that a stage asks for.
type Step struct {
	Label    string
	Column   string // "" for a step that is no column
	Field    int    // index into Form.Fields; -1 when this record's form cannot show it
	Required bool
	Done     bool
}

// May reports whether a move is offered.
func (p Process) May(kind MoveKind) bool { return slices.Contains(p.Moves, kind) }

// Now is the active stage; false when the way does not have it.
func (p Process) Now() (Stage, bool) {
	if p.Active < 0 || p.Active >= len(p.Stages) {
		return Stage{}, false
	}
	return p.Stages[p.Active], true
}

// Find gives the place of a stage on the way; -1 when it is not there.
func (p Process) Find(stage string) int {
	return slices.IndexFunc(p.Stages, func(s Stage) bool { return s.ID == stage })
}

// At is the process as it was when the record stood elsewhere in it.
func (p Process) At(at Position) Process {
	p.Position, p.Active = at, p.Find(at.Stage)
	return p
}

// To is where a move leads; false where the process does not know it. What the person may do is in Moves.
func (p Process) To(kind MoveKind) (Position, bool) {
	to := p.Position
	_, known := p.Now()
	switch active := p.Status == ProcessActive; {
	case kind == MoveNext && active && known && p.Active < len(p.Stages)-1:
		to.Stage = p.Stages[p.Active+1].ID
		to.Path = append(slices.Clone(p.path()), to.Stage)
	case kind == MoveBack && active && known && len(p.path()) > 1:
		to.Path = slices.Clone(p.path()[:len(p.path())-1])
		to.Stage = to.Path[len(to.Path)-1]
	case kind == MoveFinish && active && known && p.Active == len(p.Stages)-1:
		to.Status = ProcessFinished
	case kind == MoveAbandon && active:
		to.Status = ProcessAborted
	case kind == MoveReactivate && !active:
		to.Status = ProcessActive
	default:
		return p.Position, false
	}
	to.Since = time.Time{}
	return to, true
}

// path is the way to the active stage: as it was gone or, where that is not told, from the beginning.
func (p Process) path() []string {
	if n := len(p.Path); n > 0 && p.Path[n-1] == p.Stage {
		return p.Path
	}
	var path []string
	for _, s := range p.Stages[:p.Active+1] {
		path = append(path, s.ID)
	}
	return path
}

// Unmet are the labels of the steps that the active stage still requires.
func (p Process) Unmet() (labels []string) {
	now, _ := p.Now()
	for _, step := range now.Steps {
		if step.Required && !step.Done {
			labels = append(labels, step.Label)
		}
	}
	return labels
}

// Move is a move that a person chose, with what they typed into the steps of the stage.
type Move struct {
	Token    string
	Instance string
	Kind     MoveKind
	Columns  map[string][]string
}

// MetBy reports whether a value is what a required step asks for: a yes where the column is yes or no, else any.
func (x Field) MetBy(value Value) bool {
	if x.Kind == KindBoolean {
		return value.Raw == "true"
	}
	return !value.Empty()
}

// Follow finds one of the processes that the record goes through.
func (f Form) Follow(instance string) (Process, bool) {
	for _, p := range f.Processes {
		if p.Instance == instance {
			return p, true
		}
	}
	return Process{}, false
}
