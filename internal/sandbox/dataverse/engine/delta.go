package engine

import (
	"context"

	"github.com/pintab/pintab/internal/crmxml"
)

// Delta is what has happened to a table's rows since a version.
type Delta struct {
	// Page are the rows that are new or changed, in the order of their last changes.
	Page *Page
	// Deleted are the ids of rows that are gone, in the order in which they went. They come with the last page.
	Deleted []string
	// Version is what to ask from the next time. All pages of one answer have to be taken with the version of its first
	// page: what changes while a client pages is then told again, and never left out.
	Version int64
}

// Changes tells what has happened since a version that an earlier Delta gave; with 0 all rows are new. The query may
// choose columns, not conditions, orders or links: the service tracks whole tables. Rows that the person may not read are
// left out.
func (db *DB) Changes(ctx context.Context, c *Caller, f *crmxml.Fetch, since int64, o FetchOptions) (*Delta, error) {
	t := db.tables[f.Entity.Name]
	if t == nil {
		return nil, refuse(CodeUnknownTable, "The entity with a name = '%s' with namemapping = 'Logical' was not found in the MetadataCache.", f.Entity.Name)
	}
	if !t.Tracked || t.union {
		return nil, refuse(CodeInvalidArgument, "Change tracking is not enabled for entity %s.", t.LogicalName)
	}
	version := db.version.Load() // before reading: what is committed meanwhile is told now and again the next time
	o.Since = max(since, 1)
	page, err := db.Fetch(ctx, c, f, o)
	if err != nil {
		return nil, err
	}
	d := &Delta{Page: page, Version: version}
	if since == 0 || page.More {
		return d, nil
	}
	err = db.rows(ctx, `SELECT id FROM "~deleted" d WHERE tbl = ? AND version > ? AND NOT EXISTS (SELECT 1 FROM `+t.sql+` t WHERE t.`+t.pk.sql+` = d.id) ORDER BY version`,
		[]any{t.LogicalName, since}, 1, func(v []any) error {
			if id, ok := v[0].(string); ok {
				d.Deleted = append(d.Deleted, id)
			}
			return nil
		})
	return d, err
}

// since narrows a query to rows that changed after a version, in the order of their changes.
func (q *query) since() error {
	c := q.root.byName["versionnumber"]
	if c == nil || q.f.Aggregate || q.f.Distinct || len(q.f.Entity.Orders) > 0 {
		return refuse(CodeInvalidArgument, "Changes are told of the rows of a table in the order in which they happened.")
	}
	q.where = append(q.where, text(q.root.sql+"."+c.sql+" > ?", q.o.Since))
	q.sortBy(field{src: q.root, col: c}, false)
	return nil
}

// keepDeleted is how long the ids of deleted rows are kept, in seconds: change tracking reaches 90 days back.
const keepDeleted = 90 * 24 * 3600

// forget drops ids of deleted rows that no client may ask for any more.
func (db *DB) forget(ctx context.Context) error {
	_, err := db.write.ExecContext(ctx, `DELETE FROM "~deleted" WHERE at < ?`, db.opts.Now().Unix()-keepDeleted)
	return err
}
