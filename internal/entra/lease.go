package entra

import (
	"context"
	"encoding/hex"
	"errors"
	"io"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

const (
	leaseLife  = 15 * time.Second
	leaseRenew = 4 * time.Second
	leasePoll  = 40 * time.Millisecond
)

// leased runs f while this process holds the person's lease among all replicas. The lease is renewed for as long as f
// runs, so that a slow login service does not let a second replica spend the same refresh token.
func (s *Service) leased(ctx context.Context, user crm.User, f func(context.Context) error) error {
	name := user.LeaseName()
	holder, err := s.holder()
	if err != nil {
		return err
	}
	if err := s.lease(ctx, name, holder); err != nil {
		return err
	}
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		s.renewLease(ctx, name, holder, stop)
	}()
	defer func() {
		close(stop)
		<-stopped
		// Released even when the caller has left; otherwise the next one waits until it runs out.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), upstreamTimeout)
		defer cancel()
		_ = s.vault.ReleaseLease(ctx, name, holder)
	}()
	return f(ctx)
}

func (s *Service) holder() (string, error) {
	b := make([]byte, 16)
	if _, err := io.ReadFull(s.cfg.Rand, b); err != nil {
		return "", fault.Wrap(err, fault.Internal, "internal")
	}
	return hex.EncodeToString(b), nil
}

// lease waits until the lease is ours.
func (s *Service) lease(ctx context.Context, name, holder string) error {
	pause := leasePoll
	for {
		ours, err := s.vault.Lease(ctx, name, holder, s.cfg.Now().Add(leaseLife))
		if err != nil || ours {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return fault.Wrap(errors.New("another replica is still renewing the token"), fault.Unreachable, "entra.unreachable")
		}
		pause = min(2*pause, 8*leasePoll)
	}
}

func (s *Service) renewLease(ctx context.Context, name, holder string, stop <-chan struct{}) {
	ticker := time.NewTicker(leaseRenew)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			_, _ = s.vault.Lease(ctx, name, holder, s.cfg.Now().Add(leaseLife))
		case <-stop:
			return
		case <-ctx.Done():
			return
		}
	}
}
