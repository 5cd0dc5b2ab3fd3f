package odata

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func text(s string) Literal   { return Literal{Kind: String, Text: s} }
func digits(s string) Literal { return Literal{Kind: Number, Text: s} }

func TestFilters(t *testing.T) {
	aliases := map[string]string{"@p1": "'x'", "@list": `["5","10"]`}
	guid := "0a000000-0000-4000-8000-00000000000f"
	eq := func(column, value string) Expr {
		return Comparison{Path: Path{column}, Operator: "eq", Value: text(value)}
	}
	for source, want := range map[string]Expr{
		`name eq 'O''Hara'`:                      eq("name", "O'Hara"),
		`'x' lt name`:                            Comparison{Path: Path{"name"}, Operator: "gt", Value: text("x")},
		`a eq 'x' or b eq 'y' and c eq 'z'`:      Or{[]Expr{eq("a", "x"), And{[]Expr{eq("b", "y"), eq("c", "z")}}}},
		`((a eq 'x') and (not (b eq 'y')))`:      And{[]Expr{eq("a", "x"), Not{eq("b", "y")}}},
		`_ownerid_value eq ` + guid:              Comparison{Path: Path{"_ownerid_value"}, Operator: "eq", Value: Literal{Kind: GUID, Text: guid}},
		`revenue gt -1.5e3`:                      Comparison{Path: Path{"revenue"}, Operator: "gt", Value: digits("-1.5e3")},
		`createdon ge 2026-01-31`:                Comparison{Path: Path{"createdon"}, Operator: "ge", Value: Literal{Kind: Date, Text: "2026-01-31"}},
		`createdon ge 2026-01-31T02:00:00+02:00`: Comparison{Path: Path{"createdon"}, Operator: "ge", Value: Literal{Kind: DateTime, Text: "2026-01-31T00:00:00Z"}},
		`primarycontactid/fullname ne null`:      Comparison{Path: Path{"primarycontactid", "fullname"}, Operator: "ne"},
		`name eq @p1`:                            eq("name", "x"),
		`name in ('a',@p1)`:                      In{Path{"name"}, []Literal{text("a"), text("x")}},
		`contains(name,'50%')`:                   Match{"contains", Path{"name"}, "50%"},
		`contains(name,'x') eq false`:            Not{Match{"contains", Path{"name"}, "x"}},
		`donotemail`:                             Comparison{Path: Path{"donotemail"}, Operator: "eq", Value: Literal{Kind: Bool, Text: "true"}},
		`firstname eq lastname`:                  Comparison{Path: Path{"firstname"}, Operator: "eq", Other: Path{"lastname"}},
		`contacts/any(o:o/fullname eq 'x')`:      Lambda{Path: Path{"contacts"}, Variable: "o", Body: Comparison{Path: Path{"o", "fullname"}, Operator: "eq", Value: text("x")}},
		`contacts/any()`:                         Lambda{Path: Path{"contacts"}},
		`OwnershipType eq Microsoft.Dynamics.CRM.OwnershipTypes'UserOwned'`:          Comparison{Path: Path{"OwnershipType"}, Operator: "eq", Value: Literal{Kind: Enum, Text: "UserOwned"}},
		`Microsoft.Dynamics.CRM.LastXDays(PropertyName='createdon',PropertyValue=7)`: Function{Name: "LastXDays", Parameters: map[string]Literal{"PropertyName": text("createdon"), "PropertyValue": digits("7")}},
		`Microsoft.Dynamics.CRM.Between(PropertyName='x',PropertyValues=["5","10"])`: Function{Name: "Between", Parameters: map[string]Literal{"PropertyName": text("x"), "PropertyValues": {Kind: List, Items: []Literal{text("5"), text("10")}}}},
	} {
		got, err := ParseFilter(source, aliases)
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", source, diff)
		}
	}
}

func TestWhatIsNoFilterIsRefused(t *testing.T) {
	for _, source := range []string{
		``, `name` + ` eq`, `name eq 'x`, `name eq 'x' or`, `(name eq 'x'`, `name eq 'x')`, `name like 'x'`, `tolower(name) eq 'x'`,
		`year(createdon) eq 2026`, `name eq 1 add 2`, `name eq 'x'; drop table`, `a/b/c/d/e/f/g/h/i/j eq 1`, `name in ()`, `name eq {`,
		strings.Repeat("(", 500) + "a eq 1" + strings.Repeat(")", 500),
		strings.Repeat("not ", 5000) + "a eq 1",
		strings.Repeat("a eq 1 or ", 20000) + "a eq 1",
		`name eq @loop`,
	} {
		if e, err := ParseFilter(source, map[string]string{"@loop": "@loop x"}); err == nil {
			t.Errorf("%.60s: accepted as %v", source, e)
		}
	}
}

func TestOptions(t *testing.T) {
	raw := `$select=name,_ownerid_value&%24top=5&$count=true&$orderby=name%20desc,createdon` +
		`&$expand=primarycontactid($select=fullname;$expand=owninguser($select=domainname)),contact_customer_accounts($filter=a%20eq%20'x;y)';$top=2)&savedQuery=x&@p='1'`
	got, err := ParseOptions(raw)
	if err != nil {
		t.Fatal(err)
	}
	five, two := 5, 2
	want := Options{
		Select: []string{"name", "_ownerid_value"}, Top: &five, Count: true,
		OrderBy: []Order{{Path{"name"}, true}, {Path{"createdon"}, false}},
		Expand: []Expand{
			{Name: "primarycontactid", Options: Options{Select: []string{"fullname"}, Expand: []Expand{{Name: "owninguser", Options: Options{Select: []string{"domainname"}}, Text: map[string]string{"$select": "domainname"}}}},
				Text: map[string]string{"$select": "fullname", "$expand": "owninguser($select=domainname)"}},
			{Name: "contact_customer_accounts", Options: Options{Filter: Comparison{Path: Path{"a"}, Operator: "eq", Value: text("x;y)")}, Top: &two}, Text: map[string]string{"$filter": "a eq 'x;y)'", "$top": "2"}},
		},
		Custom: map[string]string{"savedQuery": "x"}, Aliases: map[string]string{"@p": "'1'"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, raw := range []string{"$skip=5", "$top=-1", "$filter=a eq 1&$filter=b eq 2", "$expand=a($apply=x)", "$select=", "$orderby=name up", "$filter=%zz"} {
		if _, err := ParseOptions(raw); err == nil {
			t.Errorf("%s: accepted", raw)
		}
	}
}

func TestApply(t *testing.T) {
	o, err := ParseOptions(`$apply=filter(statecode eq 0)/groupby((statuscode,owner/name),aggregate(revenue with sum as total,$count as n))`)
	if err != nil {
		t.Fatal(err)
	}
	want := &Apply{
		Filter:     Comparison{Path: Path{"statecode"}, Operator: "eq", Value: digits("0")},
		GroupBy:    []Path{{"statuscode"}, {"owner", "name"}},
		Aggregates: []Aggregate{{Path{"revenue"}, "sum", "total"}, {nil, "count", "n"}},
	}
	if diff := cmp.Diff(want, o.Apply); diff != "" {
		t.Error(diff)
	}
}

func TestPaths(t *testing.T) {
	got, err := ParsePath(`systemusers(0A000000-0000-4000-8000-000000000001)/Microsoft.Dynamics.CRM.RetrievePrincipalAccess(Target=@t)/`, map[string]string{"@t": `{'@odata.id':'contacts(1)'}`})
	if err != nil {
		t.Fatal(err)
	}
	want := []Segment{
		{Name: "systemusers", Call: true, Arguments: []Argument{{"", Literal{Kind: GUID, Text: "0a000000-0000-4000-8000-000000000001"}}}},
		{Name: "Microsoft.Dynamics.CRM.RetrievePrincipalAccess", Call: true, Arguments: []Argument{{"Target", Literal{Kind: Object, Text: `{"@odata.id":"contacts(1)"}`}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	slash, err := ParsePath(`accounts(accountnumber='A/1)',x=2)/$value`, nil)
	if v, _ := slash[0].Argument("accountnumber"); err != nil || v.Text != "A/1)" || slash[1].Name != "$value" {
		t.Error(slash, err)
	}
}

func TestPreferences(t *testing.T) {
	p := ParsePrefer(http.Header{"Prefer": {`odata.maxpagesize=5,odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.*"`}})
	if p.MaxPageSize != 5 || !p.Includes("Microsoft.Dynamics.CRM.lookuplogicalname") || !p.Includes("OData.Community.Display.V1.FormattedValue") || p.Includes("OData.Other") {
		t.Errorf("%+v", p)
	}
}

func FuzzParseFilter(f *testing.F) {
	for _, seed := range []string{`a/any(o:o/b eq 'x') and not (c in ('1','2'))`, `M.C(X=["a",'b'])`, `Microsoft.Dynamics.CRM.In(PropertyName='a',PropertyValues=['1',"2"])`, `a eq @p`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		e, err := ParseFilter(source, map[string]string{"@p": source})
		if (e == nil) == (err == nil) {
			t.Errorf("expression %v with error %v", e, err)
		}
	})
}

func FuzzParseOptions(f *testing.F) {
	f.Add(`$expand=a($select=b;$expand=c($top=1))&$apply=groupby((a),aggregate(b with sum as c))&$orderby=a desc`)
	f.Fuzz(func(_ *testing.T, raw string) { _, _ = ParseOptions(raw) })
}

func FuzzParsePath(f *testing.F) {
	f.Add(`accounts(a='x',b=[1,{'c':"d"}])/d(@e)/$ref`)
	f.Fuzz(func(_ *testing.T, path string) { _, _ = ParsePath(path, map[string]string{"@e": path}) })
}
