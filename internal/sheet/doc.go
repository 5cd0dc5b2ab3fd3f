// Package sheet writes tables as files for spreadsheets, row by row as they come: CSV (RFC 4180) and Office Open XML
// workbooks (ECMA-376). Nothing that somebody typed into a record becomes a formula. It knows no views and no HTTP.
package sheet
