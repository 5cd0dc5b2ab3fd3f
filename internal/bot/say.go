package bot

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
)

// reply is what is said: a sentence, which is never read as Markdown, and cards.
type reply struct {
	text  string
	cards []botframework.Attachment
}

func sentence(ctx context.Context, key string, args ...locale.Args) reply {
	return reply{text: locale.From(ctx).T(key, args...)}
}

// with adds a card.
func (r reply) with(c card) reply {
	r.cards = append(r.cards, c.attachment())
	return r
}

func (r reply) activity() botframework.Activity {
	a := botframework.Activity{Type: botframework.TypeMessage, Text: r.text, Attachments: r.cards}
	if r.text != "" {
		a.TextFormat = "plain"
	}
	return a
}

// say sends a reply. A conversation that is not there any more is forgotten.
func (s *Service) say(ctx context.Context, p person, r reply) error {
	if r.text == "" && len(r.cards) == 0 {
		return nil
	}
	_, err := s.cfg.Speaker.Send(ctx, p.to, r.activity())
	if fault.Is(err, fault.NotFound) {
		return s.cfg.People.Part(ctx, p.talk)
	}
	return err
}

const (
	// typingAfter is when an answer that is not there yet is announced; the sign stands for some seconds.
	typingAfter = 700 * time.Millisecond
	typingAgain = 6 * time.Second
)

// typing shows that an answer is under way, unless it comes at once. Stop returns when no sign can follow any more.
func (s *Service) typing(ctx context.Context, p person) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		wait := time.NewTimer(typingAfter)
		defer wait.Stop()
		for {
			select {
			case <-done:
				return
			case <-ctx.Done():
				return
			case <-wait.C:
			}
			_ = s.cfg.Speaker.Typing(ctx, p.to) // it is a courtesy
			wait.Reset(typingAgain)
		}
	}()
	return sync.OnceFunc(func() { close(done); <-ended })
}

// card is an Adaptive Card of our own words. Names of records and organizations stand in choices and plain sentences alone,
// where nothing is read as Markdown.
type card struct {
	body    []map[string]any
	actions []map[string]any
}

func (c card) title(text string) card {
	return c.block(map[string]any{"type": "TextBlock", "text": text, "weight": "Bolder", "size": "Medium", "wrap": true})
}

func (c card) paragraph(text string) card {
	return c.block(map[string]any{"type": "TextBlock", "text": text, "wrap": true})
}

func (c card) plain(text string) card {
	return c.block(map[string]any{"type": "RichTextBlock", "inlines": []map[string]any{{"type": "TextRun", "text": text}}})
}

func (c card) block(b map[string]any) card {
	c.body = append(c.body, b)
	return c
}

// do adds a button that does something here.
func (c card) do(title, what string) card {
	data := map[string]any{"do": what}
	c.actions = append(c.actions, map[string]any{
		"type": "Action.Execute", "title": title, "verb": what, "data": data,
		"fallback": map[string]any{"type": "Action.Submit", "title": title, "data": data},
	})
	return c
}

// open adds a button that opens a page of ours.
func (c card) open(title, address string) card {
	c.actions = append(c.actions, map[string]any{"type": "Action.OpenUrl", "title": title, "url": address})
	return c
}

func (c card) attachment() botframework.Attachment {
	content := map[string]any{"type": "AdaptiveCard", "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "version": "1.5", "body": c.body}
	if len(c.actions) > 0 {
		content["actions"] = c.actions
	}
	raw, err := json.Marshal(content)
	if err != nil {
		panic(err) // maps of strings always encode
	}
	return botframework.Attachment{ContentType: botframework.AdaptiveCard, Content: raw}
}
