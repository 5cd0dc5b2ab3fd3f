package dataverse

import (
	"bytes"
	"image"
	"image/color"
	_ "image/gif" // decoders of what people upload
	"image/jpeg"
	"image/png"
	"net/http"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

const (
	// thumbSide is the side of a thumbnail in pixels (Microsoft Learn, "Image columns").
	thumbSide = 144
	// maxPixels keeps a small file from becoming a large picture in memory.
	maxPixels = 20_000_000
	// samples is how many pixels in each direction make up one of a thumbnail at most.
	samples = 8
)

// pictureOf checks an image and makes its thumbnail: the middle square, at most 144 pixels wide. The full size is kept only
// by columns that say so.
func pictureOf(column *schema.Column, data []byte) (*engine.Blob, error) {
	refused := &Error{http.StatusBadRequest, engine.CodeInvalidArgument, "The content is not a valid image, or has too many pixels. The column takes PNG, JPEG and GIF."}
	head, kind, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil || head.Width <= 0 || head.Height <= 0 || head.Width > maxPixels/head.Height {
		return nil, refused
	}
	picture, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, refused
	}
	b := &engine.Blob{Type: "image/" + kind}
	if b.Thumb, err = thumbnail(picture, kind); err != nil {
		return nil, refused
	}
	if column.FullImage {
		b.Data = data
	}
	return b, nil
}

// serveImage answers the addresses of *_url columns: the thumbnail, or with Full=true the full size.
func (s *Server) serveImage(w http.ResponseWriter, r *http.Request, org *organization) {
	q := r.URL.Query()
	below := "v9.2/"
	if org.DB != nil {
		if table := org.DB.Model().Table(q.Get("Entity")); table != nil {
			below += table.SetName + "(" + q.Get("Id") + ")/" + q.Get("Attribute") + "/$value"
		}
	}
	picture := r.Clone(r.Context())
	picture.URL.RawQuery = ""
	if q.Get("Full") == "true" {
		picture.URL.RawQuery = "size=full"
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		fail(w, &Error{http.StatusMethodNotAllowed, codeResource, "An image is read only."})
		return
	}
	s.serveOrganization(w, picture, org, below)
}

func thumbnail(from image.Image, kind string) ([]byte, error) {
	small := square(from)
	var out bytes.Buffer
	if kind == "jpeg" {
		err := jpeg.Encode(&out, small, &jpeg.Options{Quality: 90})
		return out.Bytes(), err
	}
	err := png.Encode(&out, small)
	return out.Bytes(), err
}

// square is the middle of a picture, each pixel the mean of those it stands for.
func square(from image.Image) image.Image {
	bounds := from.Bounds()
	side := min(bounds.Dx(), bounds.Dy())
	left, top := bounds.Min.X+(bounds.Dx()-side)/2, bounds.Min.Y+(bounds.Dy()-side)/2
	to := min(side, thumbSide)
	small := image.NewNRGBA64(image.Rect(0, 0, to, to))
	for y := range to {
		for x := range to {
			small.SetNRGBA64(x, y, mean(from, image.Rect(left+x*side/to, top+y*side/to, left+(x+1)*side/to, top+(y+1)*side/to)))
		}
	}
	return small
}

func mean(from image.Image, area image.Rectangle) color.NRGBA64 {
	var r, g, b, a, n uint64
	step := max(1, area.Dx()/samples)
	for y := area.Min.Y; y < area.Max.Y; y += step {
		for x := area.Min.X; x < area.Max.X; x += step {
			pr, pg, pb, pa := from.At(x, y).RGBA()
			r, g, b, a, n = r+uint64(pr), g+uint64(pg), b+uint64(pb), a+uint64(pa), n+1
		}
	}
	return color.NRGBA64Model.Convert(color.RGBA64{R: uint16(r / n), G: uint16(g / n), B: uint16(b / n), A: uint16(a / n)}).(color.NRGBA64)
}
