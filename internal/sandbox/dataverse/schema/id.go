package schema

import (
	"crypto/sha256"
	"encoding/hex"
)

// ID gives the GUID that stands for a name, the same in every organization and at every start: metadata ids, privilege
// ids and whatever else the real service fixes once.
func ID(kind, name string) string {
	sum := sha256.Sum256([]byte(kind + "\x00" + name))
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	h := hex.EncodeToString(sum[:16])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// MetadataID is the MetadataId of the table, which app components of type 1 refer to.
func (t *Table) MetadataID() string { return ID("table", t.LogicalName) }

// ColumnID is the MetadataId of a column.
func (t *Table) ColumnID(column string) string { return ID("column", t.LogicalName+"."+column) }

// PrivilegeID is the privilegeid of a privilege, by its name ("prvReadAccount").
func PrivilegeID(name string) string { return ID("privilege", name) }
