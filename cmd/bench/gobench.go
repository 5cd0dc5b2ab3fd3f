package main

import (
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// goBench is a Go benchmark of a package that stands for a goal. Their names are what this program looks for; a benchmark
// that is gone is an error.
type goBench struct {
	goal, what, pkg, name string
	floor                 func() float64 // nanoseconds; nil: none
	aim, limit            bound          // in microseconds
}

// goBenchmarks runs S2, S3, S4 and C1, several times each, and their floors in this process in between.
func (b *bench) goBenchmarks(ctx context.Context) error {
	raw, err := newRawRows(b.folder)
	if err != nil {
		return err
	}
	defer raw.close()
	all := []goBench{
		{"S2", "session of a cookie: signature and row", "./web", "BenchmarkSessionLookup", raw.signedRead, atMost(25), atMost(60)},
		{"S3", "tab's token checked again", "./internal/entra", "BenchmarkVerifyTabAgain", remembered, atMost(3), atMost(10)},
		{"S4", "preference read, SQLite", "./internal/store", "BenchmarkPreference/sqlite/read", raw.read, timesFloor(1.5), timesFloor(3)},
		{"S4", "preference write, SQLite", "./internal/store", "BenchmarkPreference/sqlite/write", raw.write, timesFloor(1.5), timesFloor(3)},
		{"C1", "bar chart, SVG and its table", "./templates", "BenchmarkChart", nil, atMost(40), atMost(100)},
	}
	took, floors := make([][]float64, len(all)), make([][]float64, len(all))
	for range b.rounds {
		for i, g := range all {
			if !b.wants(g.goal) {
				continue
			}
			ns, err := g.run(ctx)
			if err != nil {
				return err
			}
			took[i] = append(took[i], ns/1e3)
			if g.floor != nil {
				floors[i] = append(floors[i], g.floor()/1e3)
			}
		}
	}
	for i, g := range all {
		if len(took[i]) > 0 {
			b.add(row{g.goal, g.what, "µs", median(took[i]), median(floors[i]), g.aim, g.limit})
		}
	}
	return raw.err
}

var benchLine = regexp.MustCompile(`(?m)^Benchmark\S*\s+\d+\s+([0-9.]+) ns/op`)

// run gives the nanoseconds of one operation.
func (g goBench) run(ctx context.Context) (float64, error) {
	name := "^" + strings.ReplaceAll(g.name, "/", "$/^") + "$"
	said, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", name, "-benchtime", "200ms", g.pkg).CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s in %s: %w\n%s", g.name, g.pkg, err, said)
	}
	found := benchLine.FindSubmatch(said)
	if found == nil {
		return 0, fmt.Errorf("%s has no benchmark %s:\n%s", g.pkg, g.name, said)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
