package manifest

import (
	"bytes"
	"flag"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "draw the icons anew")

// The committed icons are the drawing below, so that it stays the source of the mark.
func TestTheIconsAreAsDrawn(t *testing.T) {
	colored, outline, err := drawIcons()
	if err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string][]byte{colorFile: colored, outlineFile: outline} {
		if *update {
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		have, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(pixels(t, have), pixels(t, want)) {
			t.Errorf("%s differs from the drawing; run go generate in this folder", file)
		}
	}
}

// pixels decodes a picture, because encoders may pack the same one differently.
func pixels(t *testing.T, encoded []byte) []byte {
	t.Helper()
	picture, err := png.Decode(bytes.NewReader(encoded))
	if err != nil {
		t.Fatal(err)
	}
	bounds := picture.Bounds()
	flat := image.NewNRGBA(bounds)
	for y := range bounds.Dy() {
		for x := range bounds.Dx() {
			flat.Set(x, y, picture.At(x, y))
		}
	}
	return flat.Pix
}

var (
	ground = color.NRGBA{0x0b, 0x6e, 0x6b, 0xff}
	paper  = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	amber  = color.NRGBA{0xff, 0xb9, 0x2e, 0xff}
)

// drawIcons draws Pintab's mark, a page with a tab on its upper edge, three bars of a chart on it and a round pin at its
// corner, as Teams wants it: 192 pixels in colour on a filled square, and 32 pixels in white on nothing, without a margin.
func drawIcons() (colored, outline []byte, err error) {
	colored, err = encodePNG(render(192, ground, func(x, y float64) (color.NRGBA, bool) {
		switch {
		case inside(pin(x, y, 0.77, 0.32, 0.13)):
			return amber, true
		case inside(pin(x, y, 0.77, 0.32, 0.18)) || inside(bars(x, y, 0.31, 0.71, 0.74, 0.055)):
			return ground, true
		case inside(page(x, y, 0.18)):
			return paper, true
		}
		return color.NRGBA{}, false
	}))
	if err != nil {
		return nil, nil, err
	}
	outline, err = encodePNG(render(32, color.NRGBA{0xff, 0xff, 0xff, 0}, func(x, y float64) (color.NRGBA, bool) {
		if inside(pin(x, y, 0.86, 0.14, 0.14)) {
			return paper, true
		}
		edge := math.Abs(page(x, y, 0)+0.04) - 0.04
		apart := pin(x, y, 0.86, 0.14, 0.22)
		return paper, !inside(apart) && (inside(edge) || inside(bars(x, y, 0.2, 0.8, 0.84, 0.055)))
	}))
	return colored, outline, err
}

// bars is the signed distance to three bars of a chart that stand on bottom between left and right.
func bars(x, y, left, right, bottom, halfWidth float64) float64 {
	nearest := math.Inf(1)
	for i, height := range []float64{0.14, 0.3, 0.22} {
		middle := left + halfWidth + float64(i)*(right-left-2*halfWidth)/2
		bar := roundedBox(x, y, middle-halfWidth, bottom-height, middle+halfWidth, bottom, 0.015)
		nearest = math.Min(nearest, bar)
	}
	return nearest
}

// page is the signed distance (negative inside, in parts of the icon's width) to a page with a tab, keeping a margin.
func page(x, y, margin float64) float64 {
	width := 1 - 2*margin
	sheet := roundedBox(x, y, margin, margin+0.16*width, 1-margin, 1-margin, 0.1*width)
	tab := roundedBox(x, y, margin, margin, margin+0.5*width, margin+0.5*width, 0.1*width)
	return math.Min(sheet, tab)
}

func pin(x, y, cx, cy, radius float64) float64 { return math.Hypot(x-cx, y-cy) - radius }

func inside(distance float64) bool { return distance <= 0 }

func roundedBox(x, y, left, top, right, bottom, radius float64) float64 {
	dx := math.Max(left+radius-x, x-(right-radius))
	dy := math.Max(top+radius-y, y-(bottom-radius))
	return math.Hypot(math.Max(dx, 0), math.Max(dy, 0)) + math.Min(math.Max(dx, dy), 0) - radius
}

// samples is how many points per pixel edge are looked at to smooth edges.
const samples = 8

// render paints a square icon; paint gives the colour at a point of the unit square, or false for the background.
func render(size int, background color.NRGBA, paint func(x, y float64) (color.NRGBA, bool)) image.Image {
	icon := image.NewNRGBA(image.Rect(0, 0, size, size))
	for py := range size {
		for px := range size {
			var r, g, b, a float64
			for s := range samples * samples {
				x := (float64(px) + (float64(s%samples)+0.5)/samples) / float64(size)
				y := (float64(py) + (float64(s/samples)+0.5)/samples) / float64(size)
				c, painted := paint(x, y)
				if !painted {
					c = background
				}
				weight := float64(c.A)
				r, g, b, a = r+float64(c.R)*weight, g+float64(c.G)*weight, b+float64(c.B)*weight, a+weight
			}
			if a == 0 {
				icon.SetNRGBA(px, py, color.NRGBA{background.R, background.G, background.B, 0})
				continue
			}
			icon.SetNRGBA(px, py, color.NRGBA{
				uint8(math.Round(r / a)), uint8(math.Round(g / a)), uint8(math.Round(b / a)),
				uint8(math.Round(a / (samples * samples))),
			})
		}
	}
	return icon
}

func encodePNG(icon image.Image) ([]byte, error) {
	var out bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&out, icon); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}
