package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// clerk works with an organization's Web API as the administrator, through another program than Pintab.
type clerk struct {
	*testing.T
	base, token string
}

func newClerk(t *testing.T, organization string) *clerk {
	t.Helper()
	address := at.Dataverse + "/" + organization
	return &clerk{T: t, base: address + "/api/data/v9.2/", token: personalTokens(t, "ingrid@harborfinch.example", address+"/.default").Access}
}

// ask sends a request, with a body unless it is nil, and gives the status and the answer as it came.
func (c *clerk) ask(method, path string, body any) (int, []byte) {
	c.Helper()
	status, _, answer := c.send(method, path, body)
	return status, answer
}

func (c *clerk) send(method, path string, body any) (int, http.Header, []byte) {
	c.Helper()
	var content io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			c.Fatal(err)
		}
		content = bytes.NewReader(text)
	}
	request, err := http.NewRequest(method, c.base+strings.ReplaceAll(path, " ", "%20"), content)
	if err != nil {
		c.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Prefer", `odata.include-annotations="*"`)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		c.Fatal(err)
	}
	defer reply.Body.Close()
	answer, err := io.ReadAll(reply.Body)
	if err != nil {
		c.Fatal(err)
	}
	return reply.StatusCode, reply.Header, answer
}

// get reads one answer.
func (c *clerk) get(path string) map[string]any {
	c.Helper()
	status, text := c.ask(http.MethodGet, path, nil)
	var answer map[string]any
	if err := json.Unmarshal(text, &answer); err != nil || status != http.StatusOK {
		c.Fatalf("%s: %d %.300s", path, status, text)
	}
	return answer
}

// list reads the rows of one answer; none where the organization refuses.
func (c *clerk) list(path string) (rows []map[string]any) {
	c.Helper()
	status, text := c.ask(http.MethodGet, path, nil)
	var answer struct{ Value []map[string]any }
	if status != http.StatusOK {
		return nil
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		c.Fatalf("%s: %.300s", path, text)
	}
	return answer.Value
}

// make makes a row for somebody, by username, and gives its id. It goes when the test ends.
func (c *clerk) make(set, owner string, row map[string]any) string {
	c.Helper()
	if owner != "" {
		row["ownerid@odata.bind"] = "/systemusers(" + c.user(owner) + ")"
	}
	status, h, answer := c.send(http.MethodPost, set, row)
	_, id, ok := strings.Cut(strings.TrimSuffix(h.Get("OData-EntityId"), ")"), set+"(")
	if status != http.StatusNoContent || !ok {
		c.Fatalf("no row in %s: %d %.300s", set, status, answer)
	}
	c.Cleanup(func() { c.ask(http.MethodDelete, set+"("+id+")", nil) })
	return id
}

func (c *clerk) user(name string) string {
	c.Helper()
	for _, row := range c.list("systemusers?$select=systemuserid&$filter=domainname eq '" + name + "'") {
		return row["systemuserid"].(string)
	}
	c.Fatalf("nobody is %s", name)
	return ""
}

// change changes a row behind everybody's back.
func (c *clerk) change(path string, row map[string]any) {
	c.Helper()
	if status, answer := c.ask(http.MethodPatch, path, row); status != http.StatusNoContent {
		c.Fatalf("%s: %d %.300s", path, status, answer)
	}
}

// table is what somebody has to know of a table to write to it.
type table struct {
	name, set, id, title string
	texts                []textColumn
}

type textColumn struct {
	name, kind, format string
	longest            int
}

// tables asks for every table that has a name column, with its columns of text that can be written.
func (c *clerk) tables() (all []table) {
	c.Helper()
	for _, e := range c.list("EntityDefinitions?$select=LogicalName,EntitySetName,PrimaryIdAttribute,PrimaryNameAttribute") {
		one := table{name: e["LogicalName"].(string), set: e["EntitySetName"].(string), id: e["PrimaryIdAttribute"].(string)}
		one.title, _ = e["PrimaryNameAttribute"].(string)
		for _, kind := range []string{"String", "Memo"} {
			for _, a := range c.list("EntityDefinitions(LogicalName='" + one.name + "')/Attributes/Microsoft.Dynamics.CRM." + kind + "AttributeMetadata?$select=LogicalName,MaxLength,FormatName,IsValidForUpdate,AttributeOf") {
				if a["IsValidForUpdate"] != true || a["AttributeOf"] != nil {
					continue
				}
				x := textColumn{name: a["LogicalName"].(string), kind: kind}
				longest, _ := a["MaxLength"].(float64)
				x.longest = int(longest)
				if format, ok := a["FormatName"].(map[string]any); ok {
					x.format, _ = format["Value"].(string)
				}
				one.texts = append(one.texts, x)
			}
		}
		all = append(all, one)
	}
	return all
}

// addressOf is where Pintab shows a record.
func (c *clerk) addressOf(name, id string, pairs ...string) string {
	q := url.Values{"org": {strings.TrimSuffix(c.base, "/api/data/v9.2/")}, "table": {name}, "id": {id}}
	for i := 0; i < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return "/tab/record?" + q.Encode()
}
