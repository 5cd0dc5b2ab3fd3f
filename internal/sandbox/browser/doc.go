// Package browser drives a headless Chromium for the journeys, the screenshots and the benchmarks. A Window is one private
// profile with one page; a page of another site in a frame is a target of its own there, as in Teams, and is reached with
// Window.Frame. No production code imports it.
package browser
