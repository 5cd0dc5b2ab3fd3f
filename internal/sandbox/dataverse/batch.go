package dataverse

func (c *call) batch() error { return bad("$batch") }
