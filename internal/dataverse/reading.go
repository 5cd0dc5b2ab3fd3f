package dataverse

import (
	"context"
	"net/url"
	"strconv"
	"time"
	_ "time/tzdata" // a bare machine may have no time zones of its own

	"github.com/pintab/pintab/internal/crm"
)

const (
	slotOptions slot = "options"
	slotZone    slot = "zone"
)

// ownOptions are the personal options of whoever asks (table usersettings, Microsoft).
const ownOptions = `<fetch><entity name="usersettings"><attribute name="timezonecode"/><attribute name="dateformatstring"/><attribute name="timeformatstring"/>` +
	`<attribute name="decimalsymbol"/><attribute name="numberseparator"/><filter><condition attribute="systemuserid" operator="eq-userid"/></filter></entity></fetch>`

// options is a row of usersettings.
type options struct {
	TimeZoneCode     *int
	DateFormatString string
	TimeFormatString string
	DecimalSymbol    string
	NumberSeparator  string
}

// Reading gives the person's time zone and formats in an organization. Where their roles do not let them read their own
// options, or the zone is one that nobody knows, it says so in the sources instead of failing; errors are those of any
// question (signed out, unreachable, busy).
func (c *Client) Reading(ctx context.Context, caller crm.Caller, org crm.Organization) (crm.Reading, error) {
	reading := crm.Reading{Locale: caller.Locale, Zone: time.UTC, ZoneFrom: crm.ReadingOfDevice, FormatsFrom: crm.ReadingOfPage}
	own, err := c.options(ctx, caller, org)
	if err != nil || own == nil {
		return reading, err
	}
	formats := crm.Formats{Date: own.DateFormatString, Time: own.TimeFormatString, Decimal: own.DecimalSymbol, Group: own.NumberSeparator}
	if formats.Date != "" && formats.Time != "" && formats.Decimal != "" {
		reading.Formats, reading.FormatsFrom = formats, crm.ReadingOfDynamics
	}
	if own.TimeZoneCode == nil {
		return reading, nil
	}
	zone, err := c.zone(ctx, caller, org, *own.TimeZoneCode)
	if err != nil || zone == nil {
		return reading, err
	}
	reading.Zone, reading.ZoneFrom = zone, crm.ReadingOfDynamics
	return reading, nil
}

// options reads the person's own options; nil when the organization does not tell.
func (c *Client) options(ctx context.Context, caller crm.Caller, org crm.Organization) (*options, error) {
	return mine(ctx, c, caller, org, slotOptions, "", func(ctx context.Context) (*options, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		rows, n, err := collect[options](ctx, c, caller, up, "usersettingscollection?fetchXml="+url.QueryEscape(ownOptions))
		if err != nil || len(rows) == 0 {
			return nil, n, optional(err)
		}
		return &rows[0], n, nil
	})
}

// zone finds the zone of a timezonecode by its standard name (table timezonedefinition); nil when nobody knows it.
func (c *Client) zone(ctx context.Context, caller crm.Caller, org crm.Organization, code int) (*time.Location, error) {
	// That one person may not ask is never kept for the others.
	zone, err := ours(ctx, c, caller, org, slotZone, strconv.Itoa(code), func(ctx context.Context) (*time.Location, int, error) {
		up, err := c.organization(org)
		if err != nil {
			return nil, 0, err
		}
		type definition struct{ StandardName string }
		rows, n, err := collect[definition](ctx, c, caller, up, "timezonedefinitions?$select=standardname&$filter=timezonecode%20eq%20"+strconv.Itoa(code))
		if err != nil || len(rows) == 0 {
			return nil, n, err
		}
		name, known := windowsZones[rows[0].StandardName]
		if !known {
			return nil, n, nil
		}
		zone, err := time.LoadLocation(name)
		return zone, n, err
	})
	return zone, optional(err)
}
