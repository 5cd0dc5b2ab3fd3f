package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"

	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/internal/privacy"
)

// invoked answers an invoke in its response. Names that Teams has and this bot has no use for get the answer that closes them;
// a name that nobody knows gets 501, as Microsoft's own SDK answers it.
func (s *Service) invoked(ctx context.Context, p person, a *botframework.Activity, body []byte) (botframework.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, invokeTime)
	defer cancel()
	ctx, standing, err := s.recognize(ctx, p)
	if err != nil {
		return botframework.Answer{Status: http.StatusServiceUnavailable}, err
	}
	l := locale.From(ctx)
	switch a.Name {
	case botframework.InvokeVerifyState:
		return s.verifyState(ctx, p, standing.Stopped, a, body)
	case botframework.InvokeCardAction:
		return s.pressed(ctx, p, a, body)
	case botframework.InvokeTokenExchange:
		return botframework.Answer{Status: http.StatusPreconditionFailed}, nil // there is no silent sign-in: show the button
	case botframework.InvokeSignInFailure, botframework.InvokeSetting, botframework.InvokeCardButton, botframework.InvokeMessageSubmit, botframework.InvokeFileConsent:
		return botframework.Done(), nil
	case botframework.InvokeQuery, botframework.InvokeQueryLink, botframework.InvokeAnonymousLink, botframework.InvokeSelectItem, botframework.InvokeQuerySettingURL:
		return botframework.Answer{Status: http.StatusOK, Body: map[string]any{"composeExtension": map[string]any{"type": "message", "text": l.T("bot.in-tabs")}}}, nil
	case botframework.InvokeFetchTask, botframework.InvokeSubmitAction, botframework.InvokeTaskFetch, botframework.InvokeTaskSubmit:
		return botframework.Answer{Status: http.StatusOK, Body: map[string]any{"task": map[string]any{"type": "message", "value": l.T("bot.in-tabs")}}}, nil
	case botframework.InvokeConfigFetch, botframework.InvokeConfigSubmit:
		return botframework.Answer{Status: http.StatusOK, Body: map[string]any{"responseType": "config", "config": map[string]any{"type": "message", "value": l.T("bot.in-tabs")}}}, nil
	}
	return botframework.Unknown(), nil
}

// verifyState takes the code that the sign-in window handed to the person's own client. What follows is said by a turn.
func (s *Service) verifyState(ctx context.Context, p person, stopped bool, a *botframework.Activity, body []byte) (botframework.Answer, error) {
	var value struct {
		State string `json:"state"`
	}
	if p.Object == "" || stopped || json.Unmarshal(a.Value, &value) != nil || value.State == "" {
		return botframework.Answer{Status: http.StatusNotFound}, nil
	}
	right, _, err := s.cfg.People.TakeBotCode(ctx, p.User, s.seal.code(value.State))
	switch {
	case err != nil:
		return botframework.Answer{Status: statusOf(err)}, err
	case !right:
		return botframework.Answer{Status: http.StatusNotFound}, nil
	}
	return botframework.Done(), s.takeIn(ctx, p, a, body)
}

// pressed answers a button of a card. Pressed twice, or delivered twice, it takes effect once. What takes longer than a client
// waits is said to be under way, and its outcome takes the card's place when it is there.
func (s *Service) pressed(ctx context.Context, p person, a *botframework.Activity, body []byte) (botframework.Answer, error) {
	var value botframework.CardActionValue
	var data actionData
	if json.Unmarshal(a.Value, &value) != nil || len(value.Action.Data) > 0 && json.Unmarshal(value.Action.Data, &data) != nil {
		return botframework.Failed(http.StatusBadRequest, "BadRequest", locale.From(ctx).T("web.bad_request")), nil
	}
	l := locale.From(ctx)
	fresh, err := s.cfg.Queue.Hear(ctx, activityNumber(a, body))
	if err != nil {
		return botframework.Failed(http.StatusInternalServerError, "Unavailable", l.T(fault.Of(err).Key)), err
	}
	if !fresh {
		return botframework.Notice(l.T("bot.pressed-before")), nil
	}
	outcome := make(chan reply, 1)
	soon, late := s.runner.aside(func(ctx context.Context) {
		ctx = locale.With(ctx, l)
		r, err := s.pressedNow(ctx, p, data)
		if err != nil {
			r = s.sorry(ctx, p, err)
		}
		outcome <- r
	}, privacy.EpochOf(ctx))
	if soon == nil {
		return botframework.Failed(http.StatusInternalServerError, "Unavailable", l.T("internal")), errors.New("shutting down")
	}
	select {
	case <-soon:
		return s.answerOf(ctx, p, <-outcome)
	case <-late:
	}
	s.runner.aside(func(ctx context.Context) { s.deliverLate(locale.With(ctx, l), p, a.ReplyToID, outcome) }, privacy.EpochOf(ctx))
	return botframework.Notice(l.T("bot.working")), nil
}

func (s *Service) pressedNow(ctx context.Context, p person, data actionData) (r reply, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = panicked(v)
			s.cfg.Log.Error("bot", "task", "card", "cause", err.Error())
		}
	}()
	standing, err := s.cfg.People.BotStanding(ctx, p.User)
	if err != nil {
		return reply{}, err
	}
	standing.Stopped = standing.Stopped || s.cfg.SignIn.Admit(p.Tenant) != nil
	return s.act(ctx, p, standing, data)
}

// deliverLate puts the outcome of a button into the card's place.
func (s *Service) deliverLate(ctx context.Context, p person, card string, outcome <-chan reply) {
	var r reply
	select {
	case r = <-outcome:
	case <-ctx.Done():
		return
	}
	var err error
	if card != "" && len(r.cards) > 0 {
		err = s.cfg.Speaker.Update(ctx, p.to, card, r.activity())
	} else {
		err = s.say(ctx, p, r)
	}
	if err != nil {
		s.cfg.Log.Error("bot", "task", "late answer", "fault", fault.Of(err).Key)
	}
}

// answerOf is a reply as the answer to adaptiveCard/action: its first Adaptive Card takes the card's place. A card of another
// kind cannot, and is sent.
func (s *Service) answerOf(ctx context.Context, p person, r reply) (botframework.Answer, error) {
	for _, c := range r.cards {
		if c.ContentType == botframework.AdaptiveCard {
			return botframework.NewCard(c.Content), nil
		}
	}
	text := r.text
	if text == "" {
		text = locale.From(ctx).T("bot.sign-in-first")
	}
	if len(r.cards) == 0 {
		return botframework.Notice(text), nil
	}
	r.text = ""
	return botframework.Notice(text), s.say(ctx, p, r)
}
