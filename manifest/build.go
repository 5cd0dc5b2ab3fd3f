package manifest

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// The names of the files in the package; all lie at its root and there are no others (the store refuses extra files).
const (
	manifestFile = "manifest.json"
	colorFile    = "color.png"
	outlineFile  = "outline.png"
)

// packed is the modification time of every file in the package: equal input gives equal bytes. It is the earliest time
// that a zip entry can carry.
var packed = time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)

// Build makes the app package, a zip file. The error of a bad Config names every problem, one on a line, in words for the
// person who set it.
func Build(c Config) ([]byte, error) {
	c, err := c.checked()
	if err != nil {
		return nil, err
	}
	doc := newDocument(c, english)
	manifest, err := encode(doc)
	if err != nil {
		return nil, err
	}
	if err := validate(manifestSchema, manifest); err != nil {
		return nil, fmt.Errorf("manifest.json: %w", err)
	}
	entries := []entry{{manifestFile, manifest}, {colorFile, colorIcon}, {outlineFile, outlineIcon}}
	for _, t := range translations {
		text, err := encode(t.localization(doc))
		if err != nil {
			return nil, err
		}
		if err := validate(localizationSchema, text); err != nil {
			return nil, fmt.Errorf("%s: %w", t.file, err)
		}
		entries = append(entries, entry{t.file, text})
	}
	return pack(entries)
}

type entry struct {
	name    string
	content []byte
}

func pack(entries []entry) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, e := range entries {
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.name, Method: zip.Deflate, Modified: packed})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(e.content); err != nil {
			return nil, err
		}
	}
	if err := z.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// encode writes JSON as a person would read it: indented, and with & and < as they are, because addresses hold them.
func encode(v any) ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// hostOf gives host and port of an address that has already been checked.
func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Host
}
