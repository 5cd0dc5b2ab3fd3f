package engine

import (
	"encoding/xml"
	"strconv"
	"strings"
)

// A paging cookie tells where a page began and ended: <cookie page="1"><name last="Z" first="A" /><accountid last="{…}"
// first="{…}" /></cookie>. It is a client's to keep and to send back, so nothing in it is believed beyond its being a
// place in the order; rights are checked by the query itself.
type cookie struct {
	page  int
	marks []mark
}

type mark struct {
	name        string
	first, last *string // nil for a row without a value
}

const maxCookie = 64 << 10

func (c cookie) String() string {
	var b strings.Builder
	b.WriteString(`<cookie page="` + strconv.Itoa(c.page) + `">`)
	for _, m := range c.marks {
		b.WriteString("<" + cookieName(m.name))
		for _, side := range []struct {
			name  string
			value *string
		}{{"last", m.last}, {"first", m.first}} {
			if side.value == nil {
				b.WriteString(" " + side.name + `null="1"`)
				continue
			}
			b.WriteString(" " + side.name + `="`)
			_ = xml.EscapeText(&b, []byte(*side.value))
			b.WriteString(`"`)
		}
		b.WriteString(" />")
	}
	b.WriteString("</cookie>")
	return b.String()
}

// cookieName makes an element name of a key's name, whose link alias is any text.
func cookieName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '_' || '0' <= r && r <= '9' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' {
			return r
		}
		return '_'
	}, name)
}

func parseCookie(s string) (cookie, bool) {
	if len(s) > maxCookie {
		return cookie{}, false
	}
	decoder := xml.NewDecoder(strings.NewReader(s))
	var c cookie
	depth := 0
	for {
		token, err := decoder.Token()
		if err != nil {
			return c, err.Error() == "EOF" && c.page > 0
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			if depth == 1 {
				for _, a := range e.Attr {
					if a.Name.Local == "page" {
						c.page, _ = strconv.Atoi(a.Value)
					}
				}
			}
			if depth == 2 {
				m := mark{name: e.Name.Local}
				for _, a := range e.Attr {
					switch a.Name.Local {
					case "first":
						m.first = &a.Value
					case "last":
						m.last = &a.Value
					}
				}
				c.marks = append(c.marks, m)
			}
		case xml.EndElement:
			depth--
		}
	}
}

// cookieFor describes a page by its first and last row.
func (q *query) cookieFor(page int, first, last []any) string {
	c := cookie{page: page}
	for _, o := range q.orders {
		m := mark{name: o.name}
		if v := first[o.at]; v != nil {
			told := o.tell(v)
			m.first = &told
		}
		if v := last[o.at]; v != nil {
			told := o.tell(v)
			m.last = &told
		}
		if o.field.kind() == kGUID {
			m.first, m.last = braced(m.first), braced(m.last)
		}
		c.marks = append(c.marks, m)
	}
	return c.String()
}

func braced(s *string) *string {
	if s == nil {
		return nil
	}
	b := "{" + strings.ToUpper(*s) + "}"
	return &b
}

// behind is the condition for rows after the place that a cookie tells; ok is false for a cookie of another query.
func (q *query) behind(c cookie) (part frag, ok bool) {
	if len(c.marks) != len(q.orders) {
		return frag{}, false
	}
	for i := len(q.orders) - 1; i >= 0; i-- {
		o := q.orders[i]
		if c.marks[i].name != cookieName(o.name) {
			return frag{}, false
		}
		if o.sql.sql == "NULL" {
			continue
		}
		var value any
		if last := c.marks[i].last; last != nil {
			if value, ok = o.key(*last); !ok {
				return frag{}, false
			}
		}
		part = o.after(value, part)
	}
	if part.sql == "" {
		return text("0"), true
	}
	return part, true
}

// after is: this key behind value, or the same and the rest behind. Rows without a value come first in ascending order.
func (o *order) after(value any, rest frag) frag {
	key := o.sql
	same := text(key.sql+" IS ?", append(key.args, value)...)
	var further frag
	switch {
	case value == nil && !o.desc:
		further = text(key.sql+" IS NOT NULL", key.args...)
	case value == nil:
		further = text("0")
	case o.desc:
		further = text("("+key.sql+" < ? OR "+key.sql+" IS NULL)", append(append(append([]any{}, key.args...), value), key.args...)...)
	default:
		further = text(key.sql+" > ?", append(key.args, value)...)
	}
	if rest.sql == "" {
		return further
	}
	or := combine([]frag{further, and(same, rest)}, " OR ")
	if value != nil && !o.desc {
		return and(text(key.sql+" >= ?", append(key.args, value)...), or) // lets an index start at the place
	}
	return or
}
