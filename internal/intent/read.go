package intent

import (
	"cmp"
	"slices"
	"strings"
)

// nearlyAsGood is how much dearer another reading may be that is worth a question.
const nearlyAsGood = 14

// Read reads a sentence. It takes time in proportion to its length, and keeps nothing.
func Read(text string, names *Names) Reading {
	r := Reading{Wish: Wish{Intent: None}}
	r.Text, r.Cut = clean(text)
	var all []candidate
	if letterless(r.Text) {
		if strings.ContainsAny(r.Text, "?\u061f\uff1f") {
			r.Intent = Help
		}
		r.Near = []Intent{Help}
		return r
	}
	for _, p := range names.programs {
		l := p.lattice(r.Text, names)
		for _, f := range p.match(l) {
			all = append(all, candidate{f, p, l, names})
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.cost, b.cost) })
	best := -1
	for i, c := range all {
		wish, parts, ok := c.wish(r.Text)
		if !ok {
			continue
		}
		if best < 0 {
			best = i
			r.Wish, r.Parts = wish, parts
			continue
		}
		if c.cost > all[best].cost+nearlyAsGood || len(r.Others) >= 3 {
			break
		}
		if wish != r.Wish && !slices.Contains(r.Others, wish) {
			r.Others = append(r.Others, wish)
		}
	}
	if r.Intent == None {
		r.Near = near(r.Text, names)
		r.Others = nil
	}
	return r
}

// candidate is one way to read the text.
type candidate struct {
	found
	program *program
	lattice *lattice
	names   *Names
}

// wish says what the candidate asks for; false when it makes no sense after all.
func (c candidate) wish(text string) (Wish, []Part, bool) {
	rule := &c.program.patterns[c.rule]
	w := rule.wish
	var parts []Part
	put := func(at place, slot Slot, to *string) {
		s := c.spans[at]
		if s.end == 0 {
			return
		}
		start, end := c.bounds(text, s)
		if start >= end {
			return
		}
		parts = append(parts, Part{Slot: slot, Start: start, End: end})
		if *to == "" {
			*to = text[start:end]
		}
	}
	if s := c.spans[atTable]; s.end > 0 {
		put(atTable, SlotTable, new(string))
		w.Table = c.names.tables[s.meaning]
	}
	put(atQuery, SlotQuery, &w.Query)
	if s := c.spans[atRelation]; s.end > 0 {
		put(atRelation, SlotRelation, new(string))
		w.Relation = c.names.tables[s.meaning]
	}
	put(atValue, SlotValue, &w.Value)
	put(atAbout, SlotAbout, &w.About)
	put(atDue, SlotDue, &w.Due)
	put(atPerson, SlotPerson, &w.Person)
	if !c.column(&w, &parts, text) || !c.sensible(&w) {
		return Wish{}, nil, false
	}
	return w, parts, true
}

// bounds gives the bytes of a span without blanks and outer marks.
func (c candidate) bounds(text string, s span) (int, int) {
	first, last := c.lattice.tokens[s.start], c.lattice.tokens[s.end-1]
	start, end := first.start, last.end
	if s.end-s.start > 1 {
		start, end = first.outer[0], last.outer[1]
	}
	trim := func(r rune) bool { return strings.ContainsRune(" \t\r\n,;:", r) }
	start += len(text[start:end]) - len(strings.TrimLeftFunc(text[start:end], trim))
	end = start + len(strings.TrimRightFunc(text[start:end], trim))
	return start, end
}

// column decides which column the words mean.
func (c candidate) column(w *Wish, parts *[]Part, text string) bool {
	s, meanings := c.spans[atColumn], c.names.columns
	if s.end == 0 {
		s, meanings = c.spans[atValue], c.names.values
		if w.Intent != UpdateField || w.Column != "" {
			return true
		}
		if s.end == 0 {
			return false
		}
	}
	table := w.Table
	if table == "" && strings.HasPrefix(fold(w.Query), "cas-") {
		table = "incident"
	}
	var own, other []string
	for _, m := range meanings[s.meaning] {
		if m.Table == table || table == "" {
			own = append(own, m.Column)
		} else {
			other = append(other, m.Column)
		}
	}
	if len(own) == 0 {
		if w.Table != "" {
			return false
		}
		own = other
	}
	own = slices.Compact(own)
	w.Column = own[0]
	if c.spans[atColumn].end > 0 {
		start, end := c.bounds(text, s)
		*parts = append(*parts, Part{Slot: SlotColumn, Start: start, End: end, Others: own[1:]})
	}
	return true
}

// sensible says no to what the grammar allows and nobody means.
func (c candidate) sensible(w *Wish) bool {
	switch w.Intent {
	case CompleteActivity:
		switch w.Table {
		case "", "task", "phonecall", "appointment", "email", "activitypointer":
		default:
			return false
		}
	case CreateRecord:
		if w.Table == "annotation" {
			return false
		}
	case Search, ShowRecord:
		if w.Table == "" && !c.nameLike(w.Intent) {
			*w = Wish{Intent: None}
		}
	}
	return true
}
