package manifest_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"image/png"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pintab/pintab/manifest"
)

func installation() manifest.Config {
	return manifest.Config{
		BaseURL: "https://Pintab.Example.com", AppID: "0F2C9A10-6F1B-4D8E-9E51-3C7A55D7B001",
		ClientID: "6f1d3c52-8a44-4c0e-9d57-2f6e0b7a1c90", Version: "1.2.3",
	}
}

func build(t *testing.T, c manifest.Config) map[string][]byte {
	t.Helper()
	packed, err := manifest.Build(c)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	return unpack(t, packed)
}

func unpack(t *testing.T, packed []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = content
	}
	return files
}

// plain is the part of a manifest that the tests read back, written independently of the code's own types.
type plain struct {
	ID         string
	Name       struct{ Short, Full string }
	StaticTabs []struct{ EntityID, Name, ContentURL, WebsiteURL string }
	Bots       []struct {
		BotID        string
		CommandLists []struct {
			Commands []struct{ Title, Description string }
		}
	}
	ConfigurableTabs []struct {
		ConfigurationURL       string
		CanUpdateConfiguration bool
		Scopes, Context        []string
	}
	SupportsChannelFeatures string
	DefaultGroupCapability  map[string]string
	ValidDomains            []string
	WebApplicationInfo      struct{ ID, Resource string }
	LocalizationInfo        struct {
		AdditionalLanguages []struct{ LanguageTag, File string }
	}
	Icons struct{ Color, Outline string }
}

func read(t *testing.T, document []byte) plain {
	t.Helper()
	var p plain
	if err := json.Unmarshal(document, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestThePackageHoldsExactlyTheFilesThatTheManifestNames(t *testing.T) {
	files := build(t, installation())
	m := read(t, files["manifest.json"])
	want := map[string]bool{"manifest.json": true, m.Icons.Color: true, m.Icons.Outline: true}
	for _, l := range m.LocalizationInfo.AdditionalLanguages {
		want[l.File] = true
	}
	got := map[string]bool{}
	for name := range files {
		got[name] = true
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// languages are the files of the texts beside English: those of every language that Pintab speaks.
var languages = []string{"de.json", "fr.json", "es.json", "ja.json", "ar.json"}

func TestEveryDocumentOfThePackagePassesMicrosoftsSchema(t *testing.T) {
	local := installation()
	local.BaseURL, local.AllowLoopback = "http://localhost:3978", true
	for _, c := range []manifest.Config{installation(), local} {
		files := build(t, c)
		if err := manifest.ValidateManifest(files["manifest.json"]); err != nil {
			t.Errorf("manifest.json: %v", err)
		}
		for _, l := range languages {
			if err := manifest.ValidateLocalization(files[l]); err != nil {
				t.Errorf("%s: %v", l, err)
			}
		}
	}
}

func TestTheSchemaRefusesWhatTeamsWouldRefuse(t *testing.T) {
	good := string(build(t, installation())["manifest.json"])
	for name, change := range map[string]struct{ old, new, place string }{
		"a short name of 31 characters": {`"short": "Pintab for Dynamics 365"`, `"short": "` + strings.Repeat("x", 31) + `"`, "/name/short"},
		"an id that is no GUID":         {`"id": "0f2c9a10-6f1b-4d8e-9e51-3c7a55d7b001"`, `"id": "pintab"`, "/id"},
		"an unknown field":              {`"permissions": [`, `"permission": [`, "permission"},
		"an unknown scope":              {`"defaultInstallScope": "personal"`, `"defaultInstallScope": "everybody"`, "/defaultInstallScope"},
		"an address that is no address": {`"configurationUrl": "https://`, `"configurationUrl": "ftp://`, "/configurableTabs/0/configurationUrl"},
	} {
		bad := strings.Replace(good, change.old, change.new, 1)
		if bad == good {
			t.Fatalf("%s: the manifest no longer has %s", name, change.old)
		}
		err := manifest.ValidateManifest([]byte(bad))
		if err == nil || !strings.Contains(err.Error(), change.place) {
			t.Errorf("%s: want an error at %s, got %v", name, change.place, err)
		}
	}
}

func TestThePersonalTabsAreThoseOfTheProductInItsOrder(t *testing.T) {
	m := read(t, build(t, installation())["manifest.json"])
	type tab = struct{ EntityID, Name, ContentURL, WebsiteURL string }
	want := []tab{
		{EntityID: "conversations"},
		{"dashboard", "My Dashboard", "https://pintab.example.com/tab/dashboard?theme={theme}&locale={locale}&user={userObjectId}", "https://pintab.example.com/tab/dashboard"},
		{"settings", "Settings", "https://pintab.example.com/tab/settings?theme={theme}&locale={locale}&user={userObjectId}", "https://pintab.example.com/tab/settings"},
		{EntityID: "about"},
	}
	var got []tab
	for _, s := range m.StaticTabs {
		got = append(got, tab(s))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got, want := m.ConfigurableTabs[0].ConfigurationURL, "https://pintab.example.com/config/channel?theme={theme}&locale={locale}&user={userObjectId}"; got != want {
		t.Errorf("configuration page %s, want %s", got, want)
	}
}

// The host of the resource, of the valid domains and of the tabs have to agree, or Teams refuses single sign-on.
func TestSingleSignOnNamesTheHostOfTheTabs(t *testing.T) {
	for base, host := range map[string]string{
		"https://Pintab.Example.com": "pintab.example.com",
		"http://localhost:3978":      "localhost:3978",
	} {
		c := installation()
		c.BaseURL, c.AllowLoopback = base, true
		m := read(t, build(t, c)["manifest.json"])
		if got, want := m.WebApplicationInfo.Resource, "api://"+host+"/botid-"+c.ClientID; got != want {
			t.Errorf("resource %s, want %s", got, want)
		}
		if got := manifest.SSOResource(base, strings.ToUpper(c.ClientID)); got != m.WebApplicationInfo.Resource {
			t.Errorf("SSOResource says %s, the manifest %s", got, m.WebApplicationInfo.Resource)
		}
		if diff := cmp.Diff([]string{host}, m.ValidDomains); diff != "" {
			t.Error(diff)
		}
		if m.Bots[0].BotID != m.WebApplicationInfo.ID {
			t.Errorf("bot %s does not share the registration %s", m.Bots[0].BotID, m.WebApplicationInfo.ID)
		}
	}
}

func TestSearchingTheStoreForDynamicsFindsTheApp(t *testing.T) {
	if m := read(t, build(t, installation())["manifest.json"]); !strings.Contains(strings.ToLower(m.Name.Short), "dynamics") {
		t.Errorf("short name %q", m.Name.Short)
	}
}

// A text without an English place, or the other way round, would leave a tab half translated.
func TestEveryLanguageTranslatesEveryNameInTheManifest(t *testing.T) {
	files := build(t, installation())
	m := read(t, files["manifest.json"])
	want := []string{"$schema", "description.full", "description.short", "name.full", "name.short"}
	digit := func(i int) string { return string(rune('0' + i)) }
	for i, tab := range m.StaticTabs {
		if tab.Name != "" {
			want = append(want, "staticTabs["+digit(i)+"].name")
		}
	}
	for i := range m.Bots[0].CommandLists[0].Commands {
		want = append(want, "bots[0].commandLists[0].commands["+digit(i)+"].title", "bots[0].commandLists[0].commands["+digit(i)+"].description")
	}
	for _, l := range languages {
		var got map[string]string
		if err := json.Unmarshal(files[l], &got); err != nil {
			t.Fatal(err)
		}
		for _, key := range want {
			if got[key] == "" {
				t.Errorf("%s: no text for %s", l, key)
			}
			delete(got, key)
		}
		if len(got) != 0 {
			t.Errorf("%s: texts for nothing: %v", l, got)
		}
	}
}

func TestTheSameConfigurationGivesTheSameBytes(t *testing.T) {
	first, err := manifest.Build(installation())
	if err != nil {
		t.Fatal(err)
	}
	second, err := manifest.Build(installation())
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, second) {
		t.Error("two builds differ")
	}
}

func TestIconsHaveTheSizesAndTheColoursThatTeamsWants(t *testing.T) {
	files := build(t, installation())
	big, err := png.Decode(bytes.NewReader(files["color.png"]))
	if err != nil {
		t.Fatal(err)
	}
	if s := big.Bounds().Size(); s.X != 192 || s.Y != 192 {
		t.Errorf("color.png is %v", s)
	}
	outline, err := png.Decode(bytes.NewReader(files["outline.png"]))
	if err != nil {
		t.Fatal(err)
	}
	if s := outline.Bounds().Size(); s.X != 32 || s.Y != 32 {
		t.Errorf("outline.png is %v", s)
	}
	clear, drawn := 0, 0
	for y := range 32 {
		for x := range 32 {
			r, g, b, a := outline.At(x, y).RGBA()
			switch {
			case a == 0:
				clear++
			case r != a || g != a || b != a:
				t.Fatalf("outline.png is not white at %d,%d", x, y)
			default:
				drawn++
			}
		}
	}
	if clear < 300 || drawn < 150 {
		t.Errorf("outline.png has %d clear and %d drawn pixels", clear, drawn)
	}
}

func TestABadConfigurationIsRefusedWithEveryProblemNamed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*manifest.Config)
		want   []string
	}{
		"http on the internet":         {func(c *manifest.Config) { c.BaseURL = "http://pintab.example.com" }, []string{"must be https"}},
		"http there, loopback allowed": {func(c *manifest.Config) { c.BaseURL, c.AllowLoopback = "http://pintab.example.com", true }, []string{"must be https"}},
		"loopback not allowed":         {func(c *manifest.Config) { c.BaseURL = "http://localhost:3978" }, []string{"allow loopback"}},
		"a name like loopback":         {func(c *manifest.Config) { c.BaseURL, c.AllowLoopback = "http://localhost.example.com", true }, []string{"must be https"}},
		"no scheme":                    {func(c *manifest.Config) { c.BaseURL = "pintab.example.com" }, []string{"an address such as"}},
		"a path":                       {func(c *manifest.Config) { c.BaseURL = "https://example.com/pintab" }, []string{"host only"}},
		"a query":                      {func(c *manifest.Config) { c.BaseURL = "https://example.com?x" }, []string{"host only"}},
		"a user":                       {func(c *manifest.Config) { c.BaseURL = "https://a@example.com" }, []string{"host only"}},
		"everything": {func(c *manifest.Config) { *c = manifest.Config{} },
			[]string{"public address", "app id", "client id", "bot id", "version"}},
		"a nil GUID":                      {func(c *manifest.Config) { c.AppID = "00000000-0000-0000-0000-000000000000" }, []string{"app id"}},
		"a version of two":                {func(c *manifest.Config) { c.Version = "1.2" }, []string{"three numbers"}},
		"a version with a leading 0":      {func(c *manifest.Config) { c.Version = "1.02.0" }, []string{"three numbers"}},
		"a bot id that is something else": {func(c *manifest.Config) { c.BotID = "bot" }, []string{"bot id"}},
	} {
		config := installation()
		c.change(&config)
		packed, err := manifest.Build(config)
		if err == nil {
			t.Errorf("%s: built %d bytes", name, len(packed))
			continue
		}
		for _, word := range c.want {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("%s: want %q in: %v", name, word, err)
			}
		}
	}
}

func TestCommandsStartNoLineWithASlashAndStayShort(t *testing.T) {
	m := read(t, build(t, installation())["manifest.json"])
	for _, c := range m.Bots[0].CommandLists[0].Commands {
		if strings.HasPrefix(c.Title, "/") || len(c.Title) > 32 || !regexp.MustCompile(`\S`).MatchString(c.Description) {
			t.Errorf("command %q: %q", c.Title, c.Description)
		}
	}
}

// R23: a tab stands in channels of every kind, in group chats and in meetings, and can be set up anew.
func TestATabCanBePinnedWhereverPeopleTalk(t *testing.T) {
	m := read(t, build(t, installation())["manifest.json"])
	if len(m.ConfigurableTabs) != 1 {
		t.Fatalf("%d configurable tabs", len(m.ConfigurableTabs))
	}
	tab := m.ConfigurableTabs[0]
	if !tab.CanUpdateConfiguration || !strings.HasPrefix(tab.ConfigurationURL, "https://pintab.example.com/config/channel?") {
		t.Errorf("%+v", tab)
	}
	if diff := cmp.Diff([]string{"team", "groupChat"}, tab.Scopes); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"channelTab", "privateChatTab", "meetingChatTab", "meetingDetailsTab"}, tab.Context); diff != "" {
		t.Error(diff)
	}
	if m.SupportsChannelFeatures != "tier1" {
		t.Errorf("private and shared channels: %q", m.SupportsChannelFeatures)
	}
	if diff := cmp.Diff(map[string]string{"team": "tab", "groupchat": "tab", "meetings": "tab"}, m.DefaultGroupCapability); diff != "" {
		t.Error(diff)
	}
}
