package teams

import (
	"net/http"
	"strings"
	"time"
)

// talkLine is a post of a tab's conversation as the page's script shows it.
type talkLine struct {
	Person string    `json:"person"`
	Text   string    `json:"text"`
	Sub    string    `json:"sub,omitempty"`
	At     time.Time `json:"at"`
}

// talkOf gives the conversation of a tab, oldest first.
func (s *Server) talkOf(id string) []talkLine {
	all := []talkLine{}
	s.store.read(func(k *kept) {
		for _, p := range k.Posts {
			if p.Tab == id {
				person, _ := s.personByID(p.Person)
				all = append(all, talkLine{person.Name, p.Text, p.Sub, p.At})
			}
		}
	})
	return all
}

type tabPost struct {
	Person string `json:"person"`
	Sub    string `json:"sub"`
	Text   string `json:"text"`
}

func (t *tabPost) person() string { return t.Person }

// maxSub is how long a sub page id may be that a post keeps.
const maxSub = 1024

// postAboutTab adds to the conversation of a tab, which the posts of its channel show too.
func (s *Server) postAboutTab(w http.ResponseWriter, r *http.Request) {
	var in tabPost
	p, ok := s.hostCall(w, r, &in)
	if !ok {
		return
	}
	text := strings.TrimSpace(in.Text)
	if text == "" || len(text) > maxPost || len(in.Sub) > maxSub {
		answer(w, http.StatusUnprocessableEntity, map[string]any{"reason": "Write something of at most 8,000 characters."})
		return
	}
	now, found := s.config.Now(), false
	err := s.store.change(func(k *kept) error {
		if t := k.tab(r.PathValue("id")); t != nil && s.member(p, t.Space) {
			k.Posts = append(k.Posts, post{Space: t.Space, Person: p.ObjectID, Text: text, Tab: t.ID, Sub: in.Sub, At: now})
			found = true
		}
		return nil
	})
	switch {
	case err != nil:
		answer(w, http.StatusInternalServerError, map[string]any{"reason": "The post could not be saved."})
	case !found:
		answer(w, http.StatusNotFound, map[string]any{"reason": "This tab is not here any more."})
	default:
		answer(w, http.StatusCreated, talkLine{p.Name, text, in.Sub, now})
	}
}
