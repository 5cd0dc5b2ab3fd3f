package botframework

import (
	"fmt"
	"net/http"
	"time"
)

// outbound is the client of this package: it follows no redirect, since what it sends is a secret.
func outbound(given *http.Client) *http.Client {
	var transport http.RoundTripper
	if given != nil {
		transport = given.Transport
	}
	if transport == nil {
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxIdleConnsPerHost = 64
		own.IdleConnTimeout = time.Minute
		own.ResponseHeaderTimeout = answerTimeout
		transport = own
	}
	return &http.Client{
		Transport:     transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// statusError is an answer with another status than hoped for.
type statusError int

func (e statusError) Error() string { return fmt.Sprintf("the other side answered %d", int(e)) }
