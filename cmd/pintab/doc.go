// Command pintab serves Pintab: `pintab sandbox` on a bare machine beside stand-ins for Microsoft's services, `pintab serve`
// for a real tenant. This package holds the commands, the configuration and the wiring, and the feature tests that run the
// whole program; everything that thinks is in the packages it wires.
package main
