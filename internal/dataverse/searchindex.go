package dataverse

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/fault"
)

const slotSearchDoor slot = "searchdoor"

// The bounds of Dataverse search (Microsoft Learn, "Search for Dataverse records"): terms of three characters and more, a hundred
// results at a time, one request a second for each person.
const (
	shortestIndexed = 3
	mostIndexed     = 100
	searchPace      = time.Second
	// searchQueue is how long a person's search waits for its second; who would wait longer is served by quick find.
	searchQueue    = 700 * time.Millisecond
	statusPatience = 3 * time.Second
)

// The versions of the native search API, the better first.
var searchDoors = []string{"v2.0", "v1.0"}

// paces keeps each person's searches of an organization a second apart.
type paces struct {
	mu   sync.Mutex
	next map[waitKey]time.Time
}

// enter waits for the person's turn; it reports false where that would take too long.
func (p *paces) enter(ctx context.Context, now func() time.Time, key waitKey) bool {
	p.mu.Lock()
	at := now()
	if p.next == nil || len(p.next) >= 10000 {
		p.next = map[waitKey]time.Time{} // whoever is forgotten is told to wait by the service
	}
	turn := at
	if next := p.next[key]; next.After(at) {
		turn = next
	}
	wait := turn.Sub(at)
	if wait > searchQueue {
		p.mu.Unlock()
		return false
	}
	p.next[key] = turn.Add(searchPace)
	p.mu.Unlock()
	return wait <= 0 || pause(ctx, wait)
}

// split says which tables Dataverse search is asked about for a text, and which quick find.
func (c *Client) split(tables []searchable, text string) (indexed, others []searchable) {
	literal := literalTerm(text)
	for _, s := range tables {
		if s.indexed && literal != "" && wordy(text) {
			indexed = append(indexed, s)
			continue
		}
		others = append(others, s)
	}
	return indexed, others
}

// hit is one result of Dataverse search, whichever version gave it.
type hit struct {
	ref   crm.RecordRef
	words []string // texts in which something was found, without the marks
}

// door is how an organization's search is asked, as far as it tells.
type door struct {
	version string          // "" where there is none
	tables  map[string]bool // those in the index; nil where it does not tell
}

// searchDoor finds out whether the organization has Dataverse search, and which tables are in it (status of the search API). What it
// does not tell is found out by searching.
func (c *Client) searchDoor(ctx context.Context, caller crm.Caller, org crm.Organization) (door, error) {
	up, err := c.searchUpstream(org, searchDoors[0])
	if err != nil {
		return door{}, err
	}
	var outer struct{ Response string }
	_, err = c.read(ctx, caller, up, call{path: "status", patience: statusPatience}, &outer)
	switch {
	case fault.Is(err, fault.NotFound):
		return door{version: searchDoors[1]}, nil
	case fault.Is(err, fault.Invalid):
		return door{}, nil
	case fault.Is(err, fault.SignedOut), fault.Is(err, fault.Consent):
		return door{}, err
	}
	var told struct {
		Status string
		Tables []struct {
			Name string `json:"entitylogicalname"`
		} `json:"entitystatusresults"`
	}
	inner := struct{ Value any }{&told}
	if err != nil || decode([]byte(outer.Response), &inner) != nil || told.Status == "" {
		return door{version: searchDoors[0]}, nil
	}
	if !strings.EqualFold(told.Status, "provisioned") {
		return door{}, nil
	}
	d := door{version: searchDoors[0]}
	for _, t := range told.Tables {
		if d.tables == nil {
			d.tables = map[string]bool{}
		}
		d.tables[strings.ToLower(t.Name)] = true
	}
	return d, nil
}

// knows reports whether the index has a table; synced is what the table's own definition says.
func (d door) knows(table string, synced bool) bool {
	if d.version == "" || d.tables == nil {
		return d.version != "" && synced
	}
	return d.tables[table]
}

// searchUpstream gives the native search API of an organization. It counts requests by itself, so that being told to wait there keeps
// nobody from reading records.
func (c *Client) searchUpstream(org crm.Organization, version string) (upstream, error) {
	if c.config.Open != nil && !c.config.Open(org.URL) {
		return upstream{}, fault.New(fault.Forbidden, "workspace.not_open")
	}
	return c.upstreamOf(org.URL, org.URL, "api/search/"+version+"/")
}

// searchIndex asks Dataverse search and gives what it found, the best first. A search that the organization refuses is not tried
// again for a while.
func (c *Client) searchIndex(ctx context.Context, caller crm.Caller, org crm.Organization, text string, tables []searchable, most int) (refs []crm.RecordRef, more bool, err error) {
	shut := personal{caller.User, org.URL, slotSearchDoor, ""}
	if _, is := c.people.kept(shut); is {
		return nil, false, fault.New(fault.Invalid, "dataverse.refused")
	}
	found, err := c.searchThrough(ctx, caller, org, tables[0].door, text, tables, min(most+1, mostIndexed))
	if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Invalid) || fault.Is(err, fault.Forbidden) {
		c.people.entries.Set(shut, entry{value: true, size: 1, expires: c.config.Now().Add(c.jittered(personalLife))})
	}
	if err != nil {
		return nil, false, err
	}
	for _, h := range found {
		if h.has(text) && slices.ContainsFunc(tables, func(s searchable) bool { return s.LogicalName == h.ref.Table }) {
			refs = append(refs, h.ref)
		}
	}
	return refs[:min(most, len(refs))], len(found) > most, nil
}

// searchThrough puts a question to one version of the native search API.
func (c *Client) searchThrough(ctx context.Context, caller crm.Caller, org crm.Organization, through door, text string, tables []searchable, top int) ([]hit, error) {
	if through.tables == nil {
		// A table that is flagged and yet not in the index would be refused with all others: everything is asked for, and the rest left out.
		tables, top = nil, mostIndexed
	}
	up, err := c.searchUpstream(org, through.version)
	if err != nil {
		return nil, err
	}
	if !c.paces.enter(ctx, c.config.Now, waitKey{org.URL, caller.User}) {
		return nil, fault.New(fault.Busy, "dataverse.busy")
	}
	body, err := searchBody(through.version, text, tables, top)
	if err != nil {
		return nil, fault.Wrap(err, fault.Internal, "internal")
	}
	q := call{path: "query", body: string(body), contentType: "application/json; charset=utf-8"}
	if through.version == searchDoors[1] {
		var answer struct {
			Value *[]struct {
				Table      string              `json:"@search.entityname"`
				ID         string              `json:"@search.objectid"`
				Highlights map[string][]string `json:"@search.highlights"`
			}
		}
		if _, err := c.read(ctx, caller, up, q, &answer); err != nil {
			return nil, err
		}
		if answer.Value == nil {
			return nil, notUnderstood("search without a value")
		}
		var hits []hit
		for _, v := range *answer.Value {
			hits = append(hits, hitOf(org, v.Table, v.ID, v.Highlights))
		}
		return hits, nil
	}
	var outer struct{ Response string }
	if _, err := c.read(ctx, caller, up, q, &outer); err != nil {
		return nil, err
	}
	var answer struct {
		Error *struct{ Code string }
		Value *[]struct {
			ID         string `json:"Id"`
			EntityName string
			Highlights map[string][]string
		}
	}
	if err := decode([]byte(outer.Response), &answer); err != nil {
		return nil, err
	}
	if answer.Error != nil || answer.Value == nil {
		return nil, fault.New(fault.Invalid, "dataverse.refused")
	}
	var hits []hit
	for _, v := range *answer.Value {
		hits = append(hits, hitOf(org, v.EntityName, v.ID, v.Highlights))
	}
	return hits, nil
}

// searchBody writes a question: the first version takes lists, the second texts with JSON inside. No tables are all of them.
func searchBody(version, text string, tables []searchable, top int) ([]byte, error) {
	body := map[string]any{"search": literalTerm(text), "top": top}
	names, entities := make([]string, len(tables)), make([]map[string]string, len(tables))
	for i, t := range tables {
		names[i], entities[i] = t.LogicalName, map[string]string{"name": t.LogicalName}
	}
	if version == searchDoors[1] {
		body["searchmode"], body["searchtype"] = "all", "simple"
		if len(tables) > 0 {
			body["entities"] = names
		}
		return json.Marshal(body)
	}
	body["options"] = `{"querytype":"simple","searchmode":"all"}`
	if len(tables) > 0 {
		inner, err := json.Marshal(entities)
		if err != nil {
			return nil, err
		}
		body["entities"] = string(inner)
	}
	return json.Marshal(body)
}

// searchSigns are the characters that mean something to Dataverse search, each of which a backslash makes stand for itself.
const searchSigns = `+-&|!(){}[]^"~*?:\/`

// literalTerm is a text as Dataverse search takes it literally: signs escaped, and each plain word found by its beginning too. A
// text without a word is "": the index holds words alone.
func literalTerm(text string) string {
	var words []string
	for word := range strings.FieldsSeq(text) {
		if !strings.ContainsFunc(word, wordRune) {
			continue // looked at in what comes back
		}
		var b strings.Builder
		for _, r := range word {
			if strings.ContainsRune(searchSigns, r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
		if !strings.ContainsFunc(word, func(r rune) bool { return !wordRune(r) }) {
			b.WriteByte('*')
		}
		words = append(words, b.String())
	}
	return strings.Join(words, " ")
}

func wordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }

func hitOf(org crm.Organization, table, id string, highlights map[string][]string) hit {
	h := hit{ref: crm.RecordRef{Organization: org.URL, Table: strings.ToLower(table), ID: crmxml.GUID(id)}}
	unmarked := strings.NewReplacer("{crmhit}", "", "{/crmhit}", "")
	for _, texts := range highlights {
		for _, text := range texts {
			h.words = append(h.words, strings.ToLower(unmarked.Replace(text)))
		}
	}
	return h
}

// has reports whether what was found has every word of the text as it was typed. The index knows no signs, so that it finds
// "100 Main Street" for 100%; where it does not tell what it found, that is left to whoever reads.
func (h hit) has(text string) bool {
	for word := range strings.FieldsSeq(strings.ToLower(text)) {
		if !strings.ContainsFunc(word, func(r rune) bool { return !wordRune(r) }) || len(h.words) == 0 {
			continue
		}
		if !slices.ContainsFunc(h.words, func(w string) bool { return strings.Contains(w, word) }) {
			return false
		}
	}
	return true
}
