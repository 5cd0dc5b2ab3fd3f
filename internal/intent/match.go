package intent

import (
	"math"
	"strings"
	"sync"
	"unicode"
)

// arc says that the tokens from where it stands up to end are something.
type arc struct {
	sym     symbol
	end     int16
	cost    int16
	meaning int32
}

// longestPhrase is the most tokens that an arc has.
const longestPhrase = 12

// What tokens cost that a slot takes as they are.
const (
	freeWord   = 20
	freeQuoted = 8
	freeNumber = 8  // of a value
	freeJoint  = 12 // "&", "-"
	freeMark   = 26 // ":", "=", "?"
	freeText   = 8  // of a note
	// A word of a note that is written like a name costs more than the same word of a name, which ends before the note does.
	freeTextName = 19
	valueLess    = 2  // less for values than for names: they are typed
	properCost   = 25 // a word of the grammar that is written like a name
	properTable  = 4
	properAfter  = 18 // a table's name behind a name: "Datum Corporation"
	properBefore = 12 // and before one: "Phone Company"
	freeProper   = 17 // a word that is written like a name
)

// meanings of words.
type span struct {
	start, end int16 // tokens; end is 0 while nothing was taken
	meaning    int32
}

type thread struct {
	cost  int32
	spans [places]span
}

// frontier holds the cheapest thread of each node at one place of the text.
type frontier struct {
	at      int // place that it is of
	stamp   []uint32
	now     uint32
	threads []thread
	index   []int32
	list    []int32
}

// lattice is a text with everything that stands in it.
type lattice struct {
	tokens []token
	arcs   [][]arc
	proper []bool // written like a name where that says something
	fixed  []bool // not to be taken for a mistyped word
}

// found is a pattern that reads the whole text.
type found struct {
	rule int32
	thread
}

// machine is the room that matching needs; it is used again.
type machine struct {
	ring  [longestPhrase + 1]frontier
	stack []int32
}

var machines sync.Map // *program to *sync.Pool

func (p *program) machine() (*machine, func()) {
	pool, ok := machines.Load(p)
	if !ok {
		pool, _ = machines.LoadOrStore(p, &sync.Pool{New: func() any {
			m := &machine{}
			for i := range m.ring {
				m.ring[i] = frontier{stamp: make([]uint32, len(p.nodes)), index: make([]int32, len(p.nodes))}
			}
			return m
		}})
	}
	m := pool.(*sync.Pool).Get().(*machine)
	return m, func() { pool.(*sync.Pool).Put(m) }
}

func (f *frontier) clear(at int) {
	f.at = at
	f.now++
	if f.now == 0 {
		clear(f.stamp)
		f.now = 1
	}
	f.threads, f.list = f.threads[:0], f.list[:0]
}

// put keeps a thread if it is the cheapest at its node, and says whether it is.
func (f *frontier) put(n int32, t *thread) bool {
	if f.stamp[n] != f.now {
		f.stamp[n] = f.now
		f.index[n] = int32(len(f.threads))
		f.threads = append(f.threads, *t)
		f.list = append(f.list, n)
		return true
	}
	if old := &f.threads[f.index[n]]; t.cost < old.cost {
		*old = *t
		return true
	}
	return false
}

// match finds, for each pattern that reads the whole text, its cheapest way. It takes time in proportion to the tokens.
func (p *program) match(l *lattice) []found {
	if len(l.tokens) == 0 {
		return nil
	}
	m, done := p.machine()
	defer done()
	for i := range m.ring {
		m.ring[i].clear(i)
	}
	first := thread{}
	m.spread(p, l, &m.ring[0], p.start, &first)
	n := len(l.tokens)
	for i := range n {
		here := &m.ring[i%len(m.ring)]
		for k := 0; k < len(here.list); k++ {
			m.step(p, l, i, here.list[k], &here.threads[k])
		}
		here.clear(i + len(m.ring))
	}
	var all []found
	last := &m.ring[n%len(m.ring)]
	for k, id := range last.list {
		if p.nodes[id].kind == nodeAccept {
			t := last.threads[k]
			t.cost += int32(p.patterns[p.nodes[id].rule].cost)
			all = append(all, found{p.nodes[id].rule, t})
		}
	}
	return all
}

// step takes a thread across the tokens that begin at i.
func (m *machine) step(p *program, l *lattice, i int, id int32, t *thread) {
	n := &p.nodes[id]
	switch n.kind {
	case nodeFree:
		if n.quoted && l.tokens[i].look != isQuoted {
			return
		}
		next := *t
		next.cost += l.free(i, n)
		if n.place >= 0 {
			s := &next.spans[n.place]
			if s.end == 0 {
				s.start = int16(i)
			}
			s.end = int16(i + 1)
		}
		m.spread(p, l, &m.ring[(i+1)%len(m.ring)], n.next, &next)
	case nodeArc:
		for _, a := range l.arcs[i] {
			if a.sym != n.sym {
				continue
			}
			next := *t
			next.cost += int32(a.cost)
			if n.place >= 0 {
				next.spans[n.place] = span{int16(i), a.end, a.meaning}
			}
			m.spread(p, l, &m.ring[int(a.end)%len(m.ring)], n.next, &next)
		}
	}
}

// spread puts a thread at a node and everywhere that it reaches without taking a token.
func (m *machine) spread(p *program, l *lattice, f *frontier, id int32, t *thread) {
	m.stack = append(m.stack[:0], id)
	for len(m.stack) > 0 {
		id := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		n := &p.nodes[id]
		if n.kind == nodeArc && !l.has(f.at, n.sym) || !f.put(id, t) {
			continue
		}
		if n.kind == nodeSplit {
			for k := len(n.outs) - 1; k >= 0; k-- {
				m.stack = append(m.stack, n.outs[k])
			}
		}
	}
}

func (l *lattice) has(i int, sym symbol) bool {
	if i >= len(l.arcs) {
		return false
	}
	for _, a := range l.arcs[i] {
		if a.sym == sym {
			return true
		}
	}
	return false
}

// free is what a token costs that a slot takes as it is.
func (l *lattice) free(i int, n *node) int32 {
	t := &l.tokens[i]
	cost := int32(freeWord)
	switch {
	case n.cheap && l.proper[i]:
		return freeTextName
	case n.cheap:
		return freeText
	case t.look == isQuoted:
		cost = freeQuoted
	case l.proper[i]:
		cost = freeProper
	case t.look == isPunct:
		switch t.folded {
		case ":", "=", "?", "!":
			cost = freeMark
		case "&", "-", "/", "+":
			cost = freeJoint
		}
	}
	if n.place == atValue {
		cost -= valueLess
		if t.look == isNumber {
			cost = freeNumber
		}
	}
	return cost
}

// lattice finds everything that stands in a text.
func (p *program) lattice(text string, names *Names) *lattice {
	cjk, longest := p.trie.cjk, p.trie.longest
	if len(names.trie.cjk) > 0 {
		cjk, longest = names.cjk(p), max(longest, names.trie.longest)
	}
	l := &lattice{tokens: tokens(text, cjk, longest)}
	l.arcs = make([][]arc, len(l.tokens))
	l.proper = properNames(l.tokens, p.language)
	l.fixed = make([]bool, len(l.tokens))
	for i, t := range l.tokens {
		_, one := p.trie.ids[t.folded]
		_, other := names.trie.ids[t.folded]
		l.proper[i] = l.proper[i] && t.folded != "i" && !strings.HasPrefix(t.folded, "i'")
		l.fixed[i] = one || other || l.proper[i] || t.look != isWord
	}
	for i := range l.tokens {
		l.walk(p.trie, i)
		l.walk(names.trie, i)
		l.number(i)
	}
	l.dates()
	return l
}

// walk adds the arcs of the phrases of a trie that begin at a token.
func (l *lattice) walk(t *trie, i int) {
	type step struct {
		node int32
		at   int
		cost int16
	}
	steps := []step{{0, i, 0}}
	for len(steps) > 0 {
		s := steps[len(steps)-1]
		steps = steps[:len(steps)-1]
		for _, leaf := range t.leaves[s.node] {
			l.add(i, arc{leaf.sym, int16(s.at), l.dear(i, s.at, leaf) + s.cost, leaf.meaning})
		}
		if s.at >= len(l.tokens) {
			continue
		}
		k := &l.tokens[s.at]
		if k.look == isQuoted || k.look == isRest {
			continue
		}
		if id, ok := t.ids[k.folded]; ok {
			if next, ok := t.edges[edge{s.node, id}]; ok {
				steps = append(steps, step{next, s.at + 1, s.cost})
			}
			continue
		}
		if l.fixed[s.at] {
			continue
		}
		if len(k.folded) == shortestTypo-1 && i == 0 && s.at == 0 && len(l.tokens) > 1 {
			for _, g := range t.short(k.folded) {
				if next, ok := t.edges[edge{s.node, g.word}]; ok {
					steps = append(steps, step{next, s.at + 1, s.cost + g.cost})
				}
			}
		}
		for _, g := range t.guesses(k.folded) {
			if next, ok := t.edges[edge{s.node, g.word}]; ok {
				steps = append(steps, step{next, s.at + 1, s.cost + g.cost})
			}
		}
	}
}

// dear is what a phrase costs that is written like a name.
func (l *lattice) dear(start, end int, leaf leaf) int16 {
	cost := leaf.cost
	for i := start; i < end; i++ {
		if !l.proper[i] {
			continue
		}
		switch {
		case leaf.sym >= firstWord:
			cost += properCost
		case i > 0 && l.proper[i-1] && i == start:
			cost += properAfter
		default:
			cost += properTable
			if next := i + 1; next == end && next < len(l.tokens) && l.proper[next] {
				cost += properBefore
			}
		}
	}
	return cost
}

func (l *lattice) add(i int, a arc) {
	if a.cost > math.MaxInt16/2 {
		return
	}
	for k := range l.arcs[i] {
		if o := &l.arcs[i][k]; o.sym == a.sym && o.end == a.end && o.meaning == a.meaning {
			o.cost = min(o.cost, a.cost)
			return
		}
	}
	l.arcs[i] = append(l.arcs[i], a)
}

// number adds the arc of a number.
func (l *lattice) number(i int) {
	if l.tokens[i].look == isNumber {
		l.add(i, arc{sym: symNumber, end: int16(i + 1)})
	}
}

// properNames says which tokens are written like names: with a capital letter, not at the beginning of a sentence, in a text
// that does not write every word so. German writes every noun so.
func properNames(all []token, language string) []bool {
	proper := make([]bool, len(all))
	if language == "de" {
		return proper
	}
	small, begins := 0, true
	for i, t := range all {
		if t.look == isWord && t.folded != "'s" {
			r := []rune(t.folded)
			if !t.capital && len(r) > 0 && unicode.IsLetter(r[0]) {
				small++
			}
			proper[i] = t.capital && !begins
			begins = false
		}
		if t.look == isPunct && (t.folded == "." || t.folded == "!" || t.folded == "?") {
			begins = true
		}
	}
	if small == 0 && len(all) > 2 {
		clear(proper)
	}
	return proper
}
