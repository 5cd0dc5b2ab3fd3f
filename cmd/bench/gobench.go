package main

import "context"

func (b *bench) goBenchmarks(ctx context.Context) error { return nil }
