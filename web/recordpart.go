package web

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/templates"
)

// Related reads what belongs to a record: the rows of its sub-grids and its timeline.
type Related interface {
	SubGrid(ctx context.Context, caller crm.Caller, place crm.Place, form crm.Form, control crm.Control, state crm.PartState) (crm.List, error)
	Timeline(ctx context.Context, caller crm.Caller, place crm.Place, form crm.Form, control crm.Control, q crm.TimelineQuery) (crm.Timeline, error)
	// Since tells what happened to a record since the person looked last, and notes that they look now.
	Since(ctx context.Context, caller crm.Caller, place crm.Place, form crm.Form) (crm.Since, error)
}

// partPatience is how long the fields below a list wait for it. What takes longer is asked for once more by the page, and by a
// link where no script runs.
const partPatience = 1200 * time.Millisecond

// filling asks for the lists of a record that are seen first, all at once, while the page is being drawn.
type filling struct {
	done    map[string]chan templates.RecordPart
	late    <-chan struct{}
	running sync.WaitGroup
	cancel  context.CancelFunc
	blame   func(error)
}

// fill begins to read the lists on the tab that is shown, and the one that the address is about.
func (s *Server) fill(ctx context.Context, c echo.Context, place crm.Place, form crm.Form, a about) *filling {
	ctx, cancel := context.WithCancel(ctx)
	late, stop := context.WithTimeout(ctx, partPatience)
	f := &filling{done: map[string]chan templates.RecordPart{}, late: late.Done(), cancel: func() { stop(); cancel() }, blame: func(err error) { s.blame(c, err) }}
	if s.cfg.Related == nil {
		return f
	}
	query := c.QueryParams()
	wanted := query.Get("part")
	for i, tab := range form.Tabs {
		shown := tab.Key == a.tab || a.tab == "" && i == 0
		for _, column := range tab.Columns {
			for _, section := range column.Sections {
				for _, control := range section.Controls {
					if !listed(control) || !shown && control.Key != wanted {
						continue
					}
					done := make(chan templates.RecordPart, 1)
					f.done[control.Key] = done
					asked := url.Values{}
					if control.Key == wanted {
						asked = query
					}
					f.running.Go(func() { done <- s.recordPart(ctx, c, place, form, control, asked) })
				}
			}
		}
	}
	return f
}

func listed(c crm.Control) bool {
	return c.Kind == crm.ControlSubGrid && c.SubGrid != nil || c.Kind == crm.ControlTimeline
}

// part waits for a list, for as long as anybody may wait for it.
func (f *filling) part(c crm.Control) (templates.RecordPart, bool) {
	done, ok := f.done[c.Key]
	if !ok {
		return templates.RecordPart{}, false
	}
	var part templates.RecordPart
	select {
	case part = <-done:
	case <-f.late:
		select {
		case part = <-done:
		default:
			return part, false
		}
	}
	if part.Filled.Err != nil {
		f.blame(part.Filled.Err)
	}
	return part, true
}

// end gives up what has not come, and waits until nothing runs any more.
func (f *filling) end() {
	f.cancel()
	f.running.Wait()
}

// recordPart reads one list; what goes wrong is said in its place.
func (s *Server) recordPart(ctx context.Context, c echo.Context, place crm.Place, form crm.Form, control crm.Control, query url.Values) (part templates.RecordPart) {
	part.Filled.AsOf = s.cfg.Now()
	defer func() {
		if p := recover(); p != nil {
			part.Filled.Err = panicked(p)
		}
	}()
	caller := visitOf(c).caller()
	var err error
	if control.Kind == crm.ControlTimeline {
		part.Query = templates.TimelineFrom(query)
		if part.Query.Size == 0 {
			part.Query.Size = control.PageSize
		}
		var line crm.Timeline
		line, err = s.cfg.Related.Timeline(ctx, caller, place, form, control, part.Query)
		line.CanNote = line.CanNote && s.cfg.Adds != nil
		part.Timeline = &line
	} else {
		_, state := crm.PartStateFrom(query)
		var list crm.List
		list, err = s.cfg.Related.SubGrid(ctx, caller, place, form, control, state)
		part.SubGrid = control.SubGrid
		part.Filled.Part, part.Filled.State, part.Filled.List = control.SubGrid.Part, state, &list
		part.Filled.Part.Key = control.Key
		if part.Filled.Part.Title == "" {
			part.Filled.Part.Title = control.Label
		}
	}
	if err != nil {
		part.Filled.Err, part.Filled.List, part.Timeline = asFault(err), nil, nil
	}
	return part
}

// showRecordPart answers one list of a record as a piece, whatever goes wrong.
func (s *Server) showRecordPart(c echo.Context) error {
	if err := s.somebody(c); err != nil {
		return err
	}
	ctx, cancel := s.ahead(c, recordScene(c))
	defer cancel()
	place, a, form, err := s.openHere(ctx, c)
	if err != nil {
		return err
	}
	control, ok := s.controlOf(ctx, c, place, form, c.QueryParam("part"))
	if !ok || !listed(control) {
		return fault.New(fault.NotFound, "dashboard.part_gone")
	}
	part := s.recordPart(ctx, c, place, form, control, c.QueryParams())
	status := http.StatusOK
	if part.Filled.Err != nil {
		f := asFault(part.Filled.Err)
		s.blame(c, f)
		status = statuses[f.Kind]
		retryAfter(c, f)
	}
	return s.draw(c, status, templates.RecordPartPanel(templates.RecordPartModel{
		Place: place, Ref: form.Ref, Form: form.ID, From: a.from(), Control: control, Part: part, Files: s.cfg.Files != nil, Theme: visitOf(c).theme, Reading: form.Reading,
	}))
}

// unlisted says of lists that nobody can fill here that they are in Dynamics 365.
func unlisted(form crm.Form) crm.Form {
	tabs := make([]crm.FormTab, len(form.Tabs))
	for i, tab := range form.Tabs {
		columns := make([]crm.FormColumn, len(tab.Columns))
		for j, column := range tab.Columns {
			sections := make([]crm.FormSection, len(column.Sections))
			for k, section := range column.Sections {
				controls := make([]crm.Control, len(section.Controls))
				for l, control := range section.Controls {
					if listed(control) {
						control.Kind, control.Unsupported = crm.ControlUnsupported, "list"
					}
					controls[l] = control
				}
				section.Controls = controls
				sections[k] = section
			}
			column.Sections = sections
			columns[j] = column
		}
		tab.Columns = columns
		tabs[i] = tab
	}
	form.Tabs = tabs
	return form
}
