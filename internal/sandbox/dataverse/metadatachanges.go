package dataverse

import "github.com/pintab/pintab/internal/sandbox/dataverse/odata"

func (c *call) retrieveMetadataChanges(s odata.Segment) error { return notFound(s.Name) }
