package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// goBench is a Go benchmark of a package that stands for a goal. Their names are what this program looks for; a benchmark
// that is gone is an error.
type goBench struct {
	goal, what, pkg, name string
	floor                 func() float64 // nanoseconds; nil: none of ours
	floorName             string         // a benchmark of the package that is the floor
	aim, limit            bound          // in microseconds
}

// goBenchmarks runs the benchmarks several times each, and their floors in between.
func (b *bench) goBenchmarks(ctx context.Context) error {
	raw, err := newRawRows(b.folder)
	if err != nil {
		return err
	}
	defer raw.close()
	all := []goBench{
		{"S1", "page through every layer, from memory", "web", "BenchmarkDashboardPage/whole", nil, "BenchmarkDashboardPage/templ_and_brotli_alone", timesFloor(2), timesFloor(4)},
		{"S2", "session of a cookie: signature and row", "web", "BenchmarkSessionLookup", raw.signedRead, "", atMost(25), atMost(60)},
		{"S3", "tab's token checked again", "internal/entra", "BenchmarkVerifyTabAgain", remembered, "", atMost(3), atMost(10)},
		{"S4", "preference read, SQLite", "internal/store", "BenchmarkPreference/sqlite/read", raw.read, "", timesFloor(1.5), timesFloor(3)},
		{"S4", "preference write, SQLite", "internal/store", "BenchmarkPreference/sqlite/write", raw.write, "", timesFloor(1.5), timesFloor(3)},
		{"C1", "bar chart, SVG and its table", "templates", "BenchmarkChart", drawn, "", atMost(40), atMost(100)},
	}
	took, floors := make([][]float64, len(all)), make([][]float64, len(all))
	for range b.rounds {
		for i, g := range all {
			if !b.wants(g.goal) {
				continue
			}
			ns, err := b.time(ctx, g.pkg, g.name)
			if err != nil {
				return err
			}
			took[i] = append(took[i], ns/1e3)
			if g.floor != nil {
				ns = g.floor()
			} else if ns, err = b.time(ctx, g.pkg, g.floorName); err != nil {
				return err
			}
			floors[i] = append(floors[i], ns/1e3)
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

// time runs one benchmark of a package, whose tests are compiled once, and gives the nanoseconds of one operation.
func (b *bench) time(ctx context.Context, pkg, name string) (float64, error) {
	program := filepath.Join(b.folder, strings.ReplaceAll(pkg, "/", "-")+".test")
	if !b.compiled[pkg] {
		if said, err := exec.CommandContext(ctx, "go", "test", "-c", "-o", program, "./"+pkg).CombinedOutput(); err != nil {
			return 0, fmt.Errorf("compiling the tests of %s: %w\n%s", pkg, err, said)
		}
		b.compiled[pkg] = true
	}
	pattern := "^" + strings.ReplaceAll(name, "/", "$/^") + "$"
	cmd := exec.CommandContext(ctx, program, "-test.run", "^$", "-test.bench", pattern, "-test.benchtime", "200ms")
	cmd.Dir = pkg
	said, err := cmd.CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("%s in %s: %w\n%s", name, pkg, err, said)
	}
	found := benchLine.FindSubmatch(said)
	if found == nil {
		return 0, fmt.Errorf("%s has no benchmark %s:\n%s", pkg, name, said)
	}
	return strconv.ParseFloat(string(found[1]), 64)
}
