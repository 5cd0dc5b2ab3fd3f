package dataverse

import (
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/crm"
)

func unique(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

// oncePerWay keeps one expansion of a navigation property: two quick views of one lookup are read as one.
func oncePerWay(expands []string) []string {
	merged := map[string][]string{}
	var ways []string
	for _, e := range expands {
		way, fields, _ := strings.Cut(strings.TrimSuffix(e, ")"), "($select=")
		if merged[way] == nil {
			ways = append(ways, way)
		}
		merged[way] = unique(append(merged[way], strings.Split(fields, ",")...))
	}
	for i, way := range ways {
		ways[i] = way + "($select=" + strings.Join(merged[way], ",") + ")"
	}
	return ways
}

// selected says what a column is called in $select; nothing when it cannot be selected.
func (b *blueprint) selected(name string) []string {
	if name == "" || !b.has(name) {
		return nil
	}
	switch b.fields[name].Kind {
	case crm.KindLookup:
		return []string{"_" + name + "_value"}
	case crm.KindFile:
		return append(b.selectedIf(name+"_name"), name)
	case crm.KindImage:
		return append(b.selectedIf(name+"id"), b.selectedIf(name+"_timestamp")...)
	case crm.KindPartyList, crm.KindOther:
		return nil
	}
	return []string{name}
}

func (b *blueprint) selectedIf(name string) []string {
	if b.has(name) {
		return []string{name}
	}
	return nil
}

// partyMasks are the roles of people in an activity (ParticipationTypeMask of activityparty).
var partyMasks = map[string]int{
	"from": 1, "to": 2, "cc": 3, "bcc": 4, "requiredattendees": 5, "optionalattendees": 6, "organizer": 7, "regarding": 8, "owner": 9,
	"resources": 10, "customers": 11, "partners": 12,
}
