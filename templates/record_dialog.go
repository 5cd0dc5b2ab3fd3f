package templates

import (
	"context"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// DialogModel is a small form about a record.
type DialogModel struct {
	Page   Page
	Record Record // what the form is about; its Theme and From go into the links
	// Path is where the form goes, below the record's own, with parameters beside those of the record; Do is what it does.
	Path   string
	Params []string
	Do     string
	Other  string // something else that it can do: "remove"

	TitleArgs locale.Args
	TitleKey  string // of the title and, unless Submit is given, the button
	SubmitKey string
	TextKey   string

	Token        string
	Status       []crm.Option
	ChosenStatus int
	Fields       []crm.Field
	File         bool
	FileLimit    int64

	Problem  error
	Problems []crm.Problem
	// Seek are parameters of a search for records that is not for the value of a column, and Tied what became of records that
	// were to be put on a list.
	Seek []string
	Tied []crm.Tied
}

// view lets the inputs of the dialog be drawn as those of the record.
func (m DialogModel) view(ctx context.Context) *recordView {
	v := newRecord(ctx, m.Record)
	v.Dialog, v.Mode, v.seek = true, RecordEdit, m.Seek
	return v
}

// Title is what the dialog is called.
func (m DialogModel) Title(ctx context.Context) string { return t(ctx, m.TitleKey, m.TitleArgs) }

func (m DialogModel) submit(ctx context.Context) string {
	if m.SubmitKey != "" {
		return t(ctx, m.SubmitKey)
	}
	return t(ctx, m.TitleKey)
}

func (m DialogModel) text(ctx context.Context) string {
	if m.TextKey == "" {
		return ""
	}
	return t(ctx, m.TextKey)
}

func (m DialogModel) about(ctx context.Context) string {
	v := m.view(ctx)
	return t(ctx, "act.about", locale.Args{"name": v.title(ctx), "table": m.Record.Form.Table.Label})
}

func (m DialogModel) action(v *recordView) templ.SafeURL { return v.under(m.Path, m.Params...) }

func (m DialogModel) enctype() string {
	if m.File {
		return "multipart/form-data"
	}
	return "application/x-www-form-urlencoded"
}

func (m DialogModel) limit(ctx context.Context) string {
	if m.FileLimit <= 0 {
		return ""
	}
	return t(ctx, "file.limit", locale.Args{"size": fileSize(ctx, m.FileLimit)})
}
