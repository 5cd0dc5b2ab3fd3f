package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

// The class ids of controls that are no columns, as form designers write them.
const (
	notesClass   = "{06375649-C143-495E-A496-C962E5B4488E}"
	quickClass   = "{5C5600E0-1D6E-4205-A272-BE80DA87FD42}"
	processClass = "{06E9F7AF-1F54-4681-8EEC-1E21A1CEB465}"
	timerClass   = "{9C5CA0A1-AB4D-4781-BE7E-8DFBE867B87E}"
	mapClass     = "{62B0DF79-0464-470F-8AF7-4483CFEA0C7D}"
	customClass  = "{F9A8A302-114E-466A-B582-6771B2AE0D92}"
)

// classOf is the class id that form designers write for a column.
func classOf(c *schema.Column) string {
	switch c.Type {
	case schema.Memo:
		return "{E0DECE4B-6FC8-4A8F-A065-082708572369}"
	case schema.Integer, schema.BigInt:
		switch c.Format {
		case "Duration":
			return "{AA987274-CE4E-4271-A803-66164311A958}"
		case "Language":
			return "{671A9387-CA5A-4D1E-8AB7-06E39DDCF6B5}"
		case "TimeZone":
			return "{7C624A0B-F59E-493D-9583-638D34759266}"
		}
		return "{C6D124CA-7EDA-4A60-AEA9-7FB8D318B68F}"
	case schema.Decimal:
		return "{C3EFE0C3-0EC6-42BE-8349-CBD9079DFD8E}"
	case schema.Double:
		return "{0D2C745A-E5A8-4C8F-BA63-C6D3BB604660}"
	case schema.Money:
		return "{533B9E00-756B-4312-95A0-DC888637AC78}"
	case schema.DateTime:
		return "{5B773807-9FB2-42DB-97C3-7A91EFF8ADFF}"
	case schema.Boolean:
		return "{67FAC785-CD58-4F9F-ABB3-4B7DDC6ED5ED}"
	case schema.Picklist, schema.State:
		return "{3EF39988-22BB-4F0B-BBBE-64B5A3748AEE}"
	case schema.Status:
		return "{5D68B988-0661-4DB2-BC3E-17598AD3BE6C}"
	case schema.MultiSelectPicklist:
		return "{4AA28AB7-9C13-4F57-A73D-AD894D048B5F}"
	case schema.PartyList:
		return "{CBFB742C-14E7-4A17-96BB-1A13F7F64AA2}"
	case schema.Lookup, schema.Customer, schema.Owner:
		if c.LogicalName == "regardingobjectid" {
			return "{F3015350-44A2-4AA0-97B5-00166532B5E9}"
		}
		return "{270BD3DB-D9AF-4782-9025-509E298DEC0A}"
	}
	switch c.Format {
	case "Email":
		return "{ADA2203E-B4CD-49BE-9DDF-234642B43B52}"
	case "Url":
		return "{71716B6C-711E-476C-8AB8-5D11542BFB47}"
	case "Phone":
		return "{8C10015A-B339-4982-9474-A95FE05631A5}"
	case "TickerSymbol":
		return "{1E1FC551-F7A8-43AF-AC34-A8DC35C7B6D4}"
	}
	return "{4273EDBD-AC1D-40D3-9FB2-095C621B552D}"
}
