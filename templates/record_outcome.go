package templates

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// changeWords is how much of a value a receipt or a comparison shows.
const changeWords = 200

// changeText is a value in a sentence.
func changeText(ctx context.Context, value crm.Value) string {
	text := value.Text
	if text == "" {
		text = value.Raw
	}
	if text == "" {
		return t(ctx, "field.empty")
	}
	if looksLikeMarkup(text) {
		text = plainOf(text)
	}
	if runes := []rune(text); len(runes) > changeWords {
		text = string(runes[:changeWords]) + "…"
	}
	return text
}

// looksLikeMarkup reports whether a value is formatted text; shown as plain text it says the same.
func looksLikeMarkup(text string) bool {
	return len(text) > 7 && text[0] == '<' && (text[1] == 'p' || text[1] == 'd' || text[1] == 'h' || text[1] == 'u' || text[1] == 'o')
}

func receiptText(ctx context.Context, v *recordView) string {
	switch {
	case v.Done != "":
		return t(ctx, "done."+v.Done)
	case v.Undone:
		return t(ctx, "saved.undone")
	}
	return t(ctx, "saved.title")
}

func conflictText(ctx context.Context, v *recordView) string {
	if name := v.Form.Changed.By.Name; name != "" {
		return t(ctx, "conflict.by", locale.Args{"name": name})
	}
	return t(ctx, "conflict.title")
}

func theirsTitle(ctx context.Context, v *recordView) string {
	if name := v.Form.Changed.By.Name; name != "" {
		return name
	}
	return t(ctx, "conflict.theirs")
}

func sideLabel(ctx context.Context, x crm.Field, side crm.Side, value crm.Value) string {
	args := locale.Args{"field": x.Label, "value": changeText(ctx, value)}
	if side == crm.Mine {
		return t(ctx, "conflict.keep-mine", args)
	}
	return t(ctx, "conflict.keep-theirs", args)
}

// keptSide is whose value stays where only one of the two has changed the field.
func keptSide(x crm.Field) crm.Side {
	if x.Conflict.Choice != "" {
		return x.Conflict.Choice
	}
	if x.Conflict.Mine.Raw == x.Conflict.Was.Raw {
		return crm.Theirs
	}
	return crm.Mine
}

// confirmable reports that the rest can be saved although some of what was typed cannot.
func (v *recordView) confirmable() bool {
	for _, p := range v.Form.Problems {
		if p.Key == "problem.misplaced" {
			return true
		}
	}
	return false
}

// unchangedText says why nothing was done.
func unchangedText(ctx context.Context, v *recordView) string {
	if len(v.Saved.Tied) > 0 && v.Done != "" {
		return t(ctx, "unchanged."+v.Done, locale.Args{"n": len(v.Saved.Tied)})
	}
	return t(ctx, "saved.unchanged")
}

// tiedText says of a record what was the matter with it; "" where it was simply put on the list, or taken off.
func tiedText(ctx context.Context, ref crm.RecordRef, one crm.Tied) string {
	switch {
	case one.Problem != nil:
		return problemText(ctx, *one.Problem)
	case one.Outcome == crm.OutcomeUnknown:
		return t(ctx, "saved.unknown")
	case one.Outcome == crm.OutcomeUnchanged:
		return t(ctx, "related.was-so")
	case one.Was != nil && one.Was.ID != ref.ID && one.Was.Name != "":
		return t(ctx, "related.was-of", locale.Args{"name": one.Was.Name})
	}
	return ""
}
