package crm

import "strings"

// InputFrom reads what an HTML form posts: columns by name, and beside them names that begin with an underscore and a
// letter. Columns of Dataverse never begin with an underscore.
func InputFrom(values map[string][]string) Input {
	in := Input{Columns: map[string][]string{}, Choices: map[string]Side{}}
	for name, texts := range values {
		switch column, choice := strings.CutPrefix(name, choicePrefix); {
		case name == TokenName:
			in.Token = first(texts)
		case name == confirmedName:
			in.Confirmed = first(texts) == "1"
		case choice:
			if side := Side(first(texts)); side == Mine || side == Theirs {
				in.Choices[column] = side
			}
		case isLogicalName(name) && name[0] != '_':
			in.Columns[name] = texts
		}
	}
	return in
}

func first(texts []string) string {
	if len(texts) == 0 {
		return ""
	}
	return texts[0]
}

// filled leaves out the empty texts, which only say that a column was offered.
func filled(texts []string) []string {
	var kept []string
	for _, t := range texts {
		if t != "" {
			kept = append(kept, t)
		}
	}
	return kept
}
