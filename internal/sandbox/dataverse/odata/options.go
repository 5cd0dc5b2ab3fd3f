package odata

import (
	"net/url"
	"strconv"
	"strings"
)

// Options are the query options of one request, or of one expanded navigation property.
type Options struct {
	Select  []string
	Filter  Expr
	OrderBy []Order
	Top     *int
	Count   bool
	Expand  []Expand
	Apply   *Apply

	SkipToken string            // as written, unescaped
	Delta     string            // $deltatoken, likewise
	Custom    map[string]string // everything without a "$" or "@": fetchXml, savedQuery, userQuery, LabelLanguages ...
	Aliases   map[string]string // "@p1" -> text
}

// Order is one term of $orderby.
type Order struct {
	Path       Path
	Descending bool
}

// Expand is one navigation property of $expand with its own options. Ref asks for references only.
type Expand struct {
	Name string
	Ref  bool
	Options
	// Text are the options as written, by name, from which the address of a further page is made.
	Text map[string]string
}

// ParseOptions reads the raw query of an address.
func ParseOptions(rawQuery string) (Options, error) {
	o := Options{Custom: map[string]string{}, Aliases: map[string]string{}}
	if len(rawQuery) > 4*maxText {
		return o, problem("The query is too long")
	}
	system := map[string]string{}
	for pair := range strings.SplitSeq(rawQuery, "&") {
		if pair == "" {
			continue
		}
		rawName, rawValue, _ := strings.Cut(pair, "=")
		name, err := url.QueryUnescape(rawName)
		if err != nil {
			return o, problem("The name of a query option is not URL-encoded")
		}
		value, err := url.QueryUnescape(rawValue)
		if err != nil {
			return o, problem("The value of query option '%s' is not URL-encoded", name)
		}
		to := o.Custom
		switch {
		case strings.HasPrefix(name, "$"):
			to = system
		case strings.HasPrefix(name, "@"):
			to = o.Aliases
		}
		if _, twice := to[name]; twice {
			return o, problem("Query option '%s' was specified more than once, but it must be specified at most once.", name)
		}
		to[name] = value
	}
	for _, name := range []string{"$select", "$filter", "$orderby", "$top", "$count", "$expand", "$apply", "$skiptoken", "$deltatoken"} {
		value, there := system[name]
		if !there {
			continue
		}
		delete(system, name)
		if name == "$skiptoken" {
			o.SkipToken = value
			continue
		}
		if name == "$deltatoken" {
			o.Delta = value
			continue
		}
		p := &parser{lexer: newLexer(value), aliases: o.Aliases}
		p.option(&o, name)
		if err := p.end(); err != nil {
			return o, err
		}
	}
	for name := range system {
		return o, problem("The query parameter %s is not supported.", name)
	}
	return o, nil
}

// option reads the value of one query option at the current token.
func (p *parser) option(o *Options, name string) {
	switch name {
	case "$select":
		p.list1(func() { o.Select = append(o.Select, p.selected()) })
	case "$filter":
		o.Filter = p.or()
	case "$orderby":
		p.list1(func() { o.OrderBy = append(o.OrderBy, p.order()) })
	case "$top":
		n, err := strconv.Atoi(p.tok.text)
		if p.tok.kind != tokenNumber || err != nil || n < 0 {
			p.fail(p.tok.at, "Invalid value for the $top query option")
			return
		}
		o.Top = &n
		p.next()
	case "$count":
		v, ok := p.literal()
		if !ok || v.Kind != Bool {
			p.fail(p.tok.at, "Invalid value for the $count query option")
		}
		o.Count = v.IsTrue()
	case "$expand":
		p.list1(func() { o.Expand = append(o.Expand, p.expand()) })
	case "$apply":
		o.Apply = p.apply()
	default:
		p.fail(p.tok.at, "The query option '"+name+"' is not supported here")
	}
}

// list1 reads one or more items separated by commas.
func (p *parser) list1(item func()) {
	for p.node() {
		item()
		if !p.take(",") {
			return
		}
	}
}

// selected reads a column of $select. The service takes "*" as everything.
func (p *parser) selected() string {
	return strings.Join(p.path(), "/")
}

func (p *parser) order() Order {
	o := Order{Path: p.path()}
	switch {
	case p.takeWord("desc"):
		o.Descending = true
	case p.takeWord("asc"):
	}
	return o
}

func (p *parser) expand() Expand {
	defer p.leave()
	if !p.enter() {
		return Expand{}
	}
	e := Expand{Name: p.name()}
	if p.take("/") {
		if e.Ref = p.takeWord("$ref"); !e.Ref {
			p.unexpected()
		}
	}
	if !p.take("(") || p.take(")") {
		return e
	}
	e.Text = map[string]string{}
	for p.err == nil {
		name := p.name()
		p.expect("=")
		if _, twice := e.Text[name]; twice {
			p.fail(p.tok.at, "Query option '"+name+"' was specified more than once")
		}
		start := p.tok.at
		if name == "$apply" {
			p.fail(p.tok.at, "$apply is not supported inside $expand")
		}
		if p.err == nil {
			p.option(&e.Options, name)
		}
		if p.err == nil {
			e.Text[name] = strings.TrimSpace(p.text[start:p.tok.at])
		}
		if !p.take(";") || p.is(tokenPunct, ")") {
			break
		}
	}
	p.expect(")")
	return e
}
