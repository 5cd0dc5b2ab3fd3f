package manifest

import _ "embed"

//go:generate go test -run TestTheIconsAreAsDrawn -update .

// accentColor is the ground of Pintab's mark: a deep teal.
const accentColor = "#0B6E6B"

// The icons are drawn by the program in draw_test.go; drawing takes too long for every start.
var (
	//go:embed color.png
	colorIcon []byte
	//go:embed outline.png
	outlineIcon []byte
)
