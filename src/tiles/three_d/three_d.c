// Serving 3D tilesets: what the twin is now, through the cache that vector tiles use too.
//
// A file's tag is a hash of what lies in it and of the last change that touched the tiles around
// it. The scene, which tells where all lies, is read anew when an edit changed one of its classes.
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "tiles/three_d.h"
#include "tiles/three_d/city.h"
#include "tiles/three_d/relief.h"
#include "tiles/tiles_private.h"

#define FORMAT   "3d 1" // goes up whenever equal features give other bytes
#define FILE_MAX ((size_t)1 << 30)
enum { MAX_TRIES = 16, MAX_PLACES = 4 };

struct ct_tiles__three_d {
    pthread_mutex_t lock; // one reads the scene or the ground at a time; guards the rest
    struct held_city *city;
    struct held_relief *relief;
};

typedef struct held_city {
    atomic_int refs;
    ct_tiles__city *city;
} held_city;

typedef struct held_relief {
    atomic_int refs;
    ct_tiles__relief *relief;
    ct_tiles__ground *ground; // whose grid it borrows
} held_relief;

ct_tiles__three_d *ct_tiles__three_d_new(void) {
    ct_tiles__three_d *d = ct_calloc(1, sizeof *d);
    if (d) pthread_mutex_init(&d->lock, NULL);
    return d;
}

static void let_go_city(held_city *h) {
    if (!h || atomic_fetch_sub(&h->refs, 1) != 1) return;
    ct_tiles__city_free(h->city);
    ct_free(h);
}

static void let_go_relief(held_relief *h) {
    if (!h || atomic_fetch_sub(&h->refs, 1) != 1) return;
    ct_tiles__relief_free(h->relief);
    ct_tiles__ground_unref(h->ground);
    ct_free(h);
}

void ct_tiles__three_d_free(ct_tiles__three_d *d) {
    if (!d) return;
    let_go_city(d->city);
    let_go_relief(d->relief);
    pthread_mutex_destroy(&d->lock);
    ct_free(d);
}

// ---- the last change of a place
// ------------------------------------------------------------------------- Of the classes that a
// building is drawn from, in these tiles, among all known changes.
static int64_t stamp_of(ct_tiles *t, const ct_tile *tiles, size_t n) {
    const ct_catalogue *catalogue = ct_store_catalogue(t->store);
    int64_t stamp = 0;
    pthread_mutex_lock(&t->lock);
    for (size_t c = 0; c < ct_catalogue_count(catalogue); c++) {
        if (!ct_tiles__scene_shows(ct_catalogue_at(catalogue, c))) continue;
        for (size_t i = 0; i < n; i++) {
            const int64_t s = ct_tiles__stamps_get(&t->stamps[c], tiles[i]);
            if (s > stamp) stamp = s;
        }
    }
    if (t->unplaced > stamp) stamp = t->unplaced;
    pthread_mutex_unlock(&t->lock);
    return stamp;
}

static const ct_tile world = {0, 0, 0};

// The tiles that a building reaches into: few, as small as that allows.
static ct_err places_of(ct_tile out[MAX_PLACES], size_t *n, const ct_tiles__city *city,
                        const ct_tiles__file *f) {
    *n = 1;
    if (f->building == CT_TILES__NONE) {
        out[0] = f->node == CT_TILES__NONE || f->what == CT_TILES__TOP
                     ? world
                     : city->tree.nodes[f->node].tile;
        return CT_OK;
    }
    const ct_box3 *b = &city->scene->buildings[f->building].box;
    ct_bbox box = {b->min[0], b->min[1], b->max[0], b->max[1]};
    ct_transform *to_mercator;
    CT_TRY(ct_transform_get(&to_mercator, city->scene->crs, CT_CRS_MERCATOR));
    CT_TRY(ct_transform_bbox(to_mercator, &box));
    for (uint32_t z = CT_TILES__STAMP_ZOOM;; z--) {
        uint32_t x0, y0, x1, y1;
        ct_tile_range(z, &box, &x0, &y0, &x1, &y1);
        if (z > 0 && (x1 - x0 > 1 || y1 - y0 > 1)) continue;
        *n = 0;
        for (uint32_t y = y0; y <= y1; y++)
            for (uint32_t x = x0; x <= x1; x++) out[(*n)++] = (ct_tile){z, x, y};
        return CT_OK;
    }
}

// ---- the scene
// -------------------------------------------------------------------------------------------- With
// a reference: as of the reader's version, or of one since which nothing in it changed.
static ct_err get_city(held_city **out, ct_tiles *t, ct_reader *reader) {
    ct_tiles__three_d *d = t->three_d;
    ct_err err = CT_OK;
    pthread_mutex_lock(&d->lock);
    const int64_t changed = stamp_of(t, &world, 1);
    const int64_t have = d->city ? d->city->city->scene->version : -1;
    if (have < 0 || have < changed) {
        held_city *h = ct_calloc(1, sizeof *h);
        err = h ? ct_tiles__city_make(&h->city, reader, t->store) : CT_NOMEM;
        if (err == CT_OK) {
            atomic_init(&h->refs, 1);
            let_go_city(d->city);
            d->city = h;
        } else {
            ct_free(h);
        }
    }
    if (err == CT_OK) {
        *out = d->city;
        atomic_fetch_add(&d->city->refs, 1);
    }
    pthread_mutex_unlock(&d->lock);
    return err;
}

typedef struct request {
    ct_tiles *t;
    const char *path;
    bool etag_only;
} request;

// Its tag and key in the cache.
static ct_err tag_of(ct_hash128 *out, const request *r, const ct_tiles__city *city,
                     const ct_tiles__file *f, int64_t stamp) {
    ct_hash128 print;
    CT_TRY(ct_tiles__city_fingerprint(&print, city, f));
    ct_hash *h = ct_hash_new();
    if (!h) return CT_NOMEM;
    ct_hash_add_text(h, FORMAT);
    ct_hash_add(h, &r->t->identity, sizeof r->t->identity);
    ct_hash_add(h, &print, sizeof print);
    ct_hash_add(h, &stamp, sizeof stamp);
    ct_hash_add_text(h, r->path);
    *out = ct_hash_get(h);
    ct_hash_free(h);
    return CT_OK;
}

static ct_err make(ct_tiles__data **out, const ct_tiles__city *city, ct_reader *reader,
                   const ct_tiles__file *f, const char *etag) {
    ct_buf made;
    ct_buf_init(&made, FILE_MAX);
    ct_err err = ct_tiles__city_write(&made, city, reader, f, true, NULL);
    if (err == CT_OK) err = ct_tiles__data_take(out, &made, true, etag, ct_reader_version(reader));
    ct_buf_fini(&made);
    return err;
}

static ct_err answer_file(ct_tiles__data **out, const request *r, const held_city *held,
                          ct_reader *reader) {
    ct_tiles__file f;
    ct_tile places[MAX_PLACES];
    size_t n;
    CT_TRY(ct_tiles__city_find(&f, held->city, r->path));
    CT_TRY(places_of(places, &n, held->city, &f));
    const int64_t stamp = stamp_of(r->t, places, n);
    ct_hash128 key;
    char etag[40];
    CT_TRY(tag_of(&key, r, held->city, &f, stamp));
    ct_tiles__etag(etag, key);
    if (r->etag_only) return ct_tiles__data_new(out, NULL, 0, false, etag, stamp);
    *out = ct_tiles__cache_get(r->t->cache, key, stamp);
    if (*out) return CT_OK;
    CT_TRY(make(out, held->city, reader, &f, etag));
    ct_tiles__cache_put(r->t->cache, key, *out);
    return CT_OK;
}

// One reader's attempt; *out stays NULL if a change after its version touched the file.
static ct_err try_file(ct_tiles__data **out, const request *r) {
    ct_reader *reader;
    held_city *held = NULL;
    CT_TRY(ct_store_reader(&reader, r->t->store));
    ct_err err = ct_tiles__refresh_from(r->t, reader, NULL);
    // A change after the reader's version, which another reader brought, asks for a fresh one.
    const bool current = err == CT_OK && stamp_of(r->t, &world, 1) <= ct_reader_version(reader);
    if (current) err = get_city(&held, r->t, reader);
    if (current && err == CT_OK) err = answer_file(out, r, held, reader);
    let_go_city(held);
    ct_reader_release(reader);
    return err;
}

ct_err ct_tiles_buildings3d(const ct_tile_data **out, ct_tiles *t, const char *path,
                            bool etag_only) {
    const request r = {t, path, etag_only};
    ct_tiles__data *data = NULL;
    for (int i = 0; i < MAX_TRIES && !data; i++) CT_TRY(try_file(&data, &r));
    if (!data) return ct_fail(CT_BUSY, "%s changes faster than it can be made", path);
    *out = &data->data;
    return CT_OK;
}

// ---- the ground
// -----------------------------------------------------------------------------------------
static ct_err make_relief(held_relief **out, ct_tiles__ground *ground, const char *crs) {
    held_relief *h = ct_calloc(1, sizeof *h);
    if (!h) return CT_NOMEM;
    const ct_err err =
        ct_tiles__relief_make(&h->relief, ground ? ct_tiles__ground_heights(ground) : NULL, crs);
    if (err != CT_OK) {
        ct_free(h);
        return err;
    }
    atomic_init(&h->refs, 1);
    h->ground = ct_tiles__ground_ref(ground);
    *out = h;
    return CT_OK;
}

static ct_err get_relief(held_relief **out, ct_tiles *t) {
    ct_tiles__ground *ground = NULL;
    CT_TRY(ct_tiles__ground_get(&ground, t));
    ct_tiles__three_d *d = t->three_d;
    ct_err err = CT_OK;
    pthread_mutex_lock(&d->lock);
    if (!d->relief || d->relief->ground != ground) {
        held_relief *fresh = NULL;
        err = make_relief(&fresh, ground, ct_store_crs(t->store)->code);
        if (err == CT_OK) {
            let_go_relief(d->relief);
            d->relief = fresh;
        }
    }
    if (err == CT_OK) {
        *out = d->relief;
        atomic_fetch_add(&d->relief->refs, 1);
    }
    pthread_mutex_unlock(&d->lock);
    ct_tiles__ground_unref(ground);
    return err;
}

static ct_err key_of_relief(ct_hash128 *out, const held_relief *h, const char *path) {
    ct_hash *hash = ct_hash_new();
    if (!hash) return CT_NOMEM;
    ct_hash_add_text(hash, "relief " FORMAT);
    ct_hash_add_text(hash, h->ground ? ct_tiles__ground_hash(h->ground) : "");
    ct_hash_add_text(hash, path);
    *out = ct_hash_get(hash);
    ct_hash_free(hash);
    return CT_OK;
}

static ct_err answer_relief(ct_tiles__data **out, ct_tiles *t, const held_relief *h,
                            const char *path) {
    ct_tiles__relief_file f;
    CT_TRY(ct_tiles__relief_find(&f, h->relief, path));
    ct_hash128 key;
    CT_TRY(key_of_relief(&key, h, path));
    *out = ct_tiles__cache_get(t->cache, key, 0);
    if (*out) return CT_OK;
    char etag[40];
    ct_buf made;
    ct_tiles__etag(etag, key);
    ct_buf_init(&made, FILE_MAX);
    ct_err err = ct_tiles__relief_write(&made, h->relief, &f, true, NULL);
    if (err == CT_OK) err = ct_tiles__data_take(out, &made, true, etag, 0);
    ct_buf_fini(&made);
    if (err == CT_OK) ct_tiles__cache_put(t->cache, key, *out);
    return err;
}

ct_err ct_tiles_terrain3d(const ct_tile_data **out, ct_tiles *t, const char *path) {
    held_relief *held = NULL;
    ct_tiles__data *data = NULL;
    CT_TRY(get_relief(&held, t));
    const ct_err err = answer_relief(&data, t, held, path);
    let_go_relief(held);
    if (err == CT_OK) *out = &data->data;
    return err;
}
