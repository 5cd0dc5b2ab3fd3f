package crm

import (
	"testing"
	"time"
)

func TestFormatsWriteAsDynamicsDoes(t *testing.T) {
	at := time.Date(2026, 11, 3, 17, 5, 0, 0, time.UTC)
	for want, f := range map[string]Formats{
		"03.11.2026 17:05":   {Date: "dd.MM.yyyy", Time: "HH:mm"},
		"11/3/2026 5:05 PM":  {Date: "M/d/yyyy", Time: "h:mm tt"},
		"2026/11/03 17:05":   {Date: "yyyy/MM/dd", Time: "H:mm"},
		"3-11-26 05:05:00 Z": {Date: "d-M-yy", Time: "hh:mm:ss Z"},
	} {
		if got := f.WriteDate(at) + " " + f.WriteTime(at); got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}
