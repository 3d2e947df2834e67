// Vector tiles with their cache: opening, looking at the store's changes, answering.
//
// A tile's tag is a hash of the last change that touched it. A tile made from version V of the twin
// is fresh as long as no change after V has touched it; so nothing is thrown out when edits come,
// what they touched is just found too old. After a start all tiles of a class count as touched by
// the class's last change: tags may change with a restart, but never stay where data changed.
#include "tiles/tiles.h"

#include <stdio.h>
#include <string.h>

#include "base/gzip.h"
#include "base/mem.h"
#include "tiles/tiles_private.h"

#define TILE_MAX    ((size_t)256 << 20) // bytes of an encoded tile
#define FORMAT      "mvt 2"             // goes up whenever equal features give other bytes
#define MAX_CLASSES 256
#define MAX_TRIES   16 // readers taken until no commit comes between
#define GZIP_LEVEL  1

static ct_err hash_identity(ct_tiles *t, ct_reader *reader) {
    char *created = NULL;
    ct_err err = ct_reader_get_meta(&created, reader, "created");
    if (err != CT_OK && err != CT_NOTFOUND) return err;
    ct_hash *hash = ct_hash_new();
    if (hash) {
        const ct_catalogue *catalogue = ct_store_catalogue(t->store);
        ct_hash_add_text(hash, FORMAT);
        ct_hash_add_text(hash, created ? created : "");
        ct_hash_add_text(hash, ct_store_crs(t->store)->code);
        for (size_t i = 0; i < ct_catalogue_count(catalogue); i++) {
            const ct_class *cls = ct_catalogue_at(catalogue, i);
            ct_hash_add_text(hash, cls->collection);
            ct_hash_add(hash, &cls->grade, sizeof cls->grade);
            for (size_t a = 0; a < cls->n_attrs; a++)
                if (!cls->attrs[a].personal) ct_hash_add_text(hash, cls->attrs[a].name);
        }
        t->identity = ct_hash_get(hash);
    }
    ct_hash_free(hash);
    ct_free(created);
    return hash ? CT_OK : CT_NOMEM;
}

static ct_err load_stamps(ct_tiles *t) {
    const ct_catalogue *catalogue = ct_store_catalogue(t->store);
    t->stamps = ct_calloc(ct_catalogue_count(catalogue), sizeof *t->stamps);
    if (!t->stamps) return CT_NOMEM;
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, t->store));
    t->version = ct_reader_version(reader);
    ct_err err = hash_identity(t, reader);
    for (size_t i = 0; i < ct_catalogue_count(catalogue) && err == CT_OK; i++) {
        int64_t version = 0;
        err = ct_reader_class_version(&version, reader, ct_catalogue_at(catalogue, i));
        ct_tiles__stamps_init(&t->stamps[i], version);
    }
    ct_reader_release(reader);
    return err;
}

ct_err ct_tiles_open(ct_tiles **out, ct_store *store, size_t cache_bytes) {
    ct_tiles *t = ct_calloc(1, sizeof *t);
    if (!t) return CT_NOMEM;
    t->store = store;
    pthread_mutex_init(&t->lock, NULL);
    pthread_mutex_init(&t->refresh_lock, NULL);
    pthread_mutex_init(&t->ground_lock, NULL);
    t->cache = ct_tiles__cache_new(cache_bytes);
    t->terrain_folder = ct_store_file(store, "terrain");
    t->three_d = ct_tiles__three_d_new();
    ct_err err = t->cache && t->terrain_folder && t->three_d ? load_stamps(t) : CT_NOMEM;
    if (err != CT_OK) {
        ct_tiles_close(t);
        return err;
    }
    *out = t;
    return CT_OK;
}

void ct_tiles_close(ct_tiles *t) {
    if (!t) return;
    const size_t n = ct_catalogue_count(ct_store_catalogue(t->store));
    for (size_t i = 0; t->stamps && i < n; i++) ct_tiles__stamps_fini(&t->stamps[i]);
    ct_free(t->stamps);
    ct_tiles__cache_free(t->cache);
    ct_tiles__three_d_free(t->three_d);
    ct_tiles__ground_unref(t->ground);
    ct_free(t->terrain_folder);
    pthread_mutex_destroy(&t->lock);
    pthread_mutex_destroy(&t->refresh_lock);
    pthread_mutex_destroy(&t->ground_lock);
    ct_free(t);
}

void ct_tiles_get_figures(ct_tiles_figures *out, const ct_tiles *t) {
    ct_tiles__cache_figures(out, t->cache);
}

void ct_tiles__etag(char out[40], ct_hash128 hash) {
    char hex[33];
    ct_hash_hex(hex, hash);
    (void)snprintf(out, 40, "\"%s\"", hex);
}

ct_err ct_tiles__data_take(ct_tiles__data **out, ct_buf *made, bool gzip, const char *etag,
                           int64_t version) {
    if (made->len == 0) return ct_tiles__data_new(out, NULL, 0, false, etag, version);
    ct_buf packed;
    ct_buf_init(&packed, TILE_MAX);
    if (gzip) {
        const ct_err err = ct_gzip(&packed, made->data, made->len, GZIP_LEVEL);
        ct_buf_fini(made);
        if (err != CT_OK) {
            ct_buf_fini(&packed);
            return err;
        }
    } else {
        packed = *made;
        *made = (ct_buf){.max = made->max};
    }
    // The buffer's spare room would count as nothing in the cache's sum.
    char *bytes = ct_alloc(packed.len);
    const size_t length = packed.len;
    if (bytes) memcpy(bytes, packed.data, length);
    ct_buf_fini(&packed);
    if (!bytes) return CT_NOMEM;
    return ct_tiles__data_new(out, bytes, length, gzip, etag, version);
}

// The last change that touched the tile, of all the classes' changes known.
static int64_t stamp_of(ct_tiles *t, int64_t *known, const ct_class *const *classes, size_t n,
                        ct_tile tile) {
    int64_t stamp = 0;
    pthread_mutex_lock(&t->lock);
    for (size_t i = 0; i < n; i++) {
        const int64_t s = ct_tiles__stamps_get(&t->stamps[classes[i]->index], tile);
        if (s > stamp) stamp = s;
    }
    if (known) *known = t->version;
    pthread_mutex_unlock(&t->lock);
    return stamp;
}

typedef struct request {
    const ct_class *const *classes;
    size_t n;
    ct_tile tile;
    ct_hash128 key; // of what is asked, whatever the version
} request;

static ct_err make_key(request *r, const ct_tiles *t) {
    uint64_t words[MAX_CLASSES + 6]; // not zeroed: mostly unused
    const uint64_t first[6] = {'v',       t->identity.low, t->identity.high,
                               r->tile.z, r->tile.x,       r->tile.y};
    memcpy(words, first, sizeof first);
    if (r->n > MAX_CLASSES) return ct_fail(CT_LIMIT, "more than %d collections", MAX_CLASSES);
    for (size_t i = 0; i < r->n; i++) words[6 + i] = r->classes[i]->index;
    r->key = ct_hash_bytes(words, (6 + r->n) * sizeof *words);
    return CT_OK;
}

static void make_etag(char out[40], const request *r, int64_t stamp) {
    const uint64_t words[3] = {r->key.low, r->key.high, (uint64_t)stamp};
    ct_tiles__etag(out, ct_hash_bytes(words, sizeof words));
}

static ct_err encode(ct_tiles__data **out, ct_tiles *t, ct_reader *reader, const request *r,
                     const char *etag) {
    ct_buf made;
    ct_buf_init(&made, TILE_MAX);
    ct_err err = ct_mvt_encode(&made, reader, t->store, r->classes, r->n, r->tile);
    if (err == CT_OK) err = ct_buf_status(&made);
    if (err == CT_OK) err = ct_tiles__data_take(out, &made, true, etag, ct_reader_version(reader));
    ct_buf_fini(&made);
    return err;
}

// One reader's attempt; *made stays NULL if a change after the reader's version touched the tile:
// its tag would promise more than the tile holds.
static ct_err try_render(ct_tiles__data **made, ct_tiles *t, const request *r) {
    ct_reader *reader;
    CT_TRY(ct_store_reader(&reader, t->store));
    int64_t known, version = ct_reader_version(reader);
    int64_t stamp = stamp_of(t, &known, r->classes, r->n, r->tile);
    ct_err err = CT_OK;
    if (known < version) {
        err = ct_tiles__refresh_from(t, reader, NULL);
        stamp = stamp_of(t, NULL, r->classes, r->n, r->tile);
    }
    if (err == CT_OK && stamp <= version) {
        char etag[40];
        make_etag(etag, r, stamp);
        err = encode(made, t, reader, r, etag);
    }
    ct_reader_release(reader);
    return err;
}

const ct_tile_data *ct_tiles_vector_kept(ct_tiles *t, const ct_class *const *classes,
                                         size_t n_classes, ct_tile tile) {
    request r = {.classes = classes, .n = n_classes, .tile = tile};
    if (!ct_tile_ok(tile) || make_key(&r, t) != CT_OK) return NULL;
    const int64_t stamp = stamp_of(t, NULL, classes, n_classes, tile);
    ct_tiles__data *data = ct_tiles__cache_get(t->cache, r.key, stamp);
    return data ? &data->data : NULL;
}

ct_err ct_tiles_vector(const ct_tile_data **out, ct_tiles *t, const ct_class *const *classes,
                       size_t n_classes, ct_tile tile, bool etag_only) {
    if (!ct_tile_ok(tile))
        return ct_fail(CT_RANGE, "there is no tile %u/%u/%u", tile.z, tile.y, tile.x);
    request r = {.classes = classes, .n = n_classes, .tile = tile};
    CT_TRY(make_key(&r, t));
    const int64_t stamp = stamp_of(t, NULL, classes, n_classes, tile);
    ct_tiles__data *data = NULL;
    if (etag_only) {
        char etag[40];
        make_etag(etag, &r, stamp);
        CT_TRY(ct_tiles__data_new(&data, NULL, 0, false, etag, stamp));
    } else if (!(data = ct_tiles__cache_get(t->cache, r.key, stamp))) {
        for (int i = 0; i < MAX_TRIES && !data; i++) CT_TRY(try_render(&data, t, &r));
        if (!data)
            return ct_fail(CT_BUSY, "tile %u/%u/%u changes faster than it can be made", tile.z,
                           tile.y, tile.x);
        ct_tiles__cache_put(t->cache, r.key, data);
    }
    *out = &data->data;
    return CT_OK;
}
