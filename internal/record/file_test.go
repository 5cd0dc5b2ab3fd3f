package record_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/sandbox/world"
)

// withFiles opens a record on a form that has a file column.
func (d *desk) withFiles(ref crm.RecordRef) crm.Form {
	d.t.Helper()
	f := d.open(ref)
	for _, other := range f.Forms {
		if _, ok := f.Field("hf_contract"); ok {
			return f
		}
		var err error
		if f, err = d.service.Open(d.t.Context(), d.caller, d.place, ref, other.ID); err != nil {
			d.t.Fatal(err)
		}
	}
	return f
}

// Whatever becomes of the answer to a file, what the person is told is what the organization holds.
func TestALostAnswerToAFileIsFoundOut(t *testing.T) {
	d := at(t, world.Administrator, "en-US")
	d.service.Filer = d.client
	shaky := d.shaky()
	for first := fine; first < mishaps; first++ {
		for _, read := range []mishap{fine, lostBefore} {
			name := fmt.Sprintf("write %d, reads %d", first, read)
			ref := d.account("Filed")
			f := d.withFiles(ref)
			service := *d.service
			shaky.with(map[int]mishap{0: first}, map[int]mishap{0: read, 1: read, 2: read, 3: read})
			service.Source, service.Filer = shaky.client, shaky.client
			change := crm.FileChange{Token: f.Token, Column: "hf_contract", File: &crm.Upload{FileValue: crm.FileValue{Name: "a.txt", Size: 7}, Content: strings.NewReader("content")}}
			saved, err := service.PutFile(t.Context(), d.caller, d.place, change)
			held := ""
			if content, err := d.client.File(t.Context(), d.caller, d.place, crm.FileQuery{Ref: ref, Column: "hf_contract"}); err == nil {
				text, _ := io.ReadAll(content.Body)
				held = string(text)
			}
			switch {
			case err != nil:
				if held != "" {
					t.Errorf("%s: told %v, and it holds %q", name, err, held)
				}
			case saved.Outcome == crm.OutcomeSaved:
				if held != "content" {
					t.Errorf("%s: told that it is saved, and it holds %q", name, held)
				}
			case saved.Outcome == crm.OutcomeUnknown:
				again, err := d.service.PutFile(t.Context(), d.caller, d.place, change)
				if err != nil || again.Outcome != crm.OutcomeSaved {
					t.Errorf("%s: asked again: %v %v", name, err, again.Outcome)
				}
			default:
				t.Errorf("%s: outcome %d %v", name, saved.Outcome, saved.Form.Problems)
			}
		}
	}
}
