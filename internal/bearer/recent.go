package bearer

import "sync"

// Recent remembers at most limit entries and forgets the least recently used ones half at a time: a full young half
// becomes the old half, and what is still wanted moves back.
type Recent[K comparable, V any] struct {
	limit int

	mu         sync.RWMutex
	young, old map[K]V
}

// NewRecent makes one; it is safe for concurrent use.
func NewRecent[K comparable, V any](limit int) *Recent[K, V] {
	return &Recent[K, V]{limit: limit, young: map[K]V{}, old: map[K]V{}}
}

func (r *Recent[K, V]) Get(key K) (V, bool) {
	r.mu.RLock()
	value, found := r.young[key]
	if found {
		r.mu.RUnlock()
		return value, true
	}
	value, found = r.old[key]
	r.mu.RUnlock()
	if !found {
		return value, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// Between the locks the entry may have been dropped or replaced.
	if value, found = r.old[key]; found {
		delete(r.old, key)
		r.insert(key, value)
		return value, true
	}
	value, found = r.young[key]
	return value, found
}

func (r *Recent[K, V]) Put(key K, value V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.old, key)
	r.insert(key, value)
}

func (r *Recent[K, V]) insert(key K, value V) {
	if _, there := r.young[key]; !there && len(r.young) >= r.limit/2 {
		r.old, r.young = r.young, make(map[K]V, r.limit/2)
	}
	r.young[key] = value
}

func (r *Recent[K, V]) Drop(match func(K, V) bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, value := range r.young {
		if match(key, value) {
			delete(r.young, key)
		}
	}
	for key, value := range r.old {
		if match(key, value) {
			delete(r.old, key)
		}
	}
}

func (r *Recent[K, V]) Len() int {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return len(r.young) + len(r.old)
}
