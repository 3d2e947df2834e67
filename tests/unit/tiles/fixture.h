// What the tests of tiles share: a twin in a folder of its own, features to put in, tiles opened by
// GDAL, which is another's decoder.
#ifndef TESTS_TILES_FIXTURE_H
#define TESTS_TILES_FIXTURE_H

#include "cmk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/gzip.h"
#include "base/mem.h"
#include "geo/geos.h"
#include "new_twin.h"
#include "scratch.h"
#include "tiles/tiles.h"

#define ok(expression)                                                                             \
    do {                                                                                           \
        const ct_err ok_err_ = (expression);                                                       \
        if (ok_err_ != CT_OK)                                                                      \
            fail_msg("%s: %s: %s", #expression, ct_err_name(ok_err_), ct_err_message());           \
    } while (0)
#define fails(expression, name) assert_string_equal(ct_err_name(expression), name)

// The twin's origin: a place in EPSG:4547 (central meridian 114 E), well inside its tiles of zooms
// 12 to 18.
#define EAST  432800.0
#define NORTH 3374000.0
#define CRS   "EPSG:4547"

typedef struct fixture {
    char folder[128];
    char path[160]; // of the twin
    ct_catalogue *catalogue;
    ct_store *store;
    ct_tiles *tiles;
    ct_arena *arena;
} fixture;

static inline int fixture_setup(void **state) {
    fixture *f = calloc(1, sizeof *f);
    scratch_make(f->folder);
    (void)snprintf(f->path, sizeof f->path, "%s/twin.ct", f->folder);
    ok(ct_catalogue_load(&f->catalogue, NULL));
    new_twin(f->path, CRS, "Test twin", f->catalogue);
    ok(ct_store_open(&f->store, f->path, f->catalogue));
    f->arena = ct_arena_new(1 << 16, 0);
    assert_non_null(f->arena);
    *state = f;
    return 0;
}

static inline int fixture_teardown(void **state) {
    fixture *f = *state;
    ct_tiles_close(f->tiles);
    ct_store_close(f->store);
    ct_catalogue_free(f->catalogue);
    ct_arena_free(f->arena);
    scratch_remove(f->folder);
    free(f);
    return 0;
}

static inline const ct_class *class_of(const fixture *f, const char *name) {
    const ct_class *cls = ct_catalogue_by_name(f->catalogue, name);
    assert_non_null(cls);
    return cls;
}

// One part with one ring (closed here) or one line of n points (x, y) from the twin's origin.
static inline ct_geom geom_of(const fixture *f, ct_geom_type type, const double (*p)[2],
                              uint32_t n) {
    const bool ring = type == CT_GEOM_POLYGON;
    const uint32_t total = n + ring;
    double *xyz = ct_arena_alloc(f->arena, 2 * sizeof(double) * total);
    uint32_t *ends = ct_arena_alloc(f->arena, 2 * sizeof *ends);
    assert_true(xyz && ends);
    for (uint32_t i = 0; i < total; i++) {
        xyz[2 * i] = EAST + p[i % n][0];
        xyz[2 * i + 1] = NORTH + p[i % n][1];
    }
    ends[0] = total;
    ends[1] = 1;
    return (ct_geom){type, false, total, 1, 1, xyz, ends, ends + 1};
}

static inline ct_geom square(const fixture *f, double x, double y, double side) {
    const double p[4][2] = {{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}};
    return geom_of(f, CT_GEOM_POLYGON, p, 4);
}

// What the catalogue requires gets some value that it allows.
static inline void fill_required(ct_feature *made) {
    for (size_t i = 0; i < made->cls->n_attrs; i++) {
        const ct_attr *a = &made->cls->attrs[i];
        if (!a->required) continue;
        if (a->type == CT_ATTR_TEXT || a->type == CT_ATTR_DATETIME)
            ok(ct_feature_set_text(made, a->name,
                                   a->n_codes                ? a->codes[0].value
                                   : a->type == CT_ATTR_TEXT ? "some"
                                                             : "2026-07-20T20:00:00Z"));
        else if (a->type == CT_ATTR_BOOLEAN)
            ok(ct_feature_set_bool(made, a->name, true));
        else
            ok(ct_feature_set_number(made, a->name, a->has_min ? a->min : 0));
    }
}

static inline ct_feature feature_of(const fixture *f, const char *cls, const char *id, ct_geom g) {
    ct_feature made;
    ok(ct_feature_new(&made, f->arena, class_of(f, cls)));
    fill_required(&made);
    made.id = id;
    made.geom = g;
    return made;
}

// Stores features in one commit; gives the version.
static inline int64_t put(const fixture *f, ct_feature *features, size_t n) {
    ct_writer *w;
    int64_t version, fid;
    ok(ct_store_writer(&w, f->store, "test"));
    for (size_t i = 0; i < n; i++) {
        ok(ct_feature_check(&features[i], f->arena));
        ok(ct_writer_add(w, &features[i], &fid));
        features[i].fid = fid;
    }
    ok(ct_writer_commit(w, &version));
    return version;
}

static inline ct_tile tile_at(double x, double y, uint32_t z) {
    ct_transform *t;
    double p[2] = {EAST + x, NORTH + y};
    ok(ct_transform_get(&t, CRS, CT_CRS_MERCATOR));
    ok(ct_transform_points(t, p, 1, 2));
    ct_tile tile = {.z = z};
    ct_tile_range(z, &(ct_bbox){p[0], p[1], p[0], p[1]}, &tile.x, &tile.y, &tile.x, &tile.y);
    return tile;
}

// Fails the first, second, third ... allocation of `work`, until it meets none. What fails must
// fail with CT_NOMEM and leave nothing behind; keeping a tile may fail without the asker noticing,
// so success is right too, but seldom. Returns how many allocations were failed.
static inline long fail_each(ct_err (*work)(void *context), void *context) {
    long failed = 0;
    for (long n = 1;; n++) {
        const long live = ct_mem_live();
        ct_mem_fail_at(n, false);
        const ct_err err = work(context);
        const bool met = ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (ct_mem_live() != live)
            fail_msg("allocation %ld failed: %ld blocks leaked", n, ct_mem_live() - live);
        if (err != CT_OK && !(met && err == CT_NOMEM))
            fail_msg("allocation %ld: %s: %s", n, ct_err_name(err), ct_err_message());
        failed += err == CT_NOMEM;
        if (met) continue;
        assert_true(failed >= n - 4);
        return failed;
    }
}

#endif
