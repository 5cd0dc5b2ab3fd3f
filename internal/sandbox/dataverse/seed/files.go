package seed

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strconv"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Files are tables, columns and rows that somebody adds to the sandbox's organizations (docs/seed-files.md). Nil adds
// nothing.
type Files struct{ documents []document }

// document is one file.
type document struct {
	name       string
	OptionSets map[string][]optionFile `json:"optionSets"`
	Tables     []tableFile             `json:"tables"`
	Columns    map[string][]columnFile `json:"columns"` // by the table that they are added to
	ManyToMany []manyFile              `json:"manyToMany"`
	Rows       []rowsFile              `json:"rows"`
}

// words are a text in one language, or in several by LCID.
type words schema.Label

// UnmarshalJSON reads "Berth" or {"1033":"Berth","1031":"Liegeplatz"}.
func (w *words) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*w = words{1033: one}
		return nil
	}
	var several map[string]string
	if err := json.Unmarshal(b, &several); err != nil {
		return err
	}
	*w = words{}
	for key, text := range several {
		lcid, err := strconv.Atoi(key)
		if err != nil {
			return fmt.Errorf("%q is no LCID such as 1033", key)
		}
		(*w)[lcid] = text
	}
	return nil
}

type optionFile struct {
	Value int    `json:"value"`
	Label words  `json:"label"`
	Color string `json:"color"`
	State int    `json:"state"`
	Next  []int  `json:"next"`
}

type tableFile struct {
	SchemaName  string            `json:"schemaName"`
	Label       words             `json:"label"`
	PluralLabel words             `json:"pluralLabel"`
	SetName     string            `json:"setName"`
	ObjectType  int               `json:"objectTypeCode"`
	Ownership   string            `json:"ownership"`
	PrimaryName string            `json:"primaryName"`
	Columns     []columnFile      `json:"columns"`
	Keys        []keyFile         `json:"keys"`
	Apps        []string          `json:"apps"`       // unique names of the apps that show it
	Privileges  map[string]string `json:"privileges"` // grants by the English name of a role; none: as for site visits
	Unsearched  bool              `json:"unsearched"`
	Notes       bool              `json:"notes"`
	Activities  bool              `json:"activities"`
	Audited     bool              `json:"audited"`
	QuickCreate bool              `json:"quickCreate"`
}

type keyFile struct {
	Name    string   `json:"name"`
	Columns []string `json:"columns"`
}

type targetFile struct {
	Table      string `json:"table"`
	Navigation string `json:"navigation"`
	Collection string `json:"collection"`
}

type columnFile struct {
	SchemaName string       `json:"schemaName"`
	Label      words        `json:"label"`
	Type       string       `json:"type"`
	Format     string       `json:"format"`
	Behavior   string       `json:"behavior"` // of DateTime: UserLocal, DateOnly or TimeZoneIndependent
	MaxLength  int          `json:"maxLength"`
	Min        *float64     `json:"min"`
	Max        *float64     `json:"max"`
	Precision  int          `json:"precision"`
	Required   string       `json:"required"`
	Options    []optionFile `json:"options"`
	OptionSet  string       `json:"optionSet"`
	Default    *int         `json:"default"`
	Targets    []targetFile `json:"targets"`
	Secured    bool         `json:"secured"`
	ReadOnly   bool         `json:"readOnly"`
	AutoNumber string       `json:"autoNumber"`
	MaxSizeKB  int          `json:"maxSizeInKB"`
	FullImage  bool         `json:"fullImage"`
	Calculated string       `json:"calculated"`
	Rollup     *rollupFile  `json:"rollup"`
	States     []stateFile  `json:"states"` // of type State: gives statecode and statuscode
}

type rollupFile struct {
	Aggregate string         `json:"aggregate"`
	Table     string         `json:"table"`
	Via       string         `json:"via"`
	Column    string         `json:"column"`
	Where     map[string]int `json:"where"`
}

type stateFile struct {
	Value   int          `json:"value"`
	Label   words        `json:"label"`
	Reasons []optionFile `json:"reasons"`
}

type manyFile struct {
	SchemaName string `json:"schemaName"`
	Entity1    string `json:"entity1"`
	Entity2    string `json:"entity2"`
}

type rowsFile struct {
	Table         string           `json:"table"`
	Organizations []string         `json:"organizations"` // names; none means all
	Rows          []map[string]any `json:"rows"`
}

// mostBytes is how large a file may be.
const mostBytes = 32 << 20

// ReadFiles reads every *.json of a folder in the order of their names; a folder that is not there adds nothing.
func ReadFiles(folder fs.FS) (*Files, error) {
	names, err := fs.Glob(folder, "*.json")
	if err != nil {
		return nil, fmt.Errorf("seed files: %w", err)
	}
	slices.Sort(names)
	f := &Files{}
	for _, name := range names {
		d, err := readFile(folder, name)
		if err != nil {
			return nil, fmt.Errorf("seed file %s: %w", name, err)
		}
		f.documents = append(f.documents, d)
	}
	return f, nil
}

func readFile(folder fs.FS, name string) (document, error) {
	d := document{name: name}
	file, err := folder.Open(name)
	if err != nil {
		return d, err
	}
	defer file.Close()
	limited := &io.LimitedReader{R: file, N: mostBytes + 1}
	decoder := json.NewDecoder(limited)
	decoder.DisallowUnknownFields()
	decoder.UseNumber()
	switch err := decoder.Decode(&d); {
	case limited.N <= 0:
		return d, fmt.Errorf("it is larger than %d MB", mostBytes>>20)
	case errors.Is(err, io.EOF):
		return d, errors.New("it is empty")
	case err != nil:
		return d, err
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return d, errors.New("there is something after its end")
	}
	return d, nil
}

// each hands every document to a function and names the file in its error.
func (f *Files) each(do func(d *document) error) error {
	if f == nil {
		return nil
	}
	for i := range f.documents {
		if err := do(&f.documents[i]); err != nil {
			return fmt.Errorf("seed file %s: %w", f.documents[i].name, err)
		}
	}
	return nil
}

// tables lists the tables that files add.
func (f *Files) tables() []tableFile {
	var list []tableFile
	_ = f.each(func(d *document) error { // never fails
		list = append(list, d.Tables...)
		return nil
	})
	return list
}
