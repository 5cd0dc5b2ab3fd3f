package dataverse

import (
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

// matching says how a quick find column is compared with a term: text by its beginning, a number when the term is one, and
// everything else never, because Dataverse refuses a query that compares a date with a word.
func matching(tables map[string]*table, term string) func(table, column string) crmxml.Match {
	term = strings.TrimSpace(term)
	_, err := strconv.ParseFloat(term, 64)
	number := err == nil
	_, err = strconv.ParseInt(term, 10, 32)
	whole := err == nil
	return func(name, column string) crmxml.Match {
		t := tables[name]
		if t == nil {
			return crmxml.MatchNever
		}
		c, ok := t.columns[column]
		if !ok {
			return crmxml.MatchNever
		}
		switch c.Kind {
		case crm.KindText, crm.KindMemo, crm.KindRichText, crm.KindEmail, crm.KindPhone, crm.KindURL:
			return crmxml.MatchPrefix
		case crm.KindInteger:
			if whole {
				return crmxml.MatchEqual
			}
		case crm.KindDecimal, crm.KindFloat, crm.KindMoney:
			if number {
				return crmxml.MatchEqual
			}
		}
		return crmxml.MatchNever
	}
}
