package main

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/pin"
)

const (
	// largestPins and mostPins bound a list.
	largestPins = 1 << 20
	mostPins    = 2000
)

// pinEntry is one tab of a list. Where it leads is said by a link of Dynamics 365, or by its parts.
type pinEntry struct {
	Team         string   `yaml:"team"`    // group id of the team
	Channel      string   `yaml:"channel"` // thread id
	Chat         string   `yaml:"chat"`    // thread id, instead of team and channel
	Name         string   `yaml:"name"`    // of the tab
	Link         string   `yaml:"link"`
	Organization string   `yaml:"organization"`
	App          string   `yaml:"app"`
	Table        string   `yaml:"table"`
	Record       string   `yaml:"record"`
	View         string   `yaml:"view"`
	Personal     bool     `yaml:"personal"`
	Lists        []string `yaml:"lists"`
	Beside       bool     `yaml:"beside"`

	line   int
	target crm.PinTarget
	spot   crm.Spot
}

// readPins reads a list, and tells of every problem in it at once.
func readPins(name string, in io.Reader) ([]pinEntry, error) {
	if name != "-" {
		file, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer file.Close()
		in = file
	}
	text, err := io.ReadAll(io.LimitReader(in, largestPins+1))
	if err != nil {
		return nil, err
	}
	if len(text) > largestPins {
		return nil, fmt.Errorf("the list is larger than %d KB", largestPins>>10)
	}
	read := readPinsYAML
	if strings.EqualFold(filepath.Ext(name), ".csv") {
		read = readPinsCSV
	}
	entries, err := read(text)
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 || len(entries) > mostPins {
		return nil, fmt.Errorf("the list has %d tabs; it takes from 1 to %d", len(entries), mostPins)
	}
	var problems []error
	seen := map[string]int{}
	for i := range entries {
		e := &entries[i]
		if err := e.settle(); err != nil {
			problems = append(problems, fmt.Errorf("line %d: %w", e.line, err))
			continue
		}
		id := pin.DerivedID("", e.spot, e.target)
		if first := seen[id]; first > 0 {
			problems = append(problems, fmt.Errorf("line %d: the same tab as in line %d", e.line, first))
		}
		seen[id] = cmp.Or(seen[id], e.line)
	}
	return entries, errors.Join(problems...)
}

// readPinsYAML reads "pins:" with a list below it. A key that means nothing is an error: it would be taken for a wish.
func readPinsYAML(text []byte) ([]pinEntry, error) {
	var list struct {
		Pins []yaml.Node `yaml:"pins"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&list); err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("the list is no YAML with pins: %w", err)
	}
	entries := make([]pinEntry, len(list.Pins))
	var problems []error
	for i := range list.Pins {
		node := &list.Pins[i]
		entries[i].line = node.Line
		if err := known(node); err != nil {
			problems = append(problems, err)
			continue
		}
		if err := node.Decode(&entries[i]); err != nil {
			problems = append(problems, fmt.Errorf("line %d: %w", node.Line, err))
		}
	}
	return entries, errors.Join(problems...)
}

// pinKeys are what a tab of a list is described by, in the order of documentation.
var pinKeys = []string{"team", "channel", "chat", "name", "link", "organization", "app", "table", "record", "view", "personal", "lists", "beside"}

// known refuses keys that mean nothing; a node is decoded by itself, where the decoder does not look.
func known(node *yaml.Node) error {
	if node.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: a tab is described by keys such as channel and link", node.Line)
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		if key := node.Content[i]; !slices.Contains(pinKeys, key.Value) {
			return fmt.Errorf("line %d: %q is none of %s", key.Line, key.Value, strings.Join(pinKeys, ", "))
		}
	}
	return nil
}

// readPinsCSV reads a table with the same names in its first line. Several lists in one cell are separated by spaces.
func readPinsCSV(text []byte) ([]pinEntry, error) {
	reader := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))))
	head, err := reader.Read()
	if err != nil {
		return nil, fmt.Errorf("the list is no CSV with a first line of names: %w", err)
	}
	for i, name := range head {
		head[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(pinKeys, head[i]) {
			return nil, fmt.Errorf("line 1: %q is none of %s", name, strings.Join(pinKeys, ", "))
		}
	}
	var entries []pinEntry
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return entries, nil
		}
		if err != nil {
			return nil, err
		}
		line, _ := reader.FieldPos(0)
		e := pinEntry{line: line}
		into := map[string]*string{
			"team": &e.Team, "channel": &e.Channel, "chat": &e.Chat, "name": &e.Name, "link": &e.Link, "organization": &e.Organization,
			"app": &e.App, "table": &e.Table, "record": &e.Record, "view": &e.View,
		}
		for i, name := range head {
			cell := strings.TrimSpace(cells[i])
			switch name {
			case "lists":
				e.Lists = strings.Fields(cell)
			case "personal":
				e.Personal = yes(cell)
			case "beside":
				e.Beside = yes(cell)
			default:
				*into[name] = cell
			}
		}
		entries = append(entries, e)
	}
}

func yes(cell string) bool {
	return slices.Contains([]string{"1", "true", "yes", "x"}, strings.ToLower(cell))
}

// settle says where the tab stands and where it leads.
func (e *pinEntry) settle() error {
	e.spot = crm.Spot{Group: strings.ToLower(e.Team), Channel: e.Channel, Chat: e.Chat}
	switch {
	case e.Chat == "" && (!guid.MatchString(e.spot.Group) || !strings.HasPrefix(e.Channel, "19:")):
		return errors.New("a tab stands in a channel (team: the team's group id, channel: 19:...) or in a chat (chat: 19:...)")
	case e.Chat != "" && (e.Team != "" || e.Channel != "" || !strings.HasPrefix(e.Chat, "19:")):
		return errors.New("a tab stands in a channel or in a chat (chat: 19:...), not in both")
	case strings.TrimSpace(e.Name) == "" || len([]rune(e.Name)) > 128:
		return errors.New("a tab has a name of at most 128 characters, which everybody in the channel reads")
	}
	if err := e.follow(); err != nil {
		return err
	}
	lower := func(text string) string { return strings.ToLower(strings.Trim(strings.TrimSpace(text), "{}")) }
	e.target = crm.PinTarget{
		Organization: strings.TrimRight(e.Organization, "/"), App: lower(e.App), Table: e.Table, Record: lower(e.Record), View: lower(e.View),
		Personal: e.Personal, Lists: e.Lists, Beside: e.Beside,
	}
	if pin.CheckTarget(e.target) != nil {
		return errors.New("a tab leads to organization, app and table with either a record or a view, or to a link that has them all; lists belong to records, personal and beside to views")
	}
	return nil
}

// follow takes what a link says for what is not said apart.
func (e *pinEntry) follow() error {
	if e.Link == "" {
		return nil
	}
	l, ok := crm.LinkFrom(e.Link)
	if !ok || l.Address == "" || l.Page != crm.LinkRecord && l.Page != crm.LinkView {
		return errors.New("link is no address of a record or a view in Dynamics 365")
	}
	if e.App == "" && !guid.MatchString(l.App) || e.Table == "" && l.Table == "" || l.Page == crm.LinkView && l.ViewID == "" && e.View == "" {
		return errors.New("link names no app by its id (appid), no table by its name (etn) or no view (viewid); give app, table or view beside it")
	}
	e.Organization, e.App, e.Table = cmp.Or(e.Organization, l.Address), cmp.Or(e.App, l.App), cmp.Or(e.Table, l.Table)
	e.Record, e.View, e.Personal = cmp.Or(e.Record, l.ID), cmp.Or(e.View, l.ViewID), e.Personal || l.Personal && l.ViewID != ""
	return nil
}
