package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/templates"
)

// Views reads views page by page.
type Views interface {
	View(ctx context.Context, caller crm.Caller, place crm.Place, q crm.ViewQuery) (crm.ViewList, error)
	// Rows gives each the pages of a view until most rows have been read; cut says that there are more.
	Rows(ctx context.Context, caller crm.Caller, place crm.Place, q crm.ViewQuery, most int, each func(crm.ViewList) error) (cut bool, err error)
}

const viewPage = templates.ViewPath

func (s *Server) routeView() {
	s.page(viewPage, s.showView)
	s.echo.GET(viewPage+"/part", s.showViewPart)
	s.echo.GET(viewPage+"/export", s.exportView)
}

// viewScene names a view in a person's visits.
func viewScene(c echo.Context) string {
	return "view " + c.QueryParam("table") + " " + c.QueryParam("view")
}

// showView answers the list page as a stream.
func (s *Server) showView(c echo.Context) error {
	if untidy(c.QueryParams()) {
		return c.Redirect(http.StatusSeeOther, viewPage+"?"+tidied(c.QueryParams()).Encode())
	}
	ctx, cancel := s.ahead(c, viewScene(c), "view ")
	defer cancel()
	var place crm.Place
	model := templates.ViewModel{Page: s.pageOf(c), Open: func(context.Context) (v templates.View, state *templates.State) {
		defer func() {
			if p := recover(); p != nil {
				v, state = templates.View{}, s.landingState(c, panicked(p), place)
			}
		}()
		var err error
		place, err = s.place(ctx, c, c.QueryParams())
		if err != nil {
			return v, s.landingState(c, err, place)
		}
		v = s.view(ctx, c, place)
		if listless(v.Problem) || v.Problem != nil && visitOf(c).pinned != nil {
			return v, s.landingState(c, v.Problem, place)
		}
		s.pinOpened(ctx, c, &v)
		return v, nil
	}, Pinned: visitOf(c).pinned != nil}
	var beside *filling
	if id := selected(c); id != "" {
		model.Beside = func(context.Context) (r templates.Record, state *templates.State) {
			defer func() {
				if p := recover(); p != nil {
					r, state = templates.Record{}, s.recordState(c, panicked(p), place)
				}
			}()
			return s.besideView(ctx, c, place, id, &beside)
		}
	}
	defer func() {
		if beside != nil {
			beside.end()
		}
	}()
	r := c.Response()
	r.Header().Set(echo.HeaderContentType, echo.MIMETextHTMLCharsetUTF8)
	r.WriteHeader(http.StatusOK)
	return templates.ViewPage(model).Render(c.Request().Context(), r)
}

// listless reports whether there is no list to show anything around: the table is unknown, or nobody is signed in.
func listless(err error) bool {
	f := fault.Of(err)
	return f != nil && (f.Key == "record.no_table" || f.Kind == fault.SignedOut || f.Kind == fault.Consent)
}

// selected is the id of the record that the address wants beside the list.
func selected(c echo.Context) string {
	id := strings.ToLower(strings.Trim(c.QueryParam("id"), "{}"))
	if uuid.Validate(id) != nil || len(id) != 36 {
		return ""
	}
	return id
}

// besideView opens the selected record as its own page would.
func (s *Server) besideView(ctx context.Context, c echo.Context, place crm.Place, id string, lists **filling) (templates.Record, *templates.State) {
	a := about{ref: crm.RecordRef{Table: c.QueryParam("table"), ID: id}}
	a.trail = templates.TrailFrom(templates.Onward(c.QueryParam("from"), templates.ListToken(crm.ViewQueryFrom(c.QueryParams()))))
	form, err := s.cfg.Records.Open(ctx, visitOf(c).caller(), place, a.ref, "")
	if err != nil {
		return templates.Record{}, s.recordState(c, err, place)
	}
	r := s.record(ctx, c, place, form, a)
	*lists = s.fill(ctx, c, place, r.Form, a)
	r.Part = (*lists).part
	return r, nil
}

// view reads the list that an address is about. What goes wrong is said in the list's place.
func (s *Server) view(ctx context.Context, c echo.Context, place crm.Place) templates.View {
	q := crm.ViewQueryFrom(c.QueryParams())
	here := c.QueryParam("after")
	q.Mark = s.openMark(c, place, q, here)
	trail := templates.TrailFrom(c.QueryParam("from"))
	v := templates.View{
		Place: place, Query: q, AsOf: s.cfg.Now(), Selected: selected(c), Theme: visitOf(c).theme, ExportLimit: exportLimit,
		From: about{trail: trail}.from(),
	}
	v.Trail = s.crumbs(c, crm.Form{}, about{trail: trail})
	if q.Table == "" {
		v.Problem = fault.New(fault.NotFound, "record.no_table")
		return v
	}
	list, err := s.cfg.Views.View(ctx, visitOf(c).caller(), place, q)
	if err != nil {
		v.Problem = asFault(err)
		s.blame(c, v.Problem)
		return v
	}
	v.List = &list
	if q.Mark != "" {
		v.Here = here
	}
	v.Next = s.sealMark(c, place, q.At(list.Page+1, ""), list.Mark)
	if list.Page > furthestByNumber {
		v.Previous = s.sealMark(c, place, q.At(list.Page-1, ""), list.Mark)
	}
	return v
}

// showViewPart answers the list as a piece of HTML, whatever goes wrong.
func (s *Server) showViewPart(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	ctx, cancel := s.ahead(c, viewScene(c), "view ")
	defer cancel()
	place, err := s.place(ctx, c, c.QueryParams())
	if err != nil {
		return err
	}
	v := s.view(ctx, c, place)
	status := http.StatusOK
	if v.Problem != nil {
		f := asFault(v.Problem)
		if f.Kind == fault.SignedOut {
			return f
		}
		status = statuses[f.Kind]
		retryAfter(c, f)
	}
	return s.draw(c, status, templates.ViewPanel(v))
}

// untidy reports whether an address has what forms send for fields that nobody filled in.
func untidy(query url.Values) bool {
	for name, values := range query {
		for _, value := range values {
			if strings.HasPrefix(name, "f.") && value == "" {
				return true
			}
		}
	}
	return false
}

// tidied is the address as it is copied: the query as we would write it, and how the page looks.
func tidied(query url.Values) url.Values {
	v := crm.ViewQueryFrom(query).Values()
	for _, name := range []string{"org", "app", "from", "id", "theme", "locale"} {
		if value := query.Get(name); value != "" {
			v.Set(name, value)
		}
	}
	return v
}

// listCrumb is what a list on the way here is called.
func listCrumb(c echo.Context, form crm.Form, table string) string {
	if form.Table.LogicalName == table && form.Table.PluralLabel != "" {
		return form.Table.PluralLabel
	}
	return locale.From(c.Request().Context()).T("view.title")
}
