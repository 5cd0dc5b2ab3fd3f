package main

import (
	"cmp"
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/bot"
	"github.com/pintab/pintab/internal/botframework"
)

// publicIssuer signs for the public cloud; its name is also the resource of the bot's own tokens.
const publicIssuer = "https://api.botframework.com"

// newBot wires the chat: what it checks and how it speaks comes from the configuration, whom it asks from parts.
func (c Config) newBot(parts bot.Config, log *slog.Logger, now func() time.Time) (*bot.Service, error) {
	appID, secret := cmp.Or(c.BotAppID, c.ClientID), cmp.Or(c.BotSecret, c.ClientSecret)
	addresses := botframework.Addresses{Loopback: c.Loopback}
	verifier, err := botframework.NewVerifier(botframework.VerifierConfig{
		AppID: appID, Issuer: c.BotIssuer, Metadata: c.BotMetadata, Addresses: addresses, Now: now,
	})
	if err != nil {
		return nil, err
	}
	keys, err := c.keys("bot")
	if err != nil {
		return nil, err
	}
	parts.Verifier = verifier
	parts.Speaker = botframework.NewConnector(botframework.ConnectorConfig{
		AppID: appID, Secret: secret,
		TokenURL:  cmp.Or(c.BotTokenURL, strings.TrimRight(c.Authority, "/")+"/"+c.tenants()[0]+"/oauth2/v2.0/token"),
		Scope:     strings.TrimRight(cmp.Or(c.BotIssuer, publicIssuer), "/") + "/.default",
		Addresses: addresses, Now: now,
	})
	parts.PublicURL, parts.Keys, parts.Log, parts.Now = c.PublicURL, keys, log, now
	return bot.New(parts)
}

// answering lets the bot answer until stop is called, which waits for the turns that have begun.
func answering(chat *bot.Service) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		chat.Run(ctx)
	}()
	return func() { cancel(); <-ended }
}
