package intent

import "strings"

// dates adds the arcs of days that are written in numbers; those in words are in the grammar (class day).
func (l *lattice) dates() {
	for i, t := range l.tokens {
		if t.look == isNumber && strings.Count(t.folded, "-")+strings.Count(t.folded, ".")+strings.Count(t.folded, "/") == 2 &&
			strings.Trim(t.folded, "0123456789-./") == "" {
			l.add(i, arc{sym: symDate, end: int16(i + 1)})
		}
	}
}
