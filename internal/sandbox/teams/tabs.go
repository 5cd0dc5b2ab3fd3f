package teams

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// setup is what the page's script needs to host frames of an app: the app itself, and where it stands.
type setup struct {
	App appFacts `json:"app"`
	// Context is the flat context of the host protocol, without what changes on the page (theme, frameContext).
	Context map[string]any `json:"context"`
	// ConfigurationURL sets up a tab here; empty when the app has none.
	ConfigurationURL string `json:"configurationUrl,omitempty"`
	CanUpdate        bool   `json:"canUpdate,omitempty"`
	Space            string `json:"space,omitempty"`
}

type appFacts struct {
	ID                   string   `json:"id"`
	Name                 string   `json:"name"`
	Icon                 string   `json:"icon"`
	Domains              []string `json:"domains"`
	ShowLoadingIndicator bool     `json:"showLoadingIndicator"`
}

// tabPage is what the script needs to host one tab.
type tabPage struct {
	setup
	TabID  string         `json:"tabId,omitempty"` // in a channel or chat
	Name   string         `json:"name"`
	Config instanceConfig `json:"config"`
	Sub    string         `json:"subEntityId,omitempty"`
	Tabs   []tabLink      `json:"tabs"`
	Talk   []talkLine     `json:"talk"`  // the tab's conversation
	Links  string         `json:"links"` // where deep links begin: the entity id follows
}

// tabLink is a tab beside this one.
type tabLink struct {
	EntityID string `json:"entityId"`
	Name     string `json:"tabName"`
	Href     string `json:"href"`
	Current  bool   `json:"-"`
}

func factsOf(a *app, locale string) appFacts {
	return appFacts{a.ID, a.shortName(locale), "/store/" + a.ID + "/color.png", a.ValidDomains, a.ShowLoadingIndicator}
}

// personContext is the part of the flat context that says who, in which app and in which host.
func personContext(v view, a *app) map[string]any {
	p := v.Person
	session := guidOf("session", p.ObjectID)
	return map[string]any{
		"locale": v.Locale, "tid": p.TenantID, "userObjectId": p.ObjectID, "userPrincipalName": p.Username,
		"loginHint": p.Username, "userDisplayName": p.Name, "userLicenseType": "Paid", "tenantSKU": "enterprise",
		"appId": a.ID, "manifestVersion": a.ManifestVersion, "appSessionId": guidOf("app", a.ID, p.ObjectID),
		"sessionId": session, "hostName": "Teams", "hostClientType": "web", "isFullScreen": false, "ringId": "general",
	}
}

// spaceContext adds what the context says of a channel or chat. Of a private channel Teams tells no group and calls the
// channel itself the team; of a shared one it tells the tenant that the channel belongs to, which may be another than the person's.
func spaceContext(v view, a *app, c space) map[string]any {
	ctx := personContext(v, a)
	if c.Team == nil {
		ctx["chatId"] = c.ID
		if c.Meeting != "" {
			ctx["meetingId"] = c.Meeting
		}
		return ctx
	}
	role := 1
	if v.Person.Role == world.Guest {
		role = 2
	}
	for name, value := range map[string]any{
		"channelId": c.ID, "channelName": c.Name, "channelType": string(c.Kind), "channelRelativeUrl": "/sites/" + c.Team.Slug + "/" + c.Slug,
		"teamId": c.Team.ID, "teamName": c.Team.Name, "groupId": c.Team.GroupID, "userTeamRole": role, "teamType": 0,
		"hostTeamTenantId": c.Tenant, "hostTeamGroupId": c.Team.GroupID,
	} {
		ctx[name] = value
	}
	switch {
	case c.Kind == privateChannel:
		ctx["teamId"] = c.ID
		delete(ctx, "groupId")
	case c.Kind == sharedChannel:
		delete(ctx, "groupId")
	}
	return ctx
}

type personalBody struct {
	App      *app
	AppName  string
	Locale   string
	Tabs     []tabLink
	Entity   string
	Website  string
	Page     *tabPage // a tab that is a page
	Chat     *chatPage
	Commands []command
}

// openApp goes to the first tab of a personal app, or to its page in the store when it is not installed.
func (s *Server) openApp(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	a := s.catalog.find(r.PathValue("app"))
	if a == nil {
		s.problem(w, r, http.StatusNotFound, "This app is not in the store.")
		return
	}
	for _, t := range a.StaticTabs {
		if slices.Contains(t.Scopes, "personal") {
			http.Redirect(w, r, v.To("/app/"+a.ID+"/"+t.EntityID), http.StatusSeeOther)
			return
		}
	}
	http.Redirect(w, r, v.To("/store/"+a.ID), http.StatusSeeOther)
}

func (s *Server) showPersonalTab(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	a := s.catalog.find(r.PathValue("app"))
	if a == nil {
		s.problem(w, r, http.StatusNotFound, "This app is not in the store.")
		return
	}
	i := a.personalTab(r.PathValue("entity"))
	if i < 0 {
		s.problem(w, r, http.StatusNotFound, a.shortName(v.Locale)+" has no such tab.")
		return
	}
	installed := false
	s.store.read(func(k *kept) { installed = k.installed(a.ID, "personal", v.Person.ObjectID) })
	if !installed {
		http.Redirect(w, r, v.To("/store/"+a.ID), http.StatusSeeOther)
		return
	}
	t := a.StaticTabs[i]
	body := personalBody{App: a, AppName: a.shortName(v.Locale), Locale: v.Locale, Entity: t.EntityID, Website: t.WebsiteURL}
	for n, other := range a.StaticTabs {
		if slices.Contains(other.Scopes, "personal") && (other.EntityID != "conversations" || a.bot("personal") != nil) {
			body.Tabs = append(body.Tabs, tabLink{other.EntityID, a.tabName(v.Locale, n), v.To("/app/" + a.ID + "/" + other.EntityID), n == i})
		}
	}
	switch {
	case t.EntityID == "conversations":
		body.Chat, body.Commands = s.chatPageOf(v, a), a.commands(v.Locale)
	case t.EntityID != "about":
		body.Page = &tabPage{
			setup: setup{App: factsOf(a, v.Locale), Context: personContext(v, a)}, Name: a.tabName(v.Locale, i),
			Config: instanceConfig{EntityID: t.EntityID, ContentURL: t.ContentURL, WebsiteURL: t.WebsiteURL},
			Sub:    r.URL.Query().Get("sub"), Tabs: body.Tabs, Links: s.config.Base + "/l/entity/" + a.ID + "/",
		}
	}
	s.draw(w, r, http.StatusOK, "personal.html", frame{Title: a.tabName(v.Locale, i) + " – " + body.AppName, Section: a.ID, Body: body})
}

// spaceTab is the host's side of a tab in a channel or chat.
func (s *Server) spaceTab(v view, a *app, c space, t pinned, sub string) tabPage {
	page := tabPage{
		setup: s.setupFor(v, a, c), TabID: t.ID, Name: t.Name, Config: t.Config, Sub: sub, Talk: s.talkOf(t.ID),
		Links: s.config.Base + "/l/entity/" + a.ID + "/",
	}
	s.store.read(func(k *kept) {
		for _, other := range k.Tabs {
			if other.Space == c.ID && other.App == a.ID {
				page.Tabs = append(page.Tabs, tabLink{other.Config.EntityID, other.Name, v.To(c.path() + "/" + other.ID), other.ID == t.ID})
			}
		}
	})
	return page
}

func (s *Server) setupFor(v view, a *app, c space) setup {
	out := setup{App: factsOf(a, v.Locale), Context: spaceContext(v, a, c), Space: c.ID}
	if page := a.configuration(c); page != nil {
		out.ConfigurationURL = page.ConfigurationURL
		out.CanUpdate = page.CanUpdateConfiguration == nil || *page.CanUpdateConfiguration
	}
	return out
}

// addableTo lists the apps with a tab for this kind of space, those that can be added at once first. A team has to have
// the app installed; a chat gets it with its first tab, as in Teams.
func (s *Server) addableTo(c space, v view) []addable {
	var all []addable
	for _, a := range s.catalog.search("", v.Locale) {
		if a.configuration(c) == nil {
			continue
		}
		installed := c.Team == nil
		s.store.read(func(k *kept) { installed = installed || k.installed(a.ID, c.scope(), c.installTarget()) })
		all = append(all, addable{a, installed, s.setupFor(v, a, c)})
	}
	slices.SortStableFunc(all, func(x, y addable) int {
		switch {
		case x.Installed == y.Installed:
			return 0
		case x.Installed:
			return -1
		}
		return 1
	})
	return all
}

// followDeepLink opens what shareDeepLink copied, in the form of Teams' own links: /l/entity/<app>/<entity>, with the
// sub page and the channel in the parameter context, which is JSON.
func (s *Server) followDeepLink(w http.ResponseWriter, r *http.Request) {
	v := s.viewOf(r)
	var ctx struct {
		SubEntityID string `json:"subEntityId"`
		SubPageID   string `json:"subPageId"`
		ChannelID   string `json:"channelId"`
		ChatID      string `json:"chatId"`
	}
	if raw := r.URL.Query().Get("context"); raw != "" && json.Unmarshal([]byte(raw), &ctx) != nil {
		s.problem(w, r, http.StatusBadRequest, "This link is damaged. Ask its sender for a new one.")
		return
	}
	sub := ctx.SubEntityID + ctx.SubPageID
	more := []string{}
	if sub != "" {
		more = []string{"sub", sub}
	}
	where := ctx.ChannelID + ctx.ChatID
	if where == "" {
		http.Redirect(w, r, v.To("/app/"+r.PathValue("app")+"/"+r.PathValue("entity"), more...), http.StatusSeeOther)
		return
	}
	c, ok := s.spaceByID(v.Person, where)
	href := ""
	s.store.read(func(k *kept) {
		for _, t := range k.Tabs {
			if ok && t.Space == c.ID && strings.EqualFold(t.App, r.PathValue("app")) && t.Config.EntityID == r.PathValue("entity") {
				href = v.To(c.path()+"/"+t.ID, more...)
			}
		}
	})
	if href == "" {
		s.problem(w, r, http.StatusNotFound, "The tab of this link is not there any more, or "+v.Person.Name+" is not a member of its team.")
		return
	}
	http.Redirect(w, r, href, http.StatusSeeOther)
}

// The calls below are made by the host page's own script. They name the person, because a window is a person.

type tabChange struct {
	Person string          `json:"person"`
	Space  string          `json:"space"`
	App    string          `json:"app"`
	Name   string          `json:"name"`
	Config *instanceConfig `json:"config"`
}

var errNotInTeam = errors.New("the app is not installed in this team")

const (
	maxTabName  = 128
	maxEntityID = 64
)

func (s *Server) addTab(w http.ResponseWriter, r *http.Request) {
	var in tabChange
	p, ok := s.hostCall(w, r, &in)
	if !ok {
		return
	}
	c, found := s.spaceByID(p, in.Space)
	a := s.catalog.find(in.App)
	if !found || a == nil || in.Config == nil {
		answer(w, http.StatusNotFound, map[string]any{"reason": "There is no such channel or app."})
		return
	}
	if reason := checkTab(a, *in.Config); reason != "" {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"reason": reason})
		return
	}
	t := pinned{Space: c.ID, App: a.ID, Name: tabName(in, a), Config: *in.Config}
	err := s.store.change(func(k *kept) error {
		if !k.installed(a.ID, c.scope(), c.installTarget()) {
			if c.Team != nil {
				return errNotInTeam
			}
			k.Installs = append(k.Installs, install{a.ID, c.scope(), c.installTarget(), s.config.Now()})
		}
		t.ID = k.next()
		k.Tabs = append(k.Tabs, t)
		return nil
	})
	if errors.Is(err, errNotInTeam) {
		answer(w, http.StatusConflict, map[string]any{"reason": "The app is not in this team. Add it to the team first."})
		return
	}
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"reason": "The tab could not be saved."})
		return
	}
	answer(w, http.StatusCreated, map[string]any{"id": t.ID, "path": c.path() + "/" + t.ID})
}

func (s *Server) changeTab(w http.ResponseWriter, r *http.Request) {
	var in tabChange
	p, ok := s.hostCall(w, r, &in)
	if !ok {
		return
	}
	status, out := http.StatusOK, map[string]any{}
	err := s.store.change(func(k *kept) error {
		t := k.tab(r.PathValue("id"))
		if t == nil || !s.member(p, t.Space) {
			status, out = http.StatusNotFound, map[string]any{"reason": "This tab is not here any more."}
			return nil
		}
		a := s.catalog.find(t.App)
		if in.Config != nil && a != nil {
			if reason := checkTab(a, *in.Config); reason != "" {
				status, out = http.StatusUnprocessableEntity, map[string]any{"reason": reason}
				return nil
			}
			t.Config = *in.Config
		}
		if name := strings.TrimSpace(in.Name); name != "" && len(name) <= maxTabName {
			t.Name = name
		}
		return nil
	})
	if err != nil {
		status, out = http.StatusInternalServerError, map[string]any{"reason": "The tab could not be saved."}
	}
	answer(w, status, out)
}

func (s *Server) removeTab(w http.ResponseWriter, r *http.Request) {
	var in tabChange
	p, ok := s.hostCall(w, r, &in)
	if !ok {
		return
	}
	err := s.store.change(func(k *kept) error {
		k.Tabs = slices.DeleteFunc(k.Tabs, func(t pinned) bool { return t.ID == r.PathValue("id") && s.member(p, t.Space) })
		return nil
	})
	if err != nil {
		answer(w, http.StatusInternalServerError, map[string]any{"reason": "The tab could not be removed."})
		return
	}
	answer(w, http.StatusOK, map[string]any{})
}

func (s *Server) member(p world.Person, spaceID string) bool {
	_, ok := s.spaceByID(p, spaceID)
	return ok
}

// checkTab gives the sentence that refuses a tab's configuration, or "".
func checkTab(a *app, c instanceConfig) string {
	for _, u := range []string{c.ContentURL, c.WebsiteURL, c.RemoveURL} {
		if len(u) > 2048 {
			return "An address of the tab is longer than 2048 characters."
		}
	}
	switch {
	case !a.allows(c.ContentURL):
		return "The tab's content address is not on one of the app's valid domains."
	case c.RemoveURL != "" && !a.allows(c.RemoveURL):
		return "The tab's removal page is not on one of the app's valid domains."
	case len(c.EntityID) > maxEntityID:
		return "The tab's entity id is longer than 64 characters."
	}
	return ""
}

func tabName(in tabChange, a *app) string {
	for _, name := range []string{in.Name, in.Config.SuggestedDisplayName, a.Name.Short} {
		if name = strings.TrimSpace(name); name != "" && len(name) <= maxTabName {
			return name
		}
	}
	return "Tab"
}

// hostCall reads a call of the host page. The answer to a bad one has been given when ok is false.
func (s *Server) hostCall(w http.ResponseWriter, r *http.Request, in interface{ person() string }) (world.Person, bool) {
	r.Body = http.MaxBytesReader(w, r.Body, 256<<10)
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		answer(w, http.StatusUnsupportedMediaType, map[string]any{"reason": "send JSON"})
		return world.Person{}, false
	}
	if err := json.NewDecoder(r.Body).Decode(in); err != nil {
		answer(w, http.StatusBadRequest, map[string]any{"reason": "not the JSON that is expected here"})
		return world.Person{}, false
	}
	p, ok := s.personByName(in.person())
	if !ok {
		answer(w, http.StatusForbidden, map[string]any{"reason": "nobody here has this name"})
	}
	return p, ok
}

func (t *tabChange) person() string { return t.Person }

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}
