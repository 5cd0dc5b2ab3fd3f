package main

import (
	"bytes"
	"strings"
	"testing"
)

// Each line is answered by one, in order, with every field, whatever stands in it.
func TestExplainAnswersLineByLine(t *testing.T) {
	var out bytes.Buffer
	if err := explain(strings.NewReader("search account <Contoso>\r\n\nset the phone of Fabrikam to 555-0101\n"), &out); err != nil {
		t.Fatal(err)
	}
	want := `{"text":"search account <Contoso>","intent":"search","entity_type":"account","query":"<Contoso>","field":"","value":"","relation":""}
{"text":"","intent":"none","entity_type":"","query":"","field":"","value":"","relation":""}
{"text":"set the phone of Fabrikam to 555-0101","intent":"update_field","entity_type":"","query":"Fabrikam","field":"telephone1","value":"555-0101","relation":""}
`
	if out.String() != want {
		t.Error(out.String())
	}
}
