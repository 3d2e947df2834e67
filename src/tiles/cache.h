// Kept tiles, least recently used first out. Private to tiles; thread-safe.
#ifndef CT_TILES_CACHE_H
#define CT_TILES_CACHE_H

#include <stdatomic.h>
#include <stdint.h>

#include "base/hash.h"
#include "tiles/tiles.h"

typedef void ct_tiles__destroy(void *thing);

typedef struct ct_tiles__data { // a ct_tile_data with its count of holders
    ct_tile_data data;          // first: the public pointer is the private one
    atomic_int refs;
    _Atomic(void *) kept; // see ct_tile_data_keep; with `destroy`, which is set before it
    _Atomic(ct_tiles__destroy *) destroy;
    int64_t version; // of the twin, that it was made from
} ct_tiles__data;

// Takes the bytes (ct_free; NULL with length 0); on failure they are freed. `etag` is copied.
CT_CHECKED ct_err ct_tiles__data_new(ct_tiles__data **out, void *bytes, size_t length, bool gzipped,
                                     const char *etag, int64_t version);

typedef struct ct_tiles__cache ct_tiles__cache;
ct_tiles__cache *ct_tiles__cache_new(size_t max_bytes); // NULL when out of memory
void ct_tiles__cache_free(ct_tiles__cache *cache);
void ct_tiles__cache_figures(ct_tiles_figures *out, ct_tiles__cache *cache);
// With a reference for the caller, or NULL. An entry older than `version` is dropped and not given.
ct_tiles__data *ct_tiles__cache_get(ct_tiles__cache *cache, ct_hash128 key, int64_t version);
// Takes a reference of its own; keeps nothing if there is no room or memory. Of two with one key
// the later version stays.
void ct_tiles__cache_put(ct_tiles__cache *cache, ct_hash128 key, ct_tiles__data *data);

#endif
