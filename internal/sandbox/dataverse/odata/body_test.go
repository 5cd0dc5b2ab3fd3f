package odata

import (
	"strings"
	"testing"
)

func TestBodiesAreReadAsWritten(t *testing.T) {
	n, err := ParseBody([]byte("\xef\xbb\xbf" + `{"name":"Ün\u0041","n":12.3400,"b":true,"x":null,"many":[{"a":1},"t"]}`))
	if err != nil {
		t.Fatal(err)
	}
	name, _ := n.Member("name")
	number, _ := n.Member("n")
	many, _ := n.Member("many")
	if name.Text != "ÜnA" || number.Text != "12.3400" || len(many.Items) != 2 || many.Items[0].Members[0].Name != "a" || !n.Members[2].Value.True {
		t.Errorf("%+v", n)
	}
	if _, there := n.Member("nothing"); there {
		t.Error("a member that is not there was found")
	}
}

func TestBodiesThatAreNoObjectAreRefused(t *testing.T) {
	for _, text := range []string{
		"", " ", "[]", "1", `"a"`, "null", "{", `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1}{`, `{"a":1} 2`, `{"a":1,"a":2}`, "{'a':1}", `{"a":01}`, "\xff", `{"a":"\ud800"}x`,
		strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5000), `{"a":` + strings.Repeat("[", 100000), `{"a":[` + strings.Repeat("1,", 30000) + "1]}",
	} {
		if n, err := ParseBody([]byte(text)); err == nil {
			t.Errorf("%.40q gives %+v", text, n)
		}
	}
}

func FuzzParseBody(f *testing.F) {
	for _, seed := range []string{`{"a":[1,{"b":null}],"c@odata.bind":"/contacts(1)"}`, `{"a":"\u00e4","b":1e400,"c":-0}`, "{\"a\":\"\\uD83D\\uDE00\"}", `{"":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		n, err := ParseBody(body)
		if err != nil {
			return
		}
		if n.Kind != NodeObject || count(n) > maxBodyMembers {
			t.Errorf("%q gives %+v", body, n)
		}
	})
}

func count(n Node) int {
	total := 1
	for _, m := range n.Members {
		total += count(m.Value)
	}
	for _, i := range n.Items {
		total += count(i)
	}
	return total
}
