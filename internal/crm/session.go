package crm

import "time"

// Session is one signed-in browser (or one Teams client: each embedding site has its own).
type Session struct {
	Profile Profile
	Created time.Time
	Seen    time.Time // when it was last used, to within some minutes
	Expires time.Time // when it ends at the latest, used or not
	Epoch   int64     // erasures of people there had been when it was looked up
	Stopped bool      // the operator had switched the person's tenant off when it was looked up
	// Language is the one that the person chose for the pages ("fr"), "" for what their host asks for.
	Language string
}

// SignIn is an interactive sign-in that has been sent to Entra ID and has not come back yet.
type SignIn struct {
	Nonce     string // expected in the ID token
	Verifier  string // PKCE code verifier (RFC 7636)
	Next      string // page of ours to answer afterwards
	Browser   string // hash of the secret in the starting browser's cookie; "" for a pop-up
	Challenge string // hash of the secret that the opening tab keeps; "" unless it is a pop-up
	Expires   time.Time
}

// HandOff is a sign-in that a pop-up finished and that the tab which opened it may collect, once.
type HandOff struct {
	Profile   Profile
	Next      string
	Challenge string // as in SignIn
	Expires   time.Time
}

// StoppedTenant is a tenant whose people an operator has switched Pintab off for.
type StoppedTenant struct {
	Tenant string // directory id
	Since  time.Time
}
