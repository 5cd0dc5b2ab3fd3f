package dataverse

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// Error is a refusal as the Web API words it: an HTTP status, a code of Microsoft's web service error codes (which may be
// empty) and a sentence for developers.
type Error struct {
	Status  int
	Code    string
	Message string
}

// Error gives code and sentence.
func (e *Error) Error() string { return e.Code + " " + e.Message }

// The codes of refusals that do not come from the engine, by their names in Microsoft's list.
const (
	codeOrganizationDisabled = "0x8004A104"
	codeNotMember            = "0x80072560" // UserNotMemberOfOrg
	codeNoDelegation         = "0x8004A110" // CannotActOnBehalfOfAnotherUser
	codeUnexpected           = "0x80040216"
	codeResource             = "0x80060888" // the OData reader's own refusals

	codeInvalidXML     = "0x80040201"
	codeEntitiesDiffer = "0x80041128" // QueryBuilderEntitiesDontMatch
	codeThrottled      = "0x80072322" // too many requests
	codeExecutionTime  = "0x80072321" // too much execution time
	codeConcurrency    = "0x80072326" // too many requests at once
)

func bad(message string) *Error { return &Error{http.StatusBadRequest, codeResource, message} }

func notFound(segment string) *Error {
	return &Error{http.StatusNotFound, codeResource, "Resource not found for the segment '" + segment + "'."}
}

func noProperty(name, table string) *Error {
	return bad("Could not find a property named '" + name + "' on type '" + odata.Namespace + table + "'.")
}

func callerError(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, engine.ErrNotMember) {
		return &Error{http.StatusForbidden, codeNotMember, "The user is not a member of the organization."}
	}
	return err
}

// asError finds the refusal in an error. What is none of ours is an unexpected failure, whose text stays here.
func asError(err error) *Error {
	var own *Error
	var query *odata.Error
	var row *engine.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.As(err, &query):
		return bad(query.Error())
	case errors.As(err, &row):
		return &Error{engineStatus(row.Code), row.Code, row.Message}
	}
	return &Error{http.StatusInternalServerError, codeUnexpected, "An unexpected error occurred."}
}

// engineStatuses are the HTTP statuses of the engine's refusals; every other is 400 (Microsoft Learn, "Compose HTTP requests
// and handle errors").
var engineStatuses = map[string]int{
	engine.CodePrivilegeDenied:         http.StatusForbidden,
	engine.CodeUnmanagedIDAccessDenied: http.StatusForbidden,
	engine.CodeObjectDoesNotExist:      http.StatusNotFound,
	engine.CodeKeyNotFound:             http.StatusNotFound,
	engine.CodeDuplicateRecord:         http.StatusPreconditionFailed,
	engine.CodeDuplicateKey:            http.StatusPreconditionFailed,
	engine.CodeVersionMismatch:         http.StatusPreconditionFailed,
	engine.CodeNotSupported:            http.StatusMethodNotAllowed,
	engine.CodeCannotDelete:            http.StatusMethodNotAllowed,
	engine.CodePrincipalDenied:         http.StatusForbidden,
	engine.CodeColumnReadDenied:        http.StatusForbidden,
	engine.CodeColumnUpdateDenied:      http.StatusForbidden,
	engine.CodeColumnCreateDenied:      http.StatusForbidden,
	"0x80048405":                       http.StatusForbidden, // AccessDenied
}

func engineStatus(code string) int {
	if status, ok := engineStatuses[code]; ok {
		return status
	}
	return http.StatusBadRequest
}

// fail writes a refusal.
func fail(w http.ResponseWriter, err error) { failWith(w, err, odata.Preferences{}) }

// failWith writes a refusal with the annotations that the caller's preferences ask for (Microsoft Learn, "Include
// additional details with errors").
func failWith(w http.ResponseWriter, err error, prefer odata.Preferences) {
	e := asError(err)
	b := append([]byte(nil), `{"error":{"code":`...)
	b = appendString(b, e.Code)
	b = append(b, `,"message":`...)
	b = appendString(b, e.Message)
	for _, more := range []struct{ name, value string }{
		{"Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus", "0"},
		{"Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode", "0"},
		{"Microsoft.PowerApps.CDS.HelpLink", "http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a" + strings.TrimPrefix(e.Code, "0x") + "&client=platform"},
		{"Microsoft.PowerApps.CDS.InnerError.Message", e.Message},
	} {
		if prefer.Includes(more.name) {
			b = appendString(append(b, ','), "@"+more.name)
			b = appendString(append(b, ':'), more.value)
		}
	}
	b = append(b, "}}"...)
	h := w.Header()
	h.Set("OData-Version", "4.0")
	h.Set("Content-Type", "application/json; odata.metadata=minimal")
	h.Set("Content-Length", strconv.Itoa(len(b)))
	w.WriteHeader(e.Status)
	_, _ = w.Write(b) // a client that has gone away is nobody's error
}

// refuseWith is what a fault without a body answers.
func refuseWith(w http.ResponseWriter, _ *http.Request, status int) {
	e := &Error{status, codeUnexpected, "The request was refused on request (" + http.StatusText(status) + ")."}
	switch status {
	case http.StatusTooManyRequests:
		e.Code, e.Message = codeThrottled, "Number of requests exceeded the limit of 6000 over time window of 300 seconds."
	case http.StatusForbidden:
		e.Code, e.Message = engine.CodePrivilegeDenied, "Principal user is missing a privilege."
	case http.StatusNotFound:
		e.Code, e.Message = engine.CodeObjectDoesNotExist, "The record does not exist."
	case http.StatusPreconditionFailed:
		e.Code, e.Message = "0x80060882", "The version of the existing record doesn't match the RowVersion property provided."
	}
	fail(w, e)
}
