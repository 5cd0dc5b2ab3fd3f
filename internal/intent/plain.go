package intent

// nameLike reports whether the words being searched for can be a name.
func (c candidate) nameLike(bare bool) bool { return true }
