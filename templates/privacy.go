package templates

import (
	"context"
	"slices"
	"time"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/locale"
)

// Operator is who runs this installation and answers for it.
type Operator struct {
	Name    string
	Contact string // an e-mail address, a web address, or words
}

// contactURL makes a link of the contact where it is one.
func (o Operator) contactURL() templ.SafeURL {
	if address := safeURL(o.Contact); address != "" {
		return address
	}
	return mailURL(o.Contact)
}

// PrivacyModel is what is held of one person.
type PrivacyModel struct {
	Page        Page
	Profile     crm.Profile
	Held        []crm.HeldRow
	Inventory   []crm.StoredTable
	Agreed      bool // to the bot's reading of text
	AgreedSince time.Time
	Operator    Operator
}

// EraseModel asks whether everything is to be erased (a Receipt of a dry run), or tells that it was.
type EraseModel struct {
	Page        Page
	Receipt     crm.Receipt
	Correlation string // of the erasure, in the log
}

// Notice is a page that everybody may read.
type Notice func(NoticeModel) templ.Component

// NoticeModel is who answers for this installation and what it can store.
type NoticeModel struct {
	Page      Page
	Operator  Operator
	Inventory []crm.StoredTable
}

// heldTable is the rows of one table.
type heldTable struct {
	crm.StoredTable
	rows []crm.HeldRow
}

// tables groups the rows by table, in the order of the inventory; tables without rows are left out.
func (m PrivacyModel) tables() []heldTable {
	var all []heldTable
	for _, t := range m.Inventory {
		held := heldTable{StoredTable: t}
		for _, row := range m.Held {
			if row.Table == t.Name {
				held.rows = append(held.rows, row)
			}
		}
		if len(held.rows) > 0 {
			all = append(all, held)
		}
	}
	return all
}

// shownValues are the values of a row that say more than what stands at the top of the page anyway.
func shownValues(row crm.HeldRow) []crm.HeldValue {
	return slices.DeleteFunc(slices.Clone(row.Values), func(v crm.HeldValue) bool {
		return v.Column == "tenant" || v.Column == "object"
	})
}

func (t heldTable) data(ctx context.Context, column string) string {
	for _, c := range t.Columns {
		if c.Name == column {
			return locale.From(ctx).T("data." + c.Data)
		}
	}
	return column
}

// gone are the tables of a receipt of which rows went, or would go.
func (m EraseModel) gone() []crm.Erased {
	return slices.DeleteFunc(slices.Clone(m.Receipt.Erased), func(e crm.Erased) bool { return e.Rows == 0 })
}

func (m EraseModel) title(ctx context.Context) string {
	if m.Receipt.DryRun {
		return t(ctx, "privacy.erase-title")
	}
	return t(ctx, "privacy.erased-title")
}

func tableTitle(ctx context.Context, name string) string {
	return locale.From(ctx).T("kept." + name + ".title")
}

func tablePurpose(ctx context.Context, name string) string { return locale.From(ctx).T("kept." + name) }

func tableUntil(ctx context.Context, name string) string {
	return locale.From(ctx).T("kept." + name + ".until")
}

// Where the pages are.
const (
	privacyPath = "/tab/privacy"
	noticePath  = "/privacy"
)

// holdingsPath is where a person in this situation reads what is held of them; "" where nobody is signed in.
func (s State) holdingsPath() string {
	switch s.Situation {
	case SignedOut, CookiesBlocked:
		return ""
	case TenantStopped:
		return noticePath
	}
	return privacyPath
}

// holdingsTitle is the message key of what holdingsPath leads to.
func (s State) holdingsTitle() string {
	if s.holdingsPath() == noticePath {
		return "privacy.notice-title"
	}
	return "privacy.title"
}

// tabLink is an address of ours in the look of a page.
func tabLink(ctx context.Context, path string, p Page) templ.SafeURL { return ours(ctx, path, p.Theme) }

// momentText writes a day and a time in UTC; script makes it the reader's own.
func momentText(ctx context.Context, at time.Time) string {
	l := locale.From(ctx)
	return l.Date(at.UTC()) + l.Comma() + l.Clock(at)
}

// names of the questions of the notice, each with a title and a text.
var noticeParts = []string{"what", "path", "where", "kept", "warning", "parts", "agree"}

// botText are the paragraphs on what happens to text that is typed to the bot.
func botText(part string) (title, text string) {
	return "bot-text." + part + "-title", "bot-text." + part
}
