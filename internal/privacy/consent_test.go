package privacy_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/privacy"
	"github.com/pintab/pintab/internal/store"
)

// The bot asks once; it reads only while the person agrees, and whoever is erased is as new.
func TestTheBotAsksOnce(t *testing.T) {
	rows, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "p.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	s := privacy.Service{Rows: rows, Now: time.Now}
	want := func(may privacy.BotText) {
		t.Helper()
		if got, err := s.BotText(t.Context(), ada); got != may || err != nil {
			t.Errorf("%v, want %v: %v", got, may, err)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	want(privacy.BotTextAsk)
	want(privacy.BotTextAsk) // asking whether to ask is not asking
	must(s.AskedBotText(t.Context(), ada))
	must(s.AskedBotText(t.Context(), ada))
	want(privacy.BotTextDeclined)
	if got, err := s.BotText(t.Context(), ben); got != privacy.BotTextAsk || err != nil {
		t.Error("somebody else was not asked, and will not be:", got, err)
	}
	must(s.SetBotConsent(t.Context(), ada, true))
	want(privacy.BotTextAgreed)
	must(s.SetBotConsent(t.Context(), ada, false))
	want(privacy.BotTextDeclined)
	if _, err := s.Erase(t.Context(), ada, false); err != nil {
		t.Fatal(err)
	}
	want(privacy.BotTextAsk)
}
