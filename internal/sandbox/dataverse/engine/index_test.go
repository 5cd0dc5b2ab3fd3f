package engine

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// alphabet is few letters, so that patterns match now and then, and everything that patterns, SQL and full text queries
// treat in a way of their own.
var alphabet = []string{"a", "b", "c", "ab", "B", "ä", "ß", "%", "_", "[", "]", "^", "*", "?", `"`, "'", "-", " ", "\\", "日", "𝄞", "e\u0301", "(", ")", "AND"}

const scribbles = 1500

func scribbled(n int) string { return fmt.Sprintf("5c000000-0000-4000-8000-%012d", n) }

func scribble(random *rand.Rand, most int) string {
	var b strings.Builder
	for range random.IntN(most + 1) {
		b.WriteString(alphabet[random.IntN(len(alphabet))])
	}
	return b.String()
}

// withIndexes builds the indexes that only big tables have.
func withIndexes(w *world, columns ...string) {
	w.Helper()
	for _, name := range columns {
		conn, err := w.write.Conn(w.ctx)
		if err != nil {
			w.Fatal(err)
		}
		if err := w.buildTextIndex(w.ctx, conn, w.tables["account"].byName[name]); err != nil {
			w.Fatal(err)
		}
		if err := conn.Close(); err != nil {
			w.Fatal(err)
		}
	}
}

// A text index changes how an answer is found and never the answer: whatever the pattern, and whatever happened to the rows
// since the index was built.
func TestAnswersAreTheSameWithATextIndex(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 11))
	w := organization(t, func(l *Loader) error {
		for n := range scribbles {
			row := Row{"accountid": scribbled(n), "ownerid": owner([]int{ann, bob, eve}[n%3])}
			for _, name := range []string{"name", "city", "description"} {
				if random.IntN(5) > 0 {
					row[name] = scribble(random, 9)
				}
			}
			if _, err := l.Insert("account", row); err != nil {
				return err
			}
		}
		return nil
	})
	withIndexes(w, "name", "city", "description")
	used, found := 0, 0
	for round := range 400 {
		if round%3 == 2 {
			disturb(w, random)
		}
		column := []string{"name", "city", "description"}[random.IntN(3)]
		operator := []string{"like", "begins-with", "ends-with"}[random.IntN(3)]
		value := scribble(random, 5)
		if random.IntN(2) == 0 {
			value = "%" + value + "%"
		}
		f := parse(t, fmt.Sprintf(`<fetch><entity name="account"><attribute name="name"/><filter type="%s"><condition attribute=%q operator="%s"/>%s</filter><order attribute="city"/></entity></fetch>`,
			[]string{"and", "or"}[random.IntN(2)], column, operator, []string{"", `<condition attribute="name" operator="not-like" value="%a%"/>`}[random.IntN(2)]))
		f.Entity.Filters[0].Conditions[0].Value = value
		who := []int{ann, eve}[random.IntN(2)]
		answers := [2]string{}
		for i, threshold := range []int64{1 << 60, 0} {
			q := w.newQuery(w.as(who), f, FetchOptions{SkipFormat: true})
			q.indexFrom = threshold
			if err := q.bind(); err != nil {
				t.Fatal(err)
			}
			page, err := q.plain(w.ctx)
			if err != nil {
				t.Fatalf("%q %s %q: %v", column, operator, value, err)
			}
			for _, r := range page.Rows {
				answers[i] += r.ID + " "
			}
			if threshold == 0 && strings.Contains(fmt.Sprint(q.where), "MATCH") {
				used++
				found += len(page.Rows)
			}
		}
		if answers[0] != answers[1] {
			t.Errorf("%s %s %q: %q without an index, %q with one", column, operator, value, answers[0], answers[1])
		}
	}
	if used < 60 || found < 30 {
		t.Errorf("an index was used %d times and found %d rows", used, found)
	}
}

// disturb changes, deletes and adds rows as a writer does that knows nothing of indexes.
func disturb(w *world, random *rand.Rand) {
	w.Helper()
	id := scribbled(random.IntN(scribbles))
	var err error
	switch random.IntN(4) {
	case 0:
		_, err = w.write.Exec("DELETE FROM account WHERE accountid = ?", id)
	case 1:
		name := scribble(random, 9)
		_, err = w.write.Exec(`UPDATE account SET name = ?, "name~" = ?, description = ? WHERE accountid = ?`, name, fold(name), scribble(random, 9), id)
	case 2:
		_, err = w.write.Exec(`UPDATE account SET city = NULL, "city~" = NULL, description = NULL WHERE accountid = ?`, id)
	case 3:
		w.load(func(l *Loader) error {
			_, err := l.Insert("account", Row{"name": scribble(random, 9), "city": scribble(random, 9), "ownerid": owner(ann)})
			return err
		})
	}
	if err != nil {
		w.Fatal(err)
	}
}

// FuzzLikePattern: whatever the pattern and the text, an index finds the text when the pattern matches it.
func FuzzLikePattern(f *testing.F) {
	f.Add("%sensor%", "Big Sensor Ltd")
	f.Add("a[b-d]%xyz_", "ACaxyzé")
	f.Add(`%"%" OR "x%`, `say "%" OR "xy`)
	f.Add("%\x00abc%", "\x00abc")
	w := organization(f, nil)
	withIndexes(w, "name")
	f.Fuzz(func(t *testing.T, like, value string) {
		p := likePattern(like)
		if len(like) > 4000 || len(value) > 4000 {
			return
		}
		match := p.trigrams()
		if n := strings.Count(match, " AND "); n >= maxTrigrams {
			t.Fatalf("%d trigrams are looked up", n+1)
		}
		if match == "" {
			return
		}
		if _, err := w.write.Exec(`UPDATE account SET name = ?, "name~" = ? WHERE accountid = ?`, value, fold(value), account(1)); err != nil {
			t.Fatal(err)
		}
		condition := p.sql(`"name~"`)
		var matches, indexed int
		if err := w.write.QueryRow("SELECT count(*) FROM account WHERE accountid = '"+account(1)+"' AND "+condition.sql, condition.args...).Scan(&matches); err != nil {
			t.Fatal(err)
		}
		if err := w.write.QueryRow(`SELECT count(*) FROM account WHERE accountid = ? AND rowid IN (SELECT rowid FROM "text/account/name" WHERE "text/account/name" MATCH ?)`, account(1), match).Scan(&indexed); err != nil {
			t.Fatal(match, err)
		}
		if matches > indexed {
			t.Errorf("%q matches %q, but the index does not find it by %s", like, value, match)
		}
	})
}
