package dataverse

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// codeSearchOff is -2147185397 (Microsoft Learn, "Search for Dataverse records").
const codeSearchOff = "0x80048d0b"

// largestSearch is the longest body of a search.
const largestSearch = 64 << 10

// The three doors to search differ in what they wrap their answers into.
const (
	searchV1 = "v1.0"
	searchV2 = "v2.0"
)

// serveSearch answers below /{organization}/api/search/.
func (s *Server) serveSearch(w http.ResponseWriter, r *http.Request, org *organization, below string) {
	version, operation, _ := strings.Cut(strings.TrimPrefix(below, "/"), "/")
	s.authenticated(w, r, org, "v9.2", func(c *call) error {
		c.path = operation
		if version != searchV1 && version != searchV2 {
			return notFound("search/" + version)
		}
		if version == searchV2 && (operation == "status" || operation == "statistics") {
			if r.Method != http.MethodGet {
				return c.onlyMethod(http.MethodGet)
			}
			body, err := c.searchInfo(operation)
			if err != nil {
				return err
			}
			return c.send(inResponse(nil, body))
		}
		search := searches(operation)
		if search == nil {
			return notFound(operation)
		}
		if r.Method != http.MethodPost {
			return c.onlyMethod(http.MethodPost)
		}
		text, err := c.raw(largestSearch)
		if err != nil {
			return err
		}
		body, err := c.search(search, text, version == searchV1)
		if err != nil {
			return err
		}
		if version == searchV1 {
			return c.send(body)
		}
		return c.send(inResponse(nil, body))
	})
}

// onlyMethod refuses another method.
func (c *call) onlyMethod(method string) error {
	c.w.Header().Set("Allow", method)
	return &Error{http.StatusMethodNotAllowed, codeUnexpected, "The requested resource does not support http method '" + c.r.Method + "'."}
}

// searchAction makes an operation an action of the Web API.
func searchAction(operation string) func(*call) error {
	return func(c *call) error {
		text, err := c.raw(largestSearch)
		if err != nil {
			return err
		}
		body, err := c.search(searches(operation), text, false)
		if err != nil {
			return err
		}
		return c.send(inResponse(metadata.Object{{Name: "@odata.context", Value: c.context(odata.Namespace + "search" + operation + "Response")}}, body))
	}
}

// searchFunction makes status or statistics a function of the Web API.
func searchFunction(operation string) func(*call, odata.Segment) error {
	return func(c *call, _ odata.Segment) error {
		body, err := c.searchInfo(operation)
		if err != nil {
			return err
		}
		return c.send(inResponse(metadata.Object{{Name: "@odata.context", Value: c.context(odata.Namespace + "search" + operation + "Response")}}, body))
	}
}

// inResponse puts a document as text into the member "response", as the second version of search answers.
func inResponse(head metadata.Object, body []byte) []byte {
	room := 256 + len(body)*5/4 // every quotation mark inside takes two bytes
	return metadata.AppendJSON(make([]byte, 0, room), append(head, metadata.Member{Name: "response", Value: string(body)}))
}

// searches finds an operation by the last part of its address; nil when there is none.
func searches(operation string) func(*call, *searchRequest) ([]byte, error) {
	switch operation {
	case "query":
		return (*call).searchQuery
	case "suggest":
		return (*call).searchSuggest
	case "autocomplete":
		return (*call).searchAutocomplete
	}
	return nil
}

// search checks what every search has to pass, and runs one.
func (c *call) search(run func(*call, *searchRequest) ([]byte, error), text []byte, first bool) ([]byte, error) {
	on, err := c.org.DB.SearchEnabled(c.r.Context())
	if err != nil {
		return nil, err
	}
	if !on {
		return nil, &Error{http.StatusBadRequest, codeSearchOff, "Dataverse Search feature is disabled for this organization."}
	}
	if wait, limit := c.org.searches.admit(c.caller.UserID); wait > 0 {
		c.w.Header().Set("Retry-After", strconv.Itoa(wait))
		return nil, &Error{http.StatusTooManyRequests, codeThrottled, limit}
	}
	request, err := c.searchRequest(text, first)
	if err != nil {
		return nil, err
	}
	return run(c, request)
}

// badSearch refuses what a search asks for.
func badSearch(message string) *Error {
	return &Error{http.StatusBadRequest, engine.CodeInvalidArgument, message}
}

// searchBody is a search as clients send it. Names are read in any case, as dynamics-web-api and Microsoft's samples write
// them differently.
type searchBody struct {
	Search                 string
	Entities               json.RawMessage
	Facets                 json.RawMessage
	OrderBy                json.RawMessage
	Options                json.RawMessage
	Filter                 string
	Count                  bool
	ReturnTotalRecordCount bool
	SearchMode             string
	SearchType             string
	Skip, Top              *int
	Fuzzy, UseFuzzy        bool
}

// inner reads a value that stands for itself in the first version of search, and is text with JSON inside in the second.
func inner(raw json.RawMessage, into any) error {
	raw = bytes.TrimSpace(raw)
	if len(raw) > 0 && raw[0] == '"' {
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			return err
		}
		raw = bytes.TrimSpace([]byte(text))
	}
	if len(raw) == 0 || string(raw) == "null" {
		return nil
	}
	return json.Unmarshal(raw, into)
}
