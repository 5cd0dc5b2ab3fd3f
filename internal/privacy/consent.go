package privacy

import (
	"context"

	"github.com/pintab/pintab/internal/crm"
)

// askedBotText is kept beside the consents once somebody has been asked for ConsentBotText: they are not asked again.
const askedBotText = "asked: " + ConsentBotText

// BotText is what the bot may do with something that a person has typed.
type BotText int

// What the bot may do. Text is read only in the first case; in the others it is neither understood nor kept.
const (
	BotTextAgreed   BotText = iota // read it
	BotTextAsk                     // show the notice and ask: they have not been asked before
	BotTextDeclined                // say in a sentence how to agree after all: they were asked, or have withdrawn it
)

// BotText says what the bot may do with what a person types. It asks nobody: whoever is given BotTextAsk puts the question and
// calls AskedBotText; the answer goes to SetBotConsent.
func (s Service) BotText(ctx context.Context, user crm.User) (BotText, error) {
	if _, agreed, err := s.Rows.Consent(ctx, user, ConsentBotText); agreed || err != nil {
		return BotTextAgreed, err
	}
	if _, asked, err := s.Rows.Consent(ctx, user, askedBotText); asked || err != nil {
		return BotTextDeclined, err
	}
	return BotTextAsk, nil
}

// AskedBotText notes that a person has been asked, so that they are asked once. Erasing what is held of them forgets that too.
func (s Service) AskedBotText(ctx context.Context, user crm.User) error {
	return s.Rows.GiveConsent(ctx, user, askedBotText)
}
