package crm

import (
	"strings"
)

// Value is one value of a record: how it is kept, how Dataverse shows it to this person, and how they would type it.
//
// Raw is written by kind: text as it is; numbers plain ("-1234.5"); "true" or "false"; choices by number ("3", "1,4");
// instants in UTC ("2026-11-23T14:05:00Z") and days ("2026-11-23"); lookups "table:id", several separated by ";"; files and
// images by their id. "" is an empty value of any kind.
type Value struct {
	Raw    string
	Text   string
	Inputs []string    // one for most kinds, several for choices and parties, none for an empty one
	Refs   []Reference // of lookups and party lists
	File   *FileValue  // of files and images
}

// Empty reports whether there is no value.
func (v Value) Empty() bool { return v.Raw == "" }

// FileValue is what is known of a file or image without reading it.
type FileValue struct {
	Name string
	Type string // media type, "" when unknown
	Size int64  // bytes; 0 when unknown
}

// Reference points to a record, by name as the reader sees it. A party may be an address that belongs to no record.
type Reference struct {
	Table   string // logical name
	Label   string // what the table is called; may be ""
	ID      string // GUID, lower case
	Name    string
	Address string // of a party without a record
}

// addressed stands in for the table of a party that is only an address.
const addressed = "address"

// Key is how a reference is kept in Value.Raw: "table:id", or "address:somebody@example.com".
func (r Reference) Key() string {
	if r.ID == "" {
		return addressed + ":" + r.Address
	}
	return r.Table + ":" + r.ID
}

// Input is how a reference comes back from a form or a card: its key, and the name it was shown by, which is shown again
// while there is something to correct and decides nothing.
func (r Reference) Input() string {
	if r.Name == "" {
		return r.Key()
	}
	return r.Key() + ":" + r.Name
}

// ReferenceFrom reads what Input wrote; the name may be missing. It reports false for anything else.
func ReferenceFrom(text string) (Reference, bool) {
	table, rest, ok := strings.Cut(text, ":")
	if !ok || table == "" {
		return Reference{}, false
	}
	if table == addressed {
		address, _, _ := strings.Cut(rest, ":")
		return Reference{Address: address, Name: address}, address != ""
	}
	id, name, _ := strings.Cut(rest, ":")
	id = strings.ToLower(strings.Trim(id, "{}"))
	if !isGUID(id) || !isLogicalName(table) {
		return Reference{}, false
	}
	return Reference{Table: table, ID: id, Name: name}, true
}

// keys joins the keys of references.
func keys(refs []Reference) string {
	all := make([]string, len(refs))
	for i, r := range refs {
		all[i] = r.Key()
	}
	return strings.Join(all, ";")
}

func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range []byte(s) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case c >= '0' && c <= '9', c >= 'a' && c <= 'f':
		default:
			return false
		}
	}
	return true
}

func isLogicalName(s string) bool {
	for i, c := range []byte(s) {
		switch {
		case c == '_', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case c >= '0' && c <= '9' && i > 0:
		default:
			return false
		}
	}
	return s != "" && len(s) <= 128
}
