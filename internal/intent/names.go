package intent

import (
	"embed"
	"slices"
	"strings"
	"sync"

	"github.com/pintab/pintab/internal/crm"
)

//go:embed words/*.txt
var files embed.FS

// Table is a table that a person may mean, with the columns that they may name.
type Table struct {
	crm.Table
	Columns []crm.Column // labels and choices as the person sees them
}

// Vocabulary is what things are called, for one person in one organization.
type Vocabulary struct {
	Language      string // of the person: "de"; English is understood beside it
	Tables        []Table
	Organizations []string
	Apps          []string
	Views         []string
}

// Names is a Vocabulary made ready for reading. It is immutable, and costly enough to be kept: making one takes some
// milliseconds for an organization of a hundred tables.
type Names struct {
	programs []*program
	trie     *trie
	tables   []string
	columns  [][]ColumnName // what a phrase for a column may mean
	values   [][]ColumnName // what columns a phrase for a choice belongs to
	cuts     map[string]bool
}

// ColumnName names a column of a table by logical names.
type ColumnName struct{ Table, Column string }

// programs are the grammars, each made once.
var programs sync.Map // language to func() *program

func programOf(language string) *program {
	made, _ := programs.LoadOrStore(language, sync.OnceValue(func() *program {
		text, err := files.ReadFile("words/" + language + ".txt")
		if err != nil {
			return nil
		}
		return parseGrammar(language, string(text)).compile()
	}))
	return made.(func() *program)()
}

// Languages are those with a grammar, English first.
func Languages() []string {
	all := []string{"en"}
	entries, _ := files.ReadDir("words")
	for _, e := range entries {
		if name := strings.TrimSuffix(e.Name(), ".txt"); name != "en" {
			all = append(all, name)
		}
	}
	return all
}

// NewNames makes a vocabulary ready.
func NewNames(v Vocabulary) *Names {
	n := &Names{trie: newTrie()}
	language, _, _ := strings.Cut(strings.ToLower(v.Language), "-")
	if slices.Contains(Languages(), language) && language != "en" {
		n.programs = append(n.programs, programOf(language))
	}
	n.programs = append(n.programs, programOf("en"))
	for _, t := range v.Tables {
		n.addTable(t)
	}
	n.addColumns(v.Tables)
	for _, o := range v.Organizations {
		n.trie.add(o, leaf{sym: symOrg})
	}
	for _, a := range v.Apps {
		n.trie.add(a, leaf{sym: symApp})
	}
	for _, w := range v.Views {
		n.trie.add(w, leaf{sym: symView})
	}
	n.cuts = map[string]bool{}
	for _, p := range n.programs {
		for w := range p.trie.cjk {
			n.cuts[w] = true
		}
	}
	for w := range n.trie.cjk {
		n.cuts[w] = true
	}
	return n
}

// synonymCost makes a table's own name stronger than what people call another one.
const synonymCost = 1

func (n *Names) addTable(t Table) {
	meaning := int32(len(n.tables))
	n.tables = append(n.tables, t.LogicalName)
	add := func(phrase string, sym symbol, cost int16) {
		n.trie.add(phrase, leaf{sym, meaning, cost})
		n.trie.add(phrase, leaf{symTable, meaning, cost})
	}
	add(t.Label, symOne, 0)
	if t.PluralLabel != "" {
		add(t.PluralLabel, symMany, 0)
	}
	for _, p := range n.programs {
		for _, phrase := range p.singular[t.LogicalName] {
			add(phrase, symOne, synonymCost)
		}
		for _, phrase := range p.plural[t.LogicalName] {
			add(phrase, symMany, synonymCost)
		}
	}
}

// addColumns puts in what columns and their choices are called; one phrase may mean columns of several tables.
func (n *Names) addColumns(tables []Table) {
	columns, choices := phrases{}, phrases{}
	for _, t := range tables {
		for _, c := range t.Columns {
			name := ColumnName{t.LogicalName, c.LogicalName}
			columns.add(c.Label, name)
			for _, p := range n.programs {
				for _, phrase := range p.columns[c.LogicalName] {
					columns.add(phrase, name)
				}
			}
			for _, o := range c.Options {
				choices.add(o.Label, name)
			}
			if c.Kind != crm.KindBoolean {
				continue
			}
			for _, p := range n.programs {
				for _, side := range []string{"true", "false"} {
					for _, phrase := range p.values[side] {
						choices.add(phrase, name)
					}
				}
			}
		}
	}
	for _, phrase := range columns.sorted() {
		n.trie.add(phrase, leaf{sym: symColumn, meaning: int32(len(n.columns))})
		n.columns = append(n.columns, columns[phrase])
	}
	for _, phrase := range choices.sorted() {
		n.trie.add(phrase, leaf{sym: symChoice, meaning: int32(len(n.values))})
		n.values = append(n.values, choices[phrase])
	}
}

// phrases are what columns are called.
type phrases map[string][]ColumnName

func (p phrases) add(phrase string, name ColumnName) {
	phrase = fold(strings.TrimSpace(phrase))
	if phrase != "" && !slices.Contains(p[phrase], name) {
		p[phrase] = append(p[phrase], name)
	}
}

func (p phrases) sorted() []string {
	all := make([]string, 0, len(p))
	for phrase := range p {
		all = append(all, phrase)
	}
	slices.Sort(all)
	return all
}

// cjk are the words by which scripts without blanks are cut.
func (n *Names) cjk(*program) map[string]bool { return n.cuts }
