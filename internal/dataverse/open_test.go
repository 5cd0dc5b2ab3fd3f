package dataverse_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
)

// counted counts the tokens that are asked for.
type counted struct {
	dataverse.TokenSource
	asked *atomic.Int32
}

func (c counted) Token(ctx context.Context, user crm.User, resource string) (string, error) {
	c.asked.Add(1)
	return c.TokenSource.Token(ctx, user, resource)
}

// Of an organization that the operator has not opened, nothing is asked and no token is fetched, also where a person's own
// trail still leads there.
func TestNothingIsAskedOfAnOrganizationThatIsNotOpen(t *testing.T) {
	v := newTraveller(t)
	config, open, tokens := v.config(), atomic.Bool{}, atomic.Int32{}
	config.Tokens = counted{config.Tokens, &tokens}
	config.Open = func(url string) bool { return open.Load() && url == v.place().Organization.URL }
	v.client = dataverse.New(config)
	open.Store(true)
	v.want("First", "Second")
	if tokens.Load() == 0 {
		t.Fatal("nothing is asked to begin with")
	}
	v.forward(time.Hour)
	open.Store(false)
	before, fetched := v.count(""), tokens.Load()
	v.want("workspace.not_open", "workspace.not_open")
	_, end := v.client.Ahead(context.Background(), anna, "board")
	end()
	if _, _, err := v.client.Apps(context.Background(), anna, v.place().Organization); err == nil {
		t.Error("its apps are told")
	}
	if v.count("") != before || tokens.Load() != fetched {
		t.Errorf("%d questions, %d tokens", v.count("")-before, tokens.Load()-fetched)
	}
}
