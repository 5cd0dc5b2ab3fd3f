package manifest

// The types below are the part of Teams manifest 1.25 that Pintab uses. Field names are Microsoft's.

type document struct {
	Schema                 string             `json:"$schema"`
	ManifestVersion        string             `json:"manifestVersion"`
	Version                string             `json:"version"`
	ID                     string             `json:"id"`
	LocalizationInfo       localizationInfo   `json:"localizationInfo"`
	Developer              developer          `json:"developer"`
	Name                   name               `json:"name"`
	Description            description        `json:"description"`
	Icons                  icons              `json:"icons"`
	AccentColor            string             `json:"accentColor"`
	StaticTabs             []staticTab        `json:"staticTabs"`
	ConfigurableTabs       []configurableTab  `json:"configurableTabs"`
	Bots                   []bot              `json:"bots"`
	ChannelFeatures        string             `json:"supportsChannelFeatures"`
	Permissions            []string           `json:"permissions"`
	ValidDomains           []string           `json:"validDomains"`
	WebApplicationInfo     webApplicationInfo `json:"webApplicationInfo"`
	ShowLoadingIndicator   bool               `json:"showLoadingIndicator"`
	DefaultInstallScope    string             `json:"defaultInstallScope"`
	DefaultGroupCapability map[string]string  `json:"defaultGroupCapability"`
}

type localizationInfo struct {
	DefaultLanguageTag  string     `json:"defaultLanguageTag"`
	AdditionalLanguages []language `json:"additionalLanguages"`
}

type language struct {
	Tag  string `json:"languageTag"`
	File string `json:"file"`
}

type developer struct {
	Name       string `json:"name"`
	Website    string `json:"websiteUrl"`
	Privacy    string `json:"privacyUrl"`
	TermsOfUse string `json:"termsOfUseUrl"`
}

type name struct {
	Short string `json:"short"`
	Full  string `json:"full"`
}

type description struct {
	Short string `json:"short"`
	Full  string `json:"full"`
}

type icons struct {
	Color   string `json:"color"`
	Outline string `json:"outline"`
}

type staticTab struct {
	EntityID   string   `json:"entityId"`
	Name       string   `json:"name,omitempty"`
	ContentURL string   `json:"contentUrl,omitempty"`
	WebsiteURL string   `json:"websiteUrl,omitempty"`
	Scopes     []string `json:"scopes"`
}

type configurableTab struct {
	ConfigurationURL       string   `json:"configurationUrl"`
	CanUpdateConfiguration bool     `json:"canUpdateConfiguration"`
	Scopes                 []string `json:"scopes"`
	Context                []string `json:"context"`
}

type bot struct {
	BotID              string        `json:"botId"`
	Scopes             []string      `json:"scopes"`
	SupportsFiles      bool          `json:"supportsFiles"`
	IsNotificationOnly bool          `json:"isNotificationOnly"`
	CommandLists       []commandList `json:"commandLists"`
}

type commandList struct {
	Scopes   []string  `json:"scopes"`
	Commands []command `json:"commands"`
}

type command struct {
	Title       string `json:"title"`
	Description string `json:"description"`
}

type webApplicationInfo struct {
	ID       string `json:"id"`
	Resource string `json:"resource"`
}

// The entity ids of the personal tabs. EntityConversations and EntityAbout are reserved by Teams: the first is the chat
// with the bot, the second the page that Teams makes of the manifest itself.
const (
	EntityConversations = "conversations"
	EntityDashboard     = "dashboard"
	EntitySettings      = "settings"
	EntityAbout         = "about"
)

// pageState is how Teams tells a page its theme and language before any script runs, so that the first paint is right, and
// who sits there, so that nobody is shown the page of whoever used the browser before.
const pageState = "?theme={theme}&locale={locale}&user={userObjectId}"

func newDocument(c Config, t texts) document {
	personal := []string{"personal"}
	page := func(path string) string { return c.BaseURL + path }
	return document{
		Schema:          schemaID,
		ManifestVersion: Version,
		Version:         c.Version,
		ID:              c.AppID,
		LocalizationInfo: localizationInfo{
			DefaultLanguageTag:  "en",
			AdditionalLanguages: additionalLanguages(),
		},
		Developer: developer{
			Name: "Pintab", Website: page("/"), Privacy: page("/privacy"), TermsOfUse: page("/terms"),
		},
		Name:        name{Short: t.short, Full: t.full},
		Description: description{Short: t.summary, Full: t.description},
		Icons:       icons{Color: colorFile, Outline: outlineFile},
		AccentColor: accentColor,
		StaticTabs: []staticTab{
			{EntityID: EntityConversations, Scopes: personal},
			{EntityID: EntityDashboard, Name: t.dashboard, ContentURL: page("/tab/dashboard" + pageState), WebsiteURL: page("/tab/dashboard"), Scopes: personal},
			{EntityID: EntitySettings, Name: t.settings, ContentURL: page("/tab/settings" + pageState), WebsiteURL: page("/tab/settings"), Scopes: personal},
			{EntityID: EntityAbout, Scopes: personal},
		},
		ConfigurableTabs: []configurableTab{{
			ConfigurationURL: page("/config/channel" + pageState), CanUpdateConfiguration: true,
			Scopes: []string{"team", "groupChat"}, Context: []string{"channelTab", "privateChatTab", "meetingChatTab", "meetingDetailsTab"},
		}},
		// The first tier is private and shared channels: who is in them decides nothing here, Dataverse decides who reads what.
		ChannelFeatures: "tier1",
		Bots: []bot{{
			BotID: c.BotID, Scopes: personal,
			CommandLists: []commandList{{Scopes: personal, Commands: t.commands}},
		}},
		Permissions:        []string{"identity", "messageTeamMembers"},
		ValidDomains:       []string{hostOf(c.BaseURL)},
		WebApplicationInfo: webApplicationInfo{ID: c.ClientID, Resource: SSOResource(c.BaseURL, c.ClientID)},
		// Pages show themselves as they stream; with the indicator Teams would hide them until TeamsJS has loaded.
		ShowLoadingIndicator:   false,
		DefaultInstallScope:    "personal",
		DefaultGroupCapability: map[string]string{"team": "tab", "groupchat": "tab", "meetings": "tab"},
	}
}
