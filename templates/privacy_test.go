package templates

import (
	"strings"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/internal/privacy"
)

// Every table, column, class and paragraph has its words, in every language.
func TestTheInventoryIsInWords(t *testing.T) {
	for _, language := range []string{"en", "de"} {
		l := locale.Negotiate(language)
		want := func(key string) {
			t.Helper()
			if !l.Has(key) {
				t.Errorf("%s has no %s", language, key)
			}
		}
		for _, table := range privacy.Inventory() {
			want("kept." + table.Name)
			want("kept." + table.Name + ".title")
			want("kept." + table.Name + ".until")
			for _, c := range table.Columns {
				want("data." + c.Data)
				if c.Example == "" {
					t.Errorf("%s.%s has no example", table.Name, c.Name)
				}
			}
		}
		for _, class := range crm.Classes() {
			want("class." + string(class))
		}
		for _, part := range noticeParts {
			title, text := botText(part)
			want(title)
			want(text)
		}
	}
}

// The pages hold nothing unsafe, whatever stands in a name or a contact, and say what is held without saying secrets.
func TestThePrivacyPages(t *testing.T) {
	person := crm.Profile{User: crm.User{Tenant: "t-1", Object: "o-1"}, Name: `<b>Ada</b>`, Username: "ada@example.com"}
	held := []crm.HeldRow{{Table: "sessions", Values: []crm.HeldValue{{Column: "id", Hidden: true}, {Column: "username", Text: person.Username}, {Column: "seen", At: noon}}}}
	for contact, link := range map[string]string{"privacy@example.com": "mailto:privacy@example.com", "https://harbor.crm4.dynamics.com/x": "https://harbor.crm4.dynamics.com/x", "javascript:alert(1)": "", "Room 5": ""} {
		m := PrivacyModel{Profile: person, Held: held, Inventory: privacy.Inventory(), Operator: Operator{Name: "Operator & Co", Contact: contact}, Agreed: true, AgreedSince: noon}
		doc := draw(t, PrivacyPage(m))
		safe(t, doc)
		got := doc.Find(`[data-testid="operator"] a`).AttrOr("href", "")
		if got != link || !strings.Contains(doc.Find(`[data-testid="operator"]`).Text(), contact) {
			t.Errorf("%s leads to %q", contact, got)
		}
		if doc.Find("b").Length() != 0 || !strings.Contains(doc.Text(), "<b>Ada</b>") {
			t.Error("a name is markup")
		}
		if doc.Find(`[data-table="sessions"] [data-column="id"] em`).Length() != 1 || doc.Find(`[data-table]`).Length() != 1 {
			t.Error("what is held is not shown as it is")
		}
		if doc.Find(`button[name="agree"]`).AttrOr("value", "") != "no" {
			t.Error("a consent cannot be withdrawn")
		}
	}
	receipt := crm.Receipt{User: person.User, At: noon, Erased: []crm.Erased{{Table: "sessions", Rows: 2}, {Table: "tokens"}}, Mark: noon.Add(time.Hour)}
	doc := draw(t, ErasePage(EraseModel{Receipt: receipt, Correlation: "c0ffee"}))
	safe(t, doc)
	if doc.Find("form").Length() != 0 || doc.Find(`[data-table]`).Length() != 1 || !strings.Contains(doc.Text(), "c0ffee") || !strings.Contains(doc.Text(), "2 entries") {
		t.Error(doc.Text())
	}
}
