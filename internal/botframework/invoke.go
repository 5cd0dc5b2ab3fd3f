package botframework

import (
	"encoding/json"
	"net/http"
)

// Names of invokes (Microsoft's page "Bot invoke activities").
const (
	InvokeCardAction       = "adaptiveCard/action"
	InvokeVerifyState      = "signin/verifyState"
	InvokeTokenExchange    = "signin/tokenExchange"
	InvokeSignInFailure    = "signin/failure"
	InvokeQuery            = "composeExtension/query"
	InvokeQueryLink        = "composeExtension/queryLink"
	InvokeAnonymousLink    = "composeExtension/anonymousQueryLink"
	InvokeSelectItem       = "composeExtension/selectItem"
	InvokeFetchTask        = "composeExtension/fetchTask"
	InvokeSubmitAction     = "composeExtension/submitAction"
	InvokeQuerySettingURL  = "composeExtension/querySettingUrl"
	InvokeSetting          = "composeExtension/setting"
	InvokeCardButton       = "composeExtension/onCardButtonClicked"
	InvokeTaskFetch        = "task/fetch"
	InvokeTaskSubmit       = "task/submit"
	InvokeMessageSubmit    = "message/submitAction"
	InvokeConfigFetch      = "config/fetch"
	InvokeConfigSubmit     = "config/submit"
	InvokeFileConsent      = "fileConsent/invoke"
	contentTypeMessage     = "application/vnd.microsoft.activity.message"
	contentTypeError       = "application/vnd.microsoft.error"
	contentTypePrecondFail = "application/vnd.microsoft.error.preconditionFailed"
)

// Answer is the response to an invoke: an HTTP status and a body in JSON, nil for none.
type Answer struct {
	Status int
	Body   any
}

// Unknown answers an invoke of another name than is known.
func Unknown() Answer { return Answer{Status: http.StatusNotImplemented} }

// Done answers an invoke that needs no answer.
func Done() Answer { return Answer{Status: http.StatusOK} }

// actionResponse is the answer to adaptiveCard/action.
type actionResponse struct {
	StatusCode int    `json:"statusCode"`
	Type       string `json:"type"`
	Value      any    `json:"value"`
}

// NewCard answers adaptiveCard/action with a card in place of the one that was used.
func NewCard(card json.RawMessage) Answer {
	return Answer{http.StatusOK, actionResponse{http.StatusOK, AdaptiveCard, card}}
}

// Notice answers adaptiveCard/action with a sentence; the card stays.
func Notice(text string) Answer {
	return Answer{http.StatusOK, actionResponse{http.StatusOK, contentTypeMessage, text}}
}

// Failed answers adaptiveCard/action with a reason, as a status from 400 says. The HTTP status stays 200, so that the
// client reads the body.
func Failed(status int, code, text string) Answer {
	kind := contentTypeError
	if status == http.StatusPreconditionFailed {
		kind = contentTypePrecondFail
	}
	return Answer{http.StatusOK, actionResponse{status, kind, map[string]string{"code": code, "message": text}}}
}

// CardActionValue is the value of adaptiveCard/action.
type CardActionValue struct {
	Action struct {
		Type string          `json:"type"`
		Verb string          `json:"verb"`
		Data json.RawMessage `json:"data"`
	} `json:"action"`
	Trigger string `json:"trigger"` // "manual", or "automatic" of a refresh
}
