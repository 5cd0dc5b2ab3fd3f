package bot

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/pintab/pintab/internal/botframework"
	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/privacy"
	"github.com/pintab/pintab/internal/workspace"
)

// Verifier checks that an activity comes from the Bot Connector.
type Verifier interface {
	Verify(ctx context.Context, authorization string, a *botframework.Activity) error
}

// Speaker sends to conversations.
type Speaker interface {
	Send(ctx context.Context, to botframework.Reference, a botframework.Activity) (id string, err error)
	Update(ctx context.Context, to botframework.Reference, activityID string, a botframework.Activity) error
	Typing(ctx context.Context, to botframework.Reference) error
}

// Queue keeps what waits to be answered, for all replicas.
type Queue interface {
	Hear(ctx context.Context, id []byte) (fresh bool, err error)
	TakeIn(ctx context.Context, t crm.Turn, holder string, until time.Time) (fresh, mine bool, err error)
	EndTurn(ctx context.Context, id []byte) error
	KeepTurn(ctx context.Context, id []byte, holder string, until time.Time) (bool, error)
	NextTurns(ctx context.Context, holder string, until time.Time, limit int) ([]crm.Turn, error)
	ReleaseTurns(ctx context.Context, holder string) error
}

// People keeps who talks to the bot.
type People interface {
	Epoch(ctx context.Context) (int64, error)
	BotStanding(ctx context.Context, user crm.User) (crm.BotStanding, error)
	OfferBotCode(ctx context.Context, user crm.User, code []byte, expires time.Time) error
	TakeBotCode(ctx context.Context, user crm.User, code []byte) (right, waiting bool, err error)
	AwaitsBotCode(ctx context.Context, user crm.User) (bool, error)
	EndSessions(ctx context.Context, user crm.User) error
	Meet(ctx context.Context, conversation []byte, user crm.User, kind string) (isNew bool, err error)
	Part(ctx context.Context, conversation []byte) error
	LeaveBot(ctx context.Context, user crm.User) error
}

// SignIn is what this package needs from Entra ID.
type SignIn interface {
	Admit(tenant string) error
	SignOut(ctx context.Context, user crm.User) error
}

// Privacy is what a person may ask about themselves, and their consent.
type Privacy interface {
	BotText(ctx context.Context, user crm.User) (privacy.BotText, error)
	AskedBotText(ctx context.Context, user crm.User) error
	SetBotConsent(ctx context.Context, user crm.User, agree bool) error
	Holdings(ctx context.Context, user crm.User) ([]crm.HeldRow, error)
}

// Places says where a person works, and lets them choose.
type Places interface {
	Place(ctx context.Context, caller crm.Caller) (workspace.Placement, error)
	Choices(ctx context.Context, caller crm.Caller, organizationURL string) (workspace.Choices, error)
	Choose(ctx context.Context, caller crm.Caller, organizationURL, appID string, board crm.DashboardRef) (saved time.Time, err error)
}

// Config is everything that the bot needs.
type Config struct {
	Verifier Verifier
	Speaker  Speaker
	Queue    Queue
	People   People
	SignIn   SignIn
	Privacy  Privacy
	Places   Places
	// PublicURL is our own origin: pages of ours that cards lead to.
	PublicURL string
	// Keys (32 bytes each) seal what waits and what travels: the first seals, all of them open.
	Keys [][]byte
	Log  *slog.Logger
	Now  func() time.Time // nil: time.Now
	Rand io.Reader        // nil: crypto/rand
}

// Service is the bot. It is safe for concurrent use; Run has to be running for messages to be answered.
type Service struct {
	cfg    Config
	seal   *seal
	holder string // names this process
	runner *runner
}

// New makes the bot. It asks nobody anything yet.
func New(cfg Config) (*Service, error) {
	if cfg.Verifier == nil || cfg.Speaker == nil || cfg.Queue == nil || cfg.People == nil || cfg.SignIn == nil || cfg.Privacy == nil || cfg.Places == nil {
		return nil, errors.New("bot: a port is missing")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	if cfg.Log == nil {
		cfg.Log = slog.Default()
	}
	s := &Service{cfg: cfg}
	var err error
	if s.seal, err = newSeal(cfg.Keys); err != nil {
		return nil, err
	}
	if s.holder, err = s.random(); err != nil {
		return nil, err
	}
	s.runner = newRunner(s)
	return s, nil
}
