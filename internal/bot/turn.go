package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/internal/privacy"
)

// turn answers one activity.
func (s *Service) turn(ctx context.Context, a *botframework.Activity) error {
	p := s.person(a, a.Tenant())
	ctx, standing, err := s.recognize(ctx, p)
	if err != nil {
		return err
	}
	stop := s.typing(ctx, p)
	defer stop()
	r, err := s.answer(ctx, p, standing, a)
	if err != nil {
		r = s.sorry(ctx, p, err)
	}
	stop()
	if said := s.say(ctx, p, r); said != nil {
		return said
	}
	if fault.Of(err) != nil && !expected(err) {
		return err
	}
	return nil
}

// expected are faults that say something of the person's situation, and nothing of ours.
func expected(err error) bool {
	switch fault.Of(err).Kind {
	case fault.Internal, fault.Unreachable:
		return false
	}
	return true
}

// recognize finds out what is known of a person, and gives a context that speaks their language.
func (s *Service) recognize(ctx context.Context, p person) (context.Context, crm.BotStanding, error) {
	standing, err := s.cfg.People.BotStanding(ctx, p.User)
	if err != nil {
		return ctx, standing, err
	}
	if admitted := s.cfg.SignIn.Admit(p.Tenant); admitted != nil {
		standing.Stopped = true
	}
	return locale.With(ctx, locale.Prefer(standing.Language, p.locales...)), standing, nil
}

// caller is on whose behalf Dataverse is asked.
func (p person) caller(ctx context.Context) crm.Caller {
	return crm.Caller{User: p.User, Locale: locale.From(ctx).Tag()}
}

// sorry is the one place where a fault becomes an answer.
func (s *Service) sorry(ctx context.Context, p person, err error) reply {
	f := fault.Of(err)
	switch f.Kind {
	case fault.SignedOut, fault.Consent:
		if p.personal {
			return s.signInCard(ctx, p, "bot.sign-in-again")
		}
		return sentence(ctx, "bot.private")
	}
	return sentence(ctx, f.Key, f.Args)
}

// answer decides what is said to an activity.
func (s *Service) answer(ctx context.Context, p person, standing crm.BotStanding, a *botframework.Activity) (reply, error) {
	switch a.Type {
	case botframework.TypeInstallationUpdate, botframework.TypeConversationUpdate:
		return s.joined(ctx, p, standing, a)
	case botframework.TypeInvoke:
		return s.chooser(ctx, p, "") // a sign-in that was confirmed
	}
	switch {
	case p.Object == "":
		return reply{}, nil // a bot, or somebody whom the directory does not know
	case standing.Stopped:
		return sentence(ctx, "entra.stopped"), nil
	case len(a.Value) > 0 && !bytes.Equal(a.Value, []byte("null")) && a.Said() == "":
		return s.submitted(ctx, p, standing, a.Value)
	}
	return s.written(ctx, p, standing, a.Said())
}

// joined introduces the bot once to each conversation, and forgets a conversation that it was taken out of.
func (s *Service) joined(ctx context.Context, p person, standing crm.BotStanding, a *botframework.Activity) (reply, error) {
	self := func(b botframework.Account) bool { return a.Recipient != nil && b.ID == a.Recipient.ID }
	if a.Action == "remove" || slices.ContainsFunc(a.MembersRemoved, self) {
		if p.personal && p.Object != "" {
			if err := s.cfg.People.LeaveBot(ctx, p.User); err != nil {
				return reply{}, err
			}
		}
		return reply{}, s.cfg.People.Part(ctx, p.talk)
	}
	if a.Action != "add" && !slices.ContainsFunc(a.MembersAdded, self) {
		return reply{}, nil
	}
	owner := p.User
	if !p.personal {
		owner.Object = ""
	}
	isNew, err := s.cfg.People.Meet(ctx, p.talk, owner, p.kind)
	if err != nil || !isNew {
		return reply{}, err
	}
	switch {
	case standing.Stopped:
		return sentence(ctx, "entra.stopped"), nil
	case p.personal:
		return s.welcome(ctx, p, standing), nil
	}
	return sentence(ctx, "bot.welcome-group"), nil
}

func (s *Service) welcome(ctx context.Context, p person, standing crm.BotStanding) reply {
	if standing.SignedIn {
		return s.help(ctx)
	}
	return s.signInCard(ctx, p, "bot.welcome")
}

// help says what there is, with a button for each thing.
func (s *Service) help(ctx context.Context) reply {
	return reply{}.with(s.offers(ctx, card{}.title(locale.From(ctx).T("bot.help-title"))))
}

// offers adds to a card what there is.
func (s *Service) offers(ctx context.Context, c card) card {
	l := locale.From(ctx)
	return c.paragraph(l.T("bot.help")).do(l.T("bot.switch"), doChoose).do(l.T("bot.held-button"), doHeld).do(l.T("bot.sign-out"), doSignOut).
		open(l.T("bot.open-dashboard"), s.cfg.PublicURL+"/tab/dashboard")
}

// aCode is what a code of a sign-in looks like, also when it was typed with a gap.
var aCode = regexp.MustCompile(`^[0-9]{3} ?[0-9]{3}$`)

// written answers what a person typed. Nothing of it is looked at before they are signed in and have agreed, but whether it is
// the code that the sign-in window told them to type.
func (s *Service) written(ctx context.Context, p person, standing crm.BotStanding, text string) (reply, error) {
	if !standing.SignedIn {
		if !p.personal {
			return sentence(ctx, "bot.private"), nil
		}
		if aCode.MatchString(text) {
			if r, done, err := s.typedCode(ctx, p, text); done || err != nil {
				return r, err
			}
		}
		return s.signInCard(ctx, p, "bot.welcome"), nil
	}
	may, err := s.cfg.Privacy.BotText(ctx, p.User)
	if err != nil {
		return reply{}, err
	}
	switch may {
	case privacy.BotTextAsk:
		if !p.personal {
			return sentence(ctx, "bot.private"), nil
		}
		return s.askConsent(ctx), s.cfg.Privacy.AskedBotText(ctx, p.User)
	case privacy.BotTextDeclined:
		l := locale.From(ctx)
		return reply{}.with(card{}.paragraph(l.T("bot.declined")).do(l.T("bot-text.give"), doAgree).do(l.T("bot.sign-out"), doSignOut)), nil
	}
	return s.read(ctx, p, text)
}

func (s *Service) askConsent(ctx context.Context) reply {
	l := locale.From(ctx)
	return reply{}.with(card{}.title(l.T("bot-text.title")).paragraph(l.T("bot-text.what")).paragraph(l.T("bot-text.kept")).
		paragraph(l.T("bot-text.warning")).paragraph(l.T("bot-text.agree")).
		do(l.T("bot-text.give"), doAgree).do(l.T("bot.not-now"), doDecline).open(l.T("bot.open-privacy"), s.cfg.PublicURL+"/tab/privacy"))
}

// submitted answers a button of a card.
func (s *Service) submitted(ctx context.Context, p person, standing crm.BotStanding, value json.RawMessage) (reply, error) {
	var data actionData
	if json.Unmarshal(value, &data) != nil {
		return s.help(ctx), nil
	}
	return s.act(ctx, p, standing, data)
}
