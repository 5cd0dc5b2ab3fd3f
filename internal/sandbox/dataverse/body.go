package dataverse

import (
	"errors"
	"io"
	"mime"
	"net/http"

	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// maxBody is the largest JSON body of one request.
const maxBody = 16 << 20

// receive reads the body of a write before its transaction begins, so that a slow client keeps nobody waiting.
func (c *call) receive() (err error) {
	c.text, err = c.raw(maxBody)
	return err
}

// body reads the JSON object that the request has carried.
func (c *call) body(set string) (odata.Node, error) {
	given := c.r.Header.Get("Content-Type")
	if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/json" {
		return odata.Node{}, &Error{http.StatusUnsupportedMediaType, codeResource, "The request entity's media type '" + brief(given) + "' is not supported for this resource. A row is sent as application/json."}
	}
	n, err := odata.ParseBody(c.text)
	if err != nil {
		return n, payloadError(set, err.Error())
	}
	return n, nil
}

// raw reads the whole body of a request.
func (c *call) raw(most int64) ([]byte, error) {
	if c.batched || c.r.Body == nil {
		return c.text, nil // it came with the batch
	}
	text, err := io.ReadAll(http.MaxBytesReader(nil, c.r.Body, most))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		return nil, &Error{http.StatusRequestEntityTooLarge, codeUnexpected, "The request body is larger than " + itoa(int(most)) + " bytes."}
	case err != nil:
		return nil, bad("The request body could not be read.")
	}
	return text, nil
}

// rowBody reads the body as a row of a table.
func (c *call) rowBody(at written, deep bool) (*payload, error) {
	n, err := c.body(at.table.SetName)
	if err != nil {
		return nil, err
	}
	return reading{c, deep}.read(at.table, n)
}
