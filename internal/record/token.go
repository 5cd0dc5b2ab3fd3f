package record

import (
	"bytes"
	"compress/flate"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"sync"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
)

// token is what a form showed when it was drawn: which version of which record, and the values that could be typed over. It
// travels with the page, sealed for its person, and allows one write.
type token struct {
	Use       use             `json:"u"`
	Operation string          `json:"o"`
	Ref       crm.RecordRef   `json:"r"`
	Form      string          `json:"f,omitempty"`
	ETag      string          `json:"e,omitempty"`
	At        int64           `json:"t"` // seconds since 1970
	Access    crm.Access      `json:"a"`
	Currency  crm.Currency    `json:"c,omitzero"`
	Decimals  int             `json:"d,omitempty"`
	Values    map[string]kept `json:"v"`
	// Was are values that others have changed since the person first looked, as they were then; of an undo, what is to be
	// restored.
	Was map[string]kept `json:"w,omitempty"`

	// Positions are where the record stood in its processes; Journey is what an undo of a move takes.
	Positions []crm.Position `json:"p,omitempty"`
	Journey   *journey       `json:"j,omitempty"`

	// Tie is what an undo of tying takes.
	Tie *tie `json:"x,omitempty"`
	// Birth is where a new record is made.
	Birth *birth `json:"b,omitempty"`
}

// use says what a token is for, so that none stands in for another.
type use string

const (
	useForm use = "form"
	useNew  use = "new"
	useUndo use = "undo"
	useMove use = "move"
	useTie  use = "tie" // an undo too
)

// kept is a value in a token.
type kept struct {
	Raw  string          `json:"r,omitempty"`
	Text string          `json:"t,omitempty"` // where it does not follow from Raw
	Refs []crm.Reference `json:"f,omitempty"`
}

func keep(x crm.Field, v crm.Value) kept {
	if x.Kind == crm.KindLookup || x.Kind == crm.KindPartyList {
		return kept{Refs: v.Refs}
	}
	k := kept{Raw: v.Raw}
	if x.Kind.Numeric() || x.Kind == crm.KindDateTime || x.Kind == crm.KindDate {
		k.Text = v.Text
	}
	return k
}

func (k kept) value(x crm.Field, reading crm.Reading) crm.Value {
	if x.Kind == crm.KindLookup || x.Kind == crm.KindPartyList {
		return x.ValueOfRefs(k.Refs)
	}
	return x.ValueOf(reading, k.Raw, k.Text)
}

// snapshot makes a token of a form, with an operation of its own.
func (s *Service) snapshot(f crm.Form) (token, error) {
	operation, err := s.operation()
	t := token{
		Use: useForm, Operation: operation, Ref: f.Ref, Form: f.ID, ETag: f.ETag, At: s.Now().Unix(), Access: f.Access, Values: map[string]kept{}, Positions: f.Positions,
	}
	if f.New() {
		t.Use = useNew
	}
	for _, x := range f.Fields {
		if x.Kind == crm.KindMoney {
			t.Currency, t.Decimals = x.Currency, x.Precision
		}
		if x.ReadOnly == "" {
			t.Values[x.LogicalName] = keep(x, x.Value)
		}
		if x.Conflict != nil {
			if t.Was == nil {
				t.Was = map[string]kept{}
			}
			t.Was[x.LogicalName] = keep(x, x.Conflict.Was)
		}
	}
	return t, err
}

// operation makes an id that nobody guesses; of a new record it becomes the record's id, so it is shaped as one.
func (s *Service) operation() (string, error) {
	source := s.Random
	if source == nil {
		source = rand.Reader
	}
	var b [16]byte
	if _, err := io.ReadFull(source, b[:]); err != nil {
		return "", fault.Wrap(err, fault.Internal, "internal")
	}
	return idOf(b[:]), nil
}

// Seal closes tokens with AES-256-GCM and the person's id: another person cannot use one.
type Seal struct {
	aeads []cipher.AEAD
}

// NewSeal takes keys of 32 bytes; the first closes, all open.
func NewSeal(keys [][]byte) (*Seal, error) {
	s := &Seal{}
	for _, key := range keys {
		if len(key) != 32 {
			return nil, errors.New("a seal key does not have 32 bytes")
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return nil, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return nil, err
		}
		s.aeads = append(s.aeads, aead)
	}
	if len(s.aeads) == 0 {
		return nil, errors.New("no seal key is configured")
	}
	return s, nil
}

// largestToken bounds what is unpacked: a form of hundreds of columns with long texts stays below.
const largestToken = 8 << 20

func bound(user crm.User) []byte {
	return []byte("pintab form 1\x00" + user.Tenant + "\x00" + user.Object)
}

// packers are idle: a new one takes more than half a megabyte.
var packers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, flate.BestSpeed)
	if err != nil {
		panic(err) // only a wrong level does this
	}
	return w
}}

func (s *Seal) close(user crm.User, t token) (string, error) {
	var packed bytes.Buffer
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(&packed)
	err := json.NewEncoder(w).Encode(t)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return "", fault.Wrap(err, fault.Internal, "internal")
	}
	return base64.RawURLEncoding.EncodeToString(s.aeads[0].Seal(nil, nil, packed.Bytes(), bound(user))), nil
}

// open gives a token of a use; one that is somebody else's, damaged or meant for something else is record.bad_token.
func (s *Seal) open(user crm.User, text string, wanted ...use) (token, error) {
	bad := fault.New(fault.Invalid, "record.bad_token")
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(text) > largestToken {
		return token{}, bad
	}
	for _, aead := range s.aeads {
		packed, err := aead.Open(nil, nil, sealed, bound(user))
		if err != nil {
			continue
		}
		plain, err := io.ReadAll(io.LimitReader(flate.NewReader(bytes.NewReader(packed)), largestToken))
		var t token
		if err != nil || json.Unmarshal(plain, &t) != nil {
			return token{}, bad
		}
		for _, u := range wanted {
			if t.Use == u {
				return t, nil
			}
		}
		return token{}, bad
	}
	return token{}, bad
}
