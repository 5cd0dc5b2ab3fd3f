package intent

import "slices"

// verbs are the classes of words that stand for an intent by themselves.
var verbs = []struct {
	class  string
	intent Intent
}{
	{"<find>", Search}, {"<create>", CreateRecord}, {"<setv>", UpdateField}, {"<add>", AddNote}, {"<finish>", CompleteActivity}, {"<mine>", ListMine},
	{"<list>", ShowRelated}, {"<show>", ShowRecord}, {"<switch>", SwitchOrg},
}

// mostNear is how many intents are offered to somebody who was not understood.
const mostNear = 3

// near gives the intents whose words the text has, in the order in which they stand in it; where it has none, what most want.
func near(text string, names *Names) []Intent {
	var all []Intent
	for _, p := range names.programs {
		l := p.lattice(text, names)
		for i := range l.tokens {
			for _, v := range verbs {
				if s, ok := p.symbols[v.class]; ok && l.has(i, s) && len(all) < mostNear && !slices.Contains(all, v.intent) {
					all = append(all, v.intent)
				}
			}
		}
	}
	for _, usual := range []Intent{Search, ListMine, Help} {
		if len(all) < mostNear && !slices.Contains(all, usual) {
			all = append(all, usual)
		}
	}
	return all
}
