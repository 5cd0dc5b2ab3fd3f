package dataverse

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
)

// precondition is what If-Match and If-None-Match ask of the row that a write changes (Microsoft Learn, "Perform
// conditional operations using the Web API").
type precondition struct {
	mustExist    bool
	mustNotExist bool
	versions     []int64 // one of which the row must have; with mustExist
}

// preconditions reads the headers. Microsoft's samples send the bare word null with every request: no such header.
func preconditions(h http.Header) precondition {
	var p precondition
	if given := strings.TrimSpace(h.Get("If-Match")); given != "" && given != "null" {
		p.mustExist = true
		if given != "*" {
			p.versions = versions(given)
		}
	}
	if strings.TrimSpace(h.Get("If-None-Match")) == "*" {
		p.mustNotExist = true
	}
	return p
}

// versions reads a list of entity tags. What is none of ours matches nothing, which is version 0's meaning here.
func versions(tags string) []int64 {
	list := []int64{}
	for tag := range strings.SplitSeq(tags, ",") {
		text := strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`)
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 0 {
			n = 0
		}
		list = append(list, n)
	}
	return list
}

// guard is the precondition as the engine keeps it, checked in the same transaction as the write.
func (p precondition) guard(x *engine.Change, at written) (engine.Guard, error) {
	g := engine.Guard{MustExist: p.mustExist, MustNotExist: p.mustNotExist}
	if p.versions == nil {
		return g, nil
	}
	current, there, err := x.Version(at.table.LogicalName, at.id)
	if err != nil {
		return g, err
	}
	if !there {
		return g, nil // the engine says why: missing, or not this person's to see
	}
	for _, v := range p.versions {
		if v == current {
			g.Version = v
			return g, nil
		}
	}
	return g, &Error{http.StatusPreconditionFailed, engine.CodeVersionMismatch, "The version of the existing record doesn't match the RowVersion property provided."}
}
