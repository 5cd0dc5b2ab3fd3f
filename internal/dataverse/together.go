package dataverse

import (
	"errors"
	"sync"

	"github.com/pintab/pintab/internal/fault"
)

// together runs everything at once, waits for all of it and gives the first error in the order of the arguments. A panic
// ends in an error, not in the process.
func together(work ...func() error) error {
	errs := make([]error, len(work))
	var all sync.WaitGroup
	for i, do := range work {
		run := func() {
			defer func() {
				if r := recover(); r != nil {
					errs[i] = fault.Wrap(errors.New("panic in a request"), fault.Internal, "internal")
				}
			}()
			errs[i] = do()
		}
		if i == len(work)-1 {
			run()
			continue
		}
		all.Go(run)
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func notUnderstood(why string) error {
	return fault.Wrap(errors.New(why), fault.Unreachable, "dataverse.not_understood")
}
