package bot

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

const (
	// SignInPath is the page that the button Sign in opens; the query's "state" says for whom.
	SignInPath = "/auth/bot/start"
	// linkLife is how long the button of a sign-in card works.
	linkLife = 24 * time.Hour
	// codeLife is how long a code may be typed.
	codeLife    = 10 * time.Minute
	linkPurpose = "bot sign-in"
)

// link is what the button of a sign-in card carries, sealed: who may sign in by it.
type link struct {
	Tenant string `json:"t"`
	Object string `json:"o"`
	Until  int64  `json:"u"`
}

// signInCard says something and offers Sign in.
func (s *Service) signInCard(ctx context.Context, p person, key string) reply {
	l := locale.From(ctx)
	state, err := s.seal.token(link{p.Tenant, p.Object, s.cfg.Now().Add(linkLife).Unix()}, linkPurpose)
	if err != nil {
		return sentence(ctx, "internal")
	}
	content, err := json.Marshal(map[string]any{
		"text":    l.T(key) + "\n\n" + l.T("bot.sign-in-how"),
		"buttons": []botframework.CardAction{{Type: "signin", Title: l.T("action.sign-in"), Value: s.cfg.PublicURL + SignInPath + "?" + url.Values{"state": {state}}.Encode()}},
	})
	if err != nil {
		return sentence(ctx, "internal")
	}
	return reply{cards: []botframework.Attachment{{ContentType: botframework.SignInCard, Content: content}}}
}

// MaySignIn says whom a sign-in card was made for. A card that is too old is fault.SignedOut "bot.link-expired".
func (s *Service) MaySignIn(state string) (crm.User, error) {
	var l link
	if err := s.seal.untoken(state, linkPurpose, &l); err != nil {
		return crm.User{}, fault.Wrap(err, fault.Invalid, "bot.link-expired")
	}
	if l.Object == "" || s.cfg.Now().Unix() > l.Until {
		return crm.User{}, fault.Wrap(errors.New("sign-in card is too old"), fault.SignedOut, "bot.link-expired")
	}
	return crm.User{Tenant: l.Tenant, Object: l.Object}, nil
}

// SignedIn takes a sign-in that the window of a card has finished. It counts only once the person confirms it in their own chat
// with the code given back, which their client sends by itself where it can. An account that is not the one in the chat is
// fault.Forbidden "bot.other-account".
func (s *Service) SignedIn(ctx context.Context, state string, profile crm.Profile) (code string, err error) {
	user, err := s.MaySignIn(state)
	if err != nil {
		return "", err
	}
	if profile.User != user {
		return "", fault.New(fault.Forbidden, "bot.other-account").With("account", profile.Username)
	}
	var raw [8]byte
	if _, err := io.ReadFull(s.cfg.Rand, raw[:]); err != nil {
		return "", fault.Wrap(err, fault.Internal, "internal")
	}
	code = fmt.Sprintf("%06d", binary.BigEndian.Uint64(raw[:])%1_000_000)
	return code, s.cfg.People.OfferBotCode(ctx, user, s.seal.code(code), s.cfg.Now().Add(codeLife))
}

// typedCode takes a code that a person typed, if one of theirs is waited for; done is false when none is.
func (s *Service) typedCode(ctx context.Context, p person, text string) (r reply, done bool, err error) {
	if waiting, err := s.cfg.People.AwaitsBotCode(ctx, p.User); err != nil || !waiting {
		return reply{}, false, err
	}
	right, waiting, err := s.cfg.People.TakeBotCode(ctx, p.User, s.seal.code(strings.ReplaceAll(text, " ", "")))
	switch {
	case err != nil:
		return reply{}, true, err
	case right:
		r, err = s.chooser(ctx, p, "")
		return r, true, err
	case waiting:
		return sentence(ctx, "bot.code-wrong"), true, nil
	}
	return s.signInCard(ctx, p, "bot.code-wrong"), true, nil
}
