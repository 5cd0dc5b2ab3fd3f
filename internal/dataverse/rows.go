package dataverse

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/pintab/pintab/internal/crm"
	"github.com/pintab/pintab/internal/crmxml"
)

// annotations are what Pintab asks to be told beside the values.
const annotations = `odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname,` +
	`Microsoft.Dynamics.CRM.morerecords,Microsoft.Dynamics.CRM.totalrecordcount,Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded,` +
	`Microsoft.Dynamics.CRM.fetchxmlpagingcookie"`

// row is one record as the Web API writes it: columns, and annotations under column@annotation.
type row map[string]any

// rows is the answer to a FetchXML query.
type rows struct {
	Value     *[]row `json:"value"`
	Next      string `json:"@odata.nextLink"`
	More      bool   `json:"@Microsoft.Dynamics.CRM.morerecords"`
	Total     *int   `json:"@Microsoft.Dynamics.CRM.totalrecordcount"`
	TotalOver bool   `json:"@Microsoft.Dynamics.CRM.totalrecordcountlimitexceeded"`
	Cookie    string `json:"@Microsoft.Dynamics.CRM.fetchxmlpagingcookie"`
}

// run asks a FetchXML query over a set.
func (c *Client) run(ctx context.Context, caller crm.Caller, org crm.Organization, set string, fetch *crmxml.Fetch) (rows, error) {
	up, err := c.organization(org)
	if err != nil {
		return rows{}, err
	}
	fetch.Mapping, fetch.Version = "logical", "1.0"
	question := call{path: fetchPath(set, fetch), prefer: annotations}
	var answer rows
	if len(question.path) > longestPath {
		err = c.readBatched(ctx, caller, up, question, &answer)
	} else {
		_, err = c.read(ctx, caller, up, question, &answer)
	}
	if err != nil {
		return rows{}, err
	}
	if answer.Value == nil {
		return rows{}, notUnderstood("answer has no value")
	}
	return answer, nil
}

// value is one column of a row.
type value struct {
	raw   string
	text  string // formatted by Dataverse, else raw
	table string // of a lookup
	set   bool
}

// cell finds a column, or a column of a link-entity ("alias.column"): lookups are called _column_value, and older versions
// write a dot as _x002e_. Query results leave empty columns out.
func (r row) cell(name string) value {
	alias, column, linked := strings.Cut(name, ".")
	keys := []string{name, "_" + name + "_value"}
	if linked {
		keys = []string{name, alias + "_x002e_" + column, alias + "._" + column + "_value", alias + "_x002e__" + column + "_value"}
	}
	for _, key := range keys {
		raw, ok := text(r[key])
		if !ok {
			continue
		}
		v := value{raw: raw, text: raw, set: true}
		if formatted, ok := r[key+"@OData.Community.Display.V1.FormattedValue"].(string); ok {
			v.text = formatted
		}
		v.table, _ = r[key+"@Microsoft.Dynamics.CRM.lookuplogicalname"].(string)
		return v
	}
	return value{}
}

// text writes a JSON value as text; false for null, and for what no column holds.
func text(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		if v {
			return "true", true
		}
		return "false", true
	}
	return "", false
}
