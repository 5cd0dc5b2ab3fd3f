package dataverse

import (
	"bytes"
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// changeSet runs the operations of a change set in one transaction and writes their answers: a multipart of its own, or
// the one refusal that has undone everything. It gives the refusal's status, 0 when there is none.
func (c *call) changeSet(out *bytes.Buffer, boundary string, parts []batchPart) int {
	calls, err := c.changeCalls(parts)
	var refused *recorder
	tell := make([]reply, len(calls))
	earlier := c.made
	if err == nil {
		err = c.org.DB.Change(c.r.Context(), c.caller, func(x *engine.Change) error {
			c.made = copied(earlier)
			for i, sub := range calls {
				var err error
				if tell[i], err = sub.within(x, c.made); err != nil {
					refused = sub.w.(*recorder)
					return err
				}
			}
			return nil
		})
	}
	if err != nil {
		c.made = earlier
		if refused == nil {
			refused = &recorder{header: http.Header{}}
		}
		failWith(refused, err, c.prefer)
		writePart(out, boundary, refused)
		return refused.status
	}
	inner := "changesetresponse_" + requestID()
	// One header line and no more: clients find the inner parts by it.
	out.WriteString("--" + boundary + "\r\nContent-Type: multipart/mixed; boundary=" + inner + "\r\n\r\n")
	for i, sub := range calls {
		if err := tell[i](); err != nil {
			fail(sub.w, err)
		}
		writePart(out, inner, sub.w.(*recorder))
	}
	out.WriteString("--" + inner + "--\r\n\r\n")
	return 0
}

func copied(refs map[string]engine.Ref) map[string]engine.Ref {
	all := map[string]engine.Ref{}
	for id, ref := range refs {
		all[id] = ref
	}
	return all
}

// changeCalls reads the requests of a change set, all before its transaction begins.
func (c *call) changeCalls(parts []batchPart) ([]*call, error) {
	if len(parts) == 0 {
		return nil, bad("The change set has no operations, or its boundary is not the one announced.")
	}
	seen := map[string]bool{}
	var calls []*call
	for _, part := range parts {
		sub := c.part()
		if err := sub.read(part.payload); err != nil {
			return nil, err
		}
		if part.id != "" {
			sub.content = part.id
		}
		switch id := sub.content; {
		case id == "":
			return nil, bad("The Content-ID header is not present in a request of a change set.")
		case seen[id], strings.ContainsAny(id, "\r\n"):
			return nil, bad("The Content-ID '" + brief(id) + "' was found more than once in the same change set or batch request.")
		}
		seen[sub.content] = true
		sub.w.(*recorder).id = sub.content
		if sub.r.Method == http.MethodGet || sub.r.Method == http.MethodHead {
			return nil, bad("An invalid HTTP method '" + sub.r.Method + "' was detected for a request in a change set. Requests in change sets only support the HTTP methods 'POST', 'PUT', 'DELETE', and 'PATCH'.")
		}
		if sub.r.Header.Get("MSCRMCallerID") != "" || sub.r.Header.Get("CallerObjectId") != "" {
			return nil, bad("Impersonation headers belong to the batch, not to a request within a change set.")
		}
		calls = append(calls, sub)
	}
	return calls, nil
}

// within runs one request of a change set in its transaction.
func (c *call) within(x *engine.Change, made map[string]engine.Ref) (reply, error) {
	c.standardHeaders()
	c.made = made
	if err := c.understand(); err != nil {
		return nil, err
	}
	if m := c.rootMessage(); m != nil && m.outside != nil {
		return nil, bad("The action '" + m.Name + "' changes nothing and cannot be part of a change set.")
	}
	if _, column := c.fileColumn(); column != nil {
		return nil, noFiles()
	}
	c.x = x
	defer func() { c.x = nil }()
	return c.perform()
}
