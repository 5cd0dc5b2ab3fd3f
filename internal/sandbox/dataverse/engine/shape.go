package engine

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// shape turns raw rows into records: values of the right type, and the texts that people read.
func (q *query) shape(ctx context.Context, page *Page, rows [][]any) error {
	page.Rows = make([]Record, len(rows))
	cells := make([]Cell, len(rows)*len(q.outs))
	key := -1
	for i, o := range q.outs {
		page.Columns = append(page.Columns, o.Column)
		if o.field.src == q.root && o.field.col == q.root.pk && o.Aggregate == "" && !q.f.Aggregate {
			key = i
		}
	}
	for r, row := range rows {
		record := Record{Table: q.root.Table, Cells: cells[r*len(q.outs) : (r+1)*len(q.outs) : (r+1)*len(q.outs)]}
		for i, o := range q.outs {
			record.Cells[i] = o.cell(row)
		}
		if key >= 0 {
			record.ID, _ = record.Cells[key].Value.(string)
		}
		page.Rows[r] = record
	}
	if q.o.SkipFormat {
		return nil
	}
	for i, o := range q.outs {
		if o.lookup() {
			continue
		}
		for r := range page.Rows {
			cell := &page.Rows[r].Cells[i]
			if cell.Value != nil {
				cell.Text = q.cellText(o, cell.Value, page.Rows[r])
			}
		}
	}
	return q.nameLookups(ctx, page)
}

// lookup reports whether the values point to rows.
func (o *output) lookup() bool {
	return o.field.col.Type.IsLookup() && !o.field.name && (o.Aggregate == "" || o.GroupBy)
}

func (o *output) cell(row []any) Cell {
	cell := Cell{Value: o.convert(row[o.at])}
	if o.lookup() && cell.Value != nil {
		if o.field.col.target != "" {
			cell.Target, _ = row[o.at+1].(string)
		} else if len(o.field.col.Targets) > 0 {
			cell.Target = o.field.col.Targets[0]
		}
	}
	return cell
}

func (q *query) cellText(o *output, v any, record Record) string {
	switch o.Aggregate {
	case "count", "countcolumn", "CountChildren":
		n, _ := v.(int64)
		return q.c.formats.integer(n)
	}
	if o.DateGrouping != "" {
		n, _ := v.(int64)
		return q.groupText(o.DateGrouping, n)
	}
	if o.field.name {
		return ""
	}
	of := currency{precision: o.field.col.Precision}
	if o.money() {
		of = q.currencyOf(o, record)
	}
	return q.c.text(q.db, o.field.col, v, of)
}

// currencyOf is the currency of an amount: the base currency, or that of its row.
func (q *query) currencyOf(o *output, record Record) currency {
	own := o.field.src.column("transactioncurrencyid")
	if o.base || o.field.col.money != nil || own == nil {
		return q.db.baseCurrency()
	}
	for i, other := range q.outs {
		if other.field.src == o.field.src && other.field.col == own && other.Aggregate == "" {
			if id, ok := record.Cells[i].Value.(string); ok {
				if c, ok := q.db.currency(id); ok {
					return c
				}
			}
			return q.db.baseCurrency()
		}
	}
	return currency{precision: o.field.col.Precision}
}

// nameLookups finds the names of all rows that the page's lookups point to, one query for each table.
func (q *query) nameLookups(ctx context.Context, page *Page) error {
	wanted := map[string]map[string]string{}
	each := func(do func(cell *Cell)) {
		for i, o := range q.outs {
			if !o.lookup() {
				continue
			}
			for r := range page.Rows {
				if cell := &page.Rows[r].Cells[i]; cell.Target != "" {
					do(cell)
				}
			}
		}
	}
	each(func(cell *Cell) {
		if wanted[cell.Target] == nil {
			wanted[cell.Target] = map[string]string{}
		}
		wanted[cell.Target][cell.Value.(string)] = ""
	})
	for target, names := range wanted {
		if err := q.names(ctx, target, names); err != nil {
			return err
		}
	}
	each(func(cell *Cell) { cell.Text = wanted[cell.Target][cell.Value.(string)] })
	return nil
}

func (q *query) names(ctx context.Context, target string, names map[string]string) error {
	t := q.db.tables[target]
	if t == nil || t.byName[t.PrimaryName] == nil {
		return nil
	}
	name := t.byName[t.PrimaryName]
	if !q.c.CanReadColumn(t.Table, name.Column) || name.Type != schema.String {
		return nil
	}
	ids := make([]string, 0, len(names))
	for id := range names {
		ids = append(ids, id)
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return fmt.Errorf("engine: %w", err)
	}
	statement := "SELECT n." + t.pk.sql + ", n." + name.sql + " FROM json_each(?) j CROSS JOIN " + t.sql + " n ON n." + t.pk.sql + " = j.value"
	return q.db.rows(ctx, statement, []any{string(list)}, 2, func(values []any) error {
		id, _ := values[0].(string)
		names[id], _ = values[1].(string)
		return nil
	})
}
