package teams

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"
	"sync"
)

// app is an app package as a Teams client reads it. Field names of the document are those of the manifest schema.
type app struct {
	document
	color, outline []byte
	languages      map[string]map[string]string // lower-case language tag -> path in the manifest -> text
}

type document struct {
	ManifestVersion string `json:"manifestVersion"`
	Version         string `json:"version"`
	ID              string `json:"id"`
	Name            struct {
		Short string `json:"short"`
		Full  string `json:"full"`
	} `json:"name"`
	Description struct {
		Short string `json:"short"`
		Full  string `json:"full"`
	} `json:"description"`
	Developer struct {
		Name       string `json:"name"`
		Website    string `json:"websiteUrl"`
		Privacy    string `json:"privacyUrl"`
		TermsOfUse string `json:"termsOfUseUrl"`
	} `json:"developer"`
	Icons struct {
		Color   string `json:"color"`
		Outline string `json:"outline"`
	} `json:"icons"`
	AccentColor      string            `json:"accentColor"`
	StaticTabs       []staticTab       `json:"staticTabs"`
	ConfigurableTabs []configurableTab `json:"configurableTabs"`
	Bots             []manifestBot     `json:"bots"`
	ValidDomains     []string          `json:"validDomains"`
	Permissions      []string          `json:"permissions"`
	WebApplication   struct {
		ID       string `json:"id"`
		Resource string `json:"resource"`
	} `json:"webApplicationInfo"`
	ShowLoadingIndicator bool     `json:"showLoadingIndicator"`
	ChannelFeatures      string   `json:"supportsChannelFeatures"`
	ChannelTypes         []string `json:"supportedChannelTypes"`
	Localization         struct {
		Default   string `json:"defaultLanguageTag"`
		Languages []struct {
			Tag  string `json:"languageTag"`
			File string `json:"file"`
		} `json:"additionalLanguages"`
	} `json:"localizationInfo"`
}

type staticTab struct {
	EntityID   string   `json:"entityId"`
	Name       string   `json:"name"`
	ContentURL string   `json:"contentUrl"`
	WebsiteURL string   `json:"websiteUrl"`
	Scopes     []string `json:"scopes"`
}

type configurableTab struct {
	ConfigurationURL       string   `json:"configurationUrl"`
	CanUpdateConfiguration *bool    `json:"canUpdateConfiguration"`
	Scopes                 []string `json:"scopes"`
	Context                []string `json:"context"`
}

type manifestBot struct {
	BotID        string   `json:"botId"`
	Scopes       []string `json:"scopes"`
	CommandLists []struct {
		Scopes   []string  `json:"scopes"`
		Commands []command `json:"commands"`
	} `json:"commandLists"`
}

type command struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

// Limits of a package: generous for a real one, small enough that no upload can fill the memory.
const (
	maxPackage   = 4 << 20
	maxEntry     = 1 << 20
	maxFileCount = 64
)

var guid = regexp.MustCompile(`^[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$`)

// readPackage reads an app package. The error is a sentence for the person who uploads it.
func readPackage(packed []byte) (*app, error) {
	files, err := unzip(packed)
	if err != nil {
		return nil, err
	}
	raw, ok := files["manifest.json"]
	if !ok {
		return nil, errors.New("the package has no manifest.json at its root")
	}
	a := &app{languages: map[string]map[string]string{}}
	if err := json.Unmarshal(raw, &a.document); err != nil {
		return nil, fmt.Errorf("manifest.json cannot be read: %w", err)
	}
	a.ID = strings.ToLower(a.ID)
	if !guid.MatchString(a.ID) || a.Name.Short == "" {
		return nil, errors.New("manifest.json needs an id, which is a GUID, and a short name")
	}
	if a.color, ok = files[a.Icons.Color]; !ok {
		return nil, fmt.Errorf("the colour icon %q is not in the package", a.Icons.Color)
	}
	if a.outline, ok = files[a.Icons.Outline]; !ok {
		return nil, fmt.Errorf("the outline icon %q is not in the package", a.Icons.Outline)
	}
	for _, l := range a.Localization.Languages {
		texts := map[string]string{}
		if err := json.Unmarshal(files[l.File], &texts); err != nil {
			return nil, fmt.Errorf("the language file %q cannot be read", l.File)
		}
		a.languages[strings.ToLower(l.Tag)] = texts
	}
	return a, a.checkAddresses()
}

func unzip(packed []byte) (map[string][]byte, error) {
	if len(packed) > maxPackage {
		return nil, errors.New("the package is larger than 4 MB")
	}
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		return nil, errors.New("the package is not a zip file")
	}
	if len(z.File) > maxFileCount {
		return nil, errors.New("the package has more than 64 files")
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%s in the package cannot be read", f.Name)
		}
		content, err := io.ReadAll(io.LimitReader(r, maxEntry+1))
		_ = r.Close()
		if err != nil || len(content) > maxEntry {
			return nil, fmt.Errorf("%s in the package cannot be read or is larger than 1 MB", f.Name)
		}
		files[f.Name] = content
	}
	return files, nil
}

// checkAddresses refuses tabs that Teams would not load: not https (or loopback), or outside the valid domains.
func (a *app) checkAddresses() error {
	for _, t := range a.StaticTabs {
		if t.ContentURL == "" {
			continue
		}
		if !a.allows(t.ContentURL) {
			return fmt.Errorf("tab %q points to %s, which is not https on one of the app's valid domains", t.EntityID, t.ContentURL)
		}
	}
	for _, t := range a.ConfigurableTabs {
		if !a.allows(t.ConfigurationURL) {
			return fmt.Errorf("the configuration page %s is not https on one of the app's valid domains", t.ConfigurationURL)
		}
	}
	return nil
}

// allows says whether an address may be shown in one of the app's frames. The rule is that of validDomains: the same
// host and port, or one label in place of a leading "*".
func (a *app) allows(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || !secure(u) {
		return false
	}
	return slices.ContainsFunc(a.ValidDomains, func(domain string) bool {
		domain = strings.ToLower(domain)
		host := strings.ToLower(u.Host)
		if rest, ok := strings.CutPrefix(domain, "*."); ok {
			label, tail, found := strings.Cut(host, ".")
			return found && label != "" && tail == rest
		}
		return host == domain
	})
}

func secure(u *url.URL) bool {
	return u.Scheme == "https" || (u.Scheme == "http" && loopback(u.Hostname()))
}

func loopback(host string) bool {
	host = strings.ToLower(host)
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || (ip != nil && ip.IsLoopback())
}

// In gives a text of the manifest by its path, in the language of the locale when the package has it.
func (a *app) In(locale, path, otherwise string) string {
	locale = strings.ToLower(locale)
	language, _, _ := strings.Cut(locale, "-")
	for _, tag := range []string{locale, language} {
		if text := a.languages[tag][path]; text != "" {
			return text
		}
	}
	return otherwise
}

func (a *app) shortName(locale string) string { return a.In(locale, "name.short", a.Name.Short) }

// tabName names a personal tab; the reserved entities have names of the client's own.
func (a *app) tabName(locale string, i int) string {
	switch t := a.StaticTabs[i]; t.EntityID {
	case "conversations":
		return "Conversation"
	case "about":
		return "About"
	default:
		return a.In(locale, fmt.Sprintf("staticTabs[%d].name", i), t.Name)
	}
}

func (a *app) personalTab(entity string) int {
	return slices.IndexFunc(a.StaticTabs, func(t staticTab) bool {
		return t.EntityID == entity && slices.Contains(t.Scopes, "personal")
	})
}

// configurable gives the page that sets up a tab in a scope ("team" or "groupChat"); nil when the app has none there.
func (a *app) configurable(scope string) *configurableTab {
	for i, t := range a.ConfigurableTabs {
		if slices.ContainsFunc(t.Scopes, func(s string) bool { return strings.EqualFold(s, scope) }) {
			return &a.ConfigurableTabs[i]
		}
	}
	return nil
}

// configuration gives the page that sets up a tab in a channel or chat; nil when the app has none there. A tab without
// contexts stands everywhere in its scope; private and shared channels take only apps that say that they are made for them.
func (a *app) configuration(c space) *configurableTab {
	t := a.configurable(c.scope())
	if t == nil || len(t.Context) > 0 && !slices.Contains(t.Context, c.place()) || !a.standsIn(c.Kind) {
		return nil
	}
	return t
}

func (a *app) standsIn(kind channelKind) bool {
	switch kind {
	case privateChannel:
		return a.ChannelFeatures != "" || slices.Contains(a.ChannelTypes, "privateChannels")
	case sharedChannel:
		return a.ChannelFeatures != "" || slices.Contains(a.ChannelTypes, "sharedChannels")
	}
	return true
}

// bot gives the app's bot in a scope ("personal", "team", "groupChat"); nil when it has none there.
func (a *app) bot(scope string) *manifestBot {
	for i, b := range a.Bots {
		if slices.ContainsFunc(b.Scopes, func(s string) bool { return strings.EqualFold(s, scope) }) {
			return &a.Bots[i]
		}
	}
	return nil
}

// commands lists what the bot says it understands in personal chats, in the language of the locale.
func (a *app) commands(locale string) []command {
	var all []command
	for l, list := range firstBot(a).CommandLists {
		if !slices.Contains(list.Scopes, "personal") {
			continue
		}
		for i, c := range list.Commands {
			place := fmt.Sprintf("bots[0].commandLists[%d].commands[%d]", l, i)
			all = append(all, command{a.In(locale, place+".title", c.Title), a.In(locale, place+".description", c.Description)})
		}
	}
	return all
}

func firstBot(a *app) manifestBot {
	if len(a.Bots) == 0 {
		return manifestBot{}
	}
	return a.Bots[0]
}

// catalog is what the store offers.
type catalog struct {
	mu   sync.RWMutex
	apps []*app
}

func newCatalog(packages, uploads [][]byte) (*catalog, error) {
	c := &catalog{}
	for i, packed := range append(slices.Clone(uploads), packages...) {
		a, err := readPackage(packed)
		if err != nil {
			return nil, fmt.Errorf("app package %d: %w", i+1, err)
		}
		c.add(a)
	}
	return c, nil
}

// add offers an app; an earlier one with the same id gives way, as with an update.
func (c *catalog) add(a *app) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.apps = slices.DeleteFunc(c.apps, func(b *app) bool { return b.ID == a.ID })
	c.apps = append(c.apps, a)
	sort.SliceStable(c.apps, func(i, j int) bool { return c.apps[i].Name.Short < c.apps[j].Name.Short })
}

func (c *catalog) find(id string) *app {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for _, a := range c.apps {
		if strings.EqualFold(a.ID, id) {
			return a
		}
	}
	return nil
}

// search finds apps whose names or description hold every word of the query, in the locale's language or the default.
func (c *catalog) search(query, locale string) []*app {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var found []*app
	for _, a := range c.apps {
		text := strings.ToLower(strings.Join([]string{
			a.Name.Short, a.Name.Full, a.Description.Short, a.shortName(locale),
			a.In(locale, "name.full", ""), a.In(locale, "description.short", ""), a.Developer.Name,
		}, " "))
		if !slices.ContainsFunc(strings.Fields(strings.ToLower(query)), func(word string) bool { return !strings.Contains(text, word) }) {
			found = append(found, a)
		}
	}
	return found
}

// origins lists where the apps' pages can come from, as sources of a content security policy.
func (c *catalog) origins() []string {
	c.mu.RLock()
	defer c.mu.RUnlock()
	var all []string
	for _, a := range c.apps {
		for _, domain := range a.ValidDomains {
			u, err := url.Parse("http://" + domain)
			if err != nil || strings.ContainsAny(domain, " ;,'\"") {
				continue
			}
			all = append(all, "https://"+domain)
			if loopback(u.Hostname()) {
				all = append(all, "http://"+domain)
			}
		}
	}
	if len(all) == 0 {
		return []string{"'none'"}
	}
	sort.Strings(all)
	return slices.Compact(all)
}
