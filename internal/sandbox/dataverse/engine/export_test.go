package engine

import (
	"maps"
	"slices"
)

// Kept are the statements that writes have prepared.
func (db *DB) Kept() []string {
	db.writing.Lock()
	defer db.writing.Unlock()
	return slices.Sorted(maps.Keys(db.writer.kept))
}

// Explain is the query plan of a statement, one step a line; "" for those that have none.
func (db *DB) Explain(statement string) (plan string, err error) {
	rows, err := db.write.Query("EXPLAIN QUERY PLAN " + statement)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return "", err
		}
		plan += detail + "\n"
	}
	return plan, rows.Err()
}

// Check is what SQLite finds wrong with the file.
func (db *DB) Check() (found string, err error) {
	err = db.write.QueryRow("PRAGMA integrity_check").Scan(&found)
	return found, err
}
