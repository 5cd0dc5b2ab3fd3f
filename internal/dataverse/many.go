package dataverse

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/crm"
)

// askMany puts several questions in one batch and gives an answer or a fault for each, in their order. An error is that of
// the whole batch.
func (c *Client) askMany(ctx context.Context, caller crm.Caller, up upstream, paths []string) ([]answer, []error, error) {
	return c.askManyPreferring(ctx, caller, up, paths, "")
}

// askManyPreferring is askMany with a Prefer header for every question.
func (c *Client) askManyPreferring(ctx context.Context, caller crm.Caller, up upstream, paths []string, prefer string) ([]answer, []error, error) {
	if prefer != "" {
		prefer = "\r\nPrefer: " + prefer
	}
	var body strings.Builder
	for _, path := range paths {
		body.WriteString("--" + boundary + "\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET " +
			up.prefix + path + " HTTP/1.1\r\nAccept: application/json\r\nOData-Version: 4.0" + prefer + "\r\n\r\n")
	}
	body.WriteString("--" + boundary + "--\r\n")
	whole, err := c.ask(ctx, caller, up, call{
		path: "$batch", body: body.String(), contentType: `multipart/mixed; boundary="` + boundary + `"`, prefer: "odata.continue-on-error",
	})
	if err != nil {
		return nil, nil, err
	}
	_, params, err := mime.ParseMediaType(whole.header.Get("Content-Type"))
	if err != nil {
		return nil, nil, notUnderstood("batch without a type")
	}
	parts := multipart.NewReader(bytes.NewReader(whole.body), params["boundary"])
	answers, faults := make([]answer, len(paths)), make([]error, len(paths))
	for i := range paths {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil, nil, notUnderstood("batch with too few answers")
		}
		if err != nil {
			return nil, nil, notUnderstood("batch with half an answer")
		}
		if answers[i], err = inner(part); err != nil {
			return nil, nil, err
		}
		if answers[i].status != http.StatusOK {
			faults[i] = refusal(answers[i])
		}
	}
	return answers, faults, nil
}

// inner reads the answer inside a part of a batch.
func inner(part io.Reader) (answer, error) {
	response, err := http.ReadResponse(bufio.NewReader(part), nil)
	if err != nil {
		return answer{}, notUnderstood("batch without an answer")
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, bodyLimit))
	if err != nil {
		return answer{}, notUnderstood("batch with half an answer")
	}
	return answer{status: response.StatusCode, header: response.Header, body: body}, nil
}
