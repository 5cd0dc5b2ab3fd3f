package pin

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"

	"github.com/pintab/pintab/internal/crm"
)

// DerivedID is the pin's id for a tab that an administrator makes from a list: always the same for the same target at the same place,
// so that a list can be gone through again. It is no secret as NewID is, and a tab made so is known by what it leads to anyway.
func DerivedID(tenant string, at crm.Spot, to crm.PinTarget) string {
	at = bounded(at)
	sum := sha256.Sum256([]byte(strings.Join([]string{
		"pintab pin", tenant, at.Group, at.Channel, at.Chat, strings.ToLower(to.Organization), to.App, to.Table, to.Record, to.View,
	}, "\x00")))
	b := sum[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	text := hex.EncodeToString(b)
	return text[:8] + "-" + text[8:12] + "-" + text[12:16] + "-" + text[16:20] + "-" + text[20:]
}

// CheckTarget says whether a target has the form of one: pin.bad_target where it has not.
func CheckTarget(t crm.PinTarget) error { return check(t) }
