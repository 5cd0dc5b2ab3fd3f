package web

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/andybalholm/brotli"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
	"github.com/pintab/pintab/templates"
)

// nowhere is where a page is written to when only the work counts.
type nowhere struct{ header http.Header }

func (w nowhere) Header() http.Header         { return w.header }
func (w nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (w nowhere) WriteHeader(int)             {}
func (w nowhere) Flush()                      {}

// A page for somebody signed in, through every layer, from a Dataverse that answers at once; beside it the same page drawn
// by templ and encoded alone, which is what it cannot cost less than.
func BenchmarkDashboardPage(b *testing.B) {
	at := start(b)
	tab := at.inTeams(person(world.Seller))
	r, err := http.NewRequest(http.MethodGet, at.url+"/tab/dashboard", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Cookie", sessionCookie+"="+tab.sessionOf())
	r.Header.Set("Accept-Encoding", "br")
	r.Header.Set("Sec-Fetch-Dest", "iframe")
	b.Run("whole", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			at.ServeHTTP(nowhere{http.Header{}}, r)
		}
	})
	model := templates.DashboardModel{Profile: crm.Profile{Name: "x"}}
	stream := &stream{Server: at.Server, c: at.echo.NewContext(r, nowhere{http.Header{}}), ctx: b.Context()}
	visitOf(stream.c).session = &crm.Session{Profile: crm.Profile{User: crm.User{Tenant: world.Home.ID, Object: person(world.Seller).ObjectID}}}
	board, state := stream.open(nil)
	if state != nil {
		b.Fatal(state.Situation)
	}
	var parts []crm.Filled
	for f := range board.Parts {
		parts = append(parts, f)
	}
	board.Parts = func(yield func(crm.Filled) bool) {
		for _, f := range parts {
			if !yield(f) {
				return
			}
		}
	}
	model.Open = opened(board)
	encoder := codings[0].idle.Get().(*brotli.Writer)
	b.Run("templ and brotli alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			encoder.Reset(io.Discard)
			if err := templates.DashboardPage(model).Render(b.Context(), encoder); err != nil {
				b.Fatal(err)
			}
			encoder.Close()
		}
	})
}

func opened(board templates.Board) func(context.Context) (templates.Board, *templates.State) {
	return func(context.Context) (templates.Board, *templates.State) { return board, nil }
}
