package entra

import (
	"errors"
	"slices"

	"github.com/pintab/pintab/internal/fault"
)

// Admit says whether people of a tenant may be here: a fault of Kind Forbidden when the operator has stopped the tenant, or
// does not allow it (any more).
func (s *Service) Admit(tenant string) error {
	if slices.Contains(s.cfg.StoppedTenants, tenant) {
		return fault.New(fault.Forbidden, "entra.stopped")
	}
	if _, ok := s.provider(tenant); !ok || tenant == Organizations {
		return fault.Wrap(errors.New("token of a tenant that is not allowed"), fault.Forbidden, "entra.tenant")
	}
	return nil
}
