package engine

import (
	"context"
	"fmt"
)

// searchSetting is the column of organization that says whether Dataverse search is on.
const searchSetting = "isexternalsearchindexenabled"

// SearchEnabled reports whether the organization has Dataverse search. One without that setting has it.
func (db *DB) SearchEnabled(ctx context.Context) (on bool, err error) {
	t := db.tables["organization"]
	if t == nil || t.byName[searchSetting] == nil {
		return true, nil
	}
	version := db.version.Load()
	db.words.mu.Lock()
	defer db.words.mu.Unlock()
	if db.words.asked == version {
		return db.words.on, nil
	}
	if err := db.rows(ctx, "SELECT "+t.or(searchSetting, "0")+" FROM organization LIMIT 1", nil, 1, func(v []any) error {
		on = v[0] == int64(1)
		return nil
	}); err != nil {
		return false, err
	}
	db.words.on, db.words.asked = on, version
	return on, nil
}

// EnableSearch switches Dataverse search on or off, as an administrator does outside the Web API.
func (db *DB) EnableSearch(ctx context.Context, on bool) error {
	t := db.tables["organization"]
	if t == nil || t.byName[searchSetting] == nil {
		return fmt.Errorf("engine: the organization has no setting for search")
	}
	db.writing.Lock()
	defer db.writing.Unlock()
	version := db.version.Load() + 1
	tx, err := db.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit there is nothing to undo
	if _, err := tx.ExecContext(ctx, "UPDATE organization SET "+t.byName[searchSetting].sql+` = ?, "versionnumber" = ?`, truth(on), version); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE "~state" SET version = ?`, version); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	db.version.Store(version)
	return nil
}

// SearchSize is how many rows the index of Dataverse search holds, and about how many bytes it takes.
func (db *DB) SearchSize(ctx context.Context) (rows, bytes int, err error) {
	searched, err := db.searched(ctx)
	if err != nil {
		return 0, 0, err
	}
	for _, t := range db.ordered {
		if len(searched[t]) == 0 {
			continue
		}
		for _, one := range []struct {
			text string
			into *int
		}{
			{"SELECT count(*) FROM " + t.sql, &rows},
			{"SELECT coalesce(sum(length(block)), 0) FROM " + quoted(t.wordIndex()+"_data"), &bytes},
		} {
			if err := db.rows(ctx, one.text, nil, 1, func(v []any) error {
				n, _ := v[0].(int64)
				*one.into += int(n)
				return nil
			}); err != nil {
				return 0, 0, err
			}
		}
	}
	return rows, bytes, nil
}
