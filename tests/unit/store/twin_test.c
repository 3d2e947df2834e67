// A twin's life: made, opened, refused; what a reader sees of what a writer wrote.
#include "fixture.h"

#include <unistd.h>

static void test_created_twin_tells_itself(void **state) {
    fixture *f = *state;
    assert_string_equal(ct_store_title(f->store), "Test twin");
    assert_string_equal(ct_store_crs(f->store)->code, "EPSG:4547");
    assert_string_equal(ct_store_path(f->store), f->path);
    char *terrain = ct_store_file(f->store, "terrain");
    assert_true(ct_dir_exists(terrain));
    ct_free(terrain);
    fails(ct_store_create(f->path, "EPSG:4547", "again", f->catalogue), "EXISTS");
}

static void test_create_refuses_and_leaves_nothing(void **state) {
    fixture *f = *state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/other.ct", f->folder);
    fails(ct_store_create(path, "EPSG:4326", "degrees", f->catalogue), "CRS");
    fails(ct_store_create(path, "EPSG:99999", "unknown", f->catalogue), "CRS");
    fails(ct_store_create("/nowhere/at/all/x.ct", "EPSG:4547", "", f->catalogue), "IO");
    assert_false(ct_file_exists(path));
    (void)snprintf(path, sizeof path, "%s/other.ct.d", f->folder);
    assert_false(ct_dir_exists(path));
    ct_store *store = NULL;
    fails(ct_store_open(&store, path, f->catalogue), "NOTFOUND");
    assert_null(store);
}

// Runs SQL as a program that knows nothing of twins would (no extension).
static void raw_sql(const char *path, const char *sql) {
    sqlite3 *db = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK) fail_msg("%s", message);
    sqlite3_close(db);
}

static void test_open_refuses_strangers(void **state) {
    fixture *f = *state;
    ct_store *store = NULL;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/stranger", f->folder);
    raw_sql(path, "CREATE TABLE t(a)");
    fails(ct_store_open(&store, path, f->catalogue), "CORRUPT");
    ok(ct_file_write(path, "this is no database, whatever its name says", 43));
    fails(ct_store_open(&store, path, f->catalogue), "CORRUPT");
    assert_non_null(strstr(ct_err_message(), "stranger"));
}

static void test_open_refuses_newer_schema(void **state) {
    fixture *f = *state;
    ct_store_close(f->store);
    f->store = NULL;
    raw_sql(f->path, "PRAGMA user_version=7");
    fails(ct_store_open(&f->store, f->path, f->catalogue), "UNSUPPORTED");
    assert_non_null(strstr(ct_err_message(), "schema version 7"));
    raw_sql(f->path, "PRAGMA user_version=1");
    ok(ct_store_open(&f->store, f->path, f->catalogue));
}

static void test_open_detects_truncation(void **state) {
    fixture *f = *state;
    ct_store_close(f->store);
    f->store = NULL;
    const int64_t size = ct_file_size(f->path);
    assert_true(size > 1000000);
    assert_int_equal(truncate(f->path, size / 2), 0);
    fails(ct_store_open(&f->store, f->path, f->catalogue), "CORRUPT");
}

static void test_round_trip(void **state) {
    fixture *f = *state;
    ct_feature b = square(f, "b-1", 1000, 2000, 10), got;
    b.source_id = "osm:42";
    ok(ct_feature_set_text(&b, "name", "Tower \"A\" 塔"));
    ok(ct_feature_set_text(&b, "use", "residential"));
    ok(ct_feature_set_number(&b, "storeys_above", 33));
    ok(ct_feature_set_number(&b, "height_m", 99.25));
    add_all(f, &b, 1);
    ct_reader *r = NULL;
    ok(ct_store_reader(&r, f->store));
    ok(ct_reader_get(&got, f->arena, r, NULL, "b-1"));
    assert_string_equal(got.cls->name, "building");
    assert_string_equal(got.source_id, "osm:42");
    assert_string_equal(ct_feature_text(&got, "name", ""), "Tower \"A\" 塔");
    assert_true(ct_feature_number(&got, "storeys_above", 0) == 33);
    assert_true(ct_feature_number(&got, "height_m", 0) == 99.25);
    assert_int_equal(ct_feature_get(&got, "units")->kind, CT_VALUE_NULL);
    assert_int_equal(got.geom.type, CT_GEOM_MULTIPOLYGON);
    assert_true(got.geom.has_z);
    assert_int_equal(got.geom.n_points, 5);
    assert_memory_equal(got.geom.xyz, b.geom.xyz, 15 * sizeof(double));
    assert_int_equal(got.geom.n_parts, 1);
    fails(ct_reader_get(&got, f->arena, r, class_of(f, "road"), "b-1"), "NOTFOUND");
    fails(ct_reader_get(&got, f->arena, r, NULL, "b-2"), "NOTFOUND");
    ok(ct_reader_get_fid(&got, f->arena, r, class_of(f, "building"), 1));
    assert_string_equal(got.id, "b-1");
    fails(ct_reader_get_fid(&got, f->arena, r, class_of(f, "building"), 2), "NOTFOUND");
    ct_reader_release(r);
}

static void test_ids(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    int64_t fid = 0;
    ct_feature b = square(f, "x-1", 0, 0, 5), h = point(f, "hydrant", "x-1", 3, 3);
    ok(ct_store_writer(&w, f->store, NULL));
    ok(ct_writer_add(w, &b, &fid));
    assert_int_equal(fid, 1);
    fails(ct_writer_add(w, &h, NULL), "EXISTS"); // unique over all classes
    h.id = "bad id";
    fails(ct_writer_add(w, &h, NULL), "PARSE");
    h.id = "hydrant-1"; // the id that the store would give
    ok(ct_writer_add(w, &h, &fid));
    h.id = NULL;
    ok(ct_writer_add(w, &h, &fid));
    assert_int_equal(fid, 2);
    ok(ct_writer_remove(w, "hydrant-2"));
    ok(ct_writer_add(w, &h, &fid));
    assert_int_equal(fid, 3); // a fid never names a second feature
    fails(ct_writer_remove(w, "hydrant-2"), "NOTFOUND");
    ok(ct_writer_commit(w, NULL));
}

static void test_replace_and_rollback(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    ct_reader *r = NULL;
    ct_feature b = square(f, "b-1", 0, 0, 5), got, road;
    add_all(f, &b, 1);
    ok(ct_store_writer(&w, f->store, "lift it"));
    ok(ct_feature_set_number(&b, "height_m", 12));
    ok(ct_writer_replace(w, &b));
    b.id = "b-2";
    fails(ct_writer_replace(w, &b), "NOTFOUND");
    ok(ct_feature_new(&road, f->arena, class_of(f, "road")));
    road.id = "b-1";
    fails(ct_writer_replace(w, &road), "ARG");
    ct_writer_rollback(w);
    ok(ct_store_reader(&r, f->store));
    ok(ct_reader_get(&got, f->arena, r, NULL, "b-1"));
    assert_int_equal(ct_feature_get(&got, "height_m")->kind, CT_VALUE_NULL);
    ct_reader_release(r);
}

static void test_reader_pins_its_version(void **state) {
    fixture *f = *state;
    ct_reader *before = NULL, *after = NULL;
    ct_query q = {.cls = class_of(f, "building")};
    ct_feature a = square(f, "a", 0, 0, 5), b = square(f, "b", 10, 0, 5);
    add_all(f, &a, 1);
    ok(ct_store_reader(&before, f->store));
    add_all(f, &b, 1);
    ok(ct_store_reader(&after, f->store));
    assert_int_equal(count_of(before, &q), 1);
    assert_string_equal(ids_of(f, before, &q), "a");
    assert_int_equal(count_of(after, &q), 2);
    assert_string_equal(ids_of(f, after, &q), "a b");
    assert_int_equal(ct_reader_version(before) + 1, ct_reader_version(after));
    ct_reader_release(before);
    ct_reader_release(after);
}

static void test_meta(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    ct_reader *r = NULL;
    char *text = NULL;
    ok(ct_store_writer(&w, f->store, NULL));
    ok(ct_writer_set_meta(w, "scene", "riverside"));
    ok(ct_writer_set_meta(w, "scene", "riverside 10x"));
    fails(ct_writer_set_meta(w, "crs", "EPSG:3857"), "ARG");
    ok(ct_writer_commit(w, NULL));
    ok(ct_store_reader(&r, f->store));
    ok(ct_reader_get_meta(&text, r, "scene"));
    assert_string_equal(text, "riverside 10x");
    ct_free(text);
    fails(ct_reader_get_meta(&text, r, "nothing"), "NOTFOUND");
    ct_reader_release(r);
}

// Every allocation of opening and of writing fails once: an error comes back, nothing leaks,
// nothing is half done.
static void test_open_out_of_memory(void **state) {
    fixture *f = *state;
    ct_store_close(f->store);
    f->store = NULL;
    const long live = ct_mem_live();
    long n = 1;
    for (; n < 1000; n += n < 20 ? 1 : 7) {
        ct_mem_fail_at(n, false);
        const ct_err err = ct_store_open(&f->store, f->path, f->catalogue);
        const bool failed = ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (!failed) {
            ok(err);
            break;
        }
        fails(err, "NOMEM");
        assert_null(f->store);
        assert_int_equal(ct_mem_live(), live);
    }
    assert_true(n > 50 && f->store);
}

static void test_write_out_of_memory(void **state) {
    fixture *f = *state;
    ct_feature b = square(f, "b-1", 0, 0, 5);
    ct_query q = {.cls = class_of(f, "building")};
    long n = 1;
    for (; n < 1000; ++n) {
        ct_writer *w = NULL;
        ct_mem_fail_at(n, false);
        ct_err err = ct_store_writer(&w, f->store, "test");
        if (err == CT_OK) err = ct_writer_add(w, &b, NULL);
        if (err == CT_OK) {
            err = ct_writer_commit(w, NULL);
        } else {
            ct_writer_rollback(w);
        }
        const bool failed = ct_mem_failed();
        ct_mem_fail_at(0, false);
        if (!failed) {
            ok(err);
            break;
        }
        fails(err, "NOMEM");
        ct_reader *r = NULL;
        ok(ct_store_reader(&r, f->store));
        assert_int_equal(count_of(r, &q), 0);
        ct_reader_release(r);
    }
    assert_true(n > 4 && n < 1000);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_created_twin_tells_itself),
        T(test_create_refuses_and_leaves_nothing),
        T(test_open_refuses_strangers),
        T(test_open_refuses_newer_schema),
        T(test_open_detects_truncation),
        T(test_round_trip),
        T(test_ids),
        T(test_replace_and_rollback),
        T(test_reader_pins_its_version),
        T(test_meta),
        T(test_open_out_of_memory),
        T(test_write_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
