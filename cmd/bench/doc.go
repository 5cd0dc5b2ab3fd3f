// Command bench measures Pintab against the goals of docs/performance.md and prints one row for each: what was measured,
// the floor that was measured in the same run, their ratio, the goal and what must not be passed.
//
// It owns the measuring and the floors, which are bare programs that do the same work:
//
//	main.go      what is measured, in which order
//	report.go    rows and the table
//	child.go     child processes: ports, readiness, CPU time and memory from /proc
//	pintab.go    building Pintab, starting its sandbox, signing in
//	starts.go    P1 and P2: starting, memory, size
//	pages.go     S1: processor time of a page
//	records.go   R1-R4: record pages, lists and saves
//	gobench.go   S2-S4 and C1: the Go benchmarks of the packages, and their floors in floors.go
//	crowd.go     D1 and D2: the Dataverse stand-in with a million accounts
//	chromium.go  a browser window that counts bytes and notes when a page's parts are shown
//	journeys.go  T1-T7: a tab inside the Teams stand-in
//	bare*.go     the floor pages, served by this program as a child of its own
//
// A machine is noisy: only ratios between things measured alternately in one run mean much. Nothing here fails because it is
// slow; it fails when something does not work. The pages are Pintab's own (package web), the stand-ins are internal/sandbox.
package main
