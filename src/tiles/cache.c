// The cache: a hash table of entries that also hang in a list by their last use.
#include "tiles/cache.h"

#include <pthread.h>
#include <stdio.h>

#include "base/mem.h"

enum {
    FIRST_CHAINS = 1024,
    ENTRY_BYTES = 3072
}; // what an entry costs beside the tile's bytes, with a ready answer

typedef struct entry {
    ct_hash128 key;
    ct_tiles__data *data;
    struct entry *chain;         // next in its hash chain
    struct entry *newer, *older; // by use
} entry;

struct ct_tiles__cache {
    pthread_mutex_t lock; // guards all that follows
    size_t bytes, max_bytes;
    uint64_t hits, misses;
    entry **chains; // n_chains is a power of two
    size_t n_chains, n;
    entry *newest, *oldest;
};

ct_err ct_tiles__data_new(ct_tiles__data **out, void *bytes, size_t length, bool gzipped,
                          const char *etag, int64_t version) {
    ct_tiles__data *d = ct_calloc(1, sizeof *d);
    if (!d) {
        ct_free(bytes);
        return CT_NOMEM;
    }
    d->data = (ct_tile_data){.bytes = bytes, .length = length, .gzipped = gzipped};
    (void)snprintf(d->data.etag, sizeof d->data.etag, "%s", etag);
    atomic_init(&d->refs, 1);
    d->version = version;
    *out = d;
    return CT_OK;
}

static void *writable(const void *p) {
    return (void *)(uintptr_t)p;
}

static void unref(ct_tiles__data *d) {
    if (!d || atomic_fetch_sub(&d->refs, 1) != 1) return;
    void *kept = atomic_load(&d->kept);
    if (kept) atomic_load (&d->destroy)(kept);
    ct_free(writable(d->data.bytes));
    ct_free(d);
}

// The count of holders and what they keep with it are all that moves in a shared tile.
void ct_tile_data_unref(const ct_tile_data *data) {
    unref(writable(data));
}

void *ct_tile_data_kept(const ct_tile_data *data) {
    const ct_tiles__data *d = (const ct_tiles__data *)data;
    return atomic_load(&d->kept);
}

void *ct_tile_data_keep(const ct_tile_data *data, void *thing, void (*destroy)(void *thing)) {
    ct_tiles__data *d = writable(data);
    void *other = NULL;
    atomic_store(&d->destroy, destroy); // every keeper of a tile is of one kind
    if (atomic_compare_exchange_strong(&d->kept, &other, thing)) return thing;
    destroy(thing);
    return other;
}

ct_tiles__cache *ct_tiles__cache_new(size_t max_bytes) {
    ct_tiles__cache *c = ct_calloc(1, sizeof *c);
    if (!c) return NULL;
    c->max_bytes = max_bytes;
    c->n_chains = FIRST_CHAINS;
    c->chains = ct_calloc(c->n_chains, sizeof(entry *));
    if (!c->chains) {
        ct_free(c);
        return NULL;
    }
    pthread_mutex_init(&c->lock, NULL);
    return c;
}

static size_t cost(const entry *e) {
    return e->data->data.length + ENTRY_BYTES;
}

static void unlink_use(ct_tiles__cache *c, entry *e) {
    if (e->newer)
        e->newer->older = e->older;
    else
        c->newest = e->older;
    if (e->older)
        e->older->newer = e->newer;
    else
        c->oldest = e->newer;
}

static void link_newest(ct_tiles__cache *c, entry *e) {
    e->newer = NULL;
    e->older = c->newest;
    if (c->newest) c->newest->newer = e;
    c->newest = e;
    if (!c->oldest) c->oldest = e;
}

static entry **find(ct_tiles__cache *c, ct_hash128 key) {
    entry **at = &c->chains[key.low & (c->n_chains - 1)];
    while (*at && ((*at)->key.low != key.low || (*at)->key.high != key.high)) at = &(*at)->chain;
    return at;
}

static void drop(ct_tiles__cache *c, entry **at) {
    entry *e = *at;
    *at = e->chain; // NOLINT(clang-analyzer-core.NullDereference): a used entry is in its chain
    unlink_use(c, e);
    c->bytes -= cost(e);
    c->n--;
    unref(e->data);
    ct_free(e);
}

void ct_tiles__cache_free(ct_tiles__cache *c) {
    if (!c) return;
    while (c->oldest) drop(c, find(c, c->oldest->key));
    pthread_mutex_destroy(&c->lock);
    ct_free(c->chains);
    ct_free(c);
}

ct_tiles__data *ct_tiles__cache_get(ct_tiles__cache *c, ct_hash128 key, int64_t version) {
    ct_tiles__data *found = NULL;
    pthread_mutex_lock(&c->lock);
    entry **at = find(c, key);
    if (*at && (*at)->data->version < version) {
        drop(c, at);
    } else if (*at) {
        entry *e = *at;
        unlink_use(c, e);
        link_newest(c, e);
        found = e->data;
        atomic_fetch_add(&found->refs, 1);
    }
    if (found)
        c->hits++;
    else
        c->misses++;
    pthread_mutex_unlock(&c->lock);
    return found;
}

void ct_tiles__cache_figures(ct_tiles_figures *out, ct_tiles__cache *c) {
    pthread_mutex_lock(&c->lock);
    *out = (ct_tiles_figures){.hits = c->hits,
                              .misses = c->misses,
                              .tiles = c->n,
                              .bytes = c->bytes,
                              .max_bytes = c->max_bytes};
    pthread_mutex_unlock(&c->lock);
}

// Without memory the chains just get longer.
static void grow(ct_tiles__cache *c) {
    const size_t n = 2 * c->n_chains;
    entry **chains = ct_calloc(n, sizeof(entry *));
    if (!chains) return;
    for (size_t i = 0; i < c->n_chains; i++)
        while (c->chains[i]) {
            entry *e = c->chains[i];
            c->chains[i] = e->chain;
            e->chain = chains[e->key.low & (n - 1)];
            chains[e->key.low & (n - 1)] = e;
        }
    ct_free(c->chains);
    c->chains = chains;
    c->n_chains = n;
}

void ct_tiles__cache_put(ct_tiles__cache *c, ct_hash128 key, ct_tiles__data *data) {
    if (data->data.length + ENTRY_BYTES > c->max_bytes) return;
    entry *e = ct_calloc(1, sizeof *e);
    if (!e) return;
    pthread_mutex_lock(&c->lock);
    entry **at = find(c, key);
    if (*at && (*at)->data->version > data->version) {
        pthread_mutex_unlock(&c->lock);
        ct_free(e);
        return;
    }
    if (*at) drop(c, at);
    e->key = key;
    e->data = data;
    atomic_fetch_add(&data->refs, 1);
    if (c->n >= c->n_chains) grow(c);
    at = &c->chains[key.low & (c->n_chains - 1)];
    e->chain = *at;
    *at = e;
    link_newest(c, e);
    c->n++;
    c->bytes += cost(e);
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): bytes are those of entries
    while (c->bytes > c->max_bytes) drop(c, find(c, c->oldest->key));
    pthread_mutex_unlock(&c->lock);
}
