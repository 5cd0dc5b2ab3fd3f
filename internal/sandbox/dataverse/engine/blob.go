package engine

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// Blob is what a file or image column holds.
type Blob struct {
	Name  string // of the file; "" for images
	Type  string // media type
	Data  []byte // empty for an image column that keeps its thumbnail only
	Thumb []byte // of an image
}

// blobTables are where contents lie beside the rows. They go with their rows, whoever deletes those.
func (db *DB) blobTables() string {
	var b strings.Builder
	b.WriteString("CREATE TABLE IF NOT EXISTS \"~blob\" (id TEXT PRIMARY KEY NOT NULL, owner TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL, data BLOB NOT NULL);\n")
	b.WriteString("CREATE INDEX IF NOT EXISTS \"~blob#owner\" ON \"~blob\" (owner);\n")
	for _, t := range db.ordered {
		if !t.union && slices.ContainsFunc(t.columns, (*column).outside) {
			fmt.Fprintf(&b, "CREATE TRIGGER IF NOT EXISTS %s AFTER DELETE ON %s BEGIN DELETE FROM \"~blob\" WHERE owner = OLD.%s; END;\n", quoted(t.LogicalName+"~blob"), t.sql, t.pk.sql)
		}
	}
	return b.String()
}

// outside reports whether the column's content lies beside the row.
func (c *column) outside() bool { return c.Type == schema.File || c.Type == schema.Image }

// Attach puts content into a file or image column of a row in place of what was there; nil takes it away.
func (x *Change) Attach(name, id, columnName string, b *Blob, g Guard) error {
	return x.operation(func() error {
		t, err := x.written(name, "Update")
		if err != nil {
			return err
		}
		c := t.byName[columnName]
		if c == nil || !c.outside() {
			return refuse(CodeUnknownColumn, "'%s' entity doesn't contain a file or image attribute with Name = '%s'.", t.SchemaName, columnName)
		}
		r, err := x.guarded(t, id, g)
		switch {
		case err != nil:
			return err
		case r == nil:
			return x.noSuchRow(t, id)
		}
		if err := x.need(r, "Write", WriteAccess); err != nil {
			return err
		}
		if err := x.mayWrite(c, false); err != nil {
			return err
		}
		return x.replaceBlob(r, c, b)
	})
}

func (x *Change) replaceBlob(r *current, c *column, b *Blob) error {
	key := c
	if c.Type == schema.Image {
		key = r.byName[c.LogicalName+"id"]
	}
	if key == nil {
		return fmt.Errorf("engine: image column %s.%s has no id column", r.LogicalName, c.LogicalName)
	}
	values := slices.Clone(r.values)
	if old, ok := values[key.at].plain.(string); ok {
		x.writes++
		if err := x.w.exec(`DELETE FROM "~blob" WHERE id = ?`, old); err != nil {
			return err
		}
	}
	set := func(name string, v any) {
		if c := r.byName[name]; c != nil {
			values[c.at] = stored{plain: v}
		}
	}
	for _, suffix := range []string{"", "id", "_name", "_timestamp", "_url"} {
		if helper := r.byName[c.LogicalName+suffix]; helper != nil && (helper == c || helper.AttributeOf == c.LogicalName) {
			values[helper.at] = stored{}
		}
	}
	if b != nil {
		fresh := newID()
		values[key.at] = stored{plain: fresh}
		if c.Type == schema.Image {
			ticks := (x.now+62135596800)*10_000_000 + x.version%10_000_000 // .NET's, never the same twice
			values[c.at] = stored{plain: base64.StdEncoding.EncodeToString(b.Thumb)}
			set(c.LogicalName+"_timestamp", ticks)
			set(c.LogicalName+"_url", fmt.Sprintf("/Image/download.aspx?Entity=%s&Attribute=%s&Id=%s&Timestamp=%d", r.LogicalName, c.LogicalName, r.id, ticks))
		} else {
			set(c.LogicalName+"_name", b.Name)
		}
		x.writes++
		if err := x.w.exec(`INSERT INTO "~blob" (id, owner, name, type, data) VALUES (?, ?, ?, ?, ?)`, fresh, r.id, b.Name, b.Type, notNull(b.Data)); err != nil {
			return err
		}
	}
	if f := &r.filled; f.modified != nil {
		values[f.modified.at] = stored{plain: x.now}
	}
	if f := &r.filled; f.modifiedBy != nil {
		values[f.modifiedBy.at] = stored{x.c.UserID, "systemuser"}
	}
	return x.store(r, values)
}

func notNull(data []byte) []byte {
	if data == nil {
		return []byte{}
	}
	return data
}

// Blob reads content by the id that a file column holds, or an image column's id column. Who may read the row and the
// column is the caller's business: an id is only told to those.
func (db *DB) Blob(ctx context.Context, id string) (*Blob, error) {
	var b *Blob
	err := db.rows(ctx, `SELECT name, type, data FROM "~blob" WHERE id = ?`, []any{guid(id)}, 3, func(v []any) error {
		b = &Blob{}
		b.Name, _ = v[0].(string)
		b.Type, _ = v[1].(string)
		data, _ := v[2].([]byte)
		b.Data = slices.Clone(data)
		return nil
	})
	if err == nil && b == nil {
		err = refuse(CodeObjectDoesNotExist, "FileAttachment With Id = %s Does Not Exist", id)
	}
	return b, err
}
