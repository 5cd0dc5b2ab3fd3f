package teams

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/world"
)

//go:embed templates
var templateFiles embed.FS

var pages = template.Must(template.New("").Funcs(template.FuncMap{
	"initials": initials,
	"lines":    func(s string) []string { return strings.Split(s, "\n") },
	"clock":    func(t time.Time) string { return t.Format("2 Jan 15:04") },
	"stamp":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
}).ParseFS(templateFiles, "templates/*.html"))

// frame is what every page has around its content.
type frame struct {
	view
	Path    string // of this page
	Title   string
	Section string // store, teams, chats, or an app's id: what is lit in the rail
	Notice  string // what just happened
	Apps    []railApp
	People  []world.Person
	Tenant  world.Tenant
	Body    any
}

type railApp struct{ ID, Name, Icon, Href string }

func (s *Server) draw(w http.ResponseWriter, r *http.Request, status int, page string, f frame) {
	f.view, f.Path, f.People = s.viewOf(r), r.URL.Path, s.config.People
	f.Tenant = s.tenant(f.Person.TenantID)
	if f.Notice == "" {
		f.Notice = notices[r.URL.Query().Get("done")]
	}
	for _, a := range s.installedFor(f.Person) {
		f.Apps = append(f.Apps, railApp{a.ID, a.shortName(f.Locale), "/store/" + a.ID + "/color.png", f.To("/app/" + a.ID)})
	}
	var out bytes.Buffer
	if err := pages.ExecuteTemplate(&out, page, f); err != nil {
		s.config.Log.Error("teams stand-in: page", "page", page, "error", err)
		http.Error(w, "This page could not be drawn. Reload it; if that does not help, restart the sandbox.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = out.WriteTo(w)
}

// notices are the sentences that a redirect can ask for; an address cannot put words of its own on the page.
var notices = map[string]string{
	"installed":   "Installed. Each part has its own Open button below.",
	"added":       "Added to the team. Open a channel and choose Add a tab.",
	"uninstalled": "The app has been removed.",
	"removed":     "The app has been removed from the team; its tabs there are gone.",
	"uploaded":    "The package was read and is in the store now.",
	"not-yes":     "Turn the switch to Yes first, then choose Install.",
}

// installedFor lists the personal apps of a person.
func (s *Server) installedFor(p world.Person) []*app {
	var ids []string
	s.store.read(func(k *kept) {
		for _, i := range k.Installs {
			if i.Scope == "personal" && i.For == p.ObjectID {
				ids = append(ids, i.App)
			}
		}
	})
	var apps []*app
	for _, id := range ids {
		if a := s.catalog.find(id); a != nil {
			apps = append(apps, a)
		}
	}
	return apps
}

type problemBody struct{ Sentence, Href, Link string }

func (s *Server) problem(w http.ResponseWriter, r *http.Request, status int, sentence string) {
	v := s.viewOf(r)
	s.draw(w, r, status, "problem.html", frame{Title: "Not here", Body: problemBody{sentence, v.To("/store"), "Go to the store"}})
}

func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	s.problem(w, r, http.StatusNotFound, "There is nothing at this address.")
}

// showHome begins where somebody new has to begin, in the store, and otherwise in the app they have.
func (s *Server) showHome(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	if apps := s.installedFor(v.Person); len(apps) > 0 {
		http.Redirect(w, r, v.To("/app/"+apps[0].ID), http.StatusSeeOther)
		return
	}
	http.Redirect(w, r, v.To("/store"), http.StatusSeeOther)
}

type teamsBody struct {
	Teams []*team
	Chats []space
	Bots  []railApp
}

func (s *Server) showTeams(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	s.draw(w, r, http.StatusOK, "teams.html", frame{Title: "Teams", Section: "teams", Body: teamsBody{Teams: s.teamsOf(v.Person)}})
}

func (s *Server) showChats(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	s.draw(w, r, http.StatusOK, "chats.html", frame{Title: "Chat", Section: "chats", Body: teamsBody{Chats: s.chatsOf(v.Person), Bots: s.botChats(v)}})
}

// botChats are the conversations with the bots of a person's apps.
func (s *Server) botChats(v view) []railApp {
	var all []railApp
	for _, a := range s.installedFor(v.Person) {
		if a.bot("personal") != nil {
			all = append(all, railApp{a.ID, a.shortName(v.Locale), "/store/" + a.ID + "/color.png", v.To("/app/" + a.ID + "/conversations")})
		}
	}
	return all
}

type spaceBody struct {
	teamsBody
	Space   space
	Tabs    []pinned
	Current *pinned
	App     *app
	Posts   []shownPost
	Addable []addable
	Tab     *tabPage
}

// HeadName is what the square beside the space's name abbreviates.
func (b spaceBody) HeadName() string {
	if b.Space.Team != nil {
		return b.Space.Team.Name
	}
	return b.Space.Name
}

// SpacePath is the address of the space's posts; its tabs are below it.
func (b spaceBody) SpacePath() string { return b.Space.path() }

// IsCurrent says whether the tab with this id is shown.
func (b spaceBody) IsCurrent(id string) bool { return b.Current != nil && b.Current.ID == id }

type shownPost struct {
	Person world.Person
	Text   string
	At     time.Time
	Tab    *pinned // whose conversation it is in
	Sub    string
}

// addable is an app that offers a tab here. Installed says whether it can be added at once.
type addable struct {
	App       *app
	Installed bool
	Setup     setup
}

// showSpace shows a channel or a group chat: its posts, or one of its tabs.
func (s *Server) showSpace(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	body := spaceBody{teamsBody: teamsBody{Teams: s.teamsOf(v.Person), Chats: s.chatsOf(v.Person), Bots: s.botChats(v)}}
	section, found := "teams", false
	if r.PathValue("chat") != "" {
		section = "chats"
	}
	for _, c := range s.spacesOf(v.Person) {
		if c.path() == strings.TrimSuffix("/"+section+"/"+r.PathValue("team")+r.PathValue("chat")+"/"+r.PathValue("channel"), "/") {
			body.Space, found = c, true
		}
	}
	if !found {
		s.problem(w, r, http.StatusNotFound, "There is no such channel or chat, or "+v.Person.Name+" is not a member.")
		return
	}
	s.store.read(func(k *kept) {
		for _, t := range k.Tabs {
			if t.Space == body.Space.ID {
				body.Tabs = append(body.Tabs, t)
			}
		}
		for _, p := range k.Posts {
			if p.Space == body.Space.ID {
				person, _ := s.personByID(p.Person)
				shown := shownPost{Person: person, Text: p.Text, At: p.At, Sub: p.Sub}
				if t := k.tab(p.Tab); t != nil {
					about := *t
					shown.Tab = &about
				}
				body.Posts = append(body.Posts, shown)
			}
		}
	})
	body.Posts = append(s.openingPosts(body.Space), body.Posts...)
	body.Addable = s.addableTo(body.Space, v)
	f := frame{Title: body.Space.Name, Section: section}
	if id := r.PathValue("tab"); id != "" {
		i := slices.IndexFunc(body.Tabs, func(t pinned) bool { return t.ID == id })
		if i < 0 {
			s.problem(w, r, http.StatusNotFound, "This tab is not here any more.")
			return
		}
		body.Current = &body.Tabs[i]
		body.App = s.catalog.find(body.Current.App)
		if body.App == nil {
			s.problem(w, r, http.StatusNotFound, "The app of this tab is not in the store any more.")
			return
		}
		f.Title = body.Current.Name
		page := s.spaceTab(v, body.App, body.Space, *body.Current, r.URL.Query().Get("sub"))
		body.Tab = &page
	}
	f.Body = body
	s.draw(w, r, http.StatusOK, "space.html", f)
}

func (s *Server) spacesOf(p world.Person) []space {
	all := s.chatsOf(p)
	for _, t := range s.teamsOf(p) {
		all = append(all, t.Channels...)
	}
	return all
}

func (s *Server) openingPosts(c space) []shownPost {
	var all []shownPost
	day := s.config.Now().Add(-24 * time.Hour).Truncate(24 * time.Hour).Add(9 * time.Hour)
	for i, o := range c.Opening {
		if person, ok := s.personByRole(c.Tenant, o.Role); ok {
			all = append(all, shownPost{Person: person, Text: o.Text, At: day.Add(time.Duration(i) * 7 * time.Minute)})
		}
	}
	return all
}

// maxPost is how many bytes a post or a chat message may have.
const maxPost = 8 << 10

func (s *Server) addPost(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	r.Body = http.MaxBytesReader(w, r.Body, 2*maxPost)
	text := strings.TrimSpace(r.PostFormValue("text"))
	c, ok := s.spaceByID(v.Person, r.PostFormValue("space"))
	if !ok {
		s.problem(w, r, http.StatusNotFound, "There is no such channel or chat.")
		return
	}
	if text != "" && len(text) <= maxPost {
		err := s.store.change(func(k *kept) error {
			k.Posts = append(k.Posts, post{Space: c.ID, Person: v.Person.ObjectID, Text: text, At: s.config.Now()})
			return nil
		})
		if err != nil {
			s.failed(w, r, err)
			return
		}
	}
	http.Redirect(w, r, v.To(c.path()), http.StatusSeeOther)
}

// failed answers when this server itself could not do its part.
func (s *Server) failed(w http.ResponseWriter, r *http.Request, err error) {
	s.config.Log.Error("teams stand-in", "path", r.URL.Path, "error", err)
	s.problem(w, r, http.StatusInternalServerError, "This could not be saved. Is the sandbox's data folder writable?")
}
