package intent_test

import (
	"testing"

	"github.com/pintab/pintab/internal/intent"
)

func BenchmarkRead(b *testing.B) {
	names := intent.NewNames(intent.Core())
	for b.Loop() {
		intent.Read("please set the phone of account Fabrikam to 425-555-0101", names)
	}
}

func BenchmarkNewNames(b *testing.B) {
	for b.Loop() {
		intent.NewNames(intent.Core())
	}
}
