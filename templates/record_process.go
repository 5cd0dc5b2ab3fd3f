package templates

import (
	"context"
	"strings"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

func stageClass(p *crm.Process, i int) string {
	switch {
	case p.Finished || i < p.Active:
		return "stage past"
	case i == p.Active:
		return "stage now"
	}
	return "stage"
}

func currentStage(p *crm.Process, i int) templ.OrderedAttributes {
	if p.Finished || i != p.Active {
		return nil
	}
	return templ.OrderedAttributes{{Key: "aria-current", Value: "step"}}
}

// stageText says of a stage what its colour says.
func stageText(ctx context.Context, p *crm.Process, i int) string {
	switch {
	case p.Finished || i < p.Active:
		return t(ctx, "process.stage-past")
	case i == p.Active:
		return t(ctx, "process.stage-now")
	}
	return t(ctx, "process.stage-later")
}

func unmetText(ctx context.Context, p *crm.Process) string {
	return t(ctx, "process.unmet", locale.Args{"steps": strings.Join(p.Unmet, ", ")})
}

func nextText(ctx context.Context, p *crm.Process) string {
	if p.Active == len(p.Stages)-1 {
		return t(ctx, "process.finish")
	}
	return t(ctx, "process.next")
}
