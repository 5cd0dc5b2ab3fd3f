package engine

import (
	"context"
	"errors"

	"github.com/pintab/pintab/internal/crmxml"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
	"time"
)

var errUnfinished = errors.New("engine: not there yet")

// DB is one organization's rows.
type DB struct {
	model *schema.Model
	opts  Options
}

// Open opens or creates an organization's file and creates tables and indexes that the model has and the file lacks. An
// empty path keeps everything in memory.
func Open(ctx context.Context, path string, model *schema.Model, opts Options) (*DB, error) {
	return nil, errUnfinished
}

// Close ends all use of the file.
func (db *DB) Close() error { return nil }

// Model is the data model that the organization was opened with.
func (db *DB) Model() *schema.Model { return db.model }

// Empty reports whether no row was ever loaded.
func (db *DB) Empty(ctx context.Context) (bool, error) { return false, errUnfinished }

// Loader inserts rows within one transaction.
type Loader struct{ db *DB }

// Load inserts rows in one transaction, which is undone when fill fails. Currencies come before the rows that use them,
// people and business units before the rows they own.
func (db *DB) Load(ctx context.Context, fill func(*Loader) error) error { return errUnfinished }

// Insert adds a row and answers its id. What the row leaves out is filled: the id, owner columns, dates, version number,
// base amounts of money, state and status.
func (l *Loader) Insert(table string, row Row) (id string, err error) { return "", errUnfinished }

// Caller is one person's rights and settings in this organization. It is valid until rights or settings change; ask for
// it again with every request.
type Caller struct {
	UserID, BusinessUnitID, OrganizationID string
	ObjectID                               string // azureactivedirectoryobjectid
	FullName                               string
	LCID                                   int            // language of labels
	Locale                                 int            // LCID of number and date formats
	TimeZone                               *time.Location // from usersettings.timezonecode
	Roles                                  []string       // role ids, direct and through teams
	Teams                                  []string       // team ids
	Administrator                          bool           // has the System Administrator role
}

// Caller resolves a person by their Entra object id; ErrNotMember when no enabled systemuser has it.
func (db *DB) Caller(ctx context.Context, objectID string) (*Caller, error) {
	return nil, errUnfinished
}

// CallerByUser resolves a person by systemuserid.
func (db *DB) CallerByUser(ctx context.Context, userID string) (*Caller, error) {
	return nil, errUnfinished
}

// Depth is how far a privilege such as prvReadAccount reaches for this person.
func (c *Caller) Depth(privilege string) Depth { return None }

// Privileges lists everything this person has, by name.
func (c *Caller) Privileges() []Grant { return nil }

// CanReadColumn reports whether column security lets this person read a column.
func (c *Caller) CanReadColumn(table *schema.Table, column *schema.Column) bool { return false }

// Fetch runs a query with the person's rights. Refusals are of type *Error.
func (db *DB) Fetch(ctx context.Context, c *Caller, f *crmxml.Fetch, o FetchOptions) (*Page, error) {
	return nil, errUnfinished
}

// Access says what this person may do with a row. The error's code is CodeObjectDoesNotExist for a row that does not exist.
func (db *DB) Access(ctx context.Context, c *Caller, table, id string) (Rights, error) {
	return 0, errUnfinished
}

// Version is a number that grows with every change of any row.
func (db *DB) Version() int64 { return 0 }
