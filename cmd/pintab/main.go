package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"
)

// commands is the command line.
type commands struct {
	Sandbox  sandboxCommand  `cmd:"" help:"Start Pintab beside stand-ins for Entra ID, Dataverse and Teams, on this machine only."`
	Serve    serveCommand    `cmd:"" help:"Serve a real tenant, configured by the environment."`
	Package  packageCommand  `cmd:"" help:"Write the Teams app package for the configured address."`
	Migrate  migrateCommand  `cmd:"" help:"Bring the database up to date and exit."`
	Config   configCommand   `cmd:"" help:"Print the configuration that serve would use, secrets masked."`
	Explain  explainCommand  `cmd:"" help:"Say how the bot reads sentences: lines from standard input, one JSON object a line. Nothing is sent anywhere."`
	UserData userDataCommand `cmd:"" name:"user-data" help:"Export or delete what is stored about a person, and list everything that can be."`
	Tenant   tenantCommand   `cmd:"" help:"Switch Pintab off and on for the people of a tenant, at once and on every server."`
	Pins     pinsCommand     `cmd:"" help:"Make tabs in many channels and chats from a list, by Microsoft Graph."`
	Version  versionCommand  `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var cli commands
	parsed := kong.Parse(&cli, kong.Name("pintab"),
		kong.Description("Dynamics 365 inside Microsoft Teams, self-hosted."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.UsageOnError())
	if err := parsed.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "pintab:", err)
		os.Exit(1)
	}
}

// environment is os.Environ as a map.
func environment() map[string]string {
	m := map[string]string{}
	for _, pair := range os.Environ() {
		for i := range pair {
			if pair[i] == '=' && i > 0 {
				m[pair[:i]] = pair[i+1:]
				break
			}
		}
	}
	return m
}

type versionCommand struct{}

// Run prints the module version and, in a build from a checkout, the commit.
func (versionCommand) Run() error {
	version, revision := "development", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if v := info.Main.Version; v != "" && v != "(devel)" {
			version = v
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = " " + s.Value
			}
		}
	}
	fmt.Printf("pintab %s%s\n", version, revision)
	return nil
}
