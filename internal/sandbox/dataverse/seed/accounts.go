package seed

import "github.com/pintab/pintab/internal/sandbox/dataverse/schema"

func accounts() []*schema.Table   { return nil }
func sales() []*schema.Table      { return nil }
func service() []*schema.Table    { return nil }
func activities() []*schema.Table { return nil }
func custom() []*schema.Table     { return nil }
