package main

import (
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"text/tabwriter"
)

type configCommand struct {
	Markdown bool `help:"Print the table of settings for the README instead."`
}

// Run prints every setting with its value, or every problem.
func (c configCommand) Run() error {
	if c.Markdown {
		return settingsTable(os.Stdout)
	}
	cfg, err := loadConfig(environment())
	if err != nil {
		return fmt.Errorf("the configuration has problems:\n%w", err)
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 4, 2, ' ', 0)
	value := reflect.ValueOf(cfg)
	eachSetting(func(i int, f reflect.StructField, name string, _ bool) {
		shown := fmt.Sprint(value.Field(i).Interface())
		if f.Tag.Get("secret") == "true" && shown != "" {
			shown = "(set, hidden)"
		}
		fmt.Fprintf(out, "%s\t%s\n", name, shown)
	})
	return out.Flush()
}

// settingsTable prints the README's table; a test compares it with the README.
func settingsTable(w io.Writer) error {
	if _, err := fmt.Fprint(w, "| variable | needed | default | meaning |\n|---|---|---|---|\n"); err != nil {
		return err
	}
	eachSetting(func(_ int, f reflect.StructField, name string, required bool) {
		needed := ""
		if required {
			needed = "yes"
		}
		fallback := f.Tag.Get("envDefault")
		if fallback != "" {
			fallback = "`" + fallback + "`"
		}
		fmt.Fprintf(w, "| `%s` | %s | %s | %s |\n", name, needed, fallback, f.Tag.Get("help"))
	})
	return nil
}

func eachSetting(visit func(index int, field reflect.StructField, name string, required bool)) {
	t := reflect.TypeFor[Config]()
	for i := range t.NumField() {
		name, options, _ := strings.Cut(t.Field(i).Tag.Get("env"), ",")
		visit(i, t.Field(i), name, strings.Contains(options, "required"))
	}
}
