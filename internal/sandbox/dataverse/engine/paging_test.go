package engine

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crmxml"
)

// crowd adds rows whose sort keys tie and are missing, and rows that a join multiplies.
func crowd(w *world) {
	w.load(func(l *Loader) error {
		for i := range 60 {
			row := Row{"accountid": fmt.Sprintf("cc000000-0000-4000-8000-%012d", (i*37)%60), "name": []string{"Same", "same", "SÄME", "other"}[i%4], "ownerid": owner(1 + i%5)}
			if i%3 > 0 {
				row["city"], row["employees"], row["rating"], row["revenue"] = []string{"Ulm", "ulm", "Bonn"}[i%3], i%5, i%3, float64(i%7)/3
				row["lastcall"], row["vip"] = noon.AddDate(0, 0, i%4), i%2 == 0
			}
			id := w.insert(l, "account", row)
			for j := range i % 3 {
				w.insert(l, "opportunity", Row{"name": "D", "parentaccountid": id, "closedate": day("2026-01-01").AddDate(0, 0, j), "ownerid": owner(cid)})
			}
		}
		return nil
	})
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}

func TestCookiesNeitherRepeatNorMissARow(t *testing.T) {
	w := organization(t, nil)
	crowd(w)
	link := `<link-entity name="opportunity" from="parentaccountid" to="accountid" link-type="outer" alias="d"><attribute name="closedate"/><order attribute="closedate" descending="true"/></link-entity>`
	for _, inside := range []string{
		``, `<order attribute="name"/>`, `<order attribute="name" descending="true"/>`, `<order attribute="city"/><order attribute="employees" descending="true"/>`,
		`<order attribute="ownerid"/><order attribute="rating" descending="true"/>`, `<order attribute="rating"/>`, `<order attribute="revenue" descending="true"/><order attribute="vip"/>`,
		`<order attribute="lastcall"/><order attribute="city" descending="true"/>`, `<order attribute="taxid"/>`, `<order attribute="accountid" descending="true"/>`,
		`<order attribute="name"/>` + link, link, `<order attribute="statuscode"/>` + link,
	} {
		for _, who := range []int{bob, eve} {
			if who == bob && strings.Contains(inside, "opportunity") {
				continue
			}
			entity := `<entity name="account"><attribute name="name"/>` + inside + `</entity></fetch>`
			var want, got []string
			for _, r := range w.fetch(who, `<fetch>`+entity).Rows {
				want = append(want, fmt.Sprint(r.ID, r.Cells))
			}
			cookie := ""
			for n := 1; ; n++ {
				page := w.fetch(who, fmt.Sprintf(`<fetch count="7" page="%d" paging-cookie="%s">%s`, n, escaped(cookie), entity))
				for _, r := range page.Rows {
					got = append(got, fmt.Sprint(r.ID, r.Cells))
				}
				if cookie = page.Cookie; !page.More {
					if cookie != "" {
						t.Error("the last page has a cookie")
					}
					break
				}
				if n > 30 {
					t.Fatal("no end")
				}
			}
			if !slices.Equal(want, got) {
				t.Errorf("%s as %s: pages give %d rows, one page %d, or in another order", inside, names[who], len(got), len(want))
			}
		}
	}
}

func TestPagesWithoutCookieCountFromTheStart(t *testing.T) {
	w := organization(t, nil)
	const xml = `<fetch count="4" page="%d" returntotalrecordcount="true"><entity name="account"><order attribute="accountnumber"/></entity></fetch>`
	first, second := w.fetch(eve, fmt.Sprintf(xml, 1)), w.fetch(eve, fmt.Sprintf(xml, 2))
	if first.numbers() != "1 2 3 4" || !first.More || first.Total != 6 || second.numbers() != "5 6" || second.More || second.Total != 6 || second.Number != 2 {
		t.Errorf("%q %v %d, %q %v %d", first.numbers(), first.More, first.Total, second.numbers(), second.More, second.Total)
	}
	if want := `<cookie page="1"><accountnumber last="A4" first="A1" /><accountid last="{` + strings.ToUpper(account(4)) + `}" first="{` + strings.ToUpper(account(1)) + `}" /></cookie>`; first.Cookie != want {
		t.Errorf("cookie %s", first.Cookie)
	}
	page, err := w.Fetch(w.ctx, w.as(eve), &crmxml.Fetch{Entity: crmxml.Entity{Name: "account"}}, FetchOptions{MaxPageSize: 5, Count: true})
	if err != nil || len(page.Rows) != 5 || !page.More || page.Total != 6 {
		t.Errorf("with a client's page size: %+v %v", page, err)
	}
}

// A cookie is in the client's hands: another place, another person's or nonsense never shows more than the query does.
func TestForgedCookiesShowNothingNew(t *testing.T) {
	w := organization(t, nil)
	entity := `<entity name="account"><order attribute="name"/></entity></fetch>`
	whole := w.fetch(ann, `<fetch>`+entity).numbers()
	theirs := w.fetch(eve, `<fetch count="1">`+entity).Cookie
	for _, cookie := range []string{theirs, strings.ReplaceAll(theirs, "last=", "lastnull="), `<cookie page="1"><name last="' OR 1=1 --"/><accountid last="{` + account(1) + `}"/></cookie>`} {
		page := w.fetch(ann, fmt.Sprintf(`<fetch count="9" page="2" paging-cookie="%s">%s`, escaped(cookie), entity))
		for _, r := range page.Rows {
			if !strings.Contains(whole, strings.TrimLeft(r.ID[34:], "0")) {
				t.Errorf("%s shows %s", cookie, r.ID)
			}
		}
	}
}

func TestTotalsStopAtTheServicesLimit(t *testing.T) {
	w := organization(t, func(l *Loader) error {
		for i := range 5001 {
			if _, err := l.Insert("contact", Row{"fullname": fmt.Sprint("C", i), "ownerid": owner(eve)}); err != nil {
				return err
			}
		}
		return nil
	})
	page := w.fetch(eve, `<fetch count="10" returntotalrecordcount="true"><entity name="contact"/></fetch>`)
	if page.Total != 5000 || !page.TotalLimited {
		t.Errorf("%d %v", page.Total, page.TotalLimited)
	}
	if whole := w.fetch(eve, `<fetch><entity name="contact"/></fetch>`); len(whole.Rows) != 5000 || !whole.More {
		t.Errorf("a page of %d rows", len(whole.Rows))
	}
}
