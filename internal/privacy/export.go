package privacy

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/pintab/pintab/internal/crm"
)

// Export is what is held of a person, for them to take away. The names of its fields are those of the file.
type Export struct {
	Product   string           `json:"product"`
	Exported  time.Time        `json:"exported"`
	TenantID  string           `json:"tenantId"`
	ObjectID  string           `json:"objectId"`
	Held      []ExportedRow    `json:"held"`
	Inventory []ExportedColumn `json:"inventory"`
}

// ExportedRow is one stored row. Values of secrets are the words "kept, not shown".
type ExportedRow struct {
	Table  string            `json:"table"`
	Values map[string]string `json:"values"`
}

// ExportedColumn says of one column what may stand in it.
type ExportedColumn struct {
	Table          string    `json:"table"`
	Column         string    `json:"column"`
	Data           string    `json:"data"`
	Classification crm.Class `json:"classification"`
}

// hidden stands for the value of a secret.
const hidden = "kept, not shown"

// Export gathers what is held of a person, with the inventory.
func (s Service) Export(ctx context.Context, user crm.User) (Export, error) {
	held, err := s.Holdings(ctx, user)
	if err != nil {
		return Export{}, err
	}
	e := Export{Product: "Pintab", Exported: s.Now().UTC(), TenantID: user.Tenant, ObjectID: user.Object, Held: []ExportedRow{}}
	for _, row := range held {
		values := map[string]string{}
		for _, v := range row.Values {
			values[v.Column] = word(v)
		}
		e.Held = append(e.Held, ExportedRow{row.Table, values})
	}
	for _, t := range inventory {
		for _, c := range t.Columns {
			e.Inventory = append(e.Inventory, ExportedColumn{t.Name, c.Name, c.Data, c.Class})
		}
	}
	return e, nil
}

func word(v crm.HeldValue) string {
	switch {
	case v.Hidden:
		return hidden
	case !v.At.IsZero():
		return v.At.Format(time.RFC3339)
	}
	return v.Text
}

// Write writes the file.
func (e Export) Write(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(e)
}
