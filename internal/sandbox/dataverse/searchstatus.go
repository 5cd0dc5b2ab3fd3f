package dataverse

import (
	"strconv"

	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
)

// searchInfo answers status or statistics (Microsoft Learn, "Dataverse search statistics and status").
func (c *call) searchInfo(operation string) ([]byte, error) {
	on, err := c.org.DB.SearchEnabled(c.r.Context())
	if err != nil {
		return nil, err
	}
	if operation == "statistics" {
		if !on {
			return nil, &Error{400, codeSearchOff, "Dataverse Search feature is disabled for this organization."}
		}
		documents, size, err := c.org.DB.SearchSize(c.r.Context())
		if err != nil {
			return nil, err
		}
		return metadata.AppendJSON(nil, metadata.Object{{Name: "value", Value: metadata.Object{
			{Name: "storagesizeinbytes", Value: size}, {Name: "storagesizeinmb", Value: size >> 20}, {Name: "documentcount", Value: documents},
		}}}), nil
	}
	status, tables := "notprovisioned", []metadata.Object{}
	if on {
		status = "provisioned"
		if tables, err = c.searchTablesStatus(); err != nil {
			return nil, err
		}
	}
	return metadata.AppendJSON(nil, metadata.Object{{Name: "value", Value: metadata.Object{
		{Name: "entitystatusresults", Value: tables}, {Name: "manytomanyrelationshipsyncstatus", Value: []metadata.Object{}},
		{Name: "status", Value: status}, {Name: "lockboxstatus", Value: "Disabled"}, {Name: "cmkstatus", Value: "Disabled"},
	}}}), nil
}

// searchTablesStatus tells of every table that is searched, and of its columns.
func (c *call) searchTablesStatus() ([]metadata.Object, error) {
	all, err := c.org.DB.SearchColumns(c.r.Context())
	if err != nil {
		return nil, err
	}
	synced := strconv.FormatInt(c.org.DB.Version(), 10) + "!" + c.server.cfg.Now().UTC().Format("01/02/2006 15:04:05")
	list := []metadata.Object{}
	for _, t := range all {
		table := c.org.DB.Model().Table(t.Name)
		columns := metadata.Object{}
		for i, name := range t.Columns {
			columns = append(columns, metadata.Member{Name: name, Value: metadata.Object{{Name: "indexfieldname", Value: "a" + strconv.Itoa(i) + "_0"}}})
		}
		list = append(list, metadata.Object{
			{Name: "entitylogicalname", Value: t.Name}, {Name: "objecttypecode", Value: strconv.Itoa(table.ObjectType)}, {Name: "primarynamefield", Value: table.PrimaryName},
			{Name: "lastdatasynctimestamp", Value: synced}, {Name: "lastprincipalobjectaccesssynctimestamp", Value: synced}, {Name: "entitystatus", Value: "EntitySyncComplete"},
			{Name: "searchableindexedfieldinfomap", Value: columns},
		})
	}
	return list, nil
}
