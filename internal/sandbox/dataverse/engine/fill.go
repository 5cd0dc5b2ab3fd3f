package engine

import (
	"fmt"
	"math"
)

// completion is what completing a row depends on.
type completion struct {
	now  int64
	base string // currency of the organization
	user string // who creates rows; "" when rows are loaded, which their owners have created
	unit func(owner string) (string, bool)
	rate func(currency string) float64 // 0 when there is none
}

// fill completes a row as the service does on create.
func (l *completion) fill(t *table, values []stored) error {
	f := &t.filled
	give := func(c *column, v stored) {
		if c != nil && values[c.at].plain == nil {
			values[c.at] = v
		}
	}
	if l.user != "" {
		give(f.createdBy, stored{l.user, "systemuser"})
		give(f.modifiedBy, stored{l.user, "systemuser"})
	}
	if values[t.pk.at].plain == nil {
		values[t.pk.at] = stored{plain: newID()}
	}
	give(f.created, stored{plain: l.now})
	if f.created != nil {
		give(f.modified, values[f.created.at])
	}
	give(f.modified, stored{plain: l.now})
	f.fillState(values)
	for _, c := range f.defaults {
		if values[c.at].plain == nil {
			plain, err := c.storeNumber(float64(*c.Default), int64(*c.Default))
			if err != nil {
				return err
			}
			values[c.at] = stored{plain: plain}
		}
	}
	if f.owner != nil {
		if err := l.fillOwner(f, values, give); err != nil {
			return err
		}
	}
	l.fillMoney(f, values, give)
	return t.calculate(values)
}

// fillState completes state by status, and status by state.
func (f *filled) fillState(values []stored) {
	if f.state == nil {
		return
	}
	state := &values[f.state.at].plain
	if *state == nil && f.status != nil && values[f.status.at].plain != nil {
		for i := range f.status.Options {
			if int64(f.status.Options[i].Value) == values[f.status.at].plain {
				*state = int64(f.status.Options[i].State)
			}
		}
	}
	if *state == nil && f.state.Default != nil {
		*state = int64(*f.state.Default)
	}
	if *state == nil && len(f.state.Options) > 0 {
		*state = int64(f.state.Options[0].Value)
	}
	if f.status == nil || values[f.status.at].plain != nil {
		return
	}
	for i := range f.status.Options {
		if int64(f.status.Options[i].State) == *state {
			values[f.status.at].plain = int64(f.status.Options[i].Value)
			return
		}
	}
}

func (l *completion) fillOwner(f *filled, values []stored, give func(*column, stored)) error {
	of := values[f.owner.at]
	if of.plain == nil {
		return fmt.Errorf("rows have an owner, this one has no ownerid")
	}
	unit, ok := l.unit(of.plain.(string))
	if !ok {
		return fmt.Errorf("the owner %s is neither a user nor a team that is there already", of.plain)
	}
	give(f.owningUnit, stored{unit, "businessunit"})
	if of.target == "team" {
		give(f.owningTeam, of)
		return nil
	}
	give(f.owningUser, of)
	give(f.createdBy, of)
	give(f.modifiedBy, of)
	return nil
}

// fillMoney completes currency, exchange rate and the amounts in base currency.
func (l *completion) fillMoney(f *filled, values []stored, give func(*column, stored)) {
	if f.currency == nil {
		return
	}
	if l.base != "" {
		give(f.currency, stored{l.base, "transactioncurrency"})
	}
	rate := 1.0
	if id, ok := values[f.currency.at].plain.(string); ok {
		if known := l.rate(id); known > 0 {
			rate = known
		}
	}
	if f.rate != nil {
		if given, ok := values[f.rate.at].plain.(float64); ok && given > 0 {
			rate = given
		}
		values[f.rate.at] = stored{plain: rate}
	}
	for _, c := range f.bases {
		if amount, ok := values[c.money.at].plain.(float64); ok {
			give(c, stored{plain: math.Round(amount/rate*1e4) / 1e4})
		}
	}
}
