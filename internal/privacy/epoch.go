package privacy

import (
	"context"
	"time"
)

// MarkLife is how long an erasure is remembered: far longer than any request, exchange or lease can last.
const MarkLife = time.Hour

type epochKey struct{}

// WithEpoch notes in a context that its person was recognized when epoch was the latest erasure.
func WithEpoch(ctx context.Context, epoch int64) context.Context {
	return context.WithValue(ctx, epochKey{}, epoch)
}

// EpochOf gives what WithEpoch noted; without it 0, which is older than every erasure.
func EpochOf(ctx context.Context) int64 {
	epoch, _ := ctx.Value(epochKey{}).(int64)
	return epoch
}
