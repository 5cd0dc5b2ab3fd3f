package engine

import (
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// masks are the values of activityparty.participationtypemask by the list of parties that they are for.
var masks = map[string]int64{
	"from": 1, "to": 2, "cc": 3, "bcc": 4, "requiredattendees": 5, "optionalattendees": 6, "organizer": 7, "regarding": 8, "owner": 9,
	"resources": 10, "customers": 11, "partners": 12,
}

// mailColumns are where the tables of parties keep an address.
var mailColumns = []string{"emailaddress1", "internalemailaddress", "emailaddress"}

// party completes a row of activityparty with the name and address of who takes part.
func (x *Change) party(t *table, values []stored) error {
	who := t.byName["partyid"]
	if who == nil || values[who.at].plain == nil {
		return nil
	}
	other := x.db.tables[values[who.at].target]
	if other == nil {
		return nil
	}
	r, err := x.find(other, values[who.at].plain.(string))
	if err != nil || r == nil {
		return err
	}
	if c := t.byName["partyidname"]; c != nil && values[c.at].plain == nil {
		values[c.at] = textual(r.text(other.PrimaryName))
	}
	if c := t.byName["addressused"]; c != nil && values[c.at].plain == nil {
		for _, name := range mailColumns {
			if mail := r.text(name); mail != "" && (c.MaxLength == 0 || length(mail) <= c.MaxLength) {
				values[c.at] = stored{plain: mail}
				break
			}
		}
	}
	return nil
}

// parties replaces an activity's lists of people that a row brings: "to" and its kind, each []Ref or []Row with partyid
// and what else a party has.
func (x *Change) parties(t *table, id string, row Row) error {
	list := x.db.tables[activityParty]
	if !t.IsActivity || list == nil {
		return nil
	}
	for name, v := range row {
		c := t.byName[name]
		if c == nil || c.Type != schema.PartyList {
			continue
		}
		mask, known := masks[name]
		if !known {
			return refuse(CodeInvalidArgument, "The attribute '%s' of '%s' is no list of parties that is known.", name, t.LogicalName)
		}
		rows, err := partyRows(t, name, v)
		if err != nil {
			return err
		}
		if err := x.dropParties(list, t, id, mask); err != nil {
			return err
		}
		for _, party := range rows {
			party["activityid"], party["participationtypemask"] = Ref{t.LogicalName, id}, mask
			if _, err := x.createIn(list, party); err != nil {
				return err
			}
		}
	}
	return nil
}

func partyRows(t *table, name string, v any) ([]Row, error) {
	var rows []Row
	switch list := v.(type) {
	case nil:
	case []Ref:
		for _, ref := range list {
			rows = append(rows, Row{"partyid": ref})
		}
	case []Row:
		for _, party := range list {
			own := Row{}
			for column, v := range party {
				own[column] = v
			}
			rows = append(rows, own)
		}
	default:
		return nil, refuse(CodeIncorrectValueType, "Incorrect attribute value type for '%s' of '%s': it takes a list of parties.", name, t.LogicalName)
	}
	return rows, nil
}

func (x *Change) dropParties(list, t *table, id string, mask int64) error {
	activity := list.byName["activityid"]
	rows, err := x.w.rows("SELECT "+list.pk.sql+" FROM "+list.sql+" WHERE "+activity.sql+" = ? AND participationtypemask = ?", []any{id, mask})
	if err != nil {
		return err
	}
	for _, v := range rows {
		x.wrote(list)
		if err := x.w.exec("DELETE FROM "+list.sql+" WHERE "+list.pk.sql+" = ?", v[0]); err != nil {
			return err
		}
	}
	return nil
}

// mayChangeParties refuses whoever may not write the activity that a party takes part in.
func (x *Change) mayChangeParties(t *table, values []stored) error {
	c := t.byName["activityid"]
	if c == nil || values[c.at].plain == nil {
		return refuse(CodeInvalidArgument, "A party takes part in an activity; this one has no activityid.")
	}
	activity := x.db.tables[values[c.at].target]
	id := values[c.at].plain.(string)
	r, err := x.find(activity, id)
	if err != nil {
		return err
	}
	if r == nil {
		return x.noSuchRow(activity, id)
	}
	return x.need(r, "Write", WriteAccess)
}
