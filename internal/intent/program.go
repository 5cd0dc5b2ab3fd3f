package intent

import (
	"strings"
)

// symbol is what an arc of the lattice means: a word or class of the grammar, or a kind of name.
type symbol uint16

// The symbols of names; those of words follow.
const (
	symNothing symbol = iota
	symOne            // a table in the singular
	symMany           // a table in the plural
	symTable          // either
	symColumn
	symChoice // a value that people give by a word
	symOrg
	symApp
	symView
	symDate
	symNumber
	firstWord
)

// slotNames are the slots that take names.
var slotSymbols = map[string]symbol{
	"one": symOne, "many": symMany, "table": symTable, "rel": symTable, "rels": symMany, "rel1": symOne, "column": symColumn, "choice": symChoice,
	"org": symOrg, "app": symApp, "view": symView, "date": symDate, "number": symNumber, "due": symDate,
}

// place is where a slot is kept while a sentence is matched.
type place int8

const (
	atTable place = iota
	atQuery
	atColumn
	atValue
	atRelation
	atAbout
	atDue
	atPerson
	places
	atNone place = -1
)

var slotPlaces = map[string]place{
	"one": atTable, "many": atTable, "table": atTable, "rel": atRelation, "rels": atRelation, "rel1": atRelation, "column": atColumn, "choice": atValue,
	"org": atValue, "app": atValue, "view": atQuery, "date": atValue, "number": atValue, "due": atDue, "query": atQuery, "value": atValue, "text": atValue,
	"word": atValue, "quoted": atValue, "about": atAbout, "person": atPerson, "old": atNone,
}

// node is one state of the grammar as a machine.
type node struct {
	kind   nodeKind
	sym    symbol // of nodeArc
	place  place
	cheap  bool // of nodeFree: the text of a note, which is not to be explained
	quoted bool // of nodeFree: only what stands between quotation marks
	next   int32
	outs   []int32 // of nodeSplit
	rule   int32   // of nodeAccept
}

type nodeKind uint8

const (
	nodeArc    nodeKind = iota // goes along an arc of the lattice
	nodeFree                   // takes one token, whatever it is
	nodeSplit                  // goes on at each of outs
	nodeAccept                 // has read a pattern
)

// program is a grammar made ready for matching.
type program struct {
	*grammar
	nodes    []node
	start    int32
	trie     *trie
	symbols  map[string]symbol // of classes ("<the>") and words ("to")
	talking  map[string]bool
	everyday map[string]bool
}

func set(words []string) map[string]bool {
	all := make(map[string]bool, len(words))
	for _, w := range words {
		all[fold(w)] = true
	}
	return all
}

// compile makes the machine of a grammar.
func (g *grammar) compile() *program {
	p := &program{grammar: g, trie: newTrie(), symbols: map[string]symbol{}}
	p.trie.verbs = true
	start := p.add(node{kind: nodeSplit})
	if _, ok := g.classes["pre"]; ok {
		p.nodes[start].outs = append(p.nodes[start].outs, p.add(node{kind: nodeArc, sym: p.class("pre"), place: atNone, next: start}))
	}
	for i, rule := range g.patterns {
		end := p.add(node{kind: nodeSplit})
		outs := []int32{p.add(node{kind: nodeAccept, rule: int32(i)})}
		if _, ok := g.classes["post"]; ok {
			outs = append(outs, p.add(node{kind: nodeArc, sym: p.class("post"), place: atNone, next: end}))
		}
		p.nodes[end].outs = outs
		p.nodes[start].outs = append(p.nodes[start].outs, p.build(rule.body, end, rule.where, 0))
	}
	p.start = start
	for _, phrase := range g.classes["day"] {
		p.trie.add(phrase, leaf{sym: symDate})
	}
	for _, word := range g.known {
		p.trie.know(word)
	}
	p.talking, p.everyday = set(g.talk), set(g.daily)
	for _, words := range []map[string]bool{p.talking, p.everyday} {
		for word := range words {
			p.trie.know(word)
		}
	}
	return p
}

func (p *program) add(n node) int32 {
	p.nodes = append(p.nodes, n)
	return int32(len(p.nodes) - 1)
}

// build makes the nodes of an expression that goes on at next, and gives the first.
func (p *program) build(e *expression, next int32, where string, depth int) int32 {
	if depth > 20 {
		panic("intent: a piece that contains itself: " + where)
	}
	switch e.kind {
	case aWord:
		return p.add(node{kind: nodeArc, sym: p.word(e.name), place: atNone, next: next})
	case aClass:
		if piece, ok := p.pieces[e.name]; ok {
			return p.build(piece, next, where, depth+1)
		}
		if _, ok := p.classes[e.name]; !ok {
			panic("intent: no class " + e.name + ": " + where)
		}
		return p.add(node{kind: nodeArc, sym: p.class(e.name), place: atNone, next: next})
	case aSlot:
		return p.slot(e.name, next, where)
	case aSequence:
		for i := len(e.of) - 1; i >= 0; i-- {
			next = p.build(e.of[i], next, where, depth+1)
		}
		return next
	case aChoice:
		var outs []int32
		for _, o := range e.of {
			outs = append(outs, p.build(o, next, where, depth+1))
		}
		return p.add(node{kind: nodeSplit, outs: outs})
	case anOption:
		return p.add(node{kind: nodeSplit, outs: []int32{p.build(e.of[0], next, where, depth+1), next}})
	}
	loop := p.add(node{kind: nodeSplit})
	p.nodes[loop].outs = []int32{next, p.build(e.of[0], loop, where, depth+1)}
	return loop
}

func (p *program) slot(name string, next int32, where string) int32 {
	at, ok := slotPlaces[name]
	if !ok {
		panic("intent: no slot " + name + ": " + where)
	}
	if sym, ok := slotSymbols[name]; ok {
		return p.add(node{kind: nodeArc, sym: sym, place: at, next: next})
	}
	if name == "word" || name == "quoted" {
		return p.add(node{kind: nodeFree, place: at, quoted: name == "quoted", next: next})
	}
	loop := p.add(node{kind: nodeSplit})
	free := p.add(node{kind: nodeFree, place: at, cheap: name == "text", next: loop})
	p.nodes[loop].outs = []int32{next, free}
	return free
}

// class gives the symbol of a class, and puts its phrases into the trie when it is new.
func (p *program) class(name string) symbol {
	key := "<" + name + ">"
	if s, ok := p.symbols[key]; ok {
		return s
	}
	s := p.symbol(key)
	for _, phrase := range p.classes[name] {
		p.trie.add(phrase, leaf{sym: s})
	}
	return s
}

func (p *program) word(word string) symbol {
	if s, ok := p.symbols[word]; ok {
		return s
	}
	s := p.symbol(word)
	p.trie.add(word, leaf{sym: s})
	return s
}

func (p *program) symbol(key string) symbol {
	s := firstWord + symbol(len(p.symbols))
	p.symbols[key] = s
	return s
}

// leaf is what a phrase of a trie means.
type leaf struct {
	sym     symbol
	meaning int32 // index into Names.meanings
	cost    int16
}

// trie finds phrases, word by word.
type trie struct {
	ids     map[string]int32
	words   []string
	edges   map[edge]int32
	leaves  map[int32][]leaf
	nodes   int32
	cjk     map[string]bool
	longest int // word of cjk, in bytes
	near    map[string][]int32
	verbs   bool    // it holds words of a grammar, not names
	brief   []int32 // its shortest words
}

type edge struct{ node, word int32 }

func newTrie() *trie {
	return &trie{ids: map[string]int32{}, edges: map[edge]int32{}, leaves: map[int32][]leaf{}, nodes: 1, cjk: map[string]bool{}, near: map[string][]int32{}}
}

// add puts a phrase in.
func (t *trie) add(phrase string, l leaf) {
	at := int32(0)
	found := tokens(phrase, nil, 0)
	if len(found) == 0 || len(found) > longestPhrase {
		return
	}
	for _, token := range found {
		e := edge{at, t.intern(token.folded)}
		next, ok := t.edges[e]
		if !ok {
			next = t.nodes
			t.nodes++
			t.edges[e] = next
		}
		at = next
	}
	for _, o := range t.leaves[at] {
		if o.sym == l.sym && o.meaning == l.meaning {
			return
		}
	}
	t.leaves[at] = append(t.leaves[at], l)
}

// know makes the words of a phrase known without a meaning, so that they are not taken for mistyped ones.
func (t *trie) know(phrase string) {
	for _, token := range tokens(phrase, nil, 0) {
		t.intern(token.folded)
	}
}

func (t *trie) intern(word string) int32 {
	if id, ok := t.ids[word]; ok {
		return id
	}
	id := int32(len(t.words))
	t.ids[word] = id
	t.words = append(t.words, word)
	if strings.ContainsFunc(word, unbroken) {
		t.cjk[word] = true
		t.longest = max(t.longest, len(word)*2) // full-width letters are longer before they are folded
	} else {
		t.index(word, id)
	}
	return id
}
