package record_test

import (
	"slices"
	"testing"

	"github.com/pintab/pintab/internal/sandbox/world"
)

// With warm caches a record takes the row and the person's access to it, asked for at the same time, and a save of a form
// without related fields one request.
func TestAWarmRecordIsOneRoundTrip(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	ref := d.account("Warm")
	f := d.open(ref)
	d.stage.forget()
	if _, err := d.service.Open(t.Context(), d.caller, d.place, ref, f.ID); err != nil {
		t.Fatal(err)
	}
	d.stage.mu.Lock()
	seen := slices.Clone(d.stage.seen)
	d.stage.mu.Unlock()
	if len(seen) != 2 {
		t.Error(seen)
	}
	for _, form := range f.Forms {
		if form.Name != "Key Account" {
			continue
		}
		plain, err := d.service.Open(t.Context(), d.caller, d.place, ref, form.ID)
		if err != nil {
			t.Fatal(err)
		}
		d.stage.forget()
		d.save(plain, map[string]string{"name": "Warmer"})
		d.stage.mu.Lock()
		seen = slices.Clone(d.stage.seen)
		d.stage.mu.Unlock()
		if len(seen) != 1 {
			t.Error(seen)
		}
	}
}
