package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// bench is one run.
type bench struct {
	report
	folder   string // scratch
	program  string // Pintab
	self     string // this program
	rounds   int
	quick    bool
	only     string
	accounts int             // of the organization of D1 and D2
	compiled map[string]bool // packages whose tests are
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == bareMode {
		if err := serveBare(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	b := &bench{compiled: map[string]bool{}}
	flag.IntVar(&b.rounds, "rounds", 5, "how often everything is measured, alternately")
	flag.BoolVar(&b.quick, "quick", false, "three rounds, and no Go benchmarks")
	flag.StringVar(&b.only, "only", "", "goals to measure, for example S1,T2; all when empty")
	flag.StringVar(&b.program, "program", "", "a Pintab that is already built, to compare versions; built when empty")
	flag.IntVar(&b.accounts, "accounts", 1_000_000, "how many accounts the organization of D1 and D2 has, a tenth of it with -quick")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := b.run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run measures everything that is wanted, cheapest disturbance first, and prints the table also when something failed.
func (b *bench) run(ctx context.Context) (err error) {
	if b.quick {
		b.rounds = 3
		b.accounts /= 10
	}
	if b.self, err = os.Executable(); err != nil {
		return err
	}
	if b.folder, err = os.MkdirTemp("", "pintab-bench-"); err != nil {
		return err
	}
	defer os.RemoveAll(b.folder)
	started := time.Now()
	if b.program == "" {
		b.say("building")
		if b.program, err = build(ctx, b.folder); err != nil {
			return err
		}
	}
	err = b.measure(ctx)
	fmt.Printf("\n%s, %s %s, %d processors, %d rounds, %.0f s, load %s\n\n", started.Format("2 January 2006"), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), b.rounds, time.Since(started).Seconds(), load())
	if printErr := b.print(os.Stdout); err == nil {
		err = printErr
	}
	return err
}

func (b *bench) measure(ctx context.Context) error {
	if b.wants("P1") {
		b.say("starting")
		if err := b.starts(ctx); err != nil {
			return err
		}
	}
	if b.wants("S1") || b.wants("P2") {
		b.say("pages of the server alone")
		s, _, err := startSandbox(ctx, b.program, filepath.Join(b.folder, "prompt"))
		if err != nil {
			return err
		}
		err = b.pages(ctx, s)
		s.stop()
		if err != nil {
			return err
		}
	}
	if b.wants("R") {
		b.say("records and lists of the server alone")
		s, _, err := startSandbox(ctx, b.program, filepath.Join(b.folder, "records"))
		if err != nil {
			return err
		}
		err = b.records(ctx, s)
		s.stop()
		if err != nil {
			return err
		}
	}
	if b.wants("T") {
		b.say("a tab inside the Teams stand-in, 80 ms upstream")
		s, _, err := startSandbox(ctx, b.program, filepath.Join(b.folder, "slow"), "--dataverse-latency", upstreamDelay.String())
		if err != nil {
			return err
		}
		err = b.journeys(ctx, s)
		s.stop()
		if err != nil {
			return err
		}
	}
	if b.wants("D") {
		b.say("an organization with many accounts")
		if err := b.crowd(ctx); err != nil {
			return err
		}
	}
	if !b.quick && (b.wants("S") || b.wants("C1")) {
		b.say("Go benchmarks")
		return b.goBenchmarks(ctx)
	}
	return nil
}

// wants reports whether a goal, or a group of goals by its letter, is to be measured.
func (b *bench) wants(goal string) bool {
	if b.only == "" {
		return true
	}
	for one := range strings.SplitSeq(b.only, ",") {
		if strings.HasPrefix(one, goal) {
			return true
		}
	}
	return false
}

// load is what else the machine had to do: runnable tasks over the last one, five and fifteen minutes.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	return strings.Join(strings.Fields(string(text))[:3], " ")
}

func (b *bench) say(what string) { fmt.Fprintln(os.Stderr, "bench:", what) }

// upstreamDelay is what every Dataverse answer takes longer in the journeys.
const upstreamDelay = 80 * time.Millisecond
