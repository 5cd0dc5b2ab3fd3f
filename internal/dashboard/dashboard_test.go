package dashboard

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

var (
	reader = crm.Caller{User: crm.User{Tenant: "t", Object: "o"}}
	place  = crm.Place{Organization: crm.Organization{URL: "https://org"}, App: crm.App{ID: "app"}}
)

// shelf is a source whose parts do what the test says by their key.
type shelf struct {
	refs    []crm.DashboardRef
	siteMap []string
	board   crm.Dashboard
	list    func(ctx context.Context, part crm.Part, state crm.PartState) (crm.List, error)
	asked   sync.Map
}

func (s *shelf) Dashboards(context.Context, crm.Caller, crm.Place) ([]crm.DashboardRef, []string, error) {
	return s.refs, s.siteMap, nil
}

func (s *shelf) Dashboard(_ context.Context, _ crm.Caller, _ crm.Place, ref crm.DashboardRef) (crm.Dashboard, error) {
	d := s.board
	d.DashboardRef = ref
	return d, nil
}

func (s *shelf) List(ctx context.Context, _ crm.Caller, _ crm.Place, part crm.Part, state crm.PartState) (crm.List, error) {
	s.asked.Store("list "+part.Key, state)
	if s.list == nil {
		return crm.List{}, nil
	}
	return s.list(ctx, part, state)
}

func (s *shelf) Chart(_ context.Context, _ crm.Caller, _ crm.Place, part crm.Part, state crm.PartState) (crm.Chart, error) {
	s.asked.Store("chart "+part.Key, state)
	return crm.Chart{Name: part.Key}, nil
}

func (s *shelf) Count(_ context.Context, _ crm.Caller, _ crm.Place, part crm.Part, _ crm.PartState) (crm.TileNumber, error) {
	return crm.TileNumber{Count: 7}, nil
}

func (s *shelf) Refresh(context.Context, crm.Caller, crm.Place) error { return nil }

// memory keeps choices.
type memory map[string]string

func (m memory) DashboardChoice(_ context.Context, user crm.User, org, app string) (string, bool, error) {
	return m[user.Object+org+app], false, nil
}

func (m memory) ChooseDashboard(_ context.Context, user crm.User, org, app, id string, personal bool) error {
	m[user.Object+org+app] = fmt.Sprint(id, personal)
	return nil
}

func board(parts ...crm.Part) crm.Dashboard {
	return crm.Dashboard{Tabs: []crm.DashboardTab{{Columns: []crm.DashboardColumn{{Sections: []crm.DashboardSection{{Parts: parts}}}}}}}
}

func lists(n int) (parts []crm.Part) {
	for i := range n {
		parts = append(parts, crm.Part{Key: fmt.Sprint("p", i), Kind: crm.PartList})
	}
	return parts
}

func TestWhichDashboardOpens(t *testing.T) {
	all := []crm.DashboardRef{{ID: "a"}, {ID: "b", Default: true}, {ID: "c"}, {ID: "d", Personal: true}, {ID: "e", Default: true}}
	for name, c := range map[string]struct {
		wanted, chosen string
		siteMap        []string
		refs           []crm.DashboardRef
		want           string
	}{
		"wanted":                     {"c", "d", []string{"a"}, all, "c"},
		"wanted but not visible":     {"x", "d", []string{"a"}, all, "d"},
		"chosen":                     {"", "d", []string{"a"}, all, "d"},
		"chosen but gone":            {"", "x", []string{"a"}, all, "a"},
		"site map":                   {"", "", []string{"x", "c", "a"}, all, "c"},
		"default":                    {"", "", []string{"x"}, all, "b"},
		"first by name":              {"", "", nil, []crm.DashboardRef{{ID: "c"}, {ID: "d"}}, "c"},
		"nothing wanted, empty name": {"", "", []string{""}, []crm.DashboardRef{{ID: "c"}}, "c"},
	} {
		s := Service{Source: &shelf{refs: c.refs, siteMap: c.siteMap}, Choices: memory{"ohttps://orgapp": c.chosen}}
		got, err := s.Open(context.Background(), reader, place, c.wanted)
		if err != nil || got.Dashboard.ID != c.want || len(got.Choices) != len(c.refs) {
			t.Errorf("%s: %s, want %s: %v", name, got.Dashboard.ID, c.want, err)
		}
	}
	_, err := Service{Source: &shelf{}, Choices: memory{}}.Open(context.Background(), reader, place, "a")
	if f := fault.Of(err); f == nil || f.Kind != fault.NotFound || f.Key != "dashboard.none" {
		t.Error(err)
	}
}

func TestChoosing(t *testing.T) {
	choices := memory{}
	s := Service{Source: &shelf{refs: []crm.DashboardRef{{ID: "d", Personal: true}}}, Choices: choices}
	if err := s.Choose(context.Background(), reader, place, "x"); !fault.Is(err, fault.NotFound) {
		t.Error("a dashboard was chosen that the person does not see:", err)
	}
	if err := s.Choose(context.Background(), reader, place, "d"); err != nil || choices["ohttps://orgapp"] != "dtrue" {
		t.Error(choices, err)
	}
}

// One part fails, one panics, one is slow beyond its deadline: each says so, and the others stand.
func TestOnePartFailsAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &shelf{list: func(ctx context.Context, part crm.Part, _ crm.PartState) (crm.List, error) {
			switch part.Key {
			case "p0":
				return crm.List{}, fault.New(fault.Forbidden, "dataverse.forbidden")
			case "p1":
				panic("a defect")
			case "p2":
				<-ctx.Done()
				return crm.List{}, ctx.Err()
			}
			return crm.List{Total: 1}, nil
		}}
		start := time.Now()
		s := Service{Source: source, Choices: memory{}, Now: time.Now}
		var order []string
		keys := map[string]string{}
		err := s.Fill(context.Background(), reader, place, board(lists(6)...), nil, func(f crm.Filled) error {
			order = append(order, f.Part.Key)
			if f.Err != nil {
				keys[f.Part.Key] = fault.Of(f.Err).Key
				if f.List != nil {
					t.Errorf("%s failed and has content", f.Part.Key)
				}
			} else if f.List == nil || f.List.Total != 1 || f.AsOf.IsZero() {
				t.Errorf("%s: %+v", f.Part.Key, f)
			}
			return nil
		})
		if err != nil || len(order) != 6 || order[5] != "p2" {
			t.Errorf("%v %v", order, err)
		}
		want := map[string]string{"p0": "dataverse.forbidden", "p1": "dashboard.part_failed", "p2": "dashboard.part_slow"}
		if fmt.Sprint(keys) != fmt.Sprint(want) {
			t.Errorf("%v, want %v", keys, want)
		}
		if took := time.Since(start); took != usualDeadline {
			t.Errorf("took %v", took)
		}
	})
}

func TestPartsAreAskedInParallelAndShownOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var running, most, emitting atomic.Int32
		source := &shelf{list: func(_ context.Context, part crm.Part, _ crm.PartState) (crm.List, error) {
			n := running.Add(1)
			for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
			}
			time.Sleep(time.Second)
			running.Add(-1)
			return crm.List{}, nil
		}}
		start := time.Now()
		shown := 0
		err := Service{Source: source, Choices: memory{}}.Fill(context.Background(), reader, place, board(lists(20)...), nil, func(crm.Filled) error {
			if emitting.Add(1) > 1 {
				t.Error("two parts are written at once")
			}
			time.Sleep(time.Millisecond)
			emitting.Add(-1)
			shown++
			return nil
		})
		if err != nil || shown != 20 || most.Load() != parallel {
			t.Errorf("%d shown, %d at once: %v", shown, most.Load(), err)
		}
		if took := time.Since(start); took > 4*time.Second {
			t.Errorf("20 parts of a second took %v", took)
		}
	})
}

// When the reader leaves, what is under way is called off, and no goroutine outlives Fill (synctest would not end).
func TestTheReaderLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calledOff atomic.Int32
		source := &shelf{list: func(ctx context.Context, part crm.Part, _ crm.PartState) (crm.List, error) {
			if part.Key == "p0" {
				time.Sleep(time.Second)
				return crm.List{}, nil
			}
			<-ctx.Done()
			calledOff.Add(1)
			return crm.List{}, ctx.Err()
		}}
		gone := errors.New("connection closed")
		s := Service{Source: source, Choices: memory{}}
		if err := s.Fill(context.Background(), reader, place, board(lists(4)...), nil, func(crm.Filled) error { return gone }); !errors.Is(err, gone) {
			t.Error(err)
		}
		if calledOff.Load() != 3 {
			t.Errorf("%d called off", calledOff.Load())
		}
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if err := s.Fill(ctx, reader, place, board(lists(4)...), nil, func(crm.Filled) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	})
}

func TestEveryKindIsFilled(t *testing.T) {
	for kind, want := range map[crm.PartKind]string{
		crm.PartList: "list", crm.PartChart: "chart", crm.PartChartAndList: "list chart", crm.PartStream: "list", crm.PartTile: "tile", crm.PartUnsupported: "",
	} {
		s := Service{Source: &shelf{refs: []crm.DashboardRef{{ID: "d"}}, board: board(crm.Part{Key: "p", Kind: kind})}, Choices: memory{}}
		f, err := s.Part(context.Background(), reader, place, "d", "p", crm.PartState{})
		var got []string
		if f.List != nil {
			got = append(got, "list")
		}
		if f.Chart != nil {
			got = append(got, "chart")
		}
		if f.Tile != nil {
			got = append(got, "tile")
		}
		if text := fmt.Sprint(got); err != nil || text != "["+want+"]" {
			t.Errorf("kind %d: %v %v", kind, got, err)
		}
	}
}

func TestPartsAreLookedUpAgain(t *testing.T) {
	source := &shelf{refs: []crm.DashboardRef{{ID: "d"}}, board: board(crm.Part{Key: "p", Kind: crm.PartChart})}
	s := Service{Source: source, Choices: memory{}}
	for _, c := range [][2]string{{"x", "p"}, {"d", "x"}, {"", "p"}, {"d", ""}} {
		if _, err := s.Part(context.Background(), reader, place, c[0], c[1], crm.PartState{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v: %v", c, err)
		}
	}
	state := crm.PartState{Drill: &crm.Drill{Category: "1"}}
	f, err := s.Part(context.Background(), reader, place, "d", "p", state)
	if err != nil || f.Chart == nil || f.List == nil || f.State.Drill == nil {
		t.Errorf("a chart with a picked segment has to show its records: %+v %v", f, err)
	}
	if _, ok := source.asked.Load("list p"); !ok || !slices.Contains([]crm.PartKind{crm.PartChart}, f.Part.Kind) {
		t.Error("not asked")
	}
}
