package static

import _ "embed" // for the stylesheet below

//go:embed dist/check.css
var checkCSS string

// CheckCSS is what the connection check needs besides PageCSS, and all that its shadow roots need.
func CheckCSS() string { return checkCSS }
