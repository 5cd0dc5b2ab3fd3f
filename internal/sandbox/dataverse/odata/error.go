package odata

import "fmt"

// Error is a mistake in a request, in words for the developer who wrote it. Position is the byte offset in Text, or -1.
type Error struct {
	Message  string
	Text     string
	Position int
}

// Error says what is wrong and where.
func (e *Error) Error() string {
	if e.Position < 0 {
		return e.Message
	}
	text := e.Text
	if len(text) > 200 {
		text = text[:200] + "..."
	}
	return fmt.Sprintf("%s at position %d in '%s'.", e.Message, e.Position, text)
}

func problem(format string, args ...any) *Error {
	return &Error{Message: fmt.Sprintf(format, args...), Position: -1}
}
