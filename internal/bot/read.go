package bot

import (
	"context"

	"github.com/pintab/pintab/internal/intent"
	"github.com/pintab/pintab/internal/locale"
)

// read answers a text of somebody who is signed in and has agreed to its being read.
func (s *Service) read(ctx context.Context, p person, text string) (reply, error) {
	vocabulary := intent.Core()
	vocabulary.Language = locale.From(ctx).Language()
	wish := intent.Read(text, intent.NewNames(vocabulary)).Wish
	switch wish.Intent {
	case intent.SignOut:
		return s.signOut(ctx, p)
	case intent.SwitchOrg, intent.SwitchApp:
		return s.chooser(ctx, p, "")
	case intent.ShowHeld:
		return s.held(ctx, p)
	case intent.WhereAmI:
		return s.whereAmI(ctx, p)
	case intent.SignIn:
		return sentence(ctx, "bot.signed-in-already"), nil
	case intent.OpenBoard, intent.OpenSetup, intent.Greeting, intent.Help, intent.Thanks, intent.Goodbye, intent.Agree, intent.Cancel, intent.ReportTrouble:
		return s.help(ctx), nil
	case intent.None:
		r := s.help(ctx)
		r.text = locale.From(ctx).T("bot.not-understood")
		return r, nil
	}
	r := s.help(ctx)
	r.text = locale.From(ctx).T("bot.in-tabs")
	return r, nil
}
