package dataverse

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/crm"
)

// longestPath is the longest address that is asked directly. Servers take 32 KB, proxies less; beyond it the question
// travels in the body of a batch (execute batch operations using the Web API).
const longestPath = 8000

const boundary = "batch_pintab"

// readBatched asks one question inside a $batch and decodes its answer.
func (c *Client) readBatched(ctx context.Context, caller crm.Caller, up upstream, q call, into any) error {
	body := strings.Join([]string{
		"--" + boundary, "Content-Type: application/http", "Content-Transfer-Encoding: binary", "",
		"GET " + up.prefix + q.path + " HTTP/1.1", "Accept: application/json", "OData-Version: 4.0", "Prefer: " + q.prefer, "", "",
		"--" + boundary + "--", "",
	}, "\r\n")
	a, err := c.ask(ctx, caller, up, call{path: "$batch", body: body, contentType: `multipart/mixed; boundary="` + boundary + `"`})
	if err != nil {
		return err
	}
	_, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		return notUnderstood("batch without a type")
	}
	part, err := multipart.NewReader(bytes.NewReader(a.body), params["boundary"]).NextRawPart()
	if err != nil {
		return notUnderstood("batch without a part")
	}
	response, err := http.ReadResponse(bufio.NewReader(part), nil)
	if err != nil {
		return notUnderstood("batch without an answer")
	}
	defer response.Body.Close()
	inner, err := io.ReadAll(io.LimitReader(response.Body, bodyLimit))
	if err != nil {
		return notUnderstood("batch with half an answer")
	}
	if response.StatusCode != http.StatusOK {
		return refusal(answer{status: response.StatusCode, header: response.Header, body: inner})
	}
	return decode(inner, into)
}
