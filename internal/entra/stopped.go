package entra

import (
	"context"
	"errors"
	"slices"

	"github.com/pintab/pintab/internal/fault"
)

// Admit says whether the configuration lets people of a tenant be here: a fault of Kind Forbidden when the operator has stopped
// the tenant, or does not allow it (any more). What Config.Stopped says is not part of it; a session tells (crm.Session).
func (s *Service) Admit(tenant string) error {
	if slices.Contains(s.cfg.StoppedTenants, tenant) {
		return fault.New(fault.Forbidden, "entra.stopped")
	}
	if _, ok := s.provider(tenant); !ok || tenant == Organizations {
		return fault.Wrap(errors.New("token of a tenant that is not allowed"), fault.Forbidden, "entra.tenant")
	}
	return nil
}

// admit is Admit at the moments when somebody comes in, where Config.Stopped is asked too.
func (s *Service) admit(ctx context.Context, tenant string) error {
	if err := s.Admit(tenant); err != nil || s.cfg.Stopped == nil {
		return err
	}
	off, err := s.cfg.Stopped(ctx, tenant)
	if err == nil && off {
		err = fault.New(fault.Forbidden, "entra.stopped")
	}
	return err
}
