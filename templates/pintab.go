package templates

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/fault"
	"github.com/pintab/pintab/internal/locale"
	"github.com/pintab/pintab/static"
)

// PinChangePath is where a tab is led elsewhere from within, and PinRestorePath where it is taken back that its pin was taken away.
const (
	PinChangePath  = PinPath + "/change"
	PinRestorePath = PinPath + "/restore"
)

// pinSheet is what pages need besides their own stylesheets when a tab leads to them.
func pinSheet(pinned bool) string {
	if !pinned {
		return ""
	}
	return static.PinCSS()
}

// PinTrouble is what a tab says whose record or view cannot be shown to this person: where it leads, never what is there.
type PinTrouble struct {
	Pin  crm.Pin
	Host string // of the organization, as people know it
	// Table is what the table is called; "" where nobody may tell.
	Table string
	// Mine says that the person pinned it themselves, and Maker who did; "" where nobody may tell.
	Mine  bool
	Maker string
	// Why is what is the matter in the words of whoever knows best; nil for nothing more to say.
	Why *fault.Error
	// Reason is the rule by which the organization or the app is not offered; "" where it is simply not there.
	Reason crm.Reason
	Detail string
	// Change and Restore say that the person may lead the tab elsewhere, or take back that its pin was taken away.
	Change, Restore bool
}

// pinSituations are the states of tabs that show no record and no view.
var pinSituations = map[crm.PinHealth]Situation{
	crm.PinDeleted: PinDeleted, crm.PinNoAccess: PinNoAccess, crm.PinNoApp: PinNoApp, crm.PinOrganization: PinOrganization,
	crm.PinRemoved: PinRemoved, crm.PinUnknown: PinUnknown,
}

// PinSituation is the state of a tab whose pin is in that health; "" for those that show what they lead to.
func PinSituation(h crm.PinHealth) Situation { return pinSituations[h] }

// asked says what to ask an administrator for.
func (p PinTrouble) asked(ctx context.Context) string {
	args := locale.Args{"organization": p.Host, "table": p.table(ctx)}
	if p.Pin.Target.Personal {
		return t(ctx, "pin.ask-view", args)
	}
	return t(ctx, "pin.ask", args)
}

func (p PinTrouble) table(ctx context.Context) string {
	if p.Table != "" {
		return p.Table
	}
	return p.Pin.Target.Table
}

func (p PinTrouble) why(ctx context.Context) string {
	switch {
	case p.Reason != "":
		return leftOutReason(ctx, crm.LeftOut{Reason: p.Reason, Detail: p.Detail}) + " " + help(ctx, p.Reason)
	case p.Why != nil && locale.From(ctx).Has(p.Why.Key):
		return faultText(ctx, p.Why)
	}
	return ""
}

// by says who pinned it, and when.
func (p PinTrouble) by(ctx context.Context) string {
	switch {
	case p.Pin.Created.IsZero():
		return ""
	case p.Mine:
		return t(ctx, "pin.by-you")
	}
	return t(ctx, "pin.by")
}

// changeURL is where the tab is led elsewhere.
func changeURL(ctx context.Context, pin string, theme Theme) templ.SafeURL {
	v := appearanceOf(ctx, theme)
	v.Set("pin", pin)
	return templ.SafeURL(PinChangePath + "?" + v.Encode())
}

// PinBar stands above a record or a view that a tab leads to.
type PinBar struct {
	Pinned crm.Pinned
	Theme  Theme
	Link   string // address of the tab outside of Teams
	// Sub is the sub page that is shown: an id that a link in Teams carries; "" for the landing.
	Sub string
	// Into is the target that takes the place of a record that was merged; the zero value otherwise.
	Into crm.PinTarget
}

func (b PinBar) notice(ctx context.Context) string {
	switch b.Pinned.Health {
	case crm.PinMerged:
		name := ""
		if b.Pinned.Into != nil {
			name = b.Pinned.Into.Name
		}
		return t(ctx, "pin.merged", locale.Args{"name": foundName(ctx, name)})
	case crm.PinDeactivated:
		return t(ctx, "pin.deactivated")
	}
	return ""
}

// PinList is the page on which those who administer an organization look after its pins.
type PinListModel struct {
	Page Page
	// Organization is the one whose pins are shown, one of Organizations; nil where there is none.
	Organization  *crm.Organization
	Organizations []crm.Organization
	Pins          []crm.Pinned
	Problem       *fault.Error // why there are none
	Notice        string
	AsOf          time.Time
}

// tabURL opens a tab outside of Teams.
func tabURL(ctx context.Context, p crm.Pin, theme Theme) templ.SafeURL {
	v := appearanceOf(ctx, theme)
	for name, value := range map[string]string{"v": "1", "tenant": p.Tenant, "pin": p.ID} {
		v.Set(name, value)
	}
	return templ.SafeURL(PinPath + "?" + v.Encode())
}

// placeURL opens the channel in Teams that a pin stands in; "" where it is not known.
func placeURL(p crm.Pin) templ.SafeURL {
	if p.Spot.Channel == "" || p.Spot.Group == "" {
		return ""
	}
	v := url.Values{"groupId": {p.Spot.Group}, "tenantId": {p.Tenant}}
	return templ.SafeURL("https://teams.microsoft.com/l/channel/" + url.PathEscape(p.Spot.Channel) + "/channel?" + v.Encode())
}

func placeText(ctx context.Context, p crm.Pin) string {
	switch {
	case p.Spot.Meeting != "":
		return t(ctx, "pin.in-meeting")
	case p.Spot.Chat != "":
		return t(ctx, "pin.in-chat")
	case p.Spot.Channel != "":
		return t(ctx, "pin.in-channel")
	}
	return t(ctx, "pin.in-unknown")
}

func pinnedName(ctx context.Context, p crm.Pinned) string {
	if strings.TrimSpace(p.Name) != "" {
		return p.Name
	}
	return t(ctx, "pin.unnamed")
}

func pinnedKind(p crm.Pinned) string {
	if p.Table.Label != "" {
		return p.Table.Label
	}
	return p.Target.Table
}

// broken reports whether somebody has to look after a pin.
func broken(p crm.Pinned) bool { return p.Health != crm.PinFine && p.Health != crm.PinUnknown }

func linkText(ctx context.Context, l crm.PinLink) string {
	if l == crm.PinLinkNone {
		return ""
	}
	key := "pin.link-" + string(l)
	return t(ctx, key)
}

func healthText(ctx context.Context, h crm.PinHealth) string {
	key := "pin.health-" + string(h)
	return t(ctx, key)
}

// PinRemoveModel is the page that Teams opens before a tab is removed.
type PinRemoveModel struct {
	Page Page
	Pin  string
}
