package locale

import (
	"embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"
)

//go:embed en.json de.json fr.json es.json ja.json ar.json
var files embed.FS

// entry is one text, or one for each plural form that its language has.
type entry struct {
	text  string
	forms map[string]string
}

type catalogue struct {
	language language.Tag
	messages map[string]entry
}

// catalogues reads the embedded files once. They are ours and a test reads them, so a broken one panics.
var catalogues = sync.OnceValue(func() map[string]catalogue {
	all := map[string]catalogue{}
	for _, tag := range spoken {
		base, _ := tag.Base()
		name := base.String()
		text, err := files.ReadFile(name + ".json")
		if err != nil {
			panic(err)
		}
		all[name] = catalogue{language: tag, messages: parse(name, text)}
	}
	return all
})

func parse(name string, text []byte) map[string]entry {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(text, &raw); err != nil {
		panic(name + ": " + err.Error())
	}
	messages := make(map[string]entry, len(raw))
	for key, value := range raw {
		var m entry
		if json.Unmarshal(value, &m.text) != nil {
			if err := json.Unmarshal(value, &m.forms); err != nil {
				panic(name + ": " + key + ": " + err.Error())
			}
		}
		messages[key] = m
	}
	return messages
}

// Has reports whether the key has a message.
func (l *Locale) Has(key string) bool {
	_, ok := l.messages.messages[key]
	return ok
}

// T gives a message with its placeholders filled. A message with plural forms picks by args["n"], an integer. A key without
// a message gives the general sentence for a failure, since a key means nothing to a person.
func (l *Locale) T(key string, args ...Args) string {
	m, ok := l.messages.messages[key]
	if !ok {
		m = l.messages.messages["internal"]
	}
	var given Args
	if len(args) > 0 {
		given = args[0]
	}
	text := m.text
	if m.forms != nil {
		text = m.forms[l.form(given["n"])]
	}
	if given == nil || !strings.Contains(text, "{") {
		return text
	}
	return l.fill(text, given)
}

var formNames = map[plural.Form]string{
	plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other",
}

func (l *Locale) form(n any) string {
	i, ok := n.(int)
	if !ok {
		return "other"
	}
	if i < 0 {
		i = -i
	}
	return formNames[plural.Cardinal.MatchPlural(l.messages.language, i, 0, 0, 0, 0)]
}

// fill replaces each {name}; a placeholder that nobody fills disappears.
func (l *Locale) fill(text string, args Args) string {
	var out strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '}')
		if end < 0 {
			break
		}
		out.WriteString(text[:open])
		if value, ok := args[text[open+1:open+end]]; ok {
			out.WriteString(l.show(value))
		}
		text = text[open+end+1:]
	}
	out.WriteString(text)
	return out.String()
}

func (l *Locale) show(value any) string {
	switch v := value.(type) {
	case string:
		return l.isolate(v)
	case int:
		return l.Integer(v)
	case float64:
		return l.Number(v, 2)
	case time.Duration:
		return l.Wait(v)
	}
	return fmt.Sprint(value)
}

// The marks around text whose direction is its own (Unicode Standard Annex 9: FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE).
const (
	isolateOpen  = "\u2068"
	isolateClose = "\u2069"
)

// isolate keeps a name from moving the words around it where it may run against them.
func (l *Locale) isolate(text string) string {
	if text == "" || !l.rtl && !strings.ContainsFunc(text, runsLeft) {
		return text
	}
	return isolateOpen + text + isolateClose
}

// runsLeft reports letters of the scripts that are written from right to left, by their blocks.
func runsLeft(r rune) bool {
	return r >= 0x590 && r <= 0x8ff || r >= 0xfb1d && r <= 0xfdff || r >= 0xfe70 && r <= 0xfeff || r >= 0x10800 && r <= 0x10fff || r >= 0x1e800 && r <= 0x1efff
}
