package teams

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

type storeBody struct {
	Query   string
	Found   []*app
	Problem string // why an upload was refused
}

func (s *Server) showStore(w http.ResponseWriter, r *http.Request) {
	query := r.URL.Query().Get("q")
	s.draw(w, r, http.StatusOK, "store.html", frame{Title: "Store", Section: "store", Body: storeBody{
		Query: query, Found: s.catalog.search(query, s.viewOf(r).Locale),
	}})
}

// upload puts somebody's own app package into the store.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxPackage+1<<16)
	a, packed, err := uploaded(r)
	if err != nil {
		s.draw(w, r, http.StatusUnprocessableEntity, "store.html", frame{Title: "Store", Section: "store", Body: storeBody{
			Found: s.catalog.search("", s.viewOf(r).Locale), Problem: "The package was not accepted: " + err.Error() + ".",
		}})
		return
	}
	err = s.store.change(func(k *kept) error {
		k.Uploads = slices.DeleteFunc(k.Uploads, func(old []byte) bool {
			earlier, err := readPackage(old)
			return err != nil || earlier.ID == a.ID
		})
		k.Uploads = append(k.Uploads, packed)
		return nil
	})
	if err != nil {
		s.failed(w, r, err)
		return
	}
	s.catalog.add(a)
	http.Redirect(w, r, s.viewOf(r).To("/store/"+a.ID, "done", "uploaded"), http.StatusSeeOther)
}

func uploaded(r *http.Request) (*app, []byte, error) {
	file, _, err := r.FormFile("package")
	if err != nil {
		return nil, nil, errors.New("choose a zip file of at most 4 MB")
	}
	defer file.Close()
	packed, err := io.ReadAll(file)
	if err != nil {
		return nil, nil, errors.New("it did not arrive whole")
	}
	a, err := readPackage(packed)
	return a, packed, err
}

type detailsBody struct {
	App         *app
	Locale      string
	Personal    bool // installed for this person
	CanPersonal bool
	CanTeam     bool
	Bot         *manifestBot
	FirstTab    string // entity id of the first tab that is a page
	Commands    []command
	Teams       []teamChoice
}

// teamChoice is a team that the app can be added to.
type teamChoice struct {
	*team
	Installed bool
}

// TabNames names the personal tabs that are pages, for people.
func (d detailsBody) TabNames() string {
	var names []string
	for i, t := range d.App.StaticTabs {
		if t.ContentURL != "" && slices.Contains(t.Scopes, "personal") {
			names = append(names, d.App.tabName(d.Locale, i))
		}
	}
	return strings.Join(names, ", ")
}

// Added lists the teams that have the app.
func (d detailsBody) Added() []teamChoice { return d.filter(true) }

// Free lists the teams that do not have it yet.
func (d detailsBody) Free() []teamChoice { return d.filter(false) }

func (d detailsBody) filter(installed bool) []teamChoice {
	var out []teamChoice
	for _, t := range d.Teams {
		if t.Installed == installed {
			out = append(out, t)
		}
	}
	return out
}

func (s *Server) showDetails(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	a := s.catalog.find(r.PathValue("app"))
	if a == nil {
		s.problem(w, r, http.StatusNotFound, "This app is not in the store.")
		return
	}
	body := detailsBody{App: a, Locale: v.Locale, CanTeam: a.configurable("team") != nil || a.bot("team") != nil, Bot: a.bot("personal"), Commands: a.commands(v.Locale)}
	for _, t := range a.StaticTabs {
		if slices.Contains(t.Scopes, "personal") {
			body.CanPersonal = true
			if body.FirstTab == "" && t.ContentURL != "" {
				body.FirstTab = t.EntityID
			}
		}
	}
	s.store.read(func(k *kept) {
		body.Personal = k.installed(a.ID, "personal", v.Person.ObjectID)
		for _, t := range s.teamsOf(v.Person) {
			if t.Outside || v.Person.Role == world.Guest {
				continue // only members of a team add apps to it
			}
			body.Teams = append(body.Teams, teamChoice{t, k.installed(a.ID, "team", t.ID)})
		}
	})
	s.draw(w, r, http.StatusOK, "details.html", frame{Title: a.shortName(v.Locale), Section: "store", Body: body})
}

// install handles both forms of the details page. They are independent of each other, as in Teams.
func (s *Server) install(w http.ResponseWriter, r *http.Request) {
	v, a, target, ok := s.installation(w, r)
	if !ok {
		return
	}
	here := "/store/" + a.ID
	if r.PostFormValue("yes") != "on" {
		http.Redirect(w, r, v.To(here, "done", "not-yes"), http.StatusSeeOther)
		return
	}
	already := false
	err := s.store.change(func(k *kept) error {
		if already = k.installed(a.ID, target.scope, target.id); !already {
			k.Installs = append(k.Installs, install{a.ID, target.scope, target.id, s.config.Now()})
		}
		return nil
	})
	if err != nil {
		s.failed(w, r, err)
		return
	}
	if target.scope == "personal" && !already {
		s.startConversation(r.Context(), v, a)
	}
	done := map[string]string{"personal": "installed", "team": "added", "groupChat": "added"}[target.scope]
	http.Redirect(w, r, v.To(here, "done", done), http.StatusSeeOther)
}

func (s *Server) uninstall(w http.ResponseWriter, r *http.Request) {
	v, a, target, ok := s.installation(w, r)
	if !ok {
		return
	}
	if target.scope == "personal" {
		s.endConversation(r.Context(), v, a)
	}
	inside := map[string]bool{target.id: true}
	for _, p := range s.config.People { // private channels that this person is not in are the team's too
		for _, c := range s.spacesOf(p) {
			if c.installTarget() == target.id {
				inside[c.ID] = true
			}
		}
	}
	err := s.store.change(func(k *kept) error {
		k.Installs = slices.DeleteFunc(k.Installs, func(i install) bool {
			return i.App == a.ID && i.Scope == target.scope && i.For == target.id
		})
		if target.scope != "personal" {
			k.Tabs = slices.DeleteFunc(k.Tabs, func(t pinned) bool { return t.App == a.ID && inside[t.Space] })
		}
		return nil
	})
	if err != nil {
		s.failed(w, r, err)
		return
	}
	done := map[string]string{"personal": "uninstalled"}[target.scope]
	if done == "" {
		done = "removed"
	}
	http.Redirect(w, r, v.To("/store/"+a.ID, "done", done), http.StatusSeeOther)
}

type installTarget struct{ scope, id string }

// installation reads which app is meant and for whom: for the person at the window, or for one of their teams or chats.
func (s *Server) installation(w http.ResponseWriter, r *http.Request) (view, *app, installTarget, bool) {
	v := s.viewOf(r)
	r.Body = http.MaxBytesReader(w, r.Body, 1<<16)
	a := s.catalog.find(r.PathValue("app"))
	if a == nil {
		s.problem(w, r, http.StatusNotFound, "This app is not in the store.")
		return v, nil, installTarget{}, false
	}
	target, ok := s.target(v.Person, r.PostFormValue("for"))
	if !ok {
		s.problem(w, r, http.StatusUnprocessableEntity, "Choose who the app is for: yourself or one of your teams.")
		return v, nil, installTarget{}, false
	}
	return v, a, target, true
}

func (s *Server) target(p world.Person, wanted string) (installTarget, bool) {
	if wanted == "me" {
		return installTarget{"personal", p.ObjectID}, true
	}
	for _, t := range s.teamsOf(p) {
		if t.ID == wanted && !t.Outside && p.Role != world.Guest {
			return installTarget{"team", t.ID}, true
		}
	}
	for _, c := range s.chatsOf(p) {
		if c.ID == wanted {
			return installTarget{"groupChat", c.ID}, true
		}
	}
	return installTarget{}, false
}

func (s *Server) icon(w http.ResponseWriter, r *http.Request) {
	a := s.catalog.find(r.PathValue("app"))
	if a == nil {
		http.NotFound(w, r)
		return
	}
	picture := map[string][]byte{"color.png": a.color, "outline.png": a.outline}[r.PathValue("icon")]
	// The type is fixed, so that a package cannot make this server serve a page of its own.
	if picture == nil || !strings.HasPrefix(http.DetectContentType(picture), "image/png") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(picture)
}
