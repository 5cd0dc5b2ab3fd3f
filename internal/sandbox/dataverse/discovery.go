package dataverse

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

// serveDiscovery is the global discovery service: one entity set, whose strings compare letter for letter, unlike those of
// the Web API.
func (s *Server) serveDiscovery(w http.ResponseWriter, r *http.Request) {
	who, err := s.tokens.bearer(r, "", s.cfg.Base)
	if err != nil {
		s.unauthorized(w, err, "common", s.cfg.Base+"/")
		return
	}
	h := w.Header()
	h.Set("OData-Version", "4.0")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	body, contentType, err := s.discover(r, who)
	if err != nil {
		fail(w, err)
		return
	}
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

const jsonType = "application/json; odata.metadata=minimal"

func (s *Server) discover(r *http.Request, who identity) ([]byte, string, error) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return nil, "", &Error{http.StatusMethodNotAllowed, "", "The discovery service can be read only."}
	}
	path, ok := strings.CutPrefix(r.URL.Path, "/api/discovery/v2.0")
	if !ok {
		return nil, "", notFound(strings.TrimPrefix(r.URL.Path, "/"))
	}
	root := origin(r) + "/api/discovery/v2.0/"
	options, err := odata.ParseOptions(r.URL.RawQuery)
	if err != nil {
		return nil, "", err
	}
	segments, err := odata.ParsePath(strings.TrimPrefix(path, "/"), options.Aliases)
	if err != nil {
		return nil, "", err
	}
	switch {
	case len(segments) == 0:
		set := metadata.Object{{Name: "name", Value: "Instances"}, {Name: "kind", Value: "EntitySet"}, {Name: "url", Value: "Instances"}}
		doc := metadata.Object{{Name: "@odata.context", Value: root + "$metadata"}, {Name: "value", Value: []metadata.Object{set}}}
		return metadata.AppendJSON(nil, doc), jsonType, nil
	case len(segments) == 1 && segments[0].Name == "$metadata":
		return []byte(discoveryCSDL), "application/xml", nil
	case len(segments) != 1 || segments[0].Name != "Instances":
		return nil, "", notFound(segments[0].Name)
	}
	body, err := s.instances(r, who, segments[0], options, root)
	return body, jsonType, err
}

// instances lists the organizations of a person. Looking one up by key is a list, too.
func (s *Server) instances(r *http.Request, who identity, segment odata.Segment, o odata.Options, root string) ([]byte, error) {
	if len(o.Expand)+len(o.OrderBy) > 0 || o.Apply != nil {
		return nil, bad("Only $select, $filter, $top and $count are supported by the discovery service.")
	}
	var found []*metadata.Resource
	for _, configured := range s.cfg.Organizations {
		org := s.organizations[configured.Name]
		member, administrator, err := org.member(r, who)
		if err != nil {
			return nil, err
		}
		if member {
			found = append(found, org.instance(origin(r), administrator))
		}
	}
	if segment.Call {
		var err error
		if found, err = byKey(found, segment); err != nil {
			return nil, err
		}
	}
	found, err := metadata.Filter(found, o.Filter, false)
	if err != nil {
		return nil, err
	}
	count := len(found)
	if o.Top != nil {
		found = found[:min(*o.Top, len(found))]
	}
	list := make([]metadata.Object, 0, len(found))
	for _, instance := range found {
		object, err := instance.Render(odata.Options{Select: o.Select}, false)
		if err != nil {
			return nil, err
		}
		list = append(list, object)
	}
	doc := metadata.Object{{Name: "@odata.context", Value: root + "$metadata#Instances" + selection(o.Select, nil)}}
	if o.Count {
		doc = append(doc, metadata.Member{Name: "@odata.count", Value: count})
	}
	return metadata.AppendJSON(nil, append(doc, metadata.Member{Name: "value", Value: list})), nil
}

// member reports whether a person belongs to the organization: as an enabled user of its rows, or by configuration.
func (o *organization) member(r *http.Request, who identity) (member, administrator bool, err error) {
	if o.TenantID != who.Tenant {
		return false, false, nil
	}
	if o.DB == nil {
		return slices.ContainsFunc(o.Members, func(id string) bool { return strings.EqualFold(id, who.Object) }), false, nil
	}
	caller, err := o.DB.Caller(r.Context(), who.Object)
	if errors.Is(err, engine.ErrNotMember) {
		return false, false, nil
	}
	if err != nil {
		return false, false, err
	}
	return true, caller.Administrator, nil
}

func byKey(list []*metadata.Resource, segment odata.Segment) ([]*metadata.Resource, error) {
	if len(segment.Arguments) == 0 {
		return nil, bad("The key of 'Instances' is empty.")
	}
	return slices.DeleteFunc(list, func(r *metadata.Resource) bool {
		for _, a := range segment.Arguments {
			name := a.Name
			if name == "" {
				name = "Id"
			}
			ok, err := odata.Holds(odata.Comparison{Path: odata.Path{name}, Operator: "eq", Value: a.Value}, func(p odata.Path) (any, error) { return r.Resolve(p, false) })
			if err != nil || !ok {
				return true
			}
		}
		return false
	}), nil
}

func uniqueName(o *organization) string {
	return "unq" + strings.ReplaceAll(schema.ID("organization", o.ID), "-", "")[:29]
}

// environmentID is the organization's environment, which has an identifier of its own.
func environmentID(o *organization) string { return schema.ID("environment", o.ID) }

func datacenterID(o *organization) string { return schema.ID("datacenter", o.Region) }

// instance describes the organization (Microsoft Learn, "Discover user organizations").
func (o *organization) instance(base string, administrator bool) *metadata.Resource {
	var status any
	if o.StatusMessage != nil {
		status = *o.StatusMessage
	}
	address := base + "/" + o.Name
	return &metadata.Resource{Type: "Instance", Properties: metadata.Object{
		{Name: "Id", Value: o.ID}, {Name: "UniqueName", Value: uniqueName(o)}, {Name: "UrlName", Value: o.Name},
		{Name: "FriendlyName", Value: o.FriendlyName}, {Name: "State", Value: o.State}, {Name: "StatusMessage", Value: status},
		{Name: "Version", Value: o.Version}, {Name: "Url", Value: address + "/"}, {Name: "ApiUrl", Value: address},
		{Name: "TenantId", Value: o.TenantID}, {Name: "EnvironmentId", Value: environmentID(o)}, {Name: "OrganizationType", Value: o.Type},
		{Name: "Region", Value: o.Region}, {Name: "IsUserSysAdmin", Value: administrator}, {Name: "LastUpdated", Value: o.started.UTC().Format("2006-01-02T15:04:05Z")},
		{Name: "Purpose", Value: nil}, {Name: "DatacenterId", Value: datacenterID(o)}, {Name: "DatacenterName", Value: nil},
		{Name: "SchemaType", Value: "Full"}, {Name: "TrialExpirationDate", Value: nil},
	}}
}

const discoveryCSDL = `<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="Microsoft.Dynamics.CRM" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EntityType Name="Instance"><Key><PropertyRef Name="Id" /></Key>
<Property Name="Id" Type="Edm.Guid" Nullable="false" /><Property Name="UniqueName" Type="Edm.String" /><Property Name="UrlName" Type="Edm.String" />
<Property Name="FriendlyName" Type="Edm.String" /><Property Name="State" Type="Edm.Int32" /><Property Name="StatusMessage" Type="Edm.Int32" />
<Property Name="Version" Type="Edm.String" /><Property Name="Url" Type="Edm.String" /><Property Name="ApiUrl" Type="Edm.String" />
<Property Name="TenantId" Type="Edm.Guid" /><Property Name="EnvironmentId" Type="Edm.String" /><Property Name="OrganizationType" Type="Edm.Int32" />
<Property Name="Region" Type="Edm.String" /><Property Name="IsUserSysAdmin" Type="Edm.Boolean" /><Property Name="LastUpdated" Type="Edm.DateTimeOffset" />
<Property Name="Purpose" Type="Edm.String" /><Property Name="DatacenterId" Type="Edm.Guid" /><Property Name="DatacenterName" Type="Edm.String" />
<Property Name="SchemaType" Type="Edm.String" /><Property Name="TrialExpirationDate" Type="Edm.DateTimeOffset" />
</EntityType>
<EntityContainer Name="Container"><EntitySet Name="Instances" EntityType="Microsoft.Dynamics.CRM.Instance" /></EntityContainer>
</Schema></edmx:DataServices></edmx:Edmx>`
