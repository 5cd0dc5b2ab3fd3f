package dataverse

import (
	"encoding/xml"
	"net/http"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// componentTables are where the components of an app are, by appmodulecomponent.componenttype; 1 is a table of the model.
var componentTables = map[int64]string{26: "savedquery", 29: "workflow", 59: "savedqueryvisualization", 60: "systemform", 62: "sitemap"}

const (
	componentTable   = 1
	componentSiteMap = 62
)

// validateApp says what an app lacks (Microsoft Learn, "Create and manage model-driven apps using code"): components that
// are not there, and a site map.
func (c *call) validateApp(s odata.Segment) error {
	id, _ := s.Argument("AppModuleId")
	app, components := c.org.DB.Model().Table("appmodule"), c.org.DB.Model().Table("appmodulecomponent")
	if id.Kind != odata.GUID || app == nil || components == nil {
		return bad("ValidateApp needs the parameter AppModuleId, a GUID without quotes.")
	}
	layer, err := c.value(target{table: app, id: id.Text}, "appmoduleidunique")
	if err != nil {
		return err
	}
	q := newQuery(c.org, components)
	q.equals("appmoduleidunique", layer)
	q.root.attributes = []string{"componenttype", "objectid"}
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, q.fetch(), engine.FetchOptions{SkipFormat: true})
	if err != nil {
		return err
	}
	issues, mapped := []metadata.Object{}, false
	for _, row := range page.Rows {
		var kind int64
		var object string
		for i, cell := range row.Cells {
			switch page.Columns[i].Column.LogicalName {
			case "componenttype":
				kind, _ = cell.Value.(int64)
			case "objectid":
				object, _ = cell.Value.(string)
			}
		}
		there, err := c.isComponent(kind, object)
		if err != nil {
			return err
		}
		mapped = mapped || there && kind == componentSiteMap
		if !there {
			issues = append(issues, issue("The app refers to a component that does not exist.", kind, object))
		}
	}
	if !mapped {
		issues = append(issues, issue("The app does not have a site map.", componentSiteMap, ""))
	}
	return c.complexValue("ValidateAppResponse", metadata.Member{Name: "AppValidationResponse", Value: metadata.Object{
		{Name: "ValidationSuccess", Value: len(issues) == 0}, {Name: "ValidationIssueList", Value: issues},
	}})
}

func issue(message string, kind int64, object string) metadata.Object {
	o := metadata.Object{{Name: "ErrorType", Value: "Error"}, {Name: "Message", Value: message}, {Name: "ComponentType", Value: int(kind)}, {Name: "ComponentId", Value: nil}}
	if object != "" {
		o[3].Value = object
	}
	return o
}

// isComponent reports whether a component is there; types that have no table here are taken for granted.
func (c *call) isComponent(kind int64, object string) (bool, error) {
	model := c.org.DB.Model()
	if kind == componentTable {
		for _, t := range model.Tables {
			if strings.EqualFold(t.MetadataID(), object) {
				return true, nil
			}
		}
		return false, nil
	}
	var t *schema.Table
	if t = model.Table(componentTables[kind]); t == nil {
		return true, nil
	}
	q := newQuery(c.org, t)
	q.equals(t.PrimaryID, object)
	q.root.want(t.PrimaryID)
	page, err := c.org.DB.Fetch(c.r.Context(), c.caller, q.fetch(), engine.FetchOptions{SkipFormat: true})
	return err == nil && len(page.Rows) > 0, err
}

// publishXML publishes customizations. Everything here is published from the beginning, so a document that names components
// changes nothing; one that is no such document is refused, and so is whoever may not publish.
func (c *call) publishXML(_ written, given odata.Node) (reply, error) {
	if !c.caller.Administrator && c.caller.Depth("prvPublishCustomization") == engine.None {
		return nil, &engine.Error{Code: engine.CodePrivilegeDenied, Message: "Principal user (Id=" + c.caller.UserID + ") is missing prvPublishCustomization privilege."}
	}
	text, _ := given.Member("ParameterXml")
	var document struct {
		XMLName xml.Name `xml:"importexportxml"`
	}
	if len(text.Text) > maxAddress || xml.Unmarshal([]byte(text.Text), &document) != nil {
		return nil, &Error{http.StatusBadRequest, codeInvalidXML, "The parameter ParameterXml is no importexportxml document."}
	}
	return c.sendNothing, nil
}
