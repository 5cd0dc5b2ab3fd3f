package dataverse

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/pintab/pintab/internal/sandbox/dataverse/engine"
	"github.com/pintab/pintab/internal/sandbox/dataverse/schema"
)

const (
	uploadChunk = 4 << 20
	// heldUploads is how many bytes of unfinished uploads are kept; the oldest go first.
	heldUploads = 256 << 20
	uploadLife  = time.Hour
)

// upload is a file on its way in chunks.
type upload struct {
	belongs string // person, row and column
	name    string
	began   time.Time
	data    []byte // as long as the whole file, from the first chunk on
	total   int64  // -1 before the first chunk
	got     map[int64]int64
}

// uploads are those that have not ended.
type uploads struct {
	mu   sync.Mutex
	open map[string]*upload
}

func (c *call) owner(at target, column *schema.Column) string {
	return c.org.ID + " " + c.caller.UserID + " " + at.table.LogicalName + " " + at.id + " " + column.LogicalName
}

// startUpload begins an upload in chunks: 200 with the address that takes them.
func (c *call) startUpload(at target, column *schema.Column) error {
	name := c.fileName()
	if column.Type == schema.File {
		if err := nameable(name); err != nil {
			return err
		}
	}
	rights, err := c.org.DB.Access(c.r.Context(), c.caller, at.table.LogicalName, at.id)
	if err != nil {
		return err
	}
	if rights&engine.WriteAccess == 0 {
		return &Error{http.StatusForbidden, engine.CodeUnmanagedIDAccessDenied, "The user may not write the record " + at.id + " of '" + at.table.LogicalName + "'."}
	}
	token := requestID()
	u := &c.server.uploads
	u.mu.Lock()
	u.makeRoom(c.server.cfg.Now(), 0)
	u.open[token] = &upload{belongs: c.owner(at, column), name: name, began: c.server.cfg.Now(), total: -1, got: map[int64]int64{}}
	u.mu.Unlock()
	h := c.w.Header()
	h.Set("Location", c.root+at.table.SetName+"("+at.id+")/"+column.LogicalName+"?sessiontoken="+url.QueryEscape(token))
	h.Set("x-ms-chunk-size", itoa(uploadChunk))
	h.Set("Access-Control-Expose-Headers", "x-ms-chunk-size,Location")
	h.Set("Content-Length", "0")
	c.w.WriteHeader(http.StatusOK)
	return nil
}

// takeChunk takes one chunk, in any order: 206, or 204 with the last that was missing.
func (c *call) takeChunk(at target, column *schema.Column, token string) error {
	from, to, total, ok := contentRange(c.r.Header.Get("Content-Range"))
	if ok && from == total {
		return c.sendNothing() // some clients end a file that fills its last chunk with an empty one
	}
	if !ok || total > largestFile(column) {
		if ok {
			return tooLarge(column)
		}
		return bad("A chunk needs the header Content-Range, for example bytes 0-4194303/5000000.")
	}
	chunk, err := c.raw(uploadChunk)
	if err != nil {
		return err
	}
	if int64(len(chunk)) != to-from+1 {
		return bad("The chunk is not as long as its Content-Range says.")
	}
	name, data, err := c.server.uploads.take(token, c.owner(at, column), c.server.cfg.Now(), from, total, chunk)
	if err != nil {
		return err
	}
	if data == nil {
		c.w.Header().Set("Content-Length", "0")
		c.w.WriteHeader(http.StatusPartialContent)
		return nil
	}
	return c.attachData(at, column, name, data)
}

// take keeps a chunk. It gives the whole content with the last one.
func (u *uploads) take(token, belongs string, now time.Time, from, total int64, chunk []byte) (string, []byte, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	one := u.open[token]
	if one == nil || one.belongs != belongs || now.Sub(one.began) > uploadLife {
		return "", nil, &Error{http.StatusNotFound, engine.CodeObjectDoesNotExist, "The upload is not known, or it has taken too long. Begin again."}
	}
	if one.total < 0 {
		u.makeRoom(now, total)
		u.open[token] = one
		one.total, one.data = total, make([]byte, total)
	}
	if one.total != total {
		return "", nil, bad("The chunks of an upload have to agree on the length of the file.")
	}
	copy(one.data[from:], chunk)
	one.got[from] = max(one.got[from], from+int64(len(chunk)))
	if !one.complete() {
		return "", nil, nil
	}
	delete(u.open, token)
	return one.name, one.data, nil
}

// complete reports whether the chunks cover the whole file.
func (u *upload) complete() bool {
	end := int64(0)
	for end < u.total {
		next, ok := u.got[end]
		for from, to := range u.got {
			if from <= end && to > end {
				next, ok = max(next, to), true
			}
		}
		if !ok || next <= end {
			return false
		}
		end = next
	}
	return true
}

// makeRoom forgets uploads that are too old, and the oldest while there is no room for more bytes.
func (u *uploads) makeRoom(now time.Time, more int64) {
	if u.open == nil {
		u.open = map[string]*upload{}
	}
	for {
		held := more
		oldest := ""
		for token, one := range u.open {
			if now.Sub(one.began) > uploadLife {
				delete(u.open, token)
				continue
			}
			held += int64(len(one.data))
			if oldest == "" || one.began.Before(u.open[oldest].began) {
				oldest = token
			}
		}
		if oldest == "" || held <= heldUploads && len(u.open) < 1000 {
			return
		}
		delete(u.open, oldest)
	}
}

// contentRange reads "bytes 0-2/3". An empty chunk after the last byte is "bytes 3-2/3".
func contentRange(text string) (from, to, total int64, ok bool) {
	span, size, sized := strings.Cut(strings.TrimPrefix(text, "bytes "), "/")
	first, last, spanned := strings.Cut(span, "-")
	from, err1 := strconv.ParseInt(first, 10, 64)
	to, err2 := strconv.ParseInt(last, 10, 64)
	total, err3 := strconv.ParseInt(size, 10, 64)
	ok = sized && spanned && err1 == nil && err2 == nil && err3 == nil && from >= 0 && to < total && (from <= to || from == total && to == from-1)
	return from, to, total, ok
}
