package web

import (
	"context"
	"net/url"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// Stages moves records through their processes.
type Stages interface {
	MoveStage(ctx context.Context, caller crm.Caller, place crm.Place, move crm.Move) (crm.Saved, error)
}

// staged is what the answer to a form of a stage shows of the process.
type staged struct {
	flow, stage string
}

func (s *Server) routeStages() { s.echo.POST(recordPage+"/stage", s.moveStage) }

// moveStage moves a record on or back in its process, or saves the steps of a stage, and answers with the record as it is then.
func (s *Server) moveStage(c echo.Context) error {
	return s.write(c, func(ctx context.Context, place crm.Place, a about, form url.Values) (got answer, err error) {
		in, to := inputFrom(form), form.Get(templates.MoveName)
		at := &staged{form.Get(templates.InstanceName), form.Get(templates.StageName)}
		column := form.Get("_find")
		switch kind := crm.MoveKind(to); {
		case column != "":
			got, err = s.findInForm(ctx, c, place, a, in, form, column)
		case to == templates.MoveNot:
			got.saved, err = s.cfg.Records.Save(ctx, visitOf(c).caller(), place, in)
		case slices.Contains(crm.MoveKinds(), kind):
			got.saved, err = s.cfg.Stages.MoveStage(ctx, visitOf(c).caller(), place, crm.Move{Token: in.Token, Instance: at.flow, Kind: kind, Columns: in.Columns})
			got.done = "stage-" + to
		default:
			err = fault.New(fault.Invalid, "stage.gone")
		}
		got.stage = at
		return got, err
	})
}

// outrun says that somebody else has moved the record. Where both have changed a field, there is that to decide first.
func outrun(got answer) *fault.Error {
	conflicts := slices.ContainsFunc(got.saved.Form.Fields, func(x crm.Field) bool { return x.Conflict != nil && x.Conflict.Overlap })
	if got.stage == nil || got.saved.Outcome != crm.OutcomeConflict || conflicts {
		return nil
	}
	return fault.New(fault.Conflict, "stage.moved")
}

// drawStage says what of the process is shown after a form of it was sent: the stage stays open while there is something to do.
func drawStage(r *templates.Record, got answer) {
	if got.stage == nil {
		return
	}
	typed := func(x crm.Field) bool { return x.Typed != nil }
	r.Mode, r.Flow, r.OpenStage = templates.RecordRead, got.stage.flow, ""
	r.Acted = r.Problem != nil && !slices.ContainsFunc(r.Form.Fields, typed)
	if r.Found != nil || r.Problem != nil && !r.Acted || got.saved.Outcome == crm.OutcomeInvalid {
		r.OpenStage = got.stage.stage
	}
}
