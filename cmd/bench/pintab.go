package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// build compiles Pintab as it is released.
func build(ctx context.Context, folder string) (string, error) {
	program := filepath.Join(folder, "pintab")
	cmd := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", program, "github.com/pintab/pintab/cmd/pintab")
	if said, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building Pintab: %w\n%s", err, said)
	}
	return program, nil
}

// sandbox is a running `pintab sandbox`, as its sandbox.json describes it.
type sandbox struct {
	*child
	port int
	App, Teams, Entra, Dataverse,
	Tenant string
	ClientID      string `json:"client_id"`
	ClientSecret  string `json:"client_secret"`
	SSOScope      string `json:"sso_scope"`
	Organizations []struct{ Name, URL string }
	People        []person
}

type person struct{ Username, Password, Description, Tenant string }

// startSandbox starts a sandbox on free ports and waits until it is ready. It also tells how long that took.
func startSandbox(ctx context.Context, program, data string, args ...string) (*sandbox, time.Duration, error) {
	port, err := freePorts(4)
	if err != nil {
		return nil, 0, err
	}
	started := time.Now()
	c, err := startChild(ctx, "pintab sandbox", nil, nil, program, append([]string{"sandbox", "--data", data, "--port", fmt.Sprint(port)}, args...)...)
	if err != nil {
		return nil, 0, err
	}
	s := &sandbox{child: c, port: port}
	err = c.ready(ctx, fmt.Sprintf("http://localhost:%d/readyz", port))
	took := time.Since(started)
	if err == nil {
		err = s.read(filepath.Join(data, "sandbox.json"))
	}
	if err != nil {
		c.stop()
		return nil, 0, err
	}
	return s, took, nil
}

func (s *sandbox) read(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, s)
}

// seller is the person whose dashboard is measured.
func (s *sandbox) seller() (person, error) {
	for _, p := range s.People {
		if strings.HasPrefix(p.Description, "seller") {
			return p, nil
		}
	}
	return person{}, fmt.Errorf("the sandbox has no seller")
}

// token gets an access token for a scope with the password grant.
func (s *sandbox) token(ctx context.Context, p person, scope string) (string, error) {
	form := url.Values{"grant_type": {"password"}, "client_id": {s.ClientID}, "client_secret": {s.ClientSecret},
		"username": {p.Username}, "password": {p.Password}, "scope": {scope}}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Entra+"/"+p.Tenant+"/oauth2/v2.0/token", strings.NewReader(form.Encode()))
	if err != nil {
		return "", err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	var body struct {
		Token   string `json:"access_token"`
		Problem string `json:"error_description"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&body); err != nil {
		return "", err
	}
	if body.Token == "" {
		return "", fmt.Errorf("no token for %s: %s", p.Username, body.Problem)
	}
	return body.Token, nil
}

// reader asks Pintab for pages over one connection, as a browser does inside Teams.
type reader struct {
	http     *http.Client
	origin   string // where Pintab listens
	host     string // how people address it
	cookie   string
	encoding string
}

func newReader(origin, public string) *reader {
	return &reader{origin: origin, encoding: "gzip, deflate, br, zstd", host: strings.TrimPrefix(public, "http://"), http: &http.Client{
		Transport:     &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 1},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signIn posts a tab's token as the shell page does, and keeps the session's cookie.
func (r *reader) signIn(ctx context.Context, token string) error {
	form := url.Values{"token": {token}, "next": {dashboardPath}}
	answer, _, err := r.ask(ctx, http.MethodPost, "/auth/teams", form.Encode())
	if err != nil {
		return err
	}
	for _, c := range answer.Cookies() {
		r.cookie = c.Name + "=" + c.Value
	}
	if r.cookie == "" || answer.StatusCode != http.StatusOK {
		return fmt.Errorf("signing in answered %s and no session", answer.Status)
	}
	return nil
}

const dashboardPath = "/tab/dashboard"

// page reads a whole page and gives the number of bytes that came.
func (r *reader) page(ctx context.Context, path string) (int, error) {
	answer, size, err := r.ask(ctx, http.MethodGet, path, "")
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s", path, answer.Status)
	}
	return size, err
}

// plain gives the number of bytes of a page without compression.
func (r *reader) plain(ctx context.Context, path string) (int, error) {
	bare := *r
	bare.encoding = "identity"
	return bare.page(ctx, path)
}

func (r *reader) ask(ctx context.Context, method, path, body string) (*http.Response, int, error) {
	answer, content, err := r.send(ctx, method, path, body)
	return answer, len(content), err
}

// send asks and gives the answer with its body as it came.
func (r *reader) send(ctx context.Context, method, path, body string) (*http.Response, []byte, error) {
	q, err := http.NewRequestWithContext(ctx, method, r.origin+path, strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	q.Host = r.host
	q.Header.Set("Accept-Encoding", r.encoding)
	q.Header.Set("Accept-Language", "en-US")
	q.Header.Set("Sec-Fetch-Site", "same-origin")
	q.Header.Set("Sec-Fetch-Dest", "iframe")
	if r.cookie != "" {
		q.Header.Set("Cookie", r.cookie)
	}
	if body != "" {
		q.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	answer, err := r.http.Do(q)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	content, err := io.ReadAll(answer.Body)
	return answer, content, err
}
