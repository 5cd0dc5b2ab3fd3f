package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// serveEnvironment is what an operator sets to run `pintab serve` against a sandbox's stand-ins, on another port than the
// sandbox's own Pintab but under the same public address, so that registration and tokens fit.
func serveEnvironment(s *sandbox, port int, database string) []string {
	return []string{
		"PINTAB_PUBLIC_URL=" + s.App, fmt.Sprintf("PORT=%d", port), "CLIENT_ID=" + s.ClientID, "CLIENT_SECRET=" + s.ClientSecret,
		"TENANT_ID=" + s.Tenant, "DATABASE_URL=sqlite:" + database, "PINTAB_SESSION_KEYS=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
		"PINTAB_AUTHORITY=" + s.Entra, "PINTAB_DISCOVERY_URL=" + s.Dataverse, "PINTAB_FRAME_ANCESTORS=" + s.Teams, "PINTAB_LOOPBACK=1",
	}
}

// startServe starts `pintab serve` and waits until it is ready.
func startServe(ctx context.Context, program string, s *sandbox, database string) (*child, string, time.Duration, error) {
	port, err := freePorts(1)
	if err != nil {
		return nil, "", 0, err
	}
	origin := fmt.Sprintf("http://localhost:%d", port)
	started := time.Now()
	c, err := startChild(ctx, "pintab serve", serveEnvironment(s, port, database), nil, program, "serve")
	if err != nil {
		return nil, "", 0, err
	}
	if err := c.ready(ctx, origin+"/readyz"); err != nil {
		c.stop()
		return nil, "", 0, err
	}
	return c, origin, time.Since(started), nil
}

// starts measures P1: from starting the process to the first 200 of /readyz.
func (b *bench) starts(ctx context.Context) error {
	var bare, empty, seeding, again, seedingCPU []float64
	for i := range b.rounds {
		data := filepath.Join(b.folder, fmt.Sprintf("start%d", i))
		floor, took, err := startBare(ctx, b.self, bareConfig{})
		if err != nil {
			return err
		}
		floor.stop()
		bare = append(bare, milliseconds(took))
		first, took, err := startSandbox(ctx, b.program, data)
		if err != nil {
			return err
		}
		seeding = append(seeding, milliseconds(took))
		used, err := first.cpu()
		if err != nil {
			return err
		}
		seedingCPU = append(seedingCPU, milliseconds(used))
		serve, _, took, err := startServe(ctx, b.program, first, filepath.Join(data, "serve.db"))
		if err == nil {
			serve.stop()
			empty = append(empty, milliseconds(took))
		}
		first.stop()
		if err != nil {
			return err
		}
		second, took, err := startSandbox(ctx, b.program, data)
		if err != nil {
			return err
		}
		second.stop()
		again = append(again, milliseconds(took))
		if err := os.RemoveAll(data); err != nil {
			return err
		}
	}
	floor := median(bare)
	b.add(row{"P1", "serve with a new database: start to ready", "ms", median(empty), floor, atMost(100), atMost(1000)})
	b.add(row{"P1", "sandbox in an empty folder: start to ready, all organizations seeded", "ms", median(seeding), floor, atMost(400), atMost(1000)})
	b.add(row{"P1", "  processor time of that", "ms", median(seedingCPU), 0, bound{}, bound{}})
	b.add(row{"P1", "sandbox again in its folder: start to ready", "ms", median(again), floor, atMost(100), atMost(1000)})
	return nil
}

// footprint measures P2: a `pintab serve` that has just started, and the program file.
func (b *bench) footprint(serve *child) error {
	file, err := os.Stat(b.program)
	if err != nil {
		return err
	}
	memory, err := serve.resident()
	if err != nil {
		return err
	}
	b.add(row{"P2", "serve, idle: resident memory", "MB", memory / 1e6, 0, atMost(32), atMost(48)})
	b.add(row{"P2", "program file, stripped", "MB", float64(file.Size()) / 1e6, 0, atMost(30), atMost(45)})
	return nil
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
