package teams

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// team is a team of a tenant as one person sees it: with the channels that they are in. Everybody in the tenant is a member;
// guests are where they were invited.
type team struct {
	Slug, Name, ID, GroupID string
	Channels                []space
	// Outside says that the person is in one of the team's shared channels, but not in the team.
	Outside bool
}

// space is where tabs stand beside talk: a channel of a team, a group chat or the chat of a meeting.
type space struct {
	Slug, Name, ID, Tenant string
	Kind                   channelKind // of a channel
	Team                   *team       // nil in a chat
	Meeting                string      // id of the meeting whose chat it is
	Opening                []opening
}

// channelKind is what TeamsJS calls the type of a channel.
type channelKind string

const (
	standardChannel channelKind = "Regular"
	privateChannel  channelKind = "Private"
	sharedChannel   channelKind = "Shared"
)

// opening is a post that was there before anybody came.
type opening struct {
	Role world.Role
	Text string
}

// scope is the manifest's word for the kind of space.
func (s space) scope() string {
	if s.Team == nil {
		return "groupChat"
	}
	return "team"
}

// place is the manifest's word for where a tab here stands.
func (s space) place() string {
	switch {
	case s.Team != nil:
		return "channelTab"
	case s.Meeting != "":
		return "meetingChatTab"
	}
	return "privateChatTab"
}

// Word says what kind of place it is where that is not plain.
func (s space) Word() string {
	switch {
	case s.Kind == privateChannel:
		return "private"
	case s.Kind == sharedChannel:
		return "shared"
	case s.Meeting != "":
		return "meeting"
	case s.Team == nil:
		return "group chat"
	}
	return ""
}

// installTarget is what an app has to be installed for before it can have a tab here.
func (s space) installTarget() string {
	if s.Team == nil {
		return s.ID
	}
	return s.Team.ID
}

func (s space) path() string {
	if s.Team == nil {
		return "/chats/" + s.Slug
	}
	return "/teams/" + s.Team.Slug + "/" + s.Slug
}

type plot struct {
	teams         []plotTeam
	chat, meeting string
}

type plotTeam struct {
	name     string
	channels []plotChannel
	opening  []opening
	guests   bool // guests have been invited
}

type plotChannel struct {
	name    string
	kind    channelKind
	only    []world.Role // who is in a private channel
	outside []world.Role // who is in a shared channel without being in its tenant
}

func standard(names ...string) []plotChannel {
	var all []plotChannel
	for _, name := range names {
		all = append(all, plotChannel{name: name, kind: standardChannel})
	}
	return all
}

// plots are the teams of the first tenant and of every other one.
var plots = []plot{
	{
		teams: []plotTeam{
			{"Northern accounts", append(standard("General", "Key customers", "Renewals"),
				plotChannel{name: "Leadership", kind: privateChannel, only: []world.Role{world.Administrator, world.Manager}},
				plotChannel{name: "With Moravia", kind: sharedChannel, outside: []world.Role{world.SecondTenant}}), []opening{
				{world.Manager, "Please pin the accounts that we talk about here, so that everybody looks at the same numbers."},
				{world.Seller, "Will do. I start with the one we visit on Thursday."},
			}, true},
			{"Service desk", standard("General", "Escalations"), []opening{
				{"service agent", "Hand-over at nine: what is still open comes first."},
			}, false},
			{"Company", standard("General"), nil, false},
		},
		chat: "Quarter end", meeting: "Pipeline review",
	},
	{
		teams: []plotTeam{
			{"Vertrieb", standard("Allgemein", "Großkunden"), []opening{{world.SecondTenant, "Bitte die Zahlen immer hier anheften."}}, false},
			{"Kundendienst", standard("Allgemein"), nil, false},
		},
		chat: "Quartalsende", meeting: "Wochenbesprechung",
	},
}

func (s *Server) plotOf(tenant string) plot {
	if len(s.config.Tenants) > 0 && s.config.Tenants[0].ID == tenant {
		return plots[0]
	}
	return plots[1]
}

// sees reports whether a person is in a channel.
func (c plotChannel) sees(p world.Person, tenant string) bool {
	switch {
	case p.TenantID != tenant:
		return slices.Contains(c.outside, p.Role)
	case c.kind == privateChannel:
		return slices.Contains(c.only, p.Role)
	}
	return true
}

// teamsOf lists the teams of a person with the channels that they are in. Ids have the shapes that Teams gives them.
func (s *Server) teamsOf(p world.Person) []*team {
	all := s.teamsIn(p, p.TenantID)
	for _, t := range s.config.Tenants {
		if t.ID != p.TenantID {
			all = append(all, s.teamsIn(p, t.ID)...)
		}
	}
	return all
}

func (s *Server) teamsIn(p world.Person, tenant string) []*team {
	var all []*team
	for _, plot := range s.plotOf(tenant).teams {
		if p.Role == world.Guest && !plot.guests {
			continue
		}
		t := &team{Slug: slug(plot.name), Name: plot.name, GroupID: guidOf(tenant, plot.name), Outside: p.TenantID != tenant}
		t.ID = threadID(tenant, plot.name, plot.channels[0].name)
		for i, channel := range plot.channels {
			if !channel.sees(p, tenant) {
				continue
			}
			c := space{Slug: slug(channel.name), Name: channel.name, ID: threadID(tenant, plot.name, channel.name), Tenant: tenant, Kind: channel.kind, Team: t}
			if i == 0 {
				c.Opening = plot.opening
			}
			t.Channels = append(t.Channels, c)
		}
		if len(t.Channels) > 0 {
			all = append(all, t)
		}
	}
	return all
}

// chatsOf lists a person's group chats and chats of meetings: everybody in a tenant is in them, except guests.
func (s *Server) chatsOf(p world.Person) []space {
	if p.Role == world.Guest {
		return nil
	}
	plot := s.plotOf(p.TenantID)
	id := func(name string) string { return "19:" + digest(p.TenantID, "chat", name)[:32] + "@thread.v2" }
	meeting := digest(p.TenantID, "meeting", plot.meeting)
	return []space{
		{Slug: slug(plot.chat), Name: plot.chat, ID: id(plot.chat), Tenant: p.TenantID},
		{Slug: slug(plot.meeting), Name: plot.meeting, ID: "19:meeting_" + meeting[:48] + "@thread.v2", Tenant: p.TenantID, Meeting: meeting},
	}
}

// spaceByID finds a channel or chat of a person.
func (s *Server) spaceByID(p world.Person, id string) (space, bool) {
	for _, c := range s.spacesOf(p) {
		if c.ID == id {
			return c, true
		}
	}
	return space{}, false
}

func slug(name string) string {
	return strings.NewReplacer(" ", "-", "ß", "ss").Replace(strings.ToLower(name))
}

func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:])
}

func threadID(parts ...string) string { return "19:" + digest(parts...)[:32] + "@thread.tacv2" }

func guidOf(parts ...string) string {
	d := digest(parts...)
	return d[:8] + "-" + d[8:12] + "-4" + d[13:16] + "-8" + d[17:20] + "-" + d[20:32]
}

// member ids: Teams gives a person another id for every bot.
func memberID(botID, person string) string { return "29:1" + digest(botID, person)[:43] }

func botMember(botID string) string { return "28:" + botID }

func conversationID(botID, person string) string { return "a:1" + digest("chat", botID, person)[:48] }

func (s *Server) personByID(object string) (world.Person, bool) {
	for _, p := range s.config.People {
		if p.ObjectID == object {
			return p, true
		}
	}
	return world.Person{}, false
}

func (s *Server) personByName(username string) (world.Person, bool) {
	for _, p := range s.config.People {
		if strings.EqualFold(p.Username, username) {
			return p, true
		}
	}
	return world.Person{}, false
}

func (s *Server) personByRole(tenant string, role world.Role) (world.Person, bool) {
	for _, p := range s.config.People {
		if p.TenantID == tenant && p.Role == role {
			return p, true
		}
	}
	return world.Person{}, false
}

func (s *Server) tenant(id string) world.Tenant {
	for _, t := range s.config.Tenants {
		if t.ID == id {
			return t
		}
	}
	return world.Tenant{ID: id}
}
