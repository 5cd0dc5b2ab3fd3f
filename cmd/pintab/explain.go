package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/pintab/pintab/internal/intent"
)

// explainCommand says how the bot reads sentences. It asks nobody and needs no configuration.
type explainCommand struct{}

// Run reads standard input to its end.
func (explainCommand) Run() error { return explain(os.Stdin, os.Stdout) }

// explained is one line of the answer.
type explained struct {
	Text     string `json:"text"`
	Intent   string `json:"intent"`
	Table    string `json:"entity_type"`
	Query    string `json:"query"`
	Column   string `json:"field"`
	Value    string `json:"value"`
	Relation string `json:"relation"`
}

// explain reads each line of in and writes one JSON object for it, in the order of the lines. What is longer than the bot
// reads of a message is an error, since a line of the answer would stand for part of a sentence.
func explain(in io.Reader, out io.Writer) error {
	names := intent.NewNames(intent.Core())
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 4096), intent.LongestText+2)
	buffered := bufio.NewWriter(out)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	for lines.Scan() {
		text := strings.TrimSuffix(lines.Text(), "\r")
		w := intent.Read(text, names).Plain()
		line := explained{
			Text: text, Intent: string(w.Intent), Table: w.Table, Query: w.Query, Column: w.Column, Value: w.Value, Relation: w.Relation,
		}
		if err := encoder.Encode(line); err != nil {
			return err
		}
		if err := buffered.Flush(); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("a line is longer than the %d bytes that the bot reads: %w", intent.LongestText, err)
	}
	return nil
}
