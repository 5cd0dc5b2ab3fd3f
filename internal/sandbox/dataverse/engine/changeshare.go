package engine

import "slices"

const shareTable = "principalobjectaccess"

// Grant shares a row with a user or team: the rights are added to those that they have by sharing already. Who shares
// needs the Share right and every right that is given.
func (x *Change) Grant(table, id string, principal Ref, rights Rights) error {
	return x.share(table, id, principal, auditShare, func(held Rights) Rights { return held | rights })
}

// Modify replaces the rights that a user or team has on a row by sharing.
func (x *Change) Modify(table, id string, principal Ref, rights Rights) error {
	return x.share(table, id, principal, auditModifyShare, func(Rights) Rights { return rights })
}

// Revoke takes all rights away that a user or team has on a row by sharing.
func (x *Change) Revoke(table, id string, principal Ref) error {
	return x.share(table, id, principal, auditUnshare, func(Rights) Rights { return 0 })
}

// shareable are the rights that can be given; Create is none that a single row could have.
const shareable = ReadAccess | WriteAccess | AppendAccess | AppendToAccess | DeleteAccess | ShareAccess | AssignAccess

func (x *Change) share(name, id string, principal Ref, action int, change func(held Rights) Rights) error {
	return x.operation(func() error {
		t, err := x.table(name)
		if err != nil {
			return err
		}
		shares := x.db.tables[shareTable]
		if !t.owned() || shares == nil {
			return refuse(CodeNotSupported, "Rows of '%s' cannot be shared.", t.LogicalName)
		}
		r, err := x.find(t, id)
		if err != nil {
			return err
		}
		if r == nil {
			return x.noSuchRow(t, id)
		}
		if err := x.need(r, "Share", ShareAccess); err != nil {
			return err
		}
		if err := x.isPrincipal(principal); err != nil {
			return err
		}
		return x.setShare(shares, r, principal, action, change)
	})
}

// isPrincipal refuses what is neither a user nor a team.
func (x *Change) isPrincipal(p Ref) error {
	t := x.db.tables[p.Table]
	if t == nil || p.Table != "systemuser" && p.Table != "team" {
		return refuse(CodeInvalidArgument, "Rows are shared with users and teams, not with '%s'.", p.Table)
	}
	_, there, err := x.rights(t, guid(p.ID))
	if err == nil && !there {
		err = x.noSuchRow(t, p.ID)
	}
	return err
}

func (x *Change) setShare(shares *table, r *current, principal Ref, action int, change func(held Rights) Rights) error {
	principal.ID = guid(principal.ID)
	kept, err := x.shareOf(shares, r.id, principal)
	if err != nil {
		return err
	}
	held := kept.direct
	next := change(held)
	switch {
	case next&^shareable != 0:
		return refuse(CodeInvalidArgument, "The access rights %d are not valid: a share gives rights on one row.", next)
	case (next&^held)&^r.rights != 0:
		return refuse(CodeUnmanagedIDAccessDenied, "Principal with id %s does not have the rights on record %s of entity %s that are to be shared.", x.c.UserID, r.id, r.LogicalName)
	case next == held:
		return nil
	}
	if err := x.auditShare(r, action, principal, held, next); err != nil {
		return err
	}
	kept.direct = next
	if err := x.keepShare(shares, r, kept); err != nil {
		return err
	}
	return x.descend(r, map[string]bool{r.id: true}, x.inherit)
}

// Share is what a user or team may do with a row because it was shared.
type Share struct {
	Principal Ref
	Rights    Rights
}

// Shares lists with whom a row is shared, by itself or with a row that it belongs to, for people who may read it
// (RetrieveSharedPrincipalsAndAccess).
func (x *Change) Shares(name, id string) ([]Share, error) {
	t, err := x.table(name)
	if err != nil {
		return nil, err
	}
	r, err := x.find(t, id)
	if err != nil {
		return nil, err
	}
	if r == nil {
		return nil, x.noSuchRow(t, id)
	}
	if err := x.need(r, "Read", ReadAccess); err != nil {
		return nil, err
	}
	shares := x.db.tables[shareTable]
	if shares == nil {
		return nil, nil
	}
	rows, err := x.w.rows("SELECT principaltypecode, principalid, "+shareMask(shares)+" FROM "+shares.sql+" p WHERE objectid = ? AND "+shareMask(shares)+" <> 0", []any{r.id})
	list := make([]Share, 0, len(rows))
	for _, v := range rows {
		table, _ := v[0].(string)
		principal, _ := v[1].(string)
		mask, _ := v[2].(int64)
		list = append(list, Share{Ref{table, principal}, Rights(mask)})
	}
	slices.SortFunc(list, func(a, b Share) int { return compareRefs(a.Principal, b.Principal) })
	return list, err
}
