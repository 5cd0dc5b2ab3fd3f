package dataverse

import (
	"encoding/xml"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
)

func (s *sandbox) changesOfModel(query, stamp string) answer {
	s.t.Helper()
	return s.get(salesperson, "RetrieveMetadataChanges(Query=@q,ClientVersionStamp=@s)?@q="+url.QueryEscape(query)+"&@s="+url.QueryEscape(stamp))
}

func TestChangesOfTheModelAreAskedFor(t *testing.T) {
	s := start(t, nil)
	const table = `"Criteria":{"FilterOperator":"And","Conditions":[{"ConditionOperator":"Equals","PropertyName":"LogicalName","Value":{"Type":"System.String","Value":"account"}}]}`
	a := s.changesOfModel(`{`+table+`,"Properties":{"AllProperties":false,"PropertyNames":["LogicalName","DisplayName","Attributes"]},
		"AttributeQuery":{"Criteria":{"FilterOperator":"Or","Conditions":[{"ConditionOperator":"In","PropertyName":"LogicalName","Value":{"Type":"System.String[]","Value":"['name','rating']"}}]},"Properties":{"PropertyNames":["LogicalName","MaxLength","OptionSet"]}},
		"LabelQuery":{"FilterLanguages":[1031],"MissingLabelBehavior":0}}`, "null").ok()
	if list := a.at("EntityMetadata").([]any); len(list) != 1 || a.at("DeletedMetadata") != nil {
		t.Fatal(a.text)
	}
	at := func(path ...any) any { return a.at(append([]any{"EntityMetadata", 0}, path...)...) }
	if at("LogicalName") != "account" || len(at("DisplayName", "LocalizedLabels").([]any)) != 1 || at("DisplayName", "LocalizedLabels", 0, "LanguageCode") != 1031.0 || at("SchemaName") != nil ||
		len(at("Attributes").([]any)) != 2 || at("Attributes", 0, "MaxLength") != 100.0 || at("Attributes", 1, "@odata.type") != "#Microsoft.Dynamics.CRM.ComplexPicklistAttributeMetadata" ||
		at("Attributes", 1, "OptionSet", "Options", 2, "Value") != 2.0 {
		t.Error(a.text)
	}
	stamp, _ := a.at("ServerVersionStamp").(string)
	if again := s.changesOfModel(`{`+table+`}`, "'"+stamp+"'").ok(); len(again.at("EntityMetadata").([]any)) != 0 {
		t.Error(again.text)
	}
	version, _, _ := strings.Cut(stamp, "!")
	for _, old := range []string{"'1!01/01/2026 00:00:00'", "'" + version + "!01/01/2020 00:00:00'"} {
		s.changesOfModel(`{}`, old).refused(400, codeExpiredStamp)
	}
	if all := s.changesOfModel(`{"Properties":{"AllProperties":true}}`, "null").ok(); len(all.at("EntityMetadata").([]any)) != len(smallModel().Tables) || all.at("EntityMetadata", 0, "Attributes", 0, "SchemaName") != "AccountId" {
		t.Error("not every table, or not every property")
	}
	for _, query := range []string{
		`[]`, `{"Properties":{"PropertyNames":["Nothing"]}}`, strings.Replace("{"+table+"}", "Equals", "Like", 1), strings.Replace("{"+table+"}", `"LogicalName"`, `"Nothing"`, 1),
		`{"Criteria":` + strings.Repeat(`{"Filters":[`, 11) + `{}` + strings.Repeat(`]}`, 11) + `}`,
	} {
		s.changesOfModel(query, "null").refused(400, codeResource)
	}
	s.changesOfModel(`{}`, "'x'").refused(400, codeResource)
}

func TestAnUnchangedModelIsNotSentAgain(t *testing.T) {
	s := start(t, nil)
	for _, path := range []string{"$metadata", "EntityDefinitions(LogicalName='account')", "RelationshipDefinitions?$select=SchemaName"} {
		first := s.get(salesperson, path).ok()
		if again := s.get(salesperson, path, "If-None-Match: "+first.header.Get("ETag")); again.status != http.StatusNotModified || again.text != "" {
			t.Error(path, again.status, again.text)
		}
		s.get(salesperson, path, "If-None-Match: null").ok()
	}
}

// Every name of a type in $metadata is declared there, every bound message has its table, and nothing is declared twice.
func TestCSDLHoldsTogether(t *testing.T) {
	s := selling(t)
	text := s.get(administrator, "$metadata").ok().text
	if path := os.Getenv("PINTAB_TEST_CSDL"); path != "" { // for other people's validators
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	declared, used := map[string]bool{"crmbaseentity": false}, map[string]string{}
	decoder := xml.NewDecoder(strings.NewReader(text))
	owner := ""
	within := map[string]bool{}
	for {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		attribute := map[string]string{}
		for _, a := range element.Attr {
			attribute[a.Name.Local] = a.Value
		}
		name := attribute["Name"]
		switch element.Name.Local {
		case "EntityType", "ComplexType", "EnumType":
			if declared[name] {
				t.Errorf("%s is declared twice", name)
			}
			declared[name], owner, within = true, name, map[string]bool{}
		case "Action", "Function":
			owner, within = name, map[string]bool{}
		case "Property", "NavigationProperty", "Parameter", "Member":
			if within[name] {
				t.Errorf("%s.%s is declared twice", owner, name)
			}
			within[name] = true
		}
		for _, key := range []string{"Type", "BaseType", "EntityType"} {
			kind := strings.TrimSuffix(strings.TrimPrefix(attribute[key], "Collection("), ")")
			if own, ok := strings.CutPrefix(kind, "mscrm."); ok {
				used[own] = owner
			} else if own, ok := strings.CutPrefix(kind, "Microsoft.Dynamics.CRM."); ok {
				used[own] = owner
			}
		}
	}
	for name, by := range used {
		if !declared[name] {
			t.Errorf("%s uses %s, which nobody declares", by, name)
		}
	}
	for _, part := range []string{`<Action Name="WinOpportunity">`, `<ActionImport Name="WinOpportunity"`, `<Action Name="QualifyLead" IsBound="true">`, `<FunctionImport Name="WhoAmI"`, `<ComplexType Name="WhoAmIResponse">`} {
		if !strings.Contains(text, part) {
			t.Error("no", part)
		}
	}
}
