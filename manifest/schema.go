package manifest

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/dlclark/regexp2"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Version is the manifest version that the package is written in: a released one, as the store wants.
const Version = "1.25"

const (
	schemaID             = "https://developer.microsoft.com/json-schemas/teams/v1.25/MicrosoftTeams.schema.json"
	localizationSchemaID = "https://developer.microsoft.com/json-schemas/teams/v1.25/MicrosoftTeams.Localization.schema.json"
)

//go:embed schema/*.json
var schemaFiles embed.FS

var (
	manifestSchema     = sync.OnceValues(func() (*jsonschema.Schema, error) { return compile("MicrosoftTeams.schema.json") })
	localizationSchema = sync.OnceValues(func() (*jsonschema.Schema, error) { return compile("MicrosoftTeams.Localization.schema.json") })
)

// ValidateManifest checks a manifest.json against Microsoft's schema of Version. The error lists where and why.
func ValidateManifest(document []byte) error { return validate(manifestSchema, document) }

// ValidateLocalization checks a language file against Microsoft's schema of Version.
func ValidateLocalization(document []byte) error { return validate(localizationSchema, document) }

func validate(schema func() (*jsonschema.Schema, error), document []byte) error {
	s, err := schema()
	if err != nil {
		return err
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	var problem *jsonschema.ValidationError
	if err := s.Validate(value); errors.As(err, &problem) {
		return errors.New(strings.Join(reasons(problem), "\n"))
	} else if err != nil {
		return err
	}
	return nil
}

// reasons gives the leaves of a validation error, each with its place in the document.
func reasons(e *jsonschema.ValidationError) []string {
	if len(e.Causes) == 0 {
		out := e.BasicOutput()
		return []string{fmt.Sprintf("/%s: %v", strings.Join(e.InstanceLocation, "/"), out.Error)}
	}
	var all []string
	for _, c := range e.Causes {
		all = append(all, reasons(c)...)
	}
	return all
}

func compile(file string) (*jsonschema.Schema, error) {
	raw, err := schemaFiles.ReadFile("schema/" + file)
	if err != nil {
		return nil, err
	}
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4)
	c.UseRegexpEngine(ecmaRegexp)
	if err := c.AddResource(file, document); err != nil {
		return nil, err
	}
	return c.Compile(file)
}

// ecmaRegexp compiles patterns by JavaScript's rules: the schemas use look-aheads, which Go's own engine refuses.
func ecmaRegexp(pattern string) (jsonschema.Regexp, error) {
	re, err := regexp2.Compile(pattern, regexp2.ECMAScript)
	if err != nil {
		return nil, err
	}
	return (*ecmaPattern)(re), nil
}

type ecmaPattern regexp2.Regexp

func (p *ecmaPattern) MatchString(s string) bool {
	ok, err := (*regexp2.Regexp)(p).MatchString(s)
	return err == nil && ok
}

func (p *ecmaPattern) String() string { return (*regexp2.Regexp)(p).String() }
