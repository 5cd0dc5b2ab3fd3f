package faults

import "net/http"

// cutWriter lets so many bytes of body through and swallows the rest, so that the handler still finishes its work.
type cutWriter struct {
	http.ResponseWriter
	left    int
	flushed bool
}

func (c *cutWriter) Write(p []byte) (int, error) {
	if c.left > 0 {
		n := min(c.left, len(p))
		if _, err := c.ResponseWriter.Write(p[:n]); err != nil {
			return 0, err
		}
		c.left -= n
	}
	if c.left == 0 {
		c.flush()
	}
	return len(p), nil
}

// FlushError is what http.ResponseController looks for.
func (c *cutWriter) FlushError() error {
	c.flushed = true
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// Flush makes streaming handlers work behind the cut.
func (c *cutWriter) Flush() { _ = c.FlushError() }

func (c *cutWriter) flush() {
	if !c.flushed {
		c.Flush()
	}
}

// abort sends what is buffered and breaks the connection; net/http does not log this panic.
func (c *cutWriter) abort() {
	if c.left > 0 {
		return
	}
	c.Flush()
	panic(http.ErrAbortHandler)
}

// discard takes an answer that nobody will see.
type discard struct{ header http.Header }

func newDiscard() *discard { return &discard{header: http.Header{}} }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Flush()                      {}
