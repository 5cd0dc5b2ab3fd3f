package dataverse

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

// Move takes a record from one position in a process to another, and gives the record as it is afterwards. Changes of the
// record's columns take effect together with the move, or neither does. The position is compared just before and guarded by
// its own version, the columns by the form's. Faults: Conflict dataverse.changed where the record has another version or stands
// elsewhere by now; stage.other-record where the stage is about a record that there is not; stage.refused for what a rule of the
// process refuses; Lost says that it may have taken effect all the same.
func (c *Client) Move(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, from, to crm.Position, changes []crm.Change) (crm.Form, error) {
	s, err := c.sheet(ctx, caller, place, f.Ref.Table, crmxml.FormMain, f.ID)
	if err != nil {
		return crm.Form{}, err
	}
	known, ok := s.flows.find(from.Process)
	if !ok || known.table == "" {
		return crm.Form{}, fault.New(fault.Invalid, "record.not_offered")
	}
	plan, err := c.blueprint(ctx, caller, place.Organization, known.table)
	if err != nil {
		return crm.Form{}, err
	}
	up, err := c.organization(place.Organization)
	if err != nil {
		return crm.Form{}, err
	}
	version, err := c.standing(ctx, caller, up, plan, known, from, to)
	if err != nil {
		return crm.Form{}, err
	}
	text, err := json.Marshal(plan.moved(from, to))
	if err != nil {
		return crm.Form{}, fault.Wrap(err, fault.Internal, "internal")
	}
	move := call{method: http.MethodPatch, path: plan.SetName + "(" + from.Instance + ")", body: string(text), match: version}
	if len(changes) > 0 {
		body, err := c.body(ctx, caller, place, s, f, changes)
		if err != nil {
			return crm.Form{}, err
		}
		columns, err := json.Marshal(body)
		if err != nil {
			return crm.Form{}, fault.Wrap(err, fault.Internal, "internal")
		}
		move = changeSet(up, call{method: http.MethodPatch, path: s.plan.SetName + "(" + f.Ref.ID + ")", body: string(columns), match: f.ETag}, move)
	}
	if _, err := c.write(ctx, caller, up, move); err != nil {
		return crm.Form{}, refusedMove(err)
	}
	return c.written(ctx, caller, place, f)
}

// refusedMove says of a plain refusal that it is about the process.
func refusedMove(err error) error {
	switch f := fault.Of(err); {
	case f.Lost:
		return f
	case f.Key == "record.refused" || f.Key == "record.rule" || f.Key == "record.transition":
		return fault.Wrap(f, fault.Invalid, "stage.refused")
	case f.Key == "record.no_write":
		return fault.Wrap(f, fault.Forbidden, "stage.no-write")
	}
	return err
}

// standing reads where a record stands in a process from the process's own table, and gives the version of that.
func (c *Client) standing(ctx context.Context, caller crm.Caller, up upstream, plan *blueprint, known flow, from, to crm.Position) (string, error) {
	columns := plan.selected("activestageid")
	for _, name := range []string{"processid", "traversedpath", "statuscode"} {
		columns = append(columns, plan.selected(name)...)
	}
	about := ""
	i, j := known.stage(from.Stage), known.stage(to.Stage)
	if i >= 0 && j >= 0 && known.stages[i].table != known.stages[j].table {
		about = plan.pointing(known.stages[j].table)
		columns = append(columns, plan.selected(about)...)
	}
	var r row
	if _, err := c.read(ctx, caller, up, call{path: plan.SetName + "(" + from.Instance + ")?$select=" + strings.Join(unique(columns), ",")}, &r); err != nil {
		return "", refusedRecord(err, plan.Table)
	}
	now, ok := positionOf(r)
	version, _ := r["@odata.etag"].(string)
	switch {
	case !ok || version == "":
		return "", notUnderstood("process without a stage or a version")
	case !now.Same(from):
		return "", fault.New(fault.Conflict, "dataverse.changed")
	case about != "" && !r.cell(about).set:
		return "", fault.New(fault.Invalid, "stage.other-record").With("stage", known.stages[j].name)
	}
	return version, nil
}

func (w flow) stage(id string) int {
	return slices.IndexFunc(w.stages, func(s flowStage) bool { return s.id == id })
}

// pointing is the lookup by which rows of a process's table point to a table that it passes; "" when there is none.
func (b *blueprint) pointing(table string) string {
	for _, l := range b.up {
		if l.ReferencedEntity == table {
			return l.ReferencingAttribute
		}
	}
	return ""
}

// moved is what changes in a row of a process's table (Microsoft Learn, "Work with business process flows using code").
func (b *blueprint) moved(from, to crm.Position) map[string]any {
	body := map[string]any{}
	if to.Stage != from.Stage {
		way, ok := b.way("activestageid", "processstage")
		if !ok {
			way = "activestageid"
		}
		body[way+"@odata.bind"] = "/processstages(" + to.Stage + ")"
		body["traversedpath"] = strings.Join(to.Path, ",")
	}
	if to.Status != from.Status {
		body["statecode"], body["statuscode"] = 1, int(to.Status)
		if to.Status == crm.ProcessActive {
			body["statecode"] = 0
		}
	}
	return body
}

const changeBoundary = "changeset_pintab"

// changeSet puts writes into one request of which all take effect or none (execute batch operations using the Web API).
func changeSet(up upstream, parts ...call) call {
	var b strings.Builder
	b.WriteString("--" + boundary + "\r\nContent-Type: multipart/mixed; boundary=" + changeBoundary + "\r\n\r\n")
	for i, q := range parts {
		b.WriteString("--" + changeBoundary + "\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\nContent-ID: " + strconv.Itoa(i+1) + "\r\n\r\n" +
			q.method + " " + up.prefix + q.path + " HTTP/1.1\r\nContent-Type: application/json; type=entry\r\nIf-Match: " + q.match + "\r\n\r\n" + q.body + "\r\n")
	}
	b.WriteString("--" + changeBoundary + "--\r\n--" + boundary + "--\r\n")
	return call{method: http.MethodPost, path: "$batch", body: b.String(), contentType: `multipart/mixed; boundary="` + boundary + `"`, unwrap: changedTogether}
}

// changedTogether reads the answer to a change set: the one refusal that has undone everything, or that all is done.
func changedTogether(a answer) answer {
	_, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil || params["boundary"] == "" {
		if a.status < http.StatusMultipleChoices {
			a.status = http.StatusBadGateway // whoever wrote this need not be the service
		}
		return a
	}
	part, err := multipart.NewReader(bytes.NewReader(a.body), params["boundary"]).NextRawPart()
	if err != nil {
		return answer{status: http.StatusBadGateway, header: a.header}
	}
	kind, inside, err := mime.ParseMediaType(part.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/mixed" {
		return whole(inner(part))
	}
	last, done := answer{status: http.StatusBadGateway, header: a.header}, multipart.NewReader(part, inside["boundary"])
	for {
		one, err := done.NextRawPart()
		if err == io.EOF {
			return last
		}
		if err != nil {
			return answer{status: http.StatusBadGateway, header: a.header}
		}
		if last = whole(inner(one)); last.status >= 300 {
			return last
		}
	}
}

// whole takes an answer that cannot be read for one that does not say what happened.
func whole(a answer, err error) answer {
	if err != nil {
		return answer{status: http.StatusBadGateway, header: http.Header{}}
	}
	return a
}
