package entra

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// parallel runs f n times at once and gives the distinct outcomes.
func parallel(n int, f func(i int) string) map[string]int {
	outcomes := map[string]int{}
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			got := f(i)
			mu.Lock()
			outcomes[got]++
			mu.Unlock()
		})
	}
	close(start)
	all.Wait()
	return outcomes
}

// whoever asks at the moment of expiry, in whichever replica, the refresh token is redeemed once.
func TestStampede(t *testing.T) {
	for _, replicas := range []int{1, 3} {
		t.Run(fmt.Sprint(replicas), func(t *testing.T) {
			at := startLogin(t)
			all := []*Service{at.signedIn(tomas)}
			for len(all) < replicas {
				all = append(all, at.replica())
			}
			for range 3 {
				at.clock.forward(90 * time.Minute)
				at.control("faults", `{"path":"/oauth2/v2.0/token","delay_ms":150}`)
				before := at.counter("token").Load()
				got := parallel(50*replicas, func(i int) string {
					token, err := all[i%replicas].Token(t.Context(), userOf(tomas), orgURL)
					return fmt.Sprint(token, err)
				})
				if n := at.counter("token").Load() - before; n != 1 || len(got) != 1 {
					t.Error(n, "redemptions,", len(got), "outcomes")
				}
			}
			if _, err := all[0].Token(t.Context(), userOf(tomas), disco); err != nil {
				t.Error("somebody was signed out:", err)
			}
		})
	}
}

// Tokens for several organizations come one after the other, each once, because each redemption rotates the refresh token.
func TestSeveralOrganizationsAtOnce(t *testing.T) {
	at := startLogin(t)
	replicas := []*Service{at.signedIn(tomas), at.replica()}
	resources := []string{orgURL, otherOrg, disco}
	got := parallel(60, func(i int) string {
		token, err := replicas[i%2].Token(t.Context(), userOf(tomas), resources[i%3])
		return fmt.Sprint(token, err)
	})
	if n := at.counter("token").Load(); n != 3 || len(got) != 3 {
		t.Error(n, "requests for one sign-in and two organizations;", len(got), "outcomes")
	}
}

// One failing redemption fails everybody who waits for it, and is not repeated for each.
func TestStampedeOntoADeadLoginService(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	at.control("faults", `{"path":"/oauth2/v2.0/token","status":503,"times":-1,"delay_ms":400}`)
	before := at.counter("token").Load()
	got := parallel(50, func(int) string {
		_, err := s.Token(t.Context(), userOf(tomas), orgURL)
		return fmt.Sprint(fault.Is(err, fault.Unreachable))
	})
	if n := at.counter("token").Load() - before; n != 1 || got["true"] != 50 {
		t.Error(n, got)
	}
}

// While the login service is away, a token that is due for renewal but still good is used.
func TestAnOldTokenOutlivesTheLoginService(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	before, err := s.Token(t.Context(), userOf(tomas), orgURL)
	if err != nil {
		t.Fatal(err)
	}
	h, _ := s.held.Get(purpose{userOf(tomas), orgURL})
	at.clock.forward(h.expires.Sub(at.clock.Now()) - 2*time.Minute)
	at.control("faults", `{"path":"/oauth2/v2.0/token","status":503,"times":-1}`)
	asked := at.counter("token").Load()
	for range 5 {
		if got, err := s.Token(t.Context(), userOf(tomas), orgURL); err != nil || got != before {
			t.Fatal(err)
		}
	}
	if n := at.counter("token").Load() - asked; n != 1 {
		t.Error("asked", n, "times within a moment")
	}
	at.clock.forward(2 * time.Minute)
	_, err = s.Token(t.Context(), userOf(tomas), orgURL)
	wantFault(t, err, fault.Unreachable, "entra.unreachable")
	at.control("faults", `{"path":"/other","status":503}`)
}

func TestARenewedTokenReplacesTheOldOne(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	first, _ := s.Token(t.Context(), userOf(tomas), orgURL)
	h, _ := s.held.Get(purpose{userOf(tomas), orgURL})
	if left := h.expires.Sub(h.renew); left < renewBefore || left > renewBefore+renewSpread {
		t.Error("renewed", left, "before the end")
	}
	at.clock.forward(h.renew.Sub(at.clock.Now()) - time.Second)
	if got, _ := s.Token(t.Context(), userOf(tomas), orgURL); got != first {
		t.Error("renewed too early")
	}
	at.clock.forward(time.Second)
	if got, err := s.Token(t.Context(), userOf(tomas), orgURL); err != nil || got == first {
		t.Error("not renewed", err)
	}
}

// a token that Dataverse refuses is replaced once, for all calls that were refused with it, in all replicas.
func TestARefusedTokenIsReplaced(t *testing.T) {
	at := startLogin(t)
	s, other := at.signedIn(tomas), at.replica()
	refused, err := s.Token(t.Context(), userOf(tomas), orgURL)
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := other.Token(t.Context(), userOf(tomas), orgURL); again != refused {
		t.Fatal("replicas have two tokens")
	}
	asked := at.counter("token").Load()
	got := parallel(16, func(i int) string {
		token, err := []*Service{s, other}[i%2].Renew(t.Context(), userOf(tomas), orgURL+"/", refused)
		return fmt.Sprint(token, err)
	})
	if n := at.counter("token").Load() - asked; n != 1 || len(got) != 1 || got[refused+"<nil>"] != 0 {
		t.Error(n, "redemptions", len(got), "outcomes")
	}
	if now, err := s.Token(t.Context(), userOf(tomas), orgURL); err != nil || now == refused {
		t.Error("the refused token is still given", err)
	}
	at.control("require", `{"username":"`+tomas.Username+`","kind":"mfa"}`)
	now, _ := s.Token(t.Context(), userOf(tomas), orgURL)
	_, err = s.Renew(t.Context(), userOf(tomas), orgURL, now)
	wantFault(t, err, fault.Consent, "entra.consent")
	_, err = s.Renew(t.Context(), userOf(tomas), "javascript:x", now)
	wantFault(t, err, fault.Invalid, "entra.resource")
}

// Told to wait, nothing is sent for this person until then; others are not slowed.
func TestBusy(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	if _, err := s.SignInTab(t.Context(), at.tabToken(ingrid)); err != nil {
		t.Fatal(err)
	}
	at.control("faults", `{"path":"/oauth2/v2.0/token","status":429,"retry_after":30}`)
	asked := at.counter("token").Load()
	for range 3 {
		_, err := s.Token(t.Context(), userOf(tomas), orgURL)
		if f := wantFault(t, err, fault.Busy, "entra.busy"); f.RetryAfter != 30*time.Second {
			t.Error(f.RetryAfter)
		}
	}
	if n := at.counter("token").Load() - asked; n != 1 {
		t.Error(n, "requests while told to wait")
	}
	if _, err := s.Token(t.Context(), userOf(ingrid), orgURL); err != nil {
		t.Error("somebody else:", err)
	}
	at.clock.forward(30 * time.Second)
	if _, err := s.Token(t.Context(), userOf(tomas), orgURL); err != nil {
		t.Error(err)
	}
}

func TestRetryAfter(t *testing.T) {
	at := startLogin(t)
	s := at.replica()
	for header, want := range map[string]time.Duration{
		"": defaultWait, "7": 7 * time.Second, "0": time.Second, "-5": defaultWait, "1000000000": time.Hour, "soon": defaultWait,
		"Mon, 23 Nov 2026 09:02:00 GMT": 2 * time.Minute, "Mon, 23 Nov 2020 09:00:00 GMT": time.Second, "99999999999999999999": defaultWait,
	} {
		if got := s.retryAfter(header); got != want {
			t.Errorf("%q: %v", header, got)
		}
	}
}

// A-12 and signing out: what is revoked is forgotten everywhere, and only a new sign-in helps.
func TestARevokedSignInIsForgotten(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	sealed, _, _ := at.vault.LoadToken(t.Context(), userOf(tomas), refreshRow)
	stolen, _, err := s.sealer.open(userOf(tomas), refreshRow, sealed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Token(t.Context(), userOf(tomas), orgURL); err != nil { // rotates it
		t.Fatal(err)
	}
	at.control("clock", `{"forward":"0s"}`)
	old, err := s.sealer.seal(userOf(tomas), refreshRow, stolen, at.clock.Now().Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	_ = at.vault.SaveToken(t.Context(), userOf(tomas), refreshRow, old, at.clock.Now().Add(time.Hour)) // a backup is restored
	_, err = s.Token(t.Context(), userOf(tomas), otherOrg)
	wantFault(t, err, fault.SignedOut, "entra.signed-out")
	if n := at.vault.count(userOf(tomas)); n != 0 {
		t.Error(n, "rows left")
	}
	_, err = s.Token(t.Context(), userOf(tomas), orgURL)
	wantFault(t, err, fault.SignedOut, "entra.signed-out")
	if _, err := s.SignInTab(t.Context(), at.tabToken(tomas)); err != nil {
		t.Error(err)
	}
}

func TestSigningOut(t *testing.T) {
	at := startLogin(t)
	s, other := at.signedIn(tomas), at.replica()
	if _, err := s.SignInTab(t.Context(), at.tabToken(ingrid)); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Token(t.Context(), userOf(tomas), orgURL); err != nil {
		t.Fatal(err)
	}
	if err := s.SignOut(t.Context(), userOf(tomas)); err != nil {
		t.Fatal(err)
	}
	_, err := s.Token(t.Context(), userOf(tomas), disco)
	wantFault(t, err, fault.SignedOut, "entra.signed-out")
	other.Forget(userOf(tomas))
	_, err = other.Token(t.Context(), userOf(tomas), orgURL)
	wantFault(t, err, fault.SignedOut, "entra.signed-out")
	if _, err := s.Token(t.Context(), userOf(ingrid), disco); err != nil {
		t.Error("somebody else was signed out:", err)
	}
}

// A redemption that is under way when somebody signs out does not bring their tokens back.
func TestSigningOutDuringARedemption(t *testing.T) {
	at := startLogin(t)
	s, other := at.signedIn(tomas), at.replica()
	at.control("faults", `{"path":"/oauth2/v2.0/token","delay_ms":200}`)
	asked := at.counter("token").Load()
	var redeeming sync.WaitGroup
	redeeming.Go(func() { _, _ = other.Token(t.Context(), userOf(tomas), orgURL) })
	for at.counter("token").Load() == asked {
		time.Sleep(time.Millisecond)
	}
	if err := s.SignOut(t.Context(), userOf(tomas)); err != nil {
		t.Fatal(err)
	}
	redeeming.Wait()
	if n := at.vault.count(userOf(tomas)); n != 0 {
		t.Error(n, "rows came back")
	}
}

// Somebody who died with the lease does not lock the person out for longer than the lease.
func TestALeaseThatNobodyReleases(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	name := "tokens/" + tomas.TenantID + "/" + tomas.ObjectID
	_, _ = at.vault.Lease(t.Context(), name, "dead", at.clock.Now().Add(leaseLife))
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := s.Token(ctx, userOf(tomas), orgURL)
	wantFault(t, err, fault.Unreachable, "entra.unreachable")
	at.clock.forward(leaseLife)
	if _, err := s.Token(t.Context(), userOf(tomas), orgURL); err != nil {
		t.Error(err)
	}
}

// S-15: the vault's rows tell nothing, and a row moved to another person or resource does not open.
func TestSealedRows(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	if _, err := s.SignInTab(t.Context(), at.tabToken(ingrid)); err != nil {
		t.Fatal(err)
	}
	tokens := map[purpose]string{}
	for key, row := range at.vault.rows {
		token, _, err := s.sealer.open(key.user, key.resource, row.sealed)
		if err != nil {
			t.Fatal(err)
		}
		tokens[key] = token
	}
	if len(tokens) != 4 {
		t.Fatal(len(tokens), "rows")
	}
	for key := range tokens {
		for other, row := range at.vault.rows {
			if bytes.Contains(row.sealed, []byte(tokens[key])) || bytes.Contains(row.sealed, []byte(tokens[key][:16])) {
				t.Error("a token can be read in the vault")
			}
			if key != other {
				if _, _, err := s.sealer.open(key.user, key.resource, row.sealed); err == nil {
					t.Errorf("row of %v opens as %v", other, key)
				}
			}
		}
	}
	row := at.vault.rows[purpose{userOf(tomas), refreshRow}].sealed
	for i := range row {
		forged := bytes.Clone(row)
		forged[i] ^= 1
		if _, _, err := s.sealer.open(userOf(tomas), refreshRow, forged); err == nil {
			t.Error("opens with byte", i, "changed")
		}
	}
	for n := range len(row) {
		if _, _, err := s.sealer.open(userOf(tomas), refreshRow, row[:n]); err == nil {
			t.Error("opens cut to", n)
		}
	}
	// Whoever swaps two people's rows gets neither's tokens.
	a, b := purpose{userOf(tomas), refreshRow}, purpose{userOf(ingrid), refreshRow}
	at.vault.rows[a], at.vault.rows[b] = at.vault.rows[b], at.vault.rows[a]
	fresh := at.replica()
	for _, user := range []crm.User{a.user, b.user} {
		_, err := fresh.Token(t.Context(), user, orgURL)
		wantFault(t, err, fault.SignedOut, "entra.signed-out")
	}
}

// Seal keys are changed by putting the new one first; without the old one people sign in again.
func TestChangingSealKeys(t *testing.T) {
	at := startLogin(t)
	at.signedIn(tomas)
	cfg := at.config()
	old := cfg.SealKeys[0]
	cfg.SealKeys = [][]byte{bytes.Repeat([]byte{2}, 32), old}
	if _, err := New(cfg, at.vault).Token(t.Context(), userOf(tomas), orgURL); err != nil {
		t.Error(err)
	}
	cfg.SealKeys = cfg.SealKeys[:1]
	if _, err := New(cfg, at.vault).Token(t.Context(), userOf(tomas), otherOrg); err != nil {
		t.Error("the refreshed token was not sealed with the new key:", err)
	}
	cfg.SealKeys = [][]byte{bytes.Repeat([]byte{3}, 32)}
	_, err := New(cfg, at.vault).Token(t.Context(), userOf(tomas), orgURL)
	wantFault(t, err, fault.SignedOut, "entra.signed-out")
	for _, keys := range [][][]byte{nil, {[]byte("short")}, {bytes.Repeat([]byte{1}, 16)}} {
		cfg.SealKeys = keys
		_, err := New(cfg, at.vault).SignInTab(t.Context(), at.tabToken(tomas))
		wantFault(t, err, fault.Internal, "entra.misconfigured")
	}
}

// S-14: a token is asked for addresses of APIs only.
func TestResourcesThatAreNoAddress(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	asked := at.counter("token").Load()
	for _, resource := range []string{"", "org", "http://evil.example", "ftp://x", "https://", "https://a@b", "https://x/?a", "https://x/#a", "https://x y", "https://x\n", "javascript:alert(1)", "https://x\\y", "//x"} {
		_, err := s.Token(t.Context(), userOf(tomas), resource)
		wantFault(t, err, fault.Invalid, "entra.resource")
	}
	if at.counter("token").Load() != asked {
		t.Error("asked for one of them")
	}
}

func TestNobodySignedIn(t *testing.T) {
	at := startLogin(t)
	_, err := at.replica().Token(t.Context(), userOf(tomas), orgURL)
	wantFault(t, err, fault.SignedOut, "entra.signed-out")
	_, err = at.replica().Token(t.Context(), crm.User{Tenant: "x", Object: "y"}, orgURL)
	wantFault(t, err, fault.SignedOut, "entra.signed-out")
	if n := at.counter("token").Load(); n != 0 {
		t.Error("asked", n, "times")
	}
}

// many people at once cost one exchange each.
func TestOneExchangeForASignIn(t *testing.T) {
	at := startLogin(t)
	s := at.replica()
	token := at.tabToken(tomas)
	at.control("faults", `{"path":"/oauth2/v2.0/token","delay_ms":400}`)
	got := parallel(20, func(int) string { _, err := s.SignInTab(t.Context(), token); return fmt.Sprint(err) })
	if n := at.counter("token").Load(); n != 1 || got["<nil>"] != 20 {
		t.Error(n, got)
	}
	if n := at.counter("keys").Load(); n != 1 {
		t.Error(n, "key fetches")
	}
}

// What the vault says goes to the caller; a redemption is not lost because of it.
func TestAVaultThatFails(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	at.vault.fail = fault.Wrap(errors.New("disk full"), fault.Unreachable, "store.unavailable")
	if _, err := s.Token(t.Context(), userOf(tomas), disco); err != nil {
		t.Error("a token in memory needs no vault:", err)
	}
	asked := at.counter("token").Load()
	_, err := s.Token(t.Context(), userOf(tomas), orgURL)
	wantFault(t, err, fault.Unreachable, "store.unavailable")
	if at.counter("token").Load() != asked {
		t.Error("a refresh token was spent that could not be replaced")
	}
	at.vault.fail = nil
	if _, err := s.Token(t.Context(), userOf(tomas), orgURL); err != nil {
		t.Error(err)
	}
}

// S-16: nothing that an error says names a person or carries a token.
func TestErrorsTellNoSecrets(t *testing.T) {
	at := startLogin(t)
	s := at.signedIn(tomas)
	tab := at.tabToken(tomas)
	var told []error
	collect := func(err error) { told = append(told, err) }
	at.control("require", `{"username":"`+tomas.Username+`","kind":"mfa"}`)
	_, err := s.SignInTab(t.Context(), tab)
	collect(err)
	_, err = s.Token(t.Context(), userOf(tomas), orgURL)
	collect(err)
	_, err = s.Redeem(t.Context(), "1.secret-code", strings.Repeat("v", 43), "n")
	collect(err)
	for _, body := range []string{`"body":"<html>tomas@x"`, `"body":"{\"error\":\"invalid_grant\",\"error_description\":\"tomas@x\"}"`, `"retry_after":1`} {
		at.control("faults", `{"path":"/oauth2/v2.0/token","status":400,`+body+`}`)
		_, err = s.Redeem(t.Context(), "1.secret-code", strings.Repeat("v", 43), "n")
		collect(err)
	}
	cfg := at.config()
	cfg.ClientSecret = "wrong-secret"
	_, err = New(cfg, at.vault).SignInTab(t.Context(), at.tabToken(ingrid))
	wantFault(t, err, fault.Internal, "entra.misconfigured")
	collect(err)
	cfg.Authority = "http://127.0.0.1:1"
	_, err = New(cfg, at.vault).Redeem(t.Context(), "1.secret-code", strings.Repeat("v", 43), "n")
	wantFault(t, err, fault.Unreachable, "entra.unreachable")
	collect(err)
	for _, err := range told {
		if err == nil {
			t.Error("no error")
			continue
		}
		for _, secret := range []string{tab, "1.secret-code", "wrong-secret", world.Registration.Secret, "tomas", "Tomas", strings.Repeat("v", 43)} {
			if strings.Contains(err.Error(), secret) {
				t.Errorf("%v tells %s", err, secret)
			}
		}
	}
}
