package engine

import (
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/crmxml"
)

// linked is a link-entity that is joined, and where its columns come from.
type linked struct {
	*crmxml.Link
	src  *source
	kids []*linked
	kind string
}

func linkKind(l *crmxml.Link) string {
	if kind := strings.ToLower(strings.TrimSpace(l.Type)); kind != "" {
		return kind
	}
	return "inner"
}

func (q *query) countLink() error {
	if q.count.links++; q.count.links > maxLinks {
		return refuse(CodeTooManyLinks, "Number of link entities in query exceeded maximum limit.")
	}
	return nil
}

// joins binds the link-entities below a source: joins become part of FROM, the others conditions. With an outer join
// around them, inner ones below belong to the outer one: they limit what it finds, not the rows themselves.
func (q *query) joins(parent *source, list []crmxml.Link) (from frag, kids []*linked, err error) {
	var parts []frag
	for i := range list {
		l := &list[i]
		kind := linkKind(l)
		switch kind {
		case "inner", "outer", "matchfirstrowusingcrossapply":
			part, kid, err := q.join(parent, l, kind)
			if err != nil {
				return frag{}, nil, err
			}
			parts, kids = append(parts, part), append(kids, kid)
		case "exists", "in", "any", "not any", "all", "not all":
			part, err := q.linkFilter(parent, l)
			if err != nil {
				return frag{}, nil, err
			}
			q.where = append(q.where, part)
		default:
			return frag{}, nil, refuse(CodeInvalidLink, "The link-type '%s' is not valid.", l.Type)
		}
	}
	from = combine(parts, " ")
	if len(parts) > 1 {
		from.sql = from.sql[1 : len(from.sql)-1]
	}
	return from, kids, nil
}

func (q *query) join(parent *source, l *crmxml.Link, kind string) (frag, *linked, error) {
	if err := q.countLink(); err != nil {
		return frag{}, nil, err
	}
	t, err := q.table(l.Name)
	if err != nil {
		return frag{}, nil, err
	}
	alias := strings.TrimSpace(l.Alias)
	if alias == "" {
		alias = t.LogicalName + strconv.Itoa(q.count.links)
	}
	if q.aliases[strings.ToLower(alias)] {
		return frag{}, nil, refuse(CodeInvalidLink, "The alias '%s' is used by more than one link-entity.", alias)
	}
	q.aliases[strings.ToLower(alias)] = true
	s := q.source(t, alias)
	match, err := q.match(parent, s, l)
	if err != nil {
		return frag{}, nil, err
	}
	q.joined = append(q.joined, s)
	around, outerWhere := q.joined, q.where
	if kind != "inner" {
		q.joined, q.where = []*source{s}, nil // what is inside sees nothing outside
	}
	filter, err := q.filters(s, l.Filters)
	if err != nil {
		return frag{}, nil, err
	}
	below, kids, err := q.joins(s, l.Links)
	if err != nil {
		return frag{}, nil, err
	}
	inside := q.where
	if kind != "inner" {
		q.joined, q.where = append(around, q.joined[1:]...), outerWhere
	} else {
		inside = nil
	}
	limits := and(append([]frag{filter, q.visible(s)}, inside...)...)
	joined := &linked{Link: l, src: s, kids: kids, kind: kind}
	switch kind {
	case "inner":
		return sequence(" ", text("JOIN "+t.sql+" "+s.sql+" ON "), and(match, limits), below), joined, nil
	case "outer":
		return q.outer(s, match, limits, below), joined, nil
	}
	first := sequence("", text("LEFT JOIN "+t.sql+" "+s.sql+" ON "+s.sql+"."+t.pk.sql+" = (SELECT "+s.sql+"."+t.pk.sql+" FROM "+t.sql+" "+s.sql+" WHERE "),
		and(match, limits), text(" ORDER BY 1 LIMIT 1)"))
	return sequence(" ", first, below), joined, nil
}

func (q *query) outer(s *source, match, limits, below frag) frag {
	if below.sql == "" {
		return sequence("", text("LEFT JOIN "+s.table.sql+" "+s.sql+" ON "), and(match, limits))
	}
	return sequence("", text("LEFT JOIN ("+s.table.sql+" "+s.sql+" "), below, text(") ON "), and(match, limits))
}

// sequence writes pieces one after the other.
func sequence(between string, list ...frag) frag {
	var b strings.Builder
	var args []any
	for _, f := range list {
		if f.sql == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString(between)
		}
		b.WriteString(f.sql)
		args = append(args, f.args...)
	}
	return frag{sql: b.String(), args: args}
}

// match is the equality that a link-entity stands on. From defaults to the linked table's key; to defaults to the column
// of that name, or to a lookup that points to the linked table.
func (q *query) match(parent, s *source, l *crmxml.Link) (frag, error) {
	from, to := strings.TrimSpace(l.From), strings.TrimSpace(l.To)
	if from == "" {
		from = s.pk.LogicalName
	}
	if to == "" {
		to = defaultTo(parent.table, s.table, from)
	}
	left, err := q.field(parent, to)
	if err != nil {
		return frag{}, err
	}
	right, err := q.field(s, from)
	if err != nil {
		return frag{}, err
	}
	if left.kind() != right.kind() {
		return frag{}, refuse(CodeInvalidLink, "The columns '%s.%s' and '%s.%s' of a link-entity are of different types.", s.LogicalName, from, parent.LogicalName, to)
	}
	return text(q.compared(right) + " = " + q.compared(left)), nil
}

func defaultTo(parent, t *table, from string) string {
	if parent.column(from) != nil {
		return from
	}
	for _, c := range parent.columns {
		if c.Type.IsLookup() {
			for _, target := range c.Targets {
				if target == t.LogicalName {
					return c.LogicalName
				}
			}
		}
	}
	return from
}

// linkFilter is a link-entity that is a condition. "All" holds where there are matching rows and none of them satisfies
// the filters, and "not all" is "any": that is how the service defines them.
func (q *query) linkFilter(parent *source, l *crmxml.Link) (frag, error) {
	if err := q.countLink(); err != nil {
		return frag{}, err
	}
	t, err := q.table(l.Name)
	if err != nil {
		return frag{}, err
	}
	s := q.source(t, strings.TrimSpace(l.Alias))
	match, err := q.match(parent, s, l)
	if err != nil {
		return frag{}, err
	}
	around, outerWhere := q.joined, q.where
	q.joined, q.where = append(append([]*source{}, around...), s), nil
	filter, err := q.filters(s, l.Filters)
	if err != nil {
		return frag{}, err
	}
	below, _, err := q.joins(s, l.Links)
	if err != nil {
		return frag{}, err
	}
	filter = and(append([]frag{filter}, q.where...)...)
	q.joined, q.where = around, outerWhere
	some := sequence(" ", text("EXISTS (SELECT 1 FROM "+t.sql+" "+s.sql), below, text("WHERE"), and(match, q.visible(s)))
	with := sequence(" AND ", some, filter)
	some.sql, with.sql = some.sql+")", with.sql+")"
	switch linkKind(l) {
	case "any", "not all", "exists", "in":
		return with, nil
	case "not any":
		return sequence(" ", text("NOT"), with), nil
	case "all":
		return and(some, sequence(" ", text("NOT"), with)), nil
	}
	return frag{}, refuse(CodeInvalidLink, "The link-type '%s' is not valid in a filter.", l.Type)
}
