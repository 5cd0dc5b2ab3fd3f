package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every module that is imported is named with its version and licence.
func TestThirdPartyIsComplete(t *testing.T) {
	mod, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	list, err := os.ReadFile("../../THIRD_PARTY.md")
	if err != nil {
		t.Fatal(err)
	}
	modules := regexp.MustCompile(`(?m)^\t(\S+) (v\S+)`).FindAllStringSubmatch(string(mod), -1)
	if len(modules) < 20 {
		t.Fatalf("read %d modules", len(modules))
	}
	for _, m := range modules {
		if !strings.Contains(string(list), "| `"+m[1]+"` | "+m[2]+" | ") {
			t.Errorf("THIRD_PARTY.md does not list %s %s", m[1], m[2])
		}
	}
}

// Every picture, file and make target that the README names exists.
func TestTheReadmePointsAtThings(t *testing.T) {
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\]\(([^)#]+)\)`).FindAllStringSubmatch(string(readme), -1) {
		if strings.HasPrefix(m[1], "http") {
			continue
		}
		if _, err := os.Stat("../../" + m[1]); err != nil {
			t.Errorf("README.md: %v", err)
		}
	}
	makefile, err := os.ReadFile("../../Makefile")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`make ([a-z]+)`).FindAllStringSubmatch(string(readme), -1) {
		if !regexp.MustCompile(`(?m)^` + m[1] + `:`).Match(makefile) {
			t.Errorf("README.md: there is no make %s", m[1])
		}
	}
}
