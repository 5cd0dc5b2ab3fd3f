package teams

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// team is a team of a tenant; everybody in the tenant is a member.
type team struct {
	Slug, Name, ID, GroupID string
	Channels                []space
}

// space is where tabs stand beside talk: a channel of a team, or a group chat.
type space struct {
	Slug, Name, ID, Tenant string
	Team                   *team // nil in a chat
	Opening                []opening
}

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
	teams []plotTeam
	chat  string
}

type plotTeam struct {
	name     string
	channels []string
	opening  []opening
}

// plots are the teams of the first tenant and of every other one.
var plots = []plot{
	{
		teams: []plotTeam{
			{"Northern accounts", []string{"General", "Key customers", "Renewals"}, []opening{
				{world.Manager, "Please pin the accounts that we talk about here, so that everybody looks at the same numbers."},
				{world.Seller, "Will do. I start with the one we visit on Thursday."},
			}},
			{"Service desk", []string{"General", "Escalations"}, []opening{
				{"service agent", "Hand-over at nine: what is still open comes first."},
			}},
			{"Company", []string{"General"}, nil},
		},
		chat: "Quarter end",
	},
	{
		teams: []plotTeam{
			{"Vertrieb", []string{"Allgemein", "Großkunden"}, []opening{{world.SecondTenant, "Bitte die Zahlen immer hier anheften."}}},
			{"Kundendienst", []string{"Allgemein"}, nil},
		},
		chat: "Quartalsende",
	},
}

func (s *Server) plotOf(tenant string) plot {
	if len(s.config.Tenants) > 0 && s.config.Tenants[0].ID == tenant {
		return plots[0]
	}
	return plots[1]
}

// teamsOf lists the teams of a tenant with their channels. Ids have the shapes that Teams gives them.
func (s *Server) teamsOf(tenant string) []*team {
	var all []*team
	for _, p := range s.plotOf(tenant).teams {
		t := &team{Slug: slug(p.name), Name: p.name, GroupID: guidOf(tenant, p.name)}
		for i, name := range p.channels {
			c := space{Slug: slug(name), Name: name, ID: threadID(tenant, p.name, name), Tenant: tenant, Team: t}
			if i == 0 {
				t.ID, c.Opening = c.ID, p.opening
			}
			t.Channels = append(t.Channels, c)
		}
		all = append(all, t)
	}
	return all
}

func (s *Server) chatsOf(tenant string) []space {
	name := s.plotOf(tenant).chat
	id := "19:" + digest(tenant, "chat", name)[:32] + "@thread.v2"
	return []space{{Slug: slug(name), Name: name, ID: id, Tenant: tenant}}
}

// spaceByID finds a channel or chat of a tenant.
func (s *Server) spaceByID(tenant, id string) (space, bool) {
	for _, t := range s.teamsOf(tenant) {
		for _, c := range t.Channels {
			if c.ID == id {
				return c, true
			}
		}
	}
	for _, c := range s.chatsOf(tenant) {
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
