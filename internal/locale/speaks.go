package locale

import "golang.org/x/text/language"

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
