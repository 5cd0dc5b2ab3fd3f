package main

import (
	"bytes"
	"fmt"
	"os"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compressed writes the brotli, zstd and gzip variants of a file beside it, each at its best level.
func compressed(path string, text []byte) error {
	z, err := zstandard(text)
	if err != nil {
		return err
	}
	g, err := gzipped(text)
	if err != nil {
		return err
	}
	b, err := brotlied(text)
	if err != nil {
		return err
	}
	for suffix, packed := range map[string][]byte{".zst": z, ".gz": g, ".br": b} {
		if err := os.WriteFile(path+suffix, packed, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func brotlied(text []byte) ([]byte, error) {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func gzipped(text []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func zstandard(text []byte) ([]byte, error) {
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression), zstd.WithEncoderConcurrency(1))
	if err != nil {
		return nil, err
	}
	return w.EncodeAll(text, nil), nil
}

func report(name string, text []byte) {
	b, err := brotlied(text)
	if err != nil {
		return
	}
	fmt.Printf("%-24s %7d bytes, %6d in brotli\n", name, len(text), len(b))
}
