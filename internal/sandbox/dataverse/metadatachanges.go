package dataverse

import (
	"net/http"
	"strings"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/metadata"
	"github.com/pintab/pintab/internal/sandbox/dataverse/odata"
)

const codeExpiredStamp = "0x80044352" // ExpiredVersionStamp

// retrieveMetadataChanges tells what a query asks about the data model, or that nothing has changed since a stamp
// (Microsoft Learn, "Query schema definitions" and "Cache schema data"). The model changes only when the sandbox starts with
// other seed files; a stamp of a model that is gone has expired, which is how the service asks for everything to be read
// again. So nothing is ever told as deleted.
func (c *call) retrieveMetadataChanges(s odata.Segment) error {
	given, _ := s.Argument("Query")
	if given.Kind != odata.Object && given.Kind != odata.Null {
		return bad("The parameter Query is no EntityQueryExpression.")
	}
	query, err := metadata.ParseQuery(given.Text)
	if err != nil {
		return err
	}
	stamp, _ := s.Argument("ClientVersionStamp")
	current, err := c.since(stamp)
	if err != nil {
		return err
	}
	list := []metadata.Object{}
	if !current {
		if list, err = query.Run(c.catalogIn(query.Languages()).Entities, nil); err != nil {
			return err
		}
	}
	return c.complexValue("RetrieveMetadataChangesResponse",
		metadata.Member{Name: "EntityMetadata", Value: list},
		metadata.Member{Name: "ServerVersionStamp", Value: c.org.modelVersion() + "!" + c.server.cfg.Now().UTC().Format(deltaTime)},
		metadata.Member{Name: "DeletedMetadata", Value: nil})
}

// since reports whether a stamp is of the model as it is.
func (c *call) since(stamp odata.Literal) (current bool, err error) {
	if stamp.Kind == odata.Null || stamp.Text == "" {
		return false, nil
	}
	version, when, _ := strings.Cut(stamp.Text, "!")
	given, err := time.Parse(deltaTime, when)
	if stamp.Kind != odata.String || err != nil {
		return false, bad("The parameter ClientVersionStamp is malformed.")
	}
	if version != c.org.modelVersion() || c.server.cfg.Now().Sub(given) >= deltaLife {
		return false, &Error{http.StatusBadRequest, codeExpiredStamp, "Version stamp associated with the client has expired. Please perform a full sync."}
	}
	return true, nil
}
