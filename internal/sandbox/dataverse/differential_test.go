package dataverse

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

// Filters that run as SQL choose the same rows as filters that are evaluated one row after the other in memory, empty
// values and negations included.
func TestFiltersMeanTheSameInMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	s := start(t, func(insert func(string, engine.Row)) {
		for i := range 40 {
			row := engine.Row{"accountnumber": fmt.Sprintf("n%d", i), "ownerid": engine.Ref{Table: "systemuser", ID: ingrid}}
			if random.IntN(3) > 0 {
				row["name"] = string("abc"[random.IntN(3)]) + string("xy_%["[random.IntN(5)])
			}
			if random.IntN(3) > 0 {
				row["employees"] = random.IntN(5)
			}
			if random.IntN(3) > 0 {
				row["rating"] = random.IntN(3)
			}
			if random.IntN(2) > 0 {
				row["vip"] = random.IntN(2) == 0
			}
			if random.IntN(2) > 0 {
				row["primarycontactid"] = []string{ada, bert}[random.IntN(2)]
			}
			insert("account", row)
		}
	})
	const columns = "accountnumber,name,employees,rating,vip,_primarycontactid_value"
	all := s.get(administrator, "accounts?$select="+columns+"&$filter=startswith(accountnumber,'n')&$expand=primarycontactid($select=fullname,emailaddress1)").ok()
	rows, _ := all.body["value"].([]any)
	chosen := map[int]bool{}
	for range 400 {
		filter := randomFilter(random, 3)
		expression, err := odata.ParseFilter(filter, nil)
		if err != nil {
			t.Fatal(filter, err)
		}
		var want []string
		for _, row := range rows {
			object, _ := row.(map[string]any)
			holds, err := odata.Holds(expression, func(p odata.Path) (any, error) { return valueAt(object, p), nil })
			if err != nil {
				t.Fatal(filter, err)
			}
			if holds {
				want = append(want, object["accountnumber"].(string))
			}
		}
		a := s.send(http.MethodGet, s.root()+"accounts?$select=accountnumber&$filter=startswith(accountnumber,'n')+and+("+url.QueryEscape(filter)+")", administrator, "").ok()
		got := strings.Split(a.column("accountnumber"), ",")
		if a.column("accountnumber") == "" {
			got = nil
		}
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("%s: %v, not %v", filter, got, want)
		}
		chosen[len(want)] = true
	}
	if len(chosen) < 10 {
		t.Error("the filters hardly tell rows apart:", chosen)
	}
}

func valueAt(object map[string]any, path odata.Path) any {
	for _, name := range path[:len(path)-1] {
		object, _ = object[name].(map[string]any)
	}
	return object[path[len(path)-1]]
}

func randomFilter(random *rand.Rand, depth int) string {
	pick := func(list ...string) string { return list[random.IntN(len(list))] }
	if depth > 0 {
		switch random.IntN(4) {
		case 0:
			return "(" + randomFilter(random, depth-1) + " and " + randomFilter(random, depth-1) + ")"
		case 1:
			return "(" + randomFilter(random, depth-1) + " or " + randomFilter(random, depth-1) + ")"
		case 2:
			return "not (" + randomFilter(random, depth-1) + ")"
		}
	}
	comparison := func() string { return pick(" eq ", " ne ", " gt ", " ge ", " lt ", " le ") }
	switch random.IntN(8) {
	case 0:
		return "name" + comparison() + "'" + pick("ax", "by", "c[", "b_") + "'"
	case 1:
		return "employees" + comparison() + pick("0", "1", "2", "4")
	case 2:
		return pick("name", "employees", "rating", "vip", "primarycontactid", "_primarycontactid_value", "primarycontactid/emailaddress1") + pick(" eq ", " ne ") + "null"
	case 3:
		return pick("contains", "startswith", "endswith") + "(name,'" + pick("a", "x", "_", "%", "[") + "')"
	case 4:
		return "rating in (" + pick("0", "1,2", "null,1", "2,null") + ")"
	case 5:
		return "vip" + pick(" eq true", " ne true", " eq false", "")
	case 6:
		return "primarycontactid/fullname" + pick(" eq ", " ne ") + pick("'Ada O''Hara'", "'Bert <b>'")
	}
	return "_primarycontactid_value" + pick(" eq ", " ne ") + pick(ada, bert)
}
