package bot

import (
	"context"
	"sync"

	"github.com/pintab/pintab/internal/intent"
	"github.com/pintab/pintab/internal/locale"
)

// names are those of the core tables by language; making them costs more than reading a sentence.
var names sync.Map // *intent.Names

func namesIn(language string) *intent.Names {
	if known, ok := names.Load(language); ok {
		return known.(*intent.Names)
	}
	vocabulary := intent.Core()
	vocabulary.Language = language
	made, _ := names.LoadOrStore(language, intent.NewNames(vocabulary))
	return made.(*intent.Names)
}

// read answers a text of somebody who is signed in and has agreed to its being read.
func (s *Service) read(ctx context.Context, p person, text string) (reply, error) {
	wish := intent.Read(text, namesIn(locale.From(ctx).Language())).Wish
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
