package engine

import (
	"slices"
	"strings"
)

// compute fills what the service derives from a row's other columns. before is nil on create.
func (x *Change) compute(t *table, given []*column, before, after []stored) error {
	x.names(t, after)
	x.addresses(t, before, after)
	switch {
	case t.IsActivity:
		x.activity(t, given, before, after)
	case t.LogicalName == "opportunity":
		customer(t, given, before, after)
	case t.LogicalName == activityParty && before == nil:
		if err := x.party(t, after); err != nil {
			return err
		}
	case t.LogicalName == "annotation":
		attached(t, "documentbody", after)
	case t.LogicalName == "activitymimeattachment":
		attached(t, "body", after)
	case t.LogicalName == "connection":
		if err := x.nameOf(t, "record2id", after); err != nil {
			return err
		}
	}
	return t.calculate(after)
}

// plainText is a text column's value; "" when there is none.
func (t *table) plainText(values []stored, name string) string {
	if c := t.byName[name]; c != nil {
		s, _ := values[c.at].plain.(string)
		return s
	}
	return ""
}

// put sets a column that the table may lack.
func (t *table) put(values []stored, name string, v stored) {
	if c := t.byName[name]; c != nil {
		values[c.at] = v
	}
}

func textual(s string) stored {
	if s = strings.TrimSpace(s); s == "" {
		return stored{}
	}
	return stored{plain: s}
}

// names composes the full names of people, first name first.
func (x *Change) names(t *table, values []stored) {
	full := t.byName["fullname"]
	if full == nil || t.byName["firstname"] == nil || t.byName["lastname"] == nil || !full.ReadOnly {
		return
	}
	values[full.at] = textual(t.plainText(values, "firstname") + " " + t.plainText(values, "lastname"))
}

var addressParts = []string{"line1", "line2", "line3", "city", "stateorprovince", "postalcode", "country"}

// addresses composes the numbered addresses that have changed, in the order of the organization's language.
func (x *Change) addresses(t *table, before, after []stored) {
	for _, n := range []string{"address1_", "address2_", "address3_"} {
		composite := t.byName[n+"composite"]
		if composite == nil {
			continue
		}
		changed := slices.ContainsFunc(addressParts, func(part string) bool {
			c := t.byName[n+part]
			return c != nil && (before == nil && after[c.at].plain != nil || before != nil && before[c.at] != after[c.at])
		})
		if !changed {
			continue
		}
		part := func(name string) string { return strings.TrimSpace(t.plainText(after, n+name)) }
		town := strings.TrimSpace(part("postalcode") + " " + part("city"))
		if x.db.opts.LCID == 1033 {
			town = strings.Join(slices.DeleteFunc([]string{part("city"), strings.TrimSpace(part("stateorprovince") + " " + part("postalcode"))}, empty), ", ")
		}
		lines := slices.DeleteFunc([]string{part("line1"), part("line2"), part("line3"), town, part("country")}, empty)
		values := strings.Join(lines, "\r\n")
		if max := composite.MaxLength; max > 0 && length(values) > max {
			values = string([]rune(values)[:max])
		}
		after[composite.at] = textual(values)
	}
}

func empty(s string) bool { return s == "" }

// activity keeps an activity's type, duration, end and place in a timeline.
func (x *Change) activity(t *table, given []*column, before, after []stored) {
	number := func(name string) (int64, bool) {
		c := t.byName[name]
		if c == nil {
			return 0, false
		}
		n, ok := after[c.at].plain.(int64)
		return n, ok
	}
	isGiven := func(name string) bool {
		return slices.ContainsFunc(given, func(c *column) bool { return c.LogicalName == name })
	}
	t.put(after, "activitytypecode", stored{plain: t.LogicalName})
	if before == nil && !isGiven("isregularactivity") {
		t.put(after, "isregularactivity", stored{plain: int64(1)})
	}
	if s := t.filled.state; s != nil && after[s.at].plain == int64(1) && (before == nil || before[s.at] != after[s.at]) {
		if _, ended := number("actualend"); !ended {
			t.put(after, "actualend", stored{plain: x.now})
		}
	}
	start, starts := number("scheduledstart")
	end, ends := number("scheduledend")
	if t.LogicalName == "appointment" && starts && ends && end >= start && !isGiven("scheduleddurationminutes") {
		t.put(after, "scheduleddurationminutes", stored{plain: (end - start) / 60})
	}
	if isGiven("sortdate") {
		return
	}
	for _, name := range []string{"actualend", "scheduledend", "scheduledstart", "createdon"} {
		if at, ok := number(name); ok {
			t.put(after, "sortdate", stored{plain: at})
			return
		}
	}
}

// customer keeps an opportunity's customer in step with its account and contact.
func customer(t *table, given []*column, before, after []stored) {
	who, account, contact := t.byName["customerid"], t.byName["parentaccountid"], t.byName["parentcontactid"]
	if who == nil || account == nil || contact == nil {
		return
	}
	changed := func(c *column) bool {
		return slices.Contains(given, c) && (before == nil || before[c.at] != after[c.at])
	}
	if changed(who) && after[who.at].plain != nil {
		if to := account; after[who.at].target == "contact" {
			to = contact
			after[to.at] = after[who.at]
		} else {
			after[to.at] = after[who.at]
		}
		return
	}
	if changed(account) || changed(contact) {
		after[who.at] = after[account.at]
		if after[account.at].plain == nil {
			after[who.at] = after[contact.at]
		}
	}
}

// attached says of a note or attachment what it is on and how large its file is.
func attached(t *table, body string, values []stored) {
	if c := t.byName["objectid"]; c != nil {
		t.put(values, "objecttypecode", textual(values[c.at].target))
	}
	content := strings.TrimRight(t.plainText(values, body), "=")
	t.put(values, "filesize", stored{plain: int64(len(content) * 3 / 4)})
	t.put(values, "isdocument", stored{plain: truth(content != "")})
}

// nameOf names a row by the row that a lookup points to.
func (x *Change) nameOf(t *table, lookup string, values []stored) error {
	c := t.byName[lookup]
	if c == nil || values[c.at].plain == nil {
		return nil
	}
	other := x.db.tables[values[c.at].target]
	if other == nil || other.byName[other.PrimaryName] == nil {
		return nil
	}
	v, err := x.w.one("SELECT "+other.byName[other.PrimaryName].sql+" FROM "+other.sql+" WHERE "+other.pk.sql+" = ?", values[c.at].plain)
	name, _ := v.(string)
	t.put(values, t.PrimaryName, textual(name))
	return err
}
