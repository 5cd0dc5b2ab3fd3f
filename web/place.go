package web

import (
	"context"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/workspace"
)

// place is what a request is about: the organization and the app that it names, provided that the person may choose them, else
// where they work. Without a place there is nothing to ask a dashboard of.
func (s *Server) place(ctx context.Context, c echo.Context, named url.Values) (crm.Place, error) {
	caller := visitOf(c).caller()
	if organization := named.Get("org"); organization != "" {
		return s.cfg.Places.Check(ctx, caller, organization, named.Get("app"))
	}
	placement, err := s.cfg.Places.Place(ctx, caller)
	if err != nil {
		return crm.Place{}, err
	}
	place, ok := placement.Place()
	if !ok {
		return crm.Place{}, fault.New(fault.NotFound, "workspace.no_place")
	}
	return place, nil
}

// placement is place for a page, which has something to show all the same: a place that is not there for the person is
// noticed, and theirs is shown in its stead.
func (s *Server) placement(ctx context.Context, caller crm.Caller, named url.Values) (p workspace.Placement, notice string, err error) {
	if organization := named.Get("org"); organization != "" {
		place, err := s.cfg.Places.Check(ctx, caller, organization, named.Get("app"))
		if err == nil {
			return workspace.Placement{Organization: &place.Organization, App: &place.App}, "", nil
		}
		if notice = notices[noticeOf(err)]; notice == "" {
			return workspace.Placement{}, "", err
		}
	}
	p, err = s.cfg.Places.Place(ctx, caller)
	return p, notice, err
}
