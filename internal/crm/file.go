package crm

import "io"

// FileQuery asks for content that lies beside a record: of a file or image column, or what is attached to a note.
type FileQuery struct {
	Ref    RecordRef
	Column string
	Full   bool   // an image in its full size, where it is kept
	Note   string // id of the note, instead of a column
}

// FileContent is content to be read piece by piece; Size is 0 where it is not known.
type FileContent struct {
	FileValue
	Body io.Reader
}

// Upload is content that a person gives.
type Upload struct {
	FileValue
	Content io.ReaderAt
}

// FileChange puts content into a file or image column, or takes it away.
type FileChange struct {
	Token  string // of the form
	Column string
	File   *Upload // nil takes it away
}

// Attachable reports whether this person may put a file into a field of a record that exists.
func (f Form) Attachable(x Field) bool {
	return (x.Kind == KindImage || x.Kind == KindFile) && (x.ReadOnly == "" || x.ReadOnly == ReadOnlyKind) && !x.Masked && f.Ref.ID != "" &&
		f.Access.Write && !f.State.Inactive
}
