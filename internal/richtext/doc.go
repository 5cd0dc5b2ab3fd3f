// Package richtext makes markup that somebody has stored in a record fit to be shown: what formats is kept, what runs, loads,
// submits or styles is dropped, and elements are closed where they were opened. It also reads such markup as plain text, and
// writes plain text as markup. It knows no record and no page; package templates is the only one that puts what Clean gives
// into a page unescaped.
package richtext
