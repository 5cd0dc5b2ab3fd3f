package record

import (
	"context"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// Directory says where a person may work: what exists for them, and what is left out by which rule.
type Directory interface {
	Organizations(ctx context.Context, caller crm.Caller) (listed []crm.Organization, leftOut []crm.LeftOut, err error)
	Apps(ctx context.Context, caller crm.Caller, org crm.Organization) (listed []crm.App, leftOut []crm.LeftOut, err error)
}

// Finder is what this package needs from Dataverse to follow a link that somebody pasted.
type Finder interface {
	// TableOf finds a table by the name of its set or by its object type code: NotFound record.no_table where there is none.
	TableOf(ctx context.Context, caller crm.Caller, place crm.Place, setName string, typeCode int) (string, error)
	// WithID finds records of the app's tables that have this id and that the person may read.
	WithID(ctx context.Context, caller crm.Caller, place crm.Place, id string) ([]crm.RecordRef, error)
	// Conditions says of records what became of them, each with its own fault.
	Conditions(ctx context.Context, caller crm.Caller, place crm.Place, refs []crm.RecordRef) ([]crm.Condition, error)
	// NamedView finds a view by its id, UsualView the one in which a table opens: NotFound view.gone.
	NamedView(ctx context.Context, caller crm.Caller, place crm.Place, id string, personal bool) (crm.FoundView, error)
	UsualView(ctx context.Context, caller crm.Caller, place crm.Place, table string) (crm.FoundView, error)
}

// mostAppsAsked bounds how many apps are looked through for one that has a table.
const mostAppsAsked = 6

// Paste follows a link, or an id, that somebody pasted, beginning in the place where they are. The address in it is compared with those
// of the person's own organizations and never asked for anything. Faults: paste.not_link, paste.other_organization, paste.left_out,
// paste.no_app, paste.dashboard, paste.page, paste.nowhere, and those of opening a record or a view.
func (s *Service) Paste(ctx context.Context, caller crm.Caller, place crm.Place, text string) (crm.Pasted, error) {
	link, ok := crm.LinkFrom(text)
	switch {
	case !ok:
		return crm.Pasted{}, fault.New(fault.Invalid, "paste.not_link")
	case link.Page == crm.LinkDashboard:
		return crm.Pasted{}, fault.New(fault.Invalid, "paste.dashboard")
	case link.Page == crm.LinkApp:
		return crm.Pasted{}, fault.New(fault.Invalid, "paste.page")
	}
	org, err := s.linked(ctx, caller, place, link)
	if err != nil {
		return crm.Pasted{}, err
	}
	at, err := s.placeOf(ctx, caller, place, org, link)
	if err != nil {
		return crm.Pasted{}, err
	}
	if link.Table == "" && link.Page != crm.LinkID && (link.SetName != "" || link.TypeCode != 0) {
		if link.Table, err = s.Finder.TableOf(ctx, caller, at, link.SetName, link.TypeCode); err != nil {
			return crm.Pasted{}, err
		}
	}
	switch {
	case link.Page == crm.LinkView:
		return s.pastedView(ctx, caller, at, link)
	case link.Page == crm.LinkRecord && link.Table != "":
		return s.pastedRecord(ctx, caller, at, crm.RecordRef{Organization: org.URL, Table: link.Table, ID: link.ID})
	}
	return s.pastedID(ctx, caller, at, link.ID)
}

// linked finds the organization of a link among the person's own.
func (s *Service) linked(ctx context.Context, caller crm.Caller, place crm.Place, link crm.Link) (crm.Organization, error) {
	if link.Address == "" {
		return place.Organization, nil
	}
	listed, leftOut, err := s.Directory.Organizations(ctx, caller)
	if err != nil {
		return crm.Organization{}, err
	}
	if i := slices.IndexFunc(listed, link.In); i >= 0 {
		return listed[i], nil
	}
	for _, l := range leftOut {
		if link.In(crm.Organization{URL: l.URL}) {
			return crm.Organization{}, fault.New(fault.NotFound, "paste.left_out").With("organization", l.Name)
		}
	}
	return crm.Organization{}, fault.New(fault.NotFound, "paste.other_organization").With("address", crm.Label(link.Address))
}

// placeOf decides in which app a link is followed: the one that it names, else the one where the person is, else one that has its
// table. A person may well be sent a link to an app that is not theirs, and read the record all the same.
func (s *Service) placeOf(ctx context.Context, caller crm.Caller, place crm.Place, org crm.Organization, link crm.Link) (crm.Place, error) {
	here := place.Organization.URL == org.URL && place.App.ID != ""
	if here && (link.App == "" || link.App == place.App.ID) {
		return place, nil
	}
	apps, _, err := s.Directory.Apps(ctx, caller, org)
	if err != nil {
		return crm.Place{}, err
	}
	for _, app := range apps {
		if link.App != "" && (app.ID == link.App || strings.EqualFold(app.UniqueName, link.App)) {
			return crm.Place{Organization: org, App: app}, nil
		}
	}
	switch {
	case here:
		return place, nil
	case len(apps) == 0:
		return crm.Place{}, fault.New(fault.Forbidden, "paste.no_app").With("organization", org.Name)
	}
	for _, app := range apps[:min(mostAppsAsked, len(apps))] {
		at := crm.Place{Organization: org, App: app}
		tables, err := s.Searcher.Searchable(ctx, caller, at)
		if err == nil && slices.ContainsFunc(tables, func(t crm.Table) bool { return isLinked(t, link) }) {
			return at, nil
		}
	}
	return crm.Place{Organization: org, App: apps[0]}, nil
}

func isLinked(t crm.Table, link crm.Link) bool {
	return t.LogicalName == link.Table || link.SetName != "" && strings.EqualFold(t.SetName, link.SetName) || link.TypeCode != 0 && t.ObjectType == link.TypeCode
}

// pastedRecord reads a record as results show it, or says why it cannot be.
func (s *Service) pastedRecord(ctx context.Context, caller crm.Caller, at crm.Place, ref crm.RecordRef) (crm.Pasted, error) {
	found, err := s.Searcher.Shown(ctx, caller, at, []crm.RecordRef{ref})
	if err != nil {
		return crm.Pasted{}, err
	}
	if len(found) > 0 {
		return crm.Pasted{Place: at, Record: &found[0]}, nil
	}
	became, err := s.Finder.Conditions(ctx, caller, at, []crm.RecordRef{ref})
	if err == nil {
		err = became[0].Err
	}
	if err == nil { // it came to be in between
		err = fault.New(fault.NotFound, "record.deleted").With("table", became[0].Table.Label)
	}
	return crm.Pasted{}, err
}

// pastedView finds a view. Links of older versions do not say whether it is a personal one.
func (s *Service) pastedView(ctx context.Context, caller crm.Caller, at crm.Place, link crm.Link) (crm.Pasted, error) {
	if link.ViewID == "" {
		v, err := s.Finder.UsualView(ctx, caller, at, link.Table)
		if err != nil {
			return crm.Pasted{}, err
		}
		return crm.Pasted{Place: at, View: &v}, nil
	}
	v, err := s.Finder.NamedView(ctx, caller, at, link.ViewID, link.Personal)
	if fault.Is(err, fault.NotFound) {
		v, err = s.Finder.NamedView(ctx, caller, at, link.ViewID, !link.Personal)
	}
	if err != nil {
		return crm.Pasted{}, err
	}
	return crm.Pasted{Place: at, View: &v}, nil
}

// pastedID finds whatever has an id: a record of the app's tables, or a view.
func (s *Service) pastedID(ctx context.Context, caller crm.Caller, at crm.Place, id string) (crm.Pasted, error) {
	refs, err := s.Finder.WithID(ctx, caller, at, id)
	if err != nil {
		return crm.Pasted{}, err
	}
	if len(refs) > 0 {
		return s.pastedRecord(ctx, caller, at, refs[0])
	}
	found, err := s.pastedView(ctx, caller, at, crm.Link{ViewID: id})
	if fault.Is(err, fault.NotFound) {
		err = fault.New(fault.NotFound, "paste.nowhere").With("organization", at.Organization.Name)
	}
	return found, err
}
