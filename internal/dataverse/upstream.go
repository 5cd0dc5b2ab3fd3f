package dataverse

import (
	"cmp"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	// bodyLimit caps an answer after decompression.
	bodyLimit = 8 << 20
	// attemptTime bounds one attempt; the part's own deadline bounds them all.
	attemptTime = 7 * time.Second
	// version is the Web API version that every request names (v9.0 to v9.2 answer alike).
	version = "v9.2"
)

// upstream is one server with the path below which a person's token may be sent.
type upstream struct {
	scheme   string
	host     string
	prefix   string // begins and ends with a slash
	resource string // what the token is for
}

// upstreamOf checks an address and makes an upstream of it; below is the API's own path, for example "api/data/v9.2/".
func (c *Client) upstreamOf(address, resource, below string) (upstream, error) {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return upstream{}, fault.Wrap(err, fault.Unreachable, "dataverse.bad_address")
	}
	if u.Scheme != "https" && !(u.Scheme == "http" && c.config.AllowHTTP && loopback(u.Hostname())) {
		return upstream{}, fault.New(fault.Unreachable, "dataverse.bad_address")
	}
	prefix := strings.TrimSuffix(u.Path, "/") + "/" + below
	return upstream{scheme: u.Scheme, host: u.Host, prefix: prefix, resource: resource}, nil
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// organization gives the Web API of an organization, provided that the operator has opened it: whoever asks, from wherever they
// know of it, comes by here.
func (c *Client) organization(org crm.Organization) (upstream, error) {
	if c.config.Open != nil && !c.config.Open(org.URL) {
		return upstream{}, fault.New(fault.Forbidden, "workspace.not_open")
	}
	return c.webAPI(org)
}

func (c *Client) webAPI(org crm.Organization) (upstream, error) {
	return c.upstreamOf(org.API, org.URL, "api/data/"+version+"/")
}

// discovery gives the discovery service; its token is for its origin.
func (c *Client) discovery() (upstream, error) {
	up, err := c.upstreamOf(c.config.DiscoveryURL, "", "api/discovery/v2.0/")
	up.resource = up.scheme + "://" + up.host
	return up, err
}

// id names the upstream in breakers and waits.
func (u upstream) id() string { return u.scheme + "://" + u.host + u.prefix }

// covers reports whether the token may be sent to this address.
func (u upstream) covers(target *url.URL) bool {
	return target.Scheme == u.scheme && target.Host == u.host && target.User == nil &&
		strings.HasPrefix(target.Path, u.prefix) && !strings.Contains(target.Path, "/../") && !strings.HasSuffix(target.Path, "/..")
}

// address makes an absolute address of a path below the upstream; a nextLink is one already.
func (u upstream) address(path string) string {
	if strings.HasPrefix(path, "http://") || strings.HasPrefix(path, "https://") {
		return path
	}
	return u.id() + path
}

// answer is a complete answer of an upstream.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// exchange sends one request and reads the whole answer. It attaches the token at the last moment and only below the
// upstream's own address, and follows no redirect: a transport is used directly, which never does.
func (c *Client) exchange(ctx context.Context, up upstream, call call, token string) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(call.patience, attemptTime))
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, call.verb(), up.address(call.path), call.reader())
	if err != nil {
		return answer{}, fault.Wrap(err, fault.Unreachable, "dataverse.not_understood")
	}
	if call.content != nil {
		request.ContentLength = call.size
	}
	request.Header.Set("Accept", "application/json")
	request.Header.Set("OData-MaxVersion", "4.0")
	request.Header.Set("OData-Version", "4.0")
	if call.prefer != "" {
		request.Header.Set("Prefer", call.prefer)
	}
	if call.contentType != "" {
		request.Header.Set("Content-Type", call.contentType)
	}
	if call.match != "" {
		request.Header.Set("If-Match", call.match)
	}
	if call.noneMatch != "" {
		request.Header.Set("If-None-Match", call.noneMatch)
	}
	for name, value := range call.header {
		request.Header.Set(name, value)
	}
	if !up.covers(request.URL) {
		return answer{}, notUnderstood("link to another server")
	}
	request.Header.Set("Authorization", "Bearer "+token)
	response, err := c.transport.RoundTrip(request)
	if err != nil {
		return answer{}, fault.Transport(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, bodyLimit+1))
	if err != nil {
		return answer{}, fault.Transport(err)
	}
	if len(body) > bodyLimit {
		return answer{}, fault.New(fault.TooLarge, "dataverse.too_large")
	}
	return answer{status: response.StatusCode, header: response.Header, body: body}, nil
}
