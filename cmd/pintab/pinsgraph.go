package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/pin"
)

// tabCall is a call of Microsoft Graph that makes a tab ("Add tab to channel", "Add tab to chat").
type tabCall struct {
	Method string  `json:"method"`
	URL    string  `json:"url"`
	Body   tabBody `json:"body"`
}

type tabBody struct {
	Name          string           `json:"displayName"`
	App           string           `json:"teamsApp@odata.bind,omitempty"`
	Configuration tabConfiguration `json:"configuration"`
}

type tabConfiguration struct {
	EntityID   string `json:"entityId"`
	ContentURL string `json:"contentUrl"`
	WebsiteURL string `json:"websiteUrl"`
	RemoveURL  string `json:"removeUrl"`
}

// call makes the call for a tab of a list.
func (e pinEntry) call(graph, publicURL, tenant, app string) tabCall {
	service := pin.Service{PublicURL: publicURL}
	settings := service.Settings(crm.Pin{ID: pin.DerivedID(tenant, e.spot, e.target), Tenant: tenant, Target: e.target}, e.Name)
	place := "/chats/" + url.PathEscape(e.spot.Chat)
	if e.spot.Chat == "" {
		place = "/teams/" + e.spot.Group + "/channels/" + url.PathEscape(e.spot.Channel)
	}
	return tabCall{Method: http.MethodPost, URL: graph + place + "/tabs", Body: tabBody{
		Name: settings.Name, App: graph + "/appCatalogs/teamsApps/" + app,
		Configuration: tabConfiguration{EntityID: settings.EntityID, ContentURL: settings.ContentURL, WebsiteURL: settings.WebsiteURL, RemoveURL: settings.RemoveURL},
	}}
}

// graph sends calls with one token.
type graph struct {
	client *http.Client
	token  string
}

// send makes a tab, corrects the one that is there with its entity id, or leaves it as it is.
func (g graph) send(ctx context.Context, call tabCall) (done string, err error) {
	id, same, err := g.there(ctx, call)
	switch {
	case err != nil:
		return "", err
	case same:
		return "unchanged", nil
	case id == "":
		return "made", g.ask(ctx, call.Method, call.URL, call.Body, nil)
	}
	call.Body.App = "" // a tab keeps its app
	return "corrected", g.ask(ctx, http.MethodPatch, call.URL+"/"+url.PathEscape(id), call.Body, nil)
}

// there finds the tab that has the call's entity id, and whether it is as the call wants it.
func (g graph) there(ctx context.Context, call tabCall) (id string, same bool, err error) {
	next := call.URL
	for range 20 {
		var page struct {
			Value []struct {
				ID string `json:"id"`
				tabBody
			} `json:"value"`
			Next string `json:"@odata.nextLink"`
		}
		if err := g.ask(ctx, http.MethodGet, next, nil, &page); err != nil {
			return "", false, err
		}
		for _, tab := range page.Value {
			if tab.Configuration.EntityID == call.Body.Configuration.EntityID {
				return tab.ID, tab.Name == call.Body.Name && tab.Configuration == call.Body.Configuration, nil
			}
		}
		if page.Next == "" {
			return "", false, nil
		}
		if !strings.HasPrefix(page.Next, call.URL) {
			return "", false, errors.New("the next page of tabs is at another address")
		}
		next = page.Next
	}
	return "", false, errors.New("there are too many tabs")
}

func (g graph) ask(ctx context.Context, method, address string, body, into any) error {
	var reader io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(text)
	}
	request, err := http.NewRequestWithContext(ctx, method, address, reader)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+g.token)
	request.Header.Set("Accept", "application/json")
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := g.client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, 4<<20))
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		var refusal struct {
			Error struct{ Code, Message string }
		}
		_ = json.Unmarshal(text, &refusal) // what is no JSON has no code
		return fmt.Errorf("%s %s %s", response.Status, refusal.Error.Code, refusal.Error.Message)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(text, into)
}
