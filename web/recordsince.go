package web

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
)

// happened begins to ask what happened to a record since the person looked last, and gives what waits for it. Nil is for records of
// which nobody tells. Where the history does not come in time, it is told who changed the record last.
func (f *filling) happened(ctx context.Context, s *Server, c echo.Context, place crm.Place, form crm.Form) func() crm.Since {
	if s.cfg.Related == nil || form.New() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, partPatience)
	done := make(chan crm.Since, 1)
	f.running.Go(func() {
		var since crm.Since
		defer func() {
			if p := recover(); p != nil {
				f.blame(panicked(p))
			}
			cancel()
			done <- since
		}()
		var err error
		if since, err = s.cfg.Related.Since(ctx, visitOf(c).caller(), place, form); err != nil {
			f.blame(err)
		}
	})
	return func() crm.Since { return <-done }
}
