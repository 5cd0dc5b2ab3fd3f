package locale

import (
	"slices"

	"golang.org/x/text/language"
)

// Speaks reports whether a language preference, as Negotiate takes it, names a language that there is a catalogue for.
func Speaks(preference string) bool {
	if preference == "" || len(preference) > maxPreference {
		return false
	}
	wanted, _, err := language.ParseAcceptLanguage(preference)
	if err != nil {
		return false
	}
	for _, tag := range wanted {
		if speak(tag) != nil {
			return true
		}
	}
	return false
}

// Languages lists the languages that there is a catalogue for ("en", "de"), in the order in which they are offered.
func Languages() []string {
	all := make([]string, len(spoken))
	for i, tag := range spoken {
		base, _ := tag.Base()
		all[i] = base.String()
	}
	return all
}

// IsLanguage reports whether it is one of Languages, letter for letter.
func IsLanguage(language string) bool { return slices.Contains(Languages(), language) }
