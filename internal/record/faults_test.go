package record_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/record"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/internal/store"
)

// mishap is something that goes wrong with one exchange.
type mishap int

const (
	fine mishap = iota
	refusedBusy
	refusedOutage   // 503, nothing happened
	lostBefore      // the connection breaks before anything happens
	lostAfter       // it happens, and the connection breaks
	cutAfter        // it happens, and the answer is cut in the middle
	badGatewayAfter // it happens, and a gateway answers 502
	garbledAfter    // it happens, and the answer is not JSON
	mishaps
)

// befall answers a request with a mishap; false leaves it alone.
func (m mishap) befall(w http.ResponseWriter, r *http.Request, next func(http.ResponseWriter, *http.Request)) bool {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(strings.NewReader(string(body)))
	real := httptest.NewRecorder()
	after := func() { next(real, r) }
	switch m {
	case refusedBusy:
		w.Header().Set("Retry-After", "5")
		http.Error(w, `{"error":{"code":"0x80072322","message":"busy"}}`, http.StatusTooManyRequests)
	case refusedOutage:
		http.Error(w, "out", http.StatusServiceUnavailable)
	case lostBefore:
		panic(http.ErrAbortHandler)
	case lostAfter:
		after()
		panic(http.ErrAbortHandler)
	case cutAfter:
		after()
		w.Header().Set("Content-Length", fmt.Sprint(real.Body.Len()+10))
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(real.Code)
		_, _ = w.Write(real.Body.Bytes()[:real.Body.Len()/2])
		panic(http.ErrAbortHandler)
	case badGatewayAfter:
		after()
		http.Error(w, "<html>bad gateway</html>", http.StatusBadGateway)
	case garbledAfter:
		after()
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"half":`)
	default:
		return false
	}
	return true
}

// troubled is a transport in which the nth exchanges of one kind go wrong.
type troubled struct {
	mu     sync.Mutex
	writes map[int]mishap // by number of the write, from 0
	reads  map[int]mishap // by number of the read of the row after the first write
	wrote  int
	read   int
}

func (x *troubled) RoundTrip(r *http.Request) (*http.Response, error) {
	x.mu.Lock()
	m := fine
	switch {
	case r.Method == http.MethodPatch:
		m = x.writes[x.wrote]
		x.wrote++
	case x.wrote > 0 && r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/accounts("):
		m = x.reads[x.read]
		x.read++
	}
	x.mu.Unlock()
	if m == fine {
		return http.DefaultTransport.RoundTrip(r)
	}
	// The mishap happens on a server of its own, so that connections really break.
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) {
		m.befall(w, in, func(w http.ResponseWriter, in *http.Request) {
			out := in.Clone(r.Context())
			out.URL, out.Host, out.RequestURI = r.URL, r.URL.Host, ""
			answer, err := http.DefaultTransport.RoundTrip(out)
			if err != nil {
				return
			}
			defer answer.Body.Close()
			w.WriteHeader(answer.StatusCode)
			_, _ = io.Copy(w, answer.Body)
		})
	}))
	defer server.Close()
	out := r.Clone(r.Context())
	u := *r.URL
	u.Scheme, u.Host = "http", strings.TrimPrefix(server.URL, "http://")
	out.URL = &u
	answer, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(out)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(answer.Body)
	_ = answer.Body.Close()
	answer.Body = io.NopCloser(&ending{text, err})
	return answer, nil
}

// shaky is a client on a troubled way. Its clock goes forward between trials, so that none waits for what an earlier one was
// told.
type shaky struct {
	*troubled
	client *dataverse.Client
	later  atomic.Int64
}

func (d *desk) shaky() *shaky {
	x := &shaky{troubled: &troubled{}}
	x.client = dataverse.New(dataverse.Config{
		Tokens: d.stage, AllowHTTP: true, HTTP: x.troubled, Random: func() float64 { return 0 },
		Now: func() time.Time { return time.Now().Add(time.Duration(x.later.Load()) * time.Second) },
	})
	return x
}

// with gives the client for one trial.
func (x *shaky) with(writes, reads map[int]mishap) record.Source {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.writes, x.reads, x.wrote, x.read = writes, reads, 0, 0
	x.later.Add(7)
	return x.client
}

// ending is a body that has been read, with the error at its end.
type ending struct {
	rest []byte
	err  error
}

func (e *ending) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.err != nil {
			return 0, e.err
		}
		return 0, io.EOF
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// Whatever goes wrong with a write, at whichever step: what the person is told is what the organization holds.
func TestWhatIsToldIsWhatIsHeld(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	told := map[string]int{}
	shaky := d.shaky()
	for first := range mishaps {
		for _, second := range []mishap{fine, refusedBusy, lostBefore, lostAfter, garbledAfter} {
			for _, read := range []mishap{fine, refusedOutage, lostBefore} {
				if first == fine && (second != fine || read != fine) {
					continue
				}
				ref := d.account("Trial")
				f := d.open(ref)
				service := *d.service
				service.Source = shaky.with(map[int]mishap{0: first, 1: second}, map[int]mishap{0: read, 1: read, 2: read})
				saved, err := service.Save(t.Context(), d.caller, d.place, typed(f, map[string]string{"telephone1": "new"}))
				held := d.held("accounts", ref, "telephone1")
				name := fmt.Sprintf("write %d, then %d, reads %d", first, second, read)
				switch {
				case err != nil:
					told["not saved"]++
					if held != "1" {
						t.Errorf("%s: told %v, and it holds %v", name, err, held)
					}
				case saved.Outcome == crm.OutcomeSaved:
					told["saved"]++
					if held != "new" || len(saved.Changes) != 1 {
						t.Errorf("%s: told that it is saved, and it holds %v", name, held)
					}
				case saved.Outcome == crm.OutcomeUnknown:
					told["unknown"]++
					// Asking again finds out, with the same page and one effect.
					again, err := d.service.Save(t.Context(), d.caller, d.place, typed(f, map[string]string{"telephone1": "new"}))
					if err != nil || again.Outcome != crm.OutcomeSaved || d.held("accounts", ref, "telephone1") != "new" {
						t.Errorf("%s: asked again: %v %v", name, err, again.Outcome)
					}
				default:
					t.Errorf("%s: outcome %d %v", name, saved.Outcome, saved.Form.Problems)
				}
				if x, _ := saved.Form.Field("telephone1"); x.Input() != "new" {
					t.Errorf("%s: what was typed is lost: %+v", name, x)
				}
			}
		}
	}
	t.Log(told)
	if told["saved"] < 20 || told["unknown"] < 10 || told["not saved"] < 5 {
		t.Error("not every ending was seen")
	}
}

// A hundred equal requests at once, on two servers, are one write, and everybody is told the same.
func TestManyEqualRequestsAreOneWrite(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "shared.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	replicas := []*record.Service{d.server(db), d.server(db)}
	ref := d.account("Double")
	in := typed(d.open(ref), map[string]string{"telephone1": "once"})
	d.stage.forget()
	var all sync.WaitGroup
	var saved, again atomic.Int64
	for i := range 100 {
		all.Go(func() {
			got, err := replicas[i%2].Save(t.Context(), d.caller, d.place, in)
			if err != nil || got.Outcome != crm.OutcomeSaved || len(got.Changes) != 1 || got.Changes[0].Old.Raw != "1" || got.Changes[0].New.Raw != "once" {
				t.Error(err, got.Outcome, got.Changes)
			}
			saved.Add(1)
			if got.Again {
				again.Add(1)
			}
		})
	}
	all.Wait()
	if n := d.stage.sent(http.MethodPatch, "accounts"); n != 1 || again.Load() != 99 {
		t.Error(n, "writes,", again.Load(), "told that it was sent before")
	}
}

// A server that ends between the effect and its note of it leaves nothing in doubt.
func TestAServerThatEndedInBetween(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	for name, effect := range map[string]bool{"before the effect": false, "after it": true} {
		ref := d.account("Crash")
		f := d.open(ref)
		in := typed(f, map[string]string{"telephone1": "new"})
		crashed := *d.service
		crashed.Source = ends{Source: d.service.Source, effect: effect}
		func() {
			defer func() { _ = recover() }()
			_, _ = crashed.Save(t.Context(), d.caller, d.place, in)
		}()
		later := *d.service
		later.Patience = time.Millisecond
		saved, err := later.Save(t.Context(), d.caller, d.place, in)
		if err != nil || saved.Outcome != crm.OutcomeSaved || d.held("accounts", ref, "telephone1") != "new" {
			t.Error(name, err, saved.Outcome)
		}
	}
}

// ends is a source at whose write the process ends.
type ends struct {
	record.Source
	effect bool
}

func (e ends) Update(ctx context.Context, caller crm.Caller, place crm.Place, f crm.Form, changes []crm.Change) (crm.Form, error) {
	if e.effect {
		if _, err := e.Source.Update(ctx, caller, place, f, changes); err != nil {
			return crm.Form{}, err
		}
	}
	panic("the process ends")
}

// Several editors, in any order, with lost answers in between: no update is ever lost, and nobody is told anything else.
func TestNoUpdateIsEverLost(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	columns := []string{"telephone1", "sic", "tickersymbol"}
	shaky := d.shaky()
	for seed := range 12 {
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		ref := d.account("Many")
		model := map[string]string{"telephone1": "1", "sic": "2", "tickersymbol": ""}
		type editor struct {
			form  crm.Form
			reads map[string]string // what the person was shown
		}
		show := func(f crm.Form) editor {
			e := editor{f, map[string]string{}}
			for _, column := range columns {
				x, _ := f.Field(column)
				e.reads[column] = x.Value.Raw
			}
			return e
		}
		editors := []editor{show(d.open(ref)), show(d.open(ref)), show(d.open(ref))}
		for step := range 12 {
			who := random.IntN(len(editors))
			e := &editors[who]
			if random.IntN(4) == 0 {
				*e = show(d.open(ref))
			}
			want := map[string]string{columns[random.IntN(3)]: fmt.Sprintf("%d-%d", seed, step)}
			if random.IntN(3) == 0 {
				want[columns[random.IntN(3)]] = fmt.Sprintf("%d.%d", seed, step)
			}
			in := typed(e.form, want)
			chosen := map[string]crm.Side{}
			for _, x := range e.form.Fields {
				if x.Conflict != nil && x.Conflict.Overlap {
					side := []crm.Side{crm.Mine, crm.Theirs}[random.IntN(2)]
					in.Choices[x.LogicalName], chosen[x.LogicalName] = side, side
				}
			}
			service := *d.service
			service.Source = shaky.with(map[int]mishap{0: mishap(random.IntN(int(mishaps)))}, nil)
			saved, err := service.Save(t.Context(), d.caller, d.place, in)
			if err != nil {
				continue // told that nothing was saved, which is checked below
			}
			switch saved.Outcome {
			case crm.OutcomeSaved:
				for _, change := range saved.Changes {
					column := change.Column.LogicalName
					// A person overwrites what they were shown, and nothing else.
					if x, _ := e.form.Field(column); model[column] != change.Old.Raw || x.Value.Raw != change.Old.Raw {
						t.Fatalf("seed %d step %d: %s was %q, and %q was overwritten", seed, step, column, change.Old.Raw, model[column])
					}
					model[column] = change.New.Raw
				}
				*e = show(saved.Form)
			case crm.OutcomeConflict, crm.OutcomeInvalid, crm.OutcomeUnchanged:
				e.form = saved.Form
			default:
				t.Fatal("outcome", saved.Outcome)
			}
			for _, column := range columns {
				held, _ := d.held("accounts", ref, column).(string)
				if held != model[column] {
					t.Fatalf("seed %d step %d, outcome %d: %s is %q and should be %q", seed, step, saved.Outcome, column, held, model[column])
				}
			}
		}
	}
}

// The organization changes while a page stands open: its rules are those of now.
func TestAColumnThatIsNoLongerAllowed(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Rules")
	in := typed(d.open(ref), map[string]string{"telephone1": "kept", "sic": "dropped"})
	service := *d.service
	service.Source = without{Source: d.service.Source, column: "sic"}
	told, err := service.Save(t.Context(), d.caller, d.place, in)
	if err != nil || told.Outcome != crm.OutcomeInvalid || len(told.Form.Problems) != 1 || told.Form.Problems[0].Key != "problem.misplaced" || d.held("accounts", ref, "telephone1") != "1" {
		t.Fatal(err, told.Outcome, told.Form.Problems)
	}
	in.Confirmed = true
	saved, err := service.Save(t.Context(), d.caller, d.place, in)
	if err != nil || saved.Outcome != crm.OutcomeSaved || d.held("accounts", ref, "telephone1") != "kept" || d.held("accounts", ref, "sic") != "2" {
		t.Fatal(err, saved.Outcome, saved.Form.Problems)
	}
}

// without is a source whose forms have lost a column.
type without struct {
	record.Source
	column string
}

func (s without) Shape(ctx context.Context, caller crm.Caller, place crm.Place, ref crm.RecordRef, form string) (crm.Form, error) {
	f, err := s.Source.Shape(ctx, caller, place, ref, form)
	for i := range f.Fields {
		if f.Fields[i].LogicalName == s.column {
			f.Fields[i].LogicalName = "gone"
		}
	}
	return f, err
}

func TestSomebodyWhoMayOnlyRead(t *testing.T) {
	d, reader := at(t, world.Administrator, "en-US"), at(t, world.ReadOnly, "en-US")
	ref := d.account("Read")
	f := reader.open(ref)
	if f.Editable() || f.Access.Write || !f.Access.Read || len(f.Actions) != 0 {
		t.Errorf("%+v %v", f.Access, f.Actions)
	}
	in := typed(f, map[string]string{"telephone1": "x", "ownerid": "systemuser:" + ref.ID, "createdby": "x"})
	saved, err := reader.service.Save(t.Context(), reader.caller, reader.place, in)
	if err != nil || saved.Outcome == crm.OutcomeSaved || d.held("accounts", ref, "telephone1") != "1" {
		t.Error(err, saved.Outcome)
	}
	// Even with a page of somebody who may: Dataverse decides.
	service := *d.service
	service.Source = asked{Source: d.service.Source, caller: reader.caller}
	_, err = service.Save(t.Context(), d.caller, d.place, typed(d.open(ref), map[string]string{"telephone1": "x"}))
	if !fault.Is(err, fault.Forbidden) || fault.Of(err).Key != "record.no_write" || d.held("accounts", ref, "telephone1") != "1" {
		t.Error(err)
	}
}

// asked writes with another person's rights.
type asked struct {
	record.Source
	caller crm.Caller
}

func (a asked) Update(ctx context.Context, _ crm.Caller, place crm.Place, f crm.Form, changes []crm.Change) (crm.Form, error) {
	return a.Source.Update(ctx, a.caller, place, f, changes)
}
