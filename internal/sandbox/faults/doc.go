// Package faults makes a stand-in misbehave on request: it owns the rules that a tester posts to /_sandbox/faults and the
// middleware that carries them out. What a protocol-shaped refusal looks like is the stand-in's own knowledge, handed in as
// Injector.Answer.
package faults
