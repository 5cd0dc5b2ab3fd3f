package checkup

import (
	"context"
	"sync"

	"github.com/pintab/pintab/internal/crm"
)

// privileges are what My Dashboard asks with, by the name under which people read of them. Without the needed ones it
// cannot be shown.
var privileges = []struct {
	name, privilege string
	needed          bool
}{
	{"apps", "prvReadAppModule", true},
	{"dashboards", "prvReadSystemForm", true},
	{"views", "prvReadQuery", true},
	{"charts", "prvReadSavedQueryVisualizations", true},
	{"settings", "prvReadUserSettings", false},
}

// Privileges lists the names that Finding.Missing may hold.
func Privileges() []string {
	var names []string
	for _, p := range privileges {
		names = append(names, p.name)
	}
	return names
}

// organization tests one: whether it answers, then whether it knows the person, then the rest at once.
func (r *run) organization(t target, emit func(Finding)) {
	switch {
	case t.leftOut != nil:
		emit(Finding{Step: Offer, Verdict: Note, Outcome: LeftOut, Reason: t.leftOut.Reason, Detail: t.leftOut.Detail})
		return
	case t.skipped:
		emit(Finding{Step: Offer, Verdict: Note, Outcome: TooMany, Listed: most})
		return
	}
	answer := r.step(Answer, func(ctx context.Context) Finding {
		version, x, err := r.Dataverse.TestVersion(ctx, r.caller, t.org)
		if err != nil {
			return broken(Answer, x, err)
		}
		f := good(Answer, x)
		f.Version = version
		return f
	})
	emit(answer)
	// An organization that refuses to tell its version may still have more to say of the person.
	switch answer.Cause {
	case CauseUnreachable, CauseSlow, CauseBusy:
		untested(emit, Member, Apps, Rights, Search)
		return
	}
	user := ""
	member := r.step(Member, func(ctx context.Context) (f Finding) {
		var x crm.Exchange
		var err error
		if user, x, err = r.Dataverse.TestMember(ctx, r.caller, t.org); err != nil {
			return broken(Member, x, err)
		}
		return good(Member, x)
	})
	emit(member)
	if member.Verdict == Failed {
		untested(emit, Apps, Rights, Search)
		return
	}
	var work sync.WaitGroup
	work.Go(func() { emit(r.step(Apps, func(ctx context.Context) Finding { return r.apps(ctx, t.org) })) })
	work.Go(func() { emit(r.step(Rights, func(ctx context.Context) Finding { return r.rights(ctx, t.org, user) })) })
	emit(r.step(Search, func(ctx context.Context) Finding { return r.search(ctx, t.org) }))
	work.Wait()
}

func untested(emit func(Finding), steps ...Step) {
	for _, step := range steps {
		emit(Finding{Step: step, Verdict: Note, Outcome: Untested})
	}
}

func (r *run) apps(ctx context.Context, org crm.Organization) Finding {
	listed, leftOut, x, err := r.Dataverse.TestApps(ctx, r.caller, org)
	if err != nil {
		return broken(Apps, x, err)
	}
	f := good(Apps, x)
	f.Listed, f.LeftOut = len(listed), len(leftOut)
	if len(listed) == 0 {
		f.Verdict, f.Outcome = Failed, Nothing
	}
	return f
}

func (r *run) rights(ctx context.Context, org crm.Organization, user string) Finding {
	var asked []string
	for _, p := range privileges {
		asked = append(asked, p.privilege)
	}
	rights, x, err := r.Dataverse.TestRights(ctx, r.caller, org, user, asked)
	if err != nil {
		return broken(Rights, x, err)
	}
	f, unknown := good(Rights, x), false
	for _, p := range privileges {
		switch rights[p.privilege] {
		case crm.RightHeld:
		case crm.RightMissing:
			f.Missing = append(f.Missing, p.name)
			if p.needed {
				f.Verdict = Failed
			}
		default:
			unknown = true
		}
	}
	switch {
	case len(f.Missing) > 0:
		f.Outcome = Missing
		if f.Verdict == Fine {
			f.Verdict = Note
		}
	case unknown:
		f.Verdict, f.Outcome = Note, Unknown
	}
	return f
}

func (r *run) search(ctx context.Context, org crm.Organization) Finding {
	search, x, err := r.Dataverse.TestSearch(ctx, r.caller, org)
	if err != nil {
		return broken(Search, x, err)
	}
	f := good(Search, x)
	switch search {
	case crm.SearchOff:
		f.Verdict, f.Outcome = Note, Off
	case crm.SearchUnknown:
		f.Verdict, f.Outcome = Note, Unknown
	}
	return f
}
