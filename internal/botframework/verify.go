package botframework

import (
	"context"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/bearer"
	"github.com/pintab/pintab/internal/fault"
)

const (
	leeway         = 5 * time.Minute // of clocks, as the connector's authentication page says
	maxRemembered  = 4096            // verified tokens; the connector uses one for each service address
	metadataSoft   = 12 * time.Hour
	metadataHard   = 5 * 24 * time.Hour // as long as Microsoft promises the address of the keys to stand
	keysSoft       = 6 * time.Hour
	keysHard       = 24 * time.Hour
	maxDocument    = 1 << 20
	requestTimeout = 5 * time.Second
)

// VerifierConfig is whose tokens are believed.
type VerifierConfig struct {
	AppID string
	// Issuer has to stand in every token; empty means the issuer that the metadata names.
	Issuer string
	// Metadata is the address of the connector's OpenID configuration.
	Metadata  string
	Addresses Addresses
	HTTP      *http.Client     // nil: a client of our own
	Now       func() time.Time // nil: time.Now
}

// Verifier checks that an activity comes from the Bot Connector. It is safe for concurrent use.
type Verifier struct {
	cfg      VerifierConfig
	metadata *bearer.Fetched[metadata]
	keys     *bearer.Keys[endorsed]
	verified *bearer.Recent[[32]byte, verified]
}

// metadata is what is used of the connector's OpenID configuration.
type metadata struct {
	Issuer     string   `json:"issuer"`
	Keys       string   `json:"jwks_uri"`
	Algorithms []string `json:"id_token_signing_alg_values_supported"`
}

// endorsed is a key and the channels that it may speak for.
type endorsed struct {
	public   *rsa.PublicKey
	channels []string
}

// verified is a token that passed, kept by the hash of its every byte. What depends on the activity is looked at each time.
type verified struct {
	kid        string
	public     *rsa.PublicKey
	serviceURL string
	until      time.Time
}

// NewVerifier makes a verifier. It asks nobody anything yet.
func NewVerifier(cfg VerifierConfig) (*Verifier, error) {
	if cfg.AppID == "" {
		return nil, errors.New("botframework: without the bot's app id nobody could be told from the Bot Connector")
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	cfg.HTTP = outbound(cfg.HTTP)
	v := &Verifier{cfg: cfg, verified: bearer.NewRecent[[32]byte, verified](maxRemembered)}
	v.metadata = &bearer.Fetched[metadata]{Now: cfg.Now, Soft: metadataSoft, Hard: metadataHard, Get: v.fetchMetadata}
	v.keys = &bearer.Keys[endorsed]{Fetched: bearer.Fetched[map[string]endorsed]{Now: cfg.Now, Soft: keysSoft, Hard: keysHard, Get: v.fetchKeys}}
	return v, nil
}

// Verify checks the Authorization header that came with an activity. A fault of Kind SignedOut refuses the token, one of Kind
// Forbidden an activity that a good token came with but does not cover; Unreachable says that the keys cannot be had.
func (v *Verifier) Verify(ctx context.Context, header string, a *Activity) error {
	token, ok := strings.CutPrefix(header, "Bearer ")
	if !ok || len(token) > bearer.MaxToken {
		return refused(errors.New("no bearer token, or one that is too long"))
	}
	known, channels, err := v.token(ctx, token)
	if err != nil {
		return err
	}
	switch {
	case a.ServiceURL == "" || a.ServiceURL != known.serviceURL:
		return refused(errors.New("serviceUrl is not the token's"))
	case a.ChannelID != Channel:
		return forbidden(errors.New("activity is of another channel"))
	case !slices.Contains(channels, a.ChannelID):
		return forbidden(errors.New("key is not endorsed for the channel"))
	case !v.cfg.Addresses.Allows(a.ServiceURL):
		return forbidden(errors.New("serviceUrl is no address of the Bot Connector"))
	}
	return nil
}

// token checks everything about a token that does not depend on the activity, and gives the channels that its key speaks for.
func (v *Verifier) token(ctx context.Context, token string) (verified, []string, error) {
	hash := sha256.Sum256([]byte(token))
	if known, ok := v.verified.Get(hash); ok && v.cfg.Now().Before(known.until) {
		// The key has to be published still.
		if key, err := v.keys.Find(ctx, known.kid); err == nil && key.public.Equal(known.public) {
			return known, key.channels, nil
		}
	}
	t, err := bearer.TakeApart(token)
	if err != nil {
		return verified{}, nil, refused(err)
	}
	if t.Type != "" && t.Type != "JWT" {
		return verified{}, nil, refused(errors.New("token has another typ"))
	}
	m, err := v.metadata.Current(ctx)
	if err != nil {
		return verified{}, nil, unreachable(err)
	}
	known, err := v.checkClaims(t.Claims, m.Issuer)
	if err != nil {
		return verified{}, nil, refused(err)
	}
	key, err := v.keys.Find(ctx, t.KeyID)
	if errors.Is(err, bearer.ErrUnknownKey) {
		return verified{}, nil, refused(err)
	}
	if err != nil {
		return verified{}, nil, unreachable(err)
	}
	if _, err := bearer.Verify(token, key.public); err != nil {
		return verified{}, nil, refused(err)
	}
	known.kid, known.public = t.KeyID, key.public
	v.verified.Put(hash, known)
	return known, key.channels, nil
}

// checkClaims refuses a token that is not the connector's, not for this bot, not for now, or for no service address.
func (v *Verifier) checkClaims(c bearer.Claims, issuer string) (verified, error) {
	if iss, err := c.Text("iss"); err != nil || iss != issuer {
		return verified{}, errors.New("iss is not the Bot Connector")
	}
	if aud, err := c.Text("aud"); err != nil || aud != v.cfg.AppID {
		return verified{}, errors.New("aud is not this bot")
	}
	now := v.cfg.Now()
	exp, err := c.Seconds("exp")
	if err != nil {
		return verified{}, err
	}
	until := time.Unix(exp, 0).Add(leeway)
	if !now.Before(until) {
		return verified{}, errors.New("token has expired")
	}
	for _, name := range []string{"nbf", "iat"} {
		if c[name] == nil {
			continue
		}
		from, err := c.Seconds(name)
		if err != nil {
			return verified{}, err
		}
		if time.Unix(from, 0).After(now.Add(leeway)) {
			return verified{}, errors.New("token is not valid yet")
		}
	}
	serviceURL, err := c.Text("serviceurl")
	if err != nil || serviceURL == "" {
		return verified{}, errors.New("serviceurl is missing")
	}
	return verified{serviceURL: serviceURL, until: until}, nil
}

func (v *Verifier) fetchMetadata(ctx context.Context) (metadata, error) {
	var m metadata
	if err := v.getJSON(ctx, v.cfg.Metadata, &m); err != nil {
		return m, err
	}
	switch {
	case m.Issuer == "" || v.cfg.Issuer != "" && m.Issuer != v.cfg.Issuer:
		return m, errors.New("metadata has another issuer")
	case !sameOrigin(m.Keys, v.cfg.Metadata):
		return m, errors.New("metadata leads elsewhere for its keys")
	case len(m.Algorithms) > 0 && !slices.Contains(m.Algorithms, "RS256"):
		return m, errors.New("metadata does not know RS256")
	}
	return m, nil
}

func (v *Verifier) fetchKeys(ctx context.Context) (map[string]endorsed, error) {
	m, err := v.metadata.Current(ctx)
	if err != nil {
		return nil, err
	}
	var document struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if err := v.getJSON(ctx, m.Keys, &document); err != nil {
		return nil, err
	}
	keys := map[string]endorsed{}
	for _, raw := range document.Keys {
		var extra struct {
			Channels []string `json:"endorsements"`
		}
		kid, public, ok := bearer.ReadKey(raw)
		if !ok || json.Unmarshal(raw, &extra) != nil || len(keys) >= bearer.MaxKeys {
			continue
		}
		if _, twice := keys[kid]; !twice {
			keys[kid] = endorsed{public, extra.Channels}
		}
	}
	if len(keys) == 0 {
		return nil, errors.New("no usable signing key is published")
	}
	return keys, nil
}

// getJSON reads a public document of the connector.
func (v *Verifier) getJSON(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	req.Header.Set("Accept", "application/json")
	res, err := v.cfg.HTTP.Do(req)
	if err != nil {
		return fault.Transport(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return statusError(res.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, maxDocument+1))
	switch {
	case err != nil:
		return fault.Transport(err)
	case len(raw) > maxDocument:
		return errors.New("document is too long")
	case json.Unmarshal(raw, into) != nil:
		return errors.New("document is not JSON")
	}
	return nil
}

func sameOrigin(a, b string) bool {
	x, errX := url.Parse(a)
	y, errY := url.Parse(b)
	return errX == nil && errY == nil && x.Host != "" && x.User == nil && x.Scheme == y.Scheme && x.Host == y.Host
}

func refused(cause error) error   { return fault.Wrap(cause, fault.SignedOut, "bot.refused") }
func forbidden(cause error) error { return fault.Wrap(cause, fault.Forbidden, "bot.forbidden") }
func unreachable(cause error) error {
	return fault.Wrap(cause, fault.Unreachable, "bot.unreachable")
}
