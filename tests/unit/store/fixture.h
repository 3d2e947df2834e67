// What the store's tests share: a catalogue, a new twin in a folder of its own, features to put in.
#ifndef TESTS_STORE_FIXTURE_H
#define TESTS_STORE_FIXTURE_H

#include "cmk.h"

#include <math.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <spatialite.h>

#include "base/file.h"
#include "base/mem.h"
#include "new_twin.h"
#include "store/store.h"

#define ok(expression)          assert_string_equal(ct_err_name(expression), "OK")
#define fails(expression, name) assert_string_equal(ct_err_name(expression), name)

typedef struct fixture {
    char folder[64];
    char path[96]; // of the twin
    ct_catalogue *catalogue;
    ct_store *store;
    ct_arena *arena;
} fixture;

static inline int fixture_setup(void **state) {
    fixture *f = calloc(1, sizeof *f);
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/ct-store-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->path, sizeof f->path, "%s/twin.ct", f->folder);
    ok(ct_catalogue_load(&f->catalogue, NULL));
    new_twin(f->path, "EPSG:4547", "Test twin", f->catalogue);
    ok(ct_store_open(&f->store, f->path, f->catalogue));
    f->arena = ct_arena_new(1 << 16, 0);
    assert_non_null(f->arena);
    *state = f;
    return 0;
}

static inline int fixture_teardown(void **state) {
    fixture *f = *state;
    ct_store_close(f->store);
    ct_catalogue_free(f->catalogue);
    ct_arena_free(f->arena);
    ok(ct_dir_remove(f->folder));
    free(f);
    return 0;
}

static inline const ct_class *class_of(const fixture *f, const char *name) {
    const ct_class *cls = ct_catalogue_by_name(f->catalogue, name);
    assert_non_null(cls);
    return cls;
}

// A square building with its lower left corner at (x, y); arena-owned.
static inline ct_feature square(const fixture *f, const char *id, double x, double y, double side) {
    ct_feature b;
    ok(ct_feature_new(&b, f->arena, class_of(f, "building")));
    const double corners[5][3] = {
        {x, y, 40}, {x + side, y, 40}, {x + side, y + side, 40}, {x, y + side, 40}, {x, y, 40}};
    double *xyz = ct_arena_alloc(f->arena, sizeof corners);
    uint32_t *ends = ct_arena_alloc(f->arena, 2 * sizeof *ends);
    assert_true(xyz && ends);
    memcpy(xyz, corners, sizeof corners);
    ends[0] = 5;
    ends[1] = 1;
    b.geom = (ct_geom){CT_GEOM_POLYGON, true, 5, 1, 1, xyz, ends, ends + 1};
    b.id = id;
    return b;
}

static inline ct_feature point(const fixture *f, const char *cls, const char *id, double x,
                               double y) {
    ct_feature p;
    ok(ct_feature_new(&p, f->arena, class_of(f, cls)));
    double *xy = ct_arena_alloc(f->arena, 2 * sizeof *xy);
    uint32_t *ends = ct_arena_alloc(f->arena, 2 * sizeof *ends);
    assert_true(xy && ends);
    xy[0] = x;
    xy[1] = y;
    ends[0] = ends[1] = 1;
    p.geom = (ct_geom){CT_GEOM_POINT, false, 1, 1, 1, xy, ends, ends + 1};
    p.id = id;
    return p;
}

static inline void add_all(fixture *f, const ct_feature *features, size_t n) {
    ct_writer *w = NULL;
    ok(ct_store_writer(&w, f->store, "test"));
    for (size_t i = 0; i < n; ++i) ok(ct_writer_add(w, &features[i], NULL));
    ok(ct_writer_commit(w, NULL));
}

// The ids a query gives, with blanks between: "a b c".
static inline const char *ids_of(const fixture *f, ct_reader *reader, const ct_query *q) {
    ct_cursor *c = NULL;
    const ct_feature *row = NULL;
    char *text = ct_arena_strdup(f->arena, "");
    ct_err err = CT_OK;
    ok(ct_cursor_open(&c, reader, q));
    while ((err = ct_cursor_next(c, &row)) == CT_OK) {
        text = ct_arena_printf(f->arena, "%s%s%s", text, *text ? " " : "", row->id);
    }
    fails(err, "NOTFOUND");
    fails(ct_cursor_next(c, &row), "NOTFOUND");
    ct_cursor_close(c);
    return text;
}

static inline int64_t count_of(ct_reader *reader, const ct_query *q) {
    int64_t n = -1;
    ok(ct_reader_count(&n, reader, q));
    return n;
}

// Runs SQL as a GIS would: on a connection of its own, with SpatiaLite loaded. The result code and
// SQLite's message.
static inline int foreign_try(const char *path, const char *sql, char message[256]) {
    sqlite3 *db = NULL;
    void *cache = spatialite_alloc_connection();
    assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    spatialite_init_ex(db, cache, 0);
    sqlite3_busy_timeout(db, 10000);
    const int code = sqlite3_exec(db, sql, NULL, NULL, NULL);
    (void)snprintf(message, 256, "%s", sqlite3_errmsg(db));
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    spatialite_cleanup_ex(cache);
    return code;
}

static inline void foreign_sql(const char *path, const char *sql) {
    char message[256];
    if (foreign_try(path, sql, message) != SQLITE_OK) fail_msg("%s", message);
}

#endif
