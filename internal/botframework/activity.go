package botframework

import (
	"encoding/json"
	"strings"
)

// Channel is the only channel that is answered: Microsoft Teams.
const Channel = "msteams"

// Types of activities.
const (
	TypeMessage            = "message"
	TypeInvoke             = "invoke"
	TypeTyping             = "typing"
	TypeConversationUpdate = "conversationUpdate"
	TypeInstallationUpdate = "installationUpdate"
)

// Kinds of conversations, as conversation.conversationType names them.
const (
	KindPersonal = "personal"
	KindChannel  = "channel"
	KindGroup    = "groupChat"
)

// Activity is what is said or done in a conversation, as far as it is used here. Every field may be missing.
type Activity struct {
	Type             string            `json:"type"`
	ID               string            `json:"id,omitempty"`
	Timestamp        string            `json:"timestamp,omitempty"`
	ServiceURL       string            `json:"serviceUrl,omitempty"`
	ChannelID        string            `json:"channelId,omitempty"`
	From             *Account          `json:"from,omitempty"`
	Recipient        *Account          `json:"recipient,omitempty"`
	Conversation     *Conversation     `json:"conversation,omitempty"`
	Text             string            `json:"text,omitempty"`
	TextFormat       string            `json:"textFormat,omitempty"` // "plain", "markdown" or "xml"
	Locale           string            `json:"locale,omitempty"`
	Summary          string            `json:"summary,omitempty"`
	Attachments      []Attachment      `json:"attachments,omitempty"`
	AttachmentLayout string            `json:"attachmentLayout,omitempty"`
	SuggestedActions *SuggestedActions `json:"suggestedActions,omitempty"`
	Entities         []Entity          `json:"entities,omitempty"`
	ChannelData      *ChannelData      `json:"channelData,omitempty"`
	Name             string            `json:"name,omitempty"` // of an invoke
	Value            json.RawMessage   `json:"value,omitempty"`
	Action           string            `json:"action,omitempty"` // of an installationUpdate
	ReplyToID        string            `json:"replyToId,omitempty"`
	MembersAdded     []Account         `json:"membersAdded,omitempty"`
	MembersRemoved   []Account         `json:"membersRemoved,omitempty"`
}

// Account is a person or a bot in a conversation. ID differs for each bot; AADObjectID is the directory's.
type Account struct {
	ID          string `json:"id"`
	Name        string `json:"name,omitempty"`
	AADObjectID string `json:"aadObjectId,omitempty"`
}

// Conversation is where an activity belongs. In channels the id ends in ";messageid=" and the id of the thread's first message.
type Conversation struct {
	ID       string `json:"id"`
	Kind     string `json:"conversationType,omitempty"`
	TenantID string `json:"tenantId,omitempty"`
	IsGroup  bool   `json:"isGroup,omitempty"`
	Name     string `json:"name,omitempty"`
}

// Attachment is a card of a message.
type Attachment struct {
	ContentType string          `json:"contentType"`
	Content     json.RawMessage `json:"content,omitempty"`
	Name        string          `json:"name,omitempty"`
}

// Content types of cards.
const (
	AdaptiveCard = "application/vnd.microsoft.card.adaptive"
	SignInCard   = "application/vnd.microsoft.card.signin"
)

// SuggestedActions are buttons below the last message of a personal chat.
type SuggestedActions struct {
	To      []string     `json:"to,omitempty"`
	Actions []CardAction `json:"actions"`
}

// CardAction is a button of a plain card or of suggested actions; of type "imBack" it says Value for the person.
type CardAction struct {
	Type  string `json:"type"`
	Title string `json:"title"`
	Value string `json:"value"`
}

// Entity is what else is known of a text: of type "mention" that it names somebody, of type "clientInfo" the person's client.
type Entity struct {
	Type      string   `json:"type"`
	Mentioned *Account `json:"mentioned,omitempty"`
	Text      string   `json:"text,omitempty"`
	Locale    string   `json:"locale,omitempty"`
	Timezone  string   `json:"timezone,omitempty"`
}

// ChannelData is what Teams adds.
type ChannelData struct {
	Tenant *struct {
		ID string `json:"id"`
	} `json:"tenant,omitempty"`
	EventType string `json:"eventType,omitempty"`
	Team      *struct {
		ID   string `json:"id"`
		Name string `json:"name,omitempty"`
	} `json:"team,omitempty"`
}

// Tenant is the directory that the conversation belongs to, in lower case. It is "" when the activity names none, or two.
func (a *Activity) Tenant() string {
	conversation, channel := "", ""
	if a.Conversation != nil {
		conversation = strings.ToLower(a.Conversation.TenantID)
	}
	if a.ChannelData != nil && a.ChannelData.Tenant != nil {
		channel = strings.ToLower(a.ChannelData.Tenant.ID)
	}
	switch {
	case conversation == "":
		return channel
	case channel == "" || channel == conversation:
		return conversation
	}
	return ""
}

// ConversationID is the id of the conversation; "" when it has none.
func (a *Activity) ConversationID() string {
	if a.Conversation == nil {
		return ""
	}
	return a.Conversation.ID
}

// Personal reports whether the conversation is between one person and the bot.
func (a *Activity) Personal() bool {
	return a.Conversation != nil && (a.Conversation.Kind == KindPersonal || a.Conversation.Kind == "" && !a.Conversation.IsGroup)
}

// Said is the text without mentions of the bot itself and without the spaces that Teams puts around them.
func (a *Activity) Said() string {
	text := a.Text
	for _, e := range a.Entities {
		if e.Type == "mention" && e.Text != "" && e.Mentioned != nil && a.Recipient != nil && e.Mentioned.ID == a.Recipient.ID {
			text = strings.ReplaceAll(text, e.Text, " ")
		}
	}
	return strings.Join(strings.FieldsFunc(text, isSpace), " ")
}

func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\r', '\u00a0', '\u200b', '\ufeff':
		return true
	}
	return false
}

// Locales are the languages that the person's client asks for, best first.
func (a *Activity) Locales() []string {
	var all []string
	for _, e := range a.Entities {
		if e.Type == "clientInfo" && e.Locale != "" {
			all = append(all, e.Locale)
		}
	}
	if a.Locale != "" {
		all = append(all, a.Locale)
	}
	return all
}

// Timezone is the IANA name of the person's time zone as their client tells it; "" when it does not.
func (a *Activity) Timezone() string {
	for _, e := range a.Entities {
		if e.Type == "clientInfo" && e.Timezone != "" {
			return e.Timezone
		}
	}
	return ""
}

// Reference is where an answer goes.
type Reference struct {
	ServiceURL   string
	Conversation string
	Bot          string // the bot's id in the conversation
}

// Reference is where an answer to this activity goes.
func (a *Activity) Reference() Reference {
	r := Reference{ServiceURL: a.ServiceURL, Conversation: a.ConversationID()}
	if a.Recipient != nil {
		r.Bot = a.Recipient.ID
	}
	return r
}
