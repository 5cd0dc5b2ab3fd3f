package dataverse_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/dataverse"
	standin "github.com/pintab/pintab/internal/sandbox/dataverse"
	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/seed"
	"github.com/pintab/pintab/internal/sandbox/entra"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// stage is the sandbox with its two upstreams, started once for all tests of the package.
type stage struct {
	entra, dataverse *httptest.Server
	requests         atomic.Int64
	sent             sync.Map // path and query of everything asked of Dataverse
}

var (
	stageOnce sync.Once
	shared    *stage
	stageErr  error
)

func sandbox(t *testing.T) *stage {
	t.Helper()
	stageOnce.Do(func() { shared, stageErr = newStage() })
	if stageErr != nil {
		t.Fatal(stageErr)
	}
	return shared
}

func newStage() (*stage, error) {
	s := &stage{}
	var issuer, crmServer http.Handler
	s.entra = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { issuer.ServeHTTP(w, r) }))
	s.dataverse = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.requests.Add(1)
		s.sent.Store(r.URL.String(), true)
		crmServer.ServeHTTP(w, r)
	}))
	var err error
	issuer, err = entra.New(entra.Config{
		Base: s.entra.URL, Tenants: world.Tenants(), People: world.People(), Client: world.Registration,
		SSOResource: "api://localhost/" + world.Registration.ID, Resources: func(string) bool { return true },
	})
	if err != nil {
		return nil, err
	}
	var organizations []standin.Organization
	for _, o := range world.Organizations() {
		served := standin.Organization{Organization: o, Members: seed.Members(o)}
		if o.Seed != "" {
			db, err := engine.Open(context.Background(), filepath.Join(scratch, o.Name+".db"), seed.Model(), seed.Options(o, time.Now))
			if err != nil {
				return nil, err
			}
			if err := seed.Fill(context.Background(), db, o, world.People(), time.Now()); err != nil {
				return nil, err
			}
			served.DB = db
		}
		organizations = append(organizations, served)
	}
	crmServer = standin.New(standin.Config{Base: s.dataverse.URL, Entra: s.entra.URL, Organizations: organizations})
	return s, nil
}

// signIns are tokens from the Entra stand-in by password, one for each person and resource.
type signIns struct {
	stage  *stage
	tokens sync.Map
}

func (s *signIns) Token(ctx context.Context, user crm.User, resource string) (string, error) {
	key := user.Object + " " + resource
	if token, ok := s.tokens.Load(key); ok {
		return token.(string), nil
	}
	person, err := personOf(user)
	if err != nil {
		return "", err
	}
	form := url.Values{
		"grant_type": {"password"}, "client_id": {world.Registration.ID}, "client_secret": {world.Registration.Secret},
		"username": {person.Username}, "password": {person.Password}, "scope": {resource + "/.default"},
	}
	response, err := http.PostForm(s.stage.entra.URL+"/"+person.TenantID+"/oauth2/v2.0/token", form)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	var answer struct {
		AccessToken string `json:"access_token"`
		Description string `json:"error_description"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", err
	}
	if answer.AccessToken == "" {
		return "", errors.New(answer.Description)
	}
	s.tokens.Store(key, answer.AccessToken)
	return answer.AccessToken, nil
}

func personOf(user crm.User) (world.Person, error) {
	for _, p := range world.People() {
		if p.ObjectID == user.Object {
			return p, nil
		}
	}
	return world.Person{}, fmt.Errorf("nobody is %v", user)
}

func (s *stage) client() *dataverse.Client {
	return dataverse.New(dataverse.Config{DiscoveryURL: s.dataverse.URL, Tokens: &signIns{stage: s}, AllowHTTP: true})
}

func person(t *testing.T, role world.Role, locale string) crm.Caller {
	t.Helper()
	for _, p := range world.People() {
		if p.Role == role {
			return crm.Caller{User: crm.User{Tenant: p.TenantID, Object: p.ObjectID}, Locale: locale}
		}
	}
	t.Fatal("nobody is", role)
	return crm.Caller{}
}
