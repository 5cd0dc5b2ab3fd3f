package fault_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/fault"
)

// Whatever a server answers instead of HTTP, the error has its kind and nothing of its words.
func TestATransportErrorQuotesNobody(t *testing.T) {
	const canary = "CanaryWren"
	for answer, want := range map[string]string{
		canary + " says hello\r\n\r\n":                                            "answer that is no HTTP",
		"HTTP/1.1 " + canary + " OK\r\n\r\n":                                      "answer that is no HTTP",
		"HTTP/1.1 200 OK\r\n" + canary + "\r\n\r\n":                               "answer that is no HTTP",
		"HTTP/1.1 200 OK\r\nContent-Length: " + canary + "\r\n\r\n":               "answer that is no HTTP",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + canary + "\r\n\r\n":            "answer that is no HTTP",
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + canary + "\r\n": "answer that is no HTTP",
		"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + canary:                  "connection closed early",
		"": "connection closed early",
	} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				c, err := listener.Accept()
				if err != nil {
					return
				}
				_, _ = c.Read(make([]byte, 4096))
				_, _ = io.WriteString(c, answer)
				_ = c.Close()
			}
		}()
		err = fetch(t.Context(), "http://"+listener.Addr().String())
		if got := fault.Transport(err); err == nil || got.Error() != want || strings.Contains(fmt.Sprintf("%v %+v", got, fault.Wrap(got, fault.Unreachable, "x")), canary) {
			t.Errorf("%q: %v becomes %v, want %q", answer, err, got, want)
		}
		_ = listener.Close()
		if got := fault.Transport(fetch(t.Context(), "http://"+listener.Addr().String())); got.Error() != "connection: connection refused" {
			t.Error(got)
		}
	}
	if got := fault.Transport(fetch(t.Context(), "http://"+canary+".invalid")); got.Error() != "the name is not known" {
		t.Error(got)
	}
	slow, cancel := context.WithTimeout(t.Context(), time.Nanosecond)
	defer cancel()
	if got := fault.Transport(fetch(slow, "http://127.0.0.1:1")); got.Error() != "no answer in time" || !errors.Is(got, context.DeadlineExceeded) {
		t.Error(got)
	}
	if fault.Transport(nil) != nil {
		t.Error("nothing became something")
	}
}

func fetch(ctx context.Context, address string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	transport := &http.Transport{DisableKeepAlives: true}
	answer, err := transport.RoundTrip(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.ReadAll(answer.Body)
	return err
}
