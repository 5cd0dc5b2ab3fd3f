package dataverse

import (
	"context"
	"maps"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

const (
	// trailLife keeps a person's trail over a weekend and a holiday.
	trailLife = 7 * 24 * time.Hour
	// trailSteps bounds one trail; a large dashboard takes about sixty steps.
	trailSteps = 250
	// trailMisses is how many visits in a row a step may go unused before it is taken for gone.
	trailMisses = 2
	sceneLength = 200
)

// step names one thing that is kept for a while: what it is and where, but nothing of what it says.
type step struct {
	url, api string // of the organization
	what     slot
	id       string
}

// organization is as much of an organization as reading takes.
func (s step) organization() crm.Organization { return crm.Organization{URL: s.url, API: s.api} }

// scene is the key of a trail. The person comes first, as everywhere.
type scene struct {
	user crm.User
	name string
}

// trail is what a person's last visits to one scene read, with the number of visits since each step was last needed.
type trail map[step]int

// recorder notes the steps of one visit.
type recorder struct {
	mu    sync.Mutex
	steps trail
}

type recorderKey struct{}

// note records a step of a visit that is being followed.
func note(ctx context.Context, s step) {
	r, ok := ctx.Value(recorderKey{}).(*recorder)
	if !ok {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.steps) < trailSteps {
		r.steps[s] = 0
	}
}

// Ahead begins to read at once what the person's last visits to a scene read one after the other, and notes what this visit
// reads for the next one. The visit itself goes its way as if nobody went ahead, with the context given back: it comes to
// the same questions, decides by the answers of now, and only finds them already on their way. A trail that has become
// wrong costs requests and shows nothing. Scene is a page's own name for what is shown; where the person has not been yet,
// the first of the like scenes known is followed. End ends what is still under way and has to be called.
func (c *Client) Ahead(ctx context.Context, caller crm.Caller, name string, like ...string) (visit context.Context, end func()) {
	if len(name) > sceneLength {
		return ctx, func() {}
	}
	key, drops := scene{caller.User, name}, c.trails.dropped.Load()
	known := c.trail(key)
	for _, other := range like {
		if known == nil {
			known = c.trail(scene{caller.User, other}).alike()
		}
	}
	ahead, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	if missing := c.missing(caller, known); len(missing) > 0 {
		work.Go(func() { c.walk(ahead, caller, missing) })
	}
	r := &recorder{steps: trail{}}
	return context.WithValue(ctx, recorderKey{}, r), func() {
		cancel()
		work.Wait()
		if c.trails.dropped.Load() != drops {
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		next := r.steps.after(known)
		c.trails.entries.Set(key, entry{value: next, size: 200 * len(next), expires: c.config.Now().Add(trailLife)})
	}
}

// trail gives what is known of a scene, nil when nothing is.
func (c *Client) trail(key scene) trail {
	if e, ok := c.trails.entries.GetIfPresent(key); ok && c.config.Now().Before(e.expires) {
		return e.value.(trail)
	}
	return nil
}

// alike is a trail for another scene: none of its steps outlives a visit that does not need it.
func (t trail) alike() trail {
	if t == nil {
		return nil
	}
	next := make(trail, len(t))
	for s := range t {
		next[s] = trailMisses
	}
	return next
}

// after adds the steps of earlier visits that may be needed again: a visit that broke off says little.
func (t trail) after(earlier trail) trail {
	next := maps.Clone(t)
	for s, misses := range earlier {
		if _, used := next[s]; !used && misses < trailMisses && len(next) < trailSteps {
			next[s] = misses + 1
		}
	}
	return next
}

// walk reads everything on a trail at once. What comes of it is nobody's concern here: it is kept, or being read, when the
// visit asks for it, and a failure will be the visit's own.
func (c *Client) walk(ctx context.Context, caller crm.Caller, t trail) {
	ctx = context.WithValue(ctx, bundlesKey{}, c.bundles(t))
	asks := make([]func() error, 0, len(t))
	for s := range t {
		asks = append(asks, func() error {
			c.take(ctx, caller, s)
			return nil
		})
	}
	_ = together(asks...)
}

// missing gives the steps of a trail that are not kept.
func (c *Client) missing(caller crm.Caller, t trail) trail {
	now, left := c.config.Now(), trail{}
	for s := range t {
		own, kept := c.people.entries.GetIfPresent(personal{caller.User, s.url, s.what, s.id})
		if !kept {
			own, kept = c.metadata.entries.GetIfPresent(shared{caller.User.Tenant, s.url, lcidOf(caller.Locale), s.what, s.id})
		}
		if !kept || !now.Before(own.expires) {
			left[s] = 0
		}
	}
	return left
}

// take reads one step anew with the person's rights, unless it is kept.
func (c *Client) take(ctx context.Context, caller crm.Caller, s step) {
	org := s.organization()
	app := crm.Place{Organization: org, App: crm.App{LayerID: s.id}}
	id, isPersonal := strings.CutPrefix(s.id, personalPrefix)
	switch s.what {
	case slotInstances:
		_, _ = c.instances(ctx, caller)
	case slotApps:
		_, _ = c.appModules(ctx, caller, org)
	case slotLicences:
		_, _ = c.licences(ctx, caller, org)
	case slotRoles:
		_, _ = c.roles(ctx, caller, org)
	case slotWho:
		_, _ = c.who(ctx, caller, org)
	case slotPrivileges:
		_, _ = c.ownsApps(ctx, caller, org, s.id)
	case slotPlans:
		_, _ = c.plans(ctx, caller, org, s.id)
	case slotBlueprint:
		_, _ = c.blueprint(ctx, caller, org, s.id)
	case slotTableForms:
		_, _ = c.tableForms(ctx, caller, org, s.id)
	case slotQuickForm:
		_, _ = c.quickForm(ctx, caller, org, s.id)
	case slotSecured:
		_, _ = c.permissions(ctx, caller, org)
	case slotPowerNames:
		_, _ = c.powerNames(ctx, caller, org, s.id)
	case slotFlows:
		_, _ = c.flows(ctx, caller, org, s.id)
	case slotPowers:
		user, table, _ := strings.Cut(s.id, " ")
		_, _ = c.powers(ctx, caller, org, user, table)
	case slotOptions:
		_, _ = c.options(ctx, caller, org)
	case slotZone:
		if code, err := strconv.Atoi(s.id); err == nil {
			_, _ = c.zone(ctx, caller, org, code)
		}
	case slotComponents:
		_, _ = c.components(ctx, caller, app)
	case slotSiteMap:
		_, _ = c.siteMap(ctx, caller, app)
	case slotForms:
		if s.id == ownForms {
			_, _ = c.userForms(ctx, caller, org)
		} else {
			_, _ = c.systemForms(ctx, caller, org)
		}
	case slotView:
		if table, ok := strings.CutPrefix(s.id, defaultPrefix); ok {
			_, _ = c.defaultView(ctx, caller, org, table)
		} else {
			_, _ = c.view(ctx, caller, org, id, isPersonal)
		}
	case slotQuickFind:
		_, _ = c.quickFind(ctx, caller, org, s.id)
	case slotViews:
		_, _ = c.views(ctx, caller, org, s.id)
	case slotChart:
		_, _ = c.chart(ctx, caller, org, id, isPersonal)
	case slotCharts:
		_, _ = c.charts(ctx, caller, org, s.id)
	case slotTable:
		_, _ = c.table(ctx, caller, org, s.id)
	case slotColumn:
		table, name, _ := strings.Cut(s.id, ".")
		_, _ = c.column(ctx, caller, org, table, name)
	}
}
