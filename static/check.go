package static

var checkCSS = string(read("check.css"))

// CheckCSS is what the connection check needs besides PageCSS, and all that its shadow roots need.
func CheckCSS() string { return checkCSS }
