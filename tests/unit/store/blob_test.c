// Geometry blobs against SpatiaLite itself: what it writes we read, what we write it reads; damaged
// ones are refused.
#include "fixture.h"

#include "store/sqlite/blob.h"

typedef struct oracle {
    sqlite3 *db;
    void *cache;
    ct_arena *arena;
    ct_store__space space;
} oracle;

static int setup(void **state) {
    oracle *o = calloc(1, sizeof *o);
    assert_int_equal(sqlite3_open(":memory:", &o->db), SQLITE_OK);
    o->cache = spatialite_alloc_connection();
    spatialite_init_ex(o->db, o->cache, 0);
    o->arena = ct_arena_new(4096, 0);
    *state = o;
    return 0;
}

static int teardown(void **state) {
    oracle *o = *state;
    sqlite3_close(o->db);
    spatialite_cleanup_ex(o->cache);
    ct_arena_free(o->arena);
    ct_store__space_fini(&o->space);
    free(o);
    return 0;
}

static sqlite3_stmt *one_row(oracle *o, const char *sql) {
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(o->db, sql, -1, &stmt, NULL), SQLITE_OK);
    return stmt;
}

// Well-known texts of every type, plane and with heights.
static const char *const texts[] = {
    "POINT(1.5 -2.25)",
    "POINT Z(1.5 -2.25 7)",
    "LINESTRING(0 0, 10 0.5, 20 3)",
    "LINESTRING Z(0 0 1, 10 0.5 2, 20 3 -4)",
    "POLYGON((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 4, 4 4, 2 2))",
    "POLYGON Z((0 0 1, 10 0 1, 10 10 1, 0 10 1, 0 0 1))",
    "MULTIPOINT(1 2, 3 4)",
    "MULTIPOINT Z(1 2 9, 3 4 8)",
    "MULTILINESTRING((0 0, 1 1), (5 5, 6 7, 8 9))",
    "MULTILINESTRING Z((0 0 0, 1 1 1), (5 5 5, 6 7 8, 8 9 1))",
    "MULTIPOLYGON(((0 0, 10 0, 10 10, 0 10, 0 0), (2 2, 2 4, 4 4, 2 2)), ((9 9, 8 9, 8 8, 9 9)))",
    "MULTIPOLYGON Z(((0 0 3, 10 0 3, 10 10 3, 0 0 3)))",
};
enum { N_TEXTS = sizeof texts / sizeof *texts };

// The geometry as GeomFromText gives it, decoded; `wrap` is SQL around it.
static ct_geom decoded(oracle *o, const char *wrap, const char *text) {
    char sql[512];
    ct_geom g;
    (void)snprintf(sql, sizeof sql, wrap, text);
    sqlite3_stmt *stmt = one_row(o, sql);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    const void *blob = sqlite3_column_blob(stmt, 0);
    assert_non_null(blob);
    const ct_err err =
        ct_store__blob_read(&g, &o->space, blob, (size_t)sqlite3_column_bytes(stmt, 0));
    if (err != CT_OK) fail_msg("%s: %s", text, ct_err_message());
    sqlite3_finalize(stmt);
    return g;
}

static void test_reads_what_spatialite_writes(void **state) {
    oracle *o = *state;
    for (size_t i = 0; i < N_TEXTS; ++i) {
        const ct_geom g = decoded(o, "SELECT GeomFromText('%s',4547)", texts[i]);
        char sql[512];
        (void)snprintf(sql, sizeof sql, "SELECT AsBinary(GeomFromText('%s',4547))", texts[i]);
        ct_buf wkb; // the same by way of WKB, whose reader is another
        ct_buf_init(&wkb, 1 << 16);
        ct_geom_to_wkb(&wkb, &g);
        sqlite3_stmt *stmt = one_row(o, sql);
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_int_equal(sqlite3_column_bytes(stmt, 0), wkb.len);
        assert_memory_equal(sqlite3_column_blob(stmt, 0), wkb.data, wkb.len);
        sqlite3_finalize(stmt);
        ct_buf_fini(&wkb);
    }
}

static void test_spatialite_reads_what_we_write(void **state) {
    oracle *o = *state;
    for (size_t i = 0; i < N_TEXTS; ++i) {
        const ct_geom g = decoded(o, "SELECT GeomFromText('%s',4547)", texts[i]);
        ct_buf blob;
        char sql[512];
        ct_buf_init(&blob, 1 << 16);
        ct_store__blob_write(&blob, &g, 4547);
        (void)snprintf(sql, sizeof sql, "SELECT GeomFromText('%s',4547)", texts[i]);
        sqlite3_stmt *stmt = one_row(o, sql);
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        assert_int_equal(sqlite3_column_bytes(stmt, 0), blob.len);
        assert_memory_equal(sqlite3_column_blob(stmt, 0), blob.data, blob.len); // to the byte
        sqlite3_finalize(stmt);
        ct_buf_fini(&blob);
    }
}

static void test_compressed_and_tiny(void **state) {
    oracle *o = *state;
    ct_geom g = decoded(o, "SELECT CompressGeometry(GeomFromText('%s',4547))", texts[9]);
    assert_int_equal(g.type, CT_GEOM_MULTILINESTRING);
    assert_int_equal(g.n_points, 5);
    assert_true(g.has_z && g.xyz[9] == 6 && g.xyz[10] == 7 && g.xyz[11] == 8 && g.xyz[14] == 1);
    g = decoded(o, "SELECT CompressGeometry(GeomFromText('%s',4547))", texts[4]);
    assert_int_equal(g.n_rings, 2);
    assert_true(g.xyz[4] == 10 && g.xyz[5] == 10);
    assert_int_equal(sqlite3_exec(o->db, "SELECT EnableTinyPoint()", NULL, NULL, NULL), SQLITE_OK);
    g = decoded(o, "SELECT MakePoint(%s,4547)", "3.5,4.5");
    assert_true(g.type == CT_GEOM_POINT && g.xyz[0] == 3.5 && g.xyz[1] == 4.5 && !g.has_z);
    g = decoded(o, "SELECT MakePointZ(%s,4547)", "3.5,4.5,6.5");
    assert_true(g.has_z && g.xyz[2] == 6.5);
}

static void test_refuses(void **state) {
    oracle *o = *state;
    static const char *const strange[] = {
        "SELECT GeomFromText('GEOMETRYCOLLECTION(POINT(1 2), POINT(3 4))',4547)",
        "SELECT MakePointM(1,2,3,4547)",
        "SELECT MakePointZM(1,2,3,4,4547)",
    };
    ct_geom g;
    for (size_t i = 0; i < sizeof strange / sizeof *strange; ++i) {
        sqlite3_stmt *stmt = one_row(o, strange[i]);
        assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
        fails(ct_store__blob_read(&g, &o->space, sqlite3_column_blob(stmt, 0),
                                  (size_t)sqlite3_column_bytes(stmt, 0)),
              "UNSUPPORTED");
        sqlite3_finalize(stmt);
    }
}

// Every truncation, and every byte changed in turn, ends in an error or in a geometry within its
// bounds.
static void test_damaged_blobs(void **state) {
    oracle *o = *state;
    const ct_geom g = decoded(o, "SELECT GeomFromText('%s',4547)", texts[10]);
    ct_buf blob;
    ct_buf_init(&blob, 1 << 16);
    ct_store__blob_write(&blob, &g, 4547);
    for (size_t n = 0; n < blob.len; ++n) {
        ct_geom out;
        uint8_t *copy = malloc(n + 1); // its own block, for the address sanitizer
        assert_non_null(copy);
        memcpy(copy, blob.data, n);
        fails(ct_store__blob_read(&out, &o->space, copy, n), "CORRUPT");
        free(copy);
    }
    size_t accepted = 0;
    for (size_t i = 0; i < blob.len; ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            ct_geom out;
            blob.data[i] = (char)(blob.data[i] ^ (1 << bit));
            if (ct_store__blob_read(&out, &o->space, blob.data, blob.len) == CT_OK) {
                ++accepted;
                assert_true(out.n_points <= blob.len / 16);
                assert_int_equal(out.ring_end[out.n_rings - 1], out.n_points);
                assert_int_equal(out.part_end[out.n_parts - 1], out.n_rings);
            }
            blob.data[i] = (char)(blob.data[i] ^ (1 << bit));
        }
    }
    assert_true(accepted > 1000); // coordinates, box and SRID may be anything
    ct_buf_fini(&blob);
}

static void test_box_of_the_head(void **state) {
    oracle *o = *state;
    const ct_geom g = decoded(o, "SELECT GeomFromText('%s',4547)", texts[3]);
    ct_buf blob;
    ct_bbox box;
    ct_buf_init(&blob, 1 << 16);
    ct_store__blob_write(&blob, &g, 4547);
    assert_true(ct_store__blob_box(&box, blob.data, blob.len));
    assert_true(box.min_x == 0 && box.min_y == 0 && box.max_x == 20 && box.max_y == 3);
    assert_false(ct_store__blob_box(&box, blob.data, 20));
    assert_false(ct_store__blob_box(&box, NULL, 0));
    blob.data[0] = 1;
    assert_false(ct_store__blob_box(&box, blob.data, blob.len));
    ct_buf_fini(&blob);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(test_reads_what_spatialite_writes),
        T(test_spatialite_reads_what_we_write),
        T(test_compressed_and_tiny),
        T(test_refuses),
        T(test_damaged_blobs),
        T(test_box_of_the_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
