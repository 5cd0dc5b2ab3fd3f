package engine

import (
	"testing"
	"time"
)

func TestNumbersMoneyAndDatesByLocale(t *testing.T) {
	euros, francs, unnamed := currency{symbol: "€", precision: 2}, currency{code: "CHF", precision: 2}, currency{precision: 2}
	moment := time.Date(2026, 3, 4, 15, 6, 0, 0, time.UTC)
	for lcid, want := range map[int][]string{
		1033: {"€120,000.00", "(€1,234.50)", "-1,234,567.891", "3/4/2026 3:06 PM", "3/4/2026"},
		2057: {"€120,000.00", "-€1,234.50", "-1,234,567.891", "04/03/2026 15:06", "04/03/2026"},
		1031: {"120.000,00 €", "-1.234,50 €", "-1.234.567,891", "04.03.2026 15:06", "04.03.2026"},
		1036: {"120\u00a0000,00 €", "-1\u00a0234,50 €", "-1\u00a0234\u00a0567,891", "04/03/2026 15:06", "04/03/2026"},
		1081: {"€ 1,20,000.00", "€ -1,234.50", "-12,34,567.891", "04-03-2026 15:06", "04-03-2026"},
		9999: {"€120,000.00", "(€1,234.50)", "-1,234,567.891", "3/4/2026 3:06 PM", "3/4/2026"},
	} {
		f := formatsOf(lcid)
		for i, got := range []string{f.amount(120000, euros), f.amount(-1234.5, euros), f.number(-1234567.8912, 3), f.moment(moment, false), f.moment(moment, true)} {
			if got != want[i] {
				t.Errorf("%d: %q, wanted %q", lcid, got, want[i])
			}
		}
	}
	f := formatsOf(1031)
	for _, tc := range []struct{ got, want string }{
		{f.amount(5, francs), "5,00 CHF"}, {f.amount(5, unnamed), "5,00"}, {f.amount(-0.001, euros), "0,00 €"}, {f.integer(-1234), "-1.234"}, {f.integer(-9223372036854775808), "-9.223.372.036.854.775.808"}, {f.integer(999), "999"}, {f.number(0, 0), "0"},
	} {
		if tc.got != tc.want {
			t.Errorf("%q, wanted %q", tc.got, tc.want)
		}
	}
}

func TestEveryTimeZoneIsKnown(t *testing.T) {
	for code, name := range zones {
		if timeZone(code) == nil {
			t.Errorf("%d %s", code, name)
		}
	}
}

func TestFoldedTextIgnoresCaseAndAccents(t *testing.T) {
	for in, want := range map[string]string{"Ärger": "arger", "STRAẞE": "strasse", "İzmir": "izmir", "Ὀδυσσεύς": "οδυσσευσ", "ﬁn": "fin", "Ærø": "aerø", "plain": "plain", "日本": "日本", "\xff": "\ufffd"} {
		if got := fold(in); got != want {
			t.Errorf("%q: %q, wanted %q", in, got, want)
		}
	}
}
