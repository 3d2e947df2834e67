// Many new features in a row, which go in past the triggers: the file is what the triggers would
// have made of it, and they see every other edit.
#include "fixture.h"

#include "base/rng.h"

enum { BULK = 400 }; // features, far above what makes a writer begin

// ---- what goes in -------------------------------------------------------------------------------
static const ct_body *body_of(const fixture *f, int64_t n) {
    static const uint32_t corners[3] = {0, 1, 2}, end = 1;
    const double xyz[9] = {(double)(n % 7), 0, 0, 1, 0, 0, 0, 1, 0};
    const ct_mesh flat = {3,
                          1,
                          1,
                          (double *)(uintptr_t)xyz,
                          (uint32_t *)(uintptr_t)corners,
                          (uint32_t *)(uintptr_t)&end,
                          NULL};
    ct_mesh *mesh = ct_arena_alloc(f->arena, sizeof *mesh);
    ct_body_part *part = ct_arena_alloc(f->arena, sizeof *part);
    ct_body *body = ct_arena_alloc(f->arena, sizeof *body);
    assert_true(mesh && part && body);
    ok(ct_mesh_copy(mesh, f->arena, &flat));
    *part = (ct_body_part){mesh, ct_affine_identity, {"brick", {1, 0, 0, 1}}, 2};
    part->place.m[3] = 500000.37 + 11.3 * (double)n;
    part->place.m[7] = 3380000.91;
    *body = (ct_body){1, part};
    return body;
}

// Of four classes, one of them without geometry; with ids, without, with bodies and properties,
// some without a place.
static ct_feature feature_of(const fixture *f, int64_t n) {
    static const ct_property note[] = {{"Pset", "n", {CT_VALUE_INTEGER, {.integer = 7}}, ""}};
    const double x = 499000.123 + 2000 * ct_rng_unit(3, (uint64_t)n, 0, 1),
                 y = 3379000.456 + 2000 * ct_rng_unit(3, (uint64_t)n, 1, 1);
    ct_feature out;
    char *id = ct_arena_printf(f->arena, "f-%lld", (long long)n);
    assert_non_null(id);
    if (n % 9 == 0) {
        ok(ct_feature_new(&out, f->arena, class_of(f, "unit")));
        out.id = id;
    } else if (n % 9 == 1) {
        out = point(f, "hydrant", id, x, y);
    } else {
        out = square(f, n % 2 ? id : NULL, x, y, 3 + (double)(n % 5) * 0.7);
        if (n % 4 == 0) out.body = body_of(f, n);
        out.properties = n % 5 ? NULL : note;
        out.n_properties = n % 5 ? 0 : 1;
        if (n % 50 == 7) out.geom = (ct_geom){0};
    }
    return out;
}

// In writers of `a_writer` features each.
static void put_all(fixture *f, int64_t from, int64_t to, int64_t a_writer) {
    while (from < to) {
        ct_writer *w = NULL;
        ok(ct_store_writer(&w, f->store, "test"));
        for (int64_t n = 0; n < a_writer && from < to; n++, from++) {
            const ct_feature feature = feature_of(f, from);
            ok(ct_writer_add(w, &feature, NULL));
        }
        ok(ct_writer_commit(w, NULL));
    }
}

// ---- what is there ------------------------------------------------------------------------------
static sqlite3 *open_file(const fixture *f) {
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open_v2(f->path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    return db;
}

// The rows as a text, a line each.
static char *rows_of(const fixture *f, const char *sql) {
    sqlite3 *db = open_file(f);
    sqlite3_stmt *stmt = NULL;
    ct_buf text;
    ct_buf_init(&text, 64 << 20);
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) fail_msg("%s", sql);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *value = (const char *)sqlite3_column_text(stmt, i);
            ct_buf_printf(&text, "%s|", value ? value : "NULL");
        }
        ct_buf_putc(&text, '\n');
    }
    sqlite3_finalize(stmt);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    ok(ct_buf_status(&text));
    char *copy = ct_arena_strndup(f->arena, text.data ? text.data : "", text.len);
    assert_non_null(copy);
    ct_buf_fini(&text);
    return copy;
}

static int64_t number_of(const fixture *f, const char *sql) {
    return strtoll(rows_of(f, sql), NULL, 10);
}

static void print_line(void *context, const char *line) {
    (void)context;
    print_message("%s\n", line);
}

static void assert_in_order(const fixture *f) {
    int problems = -1;
    ok(ct_store_check(f->store, print_line, NULL, &problems));
    assert_int_equal(problems, 0);
}

// All that the two must have in common: everything but times, the list of commits and the inner
// order of the R*Trees.
static const char *const k_contents[] = {
    "SELECT type,name,tbl_name,sql FROM sqlite_schema ORDER BY rowid",
    "SELECT *,hex(geom) FROM buildings ORDER BY fid",
    "SELECT *,hex(geom) FROM hydrants ORDER BY fid",
    "SELECT * FROM units ORDER BY fid",
    "SELECT * FROM ct_ids",
    "SELECT version,class,id,op,min_x,min_y,max_x,max_y FROM ct_changes ORDER BY version",
    "SELECT * FROM ct_classes",
    "SELECT * FROM sqlite_sequence ORDER BY name",
    ("SELECT f_table_name,last_insert IS NULL,last_update,last_delete FROM geometry_columns_time "
     "ORDER BY f_table_name"),
    "SELECT * FROM idx_buildings_geom ORDER BY pkid",
    "SELECT * FROM idx_hydrants_geom ORDER BY pkid",
    "SELECT * FROM ct_part_boxes ORDER BY id",
    "SELECT *,hex(place) FROM ct_parts ORDER BY id",
    "SELECT *,hex(data) FROM ct_meshes ORDER BY id",
    "SELECT * FROM ct_materials ORDER BY id",
    "SELECT * FROM ct_properties",
};

static void assert_same(const fixture *a, const fixture *b) {
    for (size_t i = 0; i < sizeof k_contents / sizeof *k_contents; i++) {
        const char *of_a = rows_of(a, k_contents[i]), *of_b = rows_of(b, k_contents[i]);
        if (strcmp(of_a, of_b) != 0) {
            size_t at = 0;
            while (of_a[at] == of_b[at]) at++;
            fail_msg("%s differ: \"%.80s\" and \"%.80s\"", k_contents[i], of_a + at, of_b + at);
        }
    }
}

static const char *found_in(fixture *f, double x, double y, double side) {
    ct_reader *reader = NULL;
    ct_query q;
    ct_query_init(&q, class_of(f, "building"));
    q.has_bbox = true;
    q.bbox = (ct_bbox){x, y, x + side, y + side};
    ok(ct_store_reader(&reader, f->store));
    const char *ids = ids_of(f, reader, &q);
    ct_reader_release(reader);
    return ids;
}

// ---- tests --------------------------------------------------------------------------------------
// A writer of 40 never begins, so there the triggers write.
static void test_same_as_triggers(void **state) {
    fixture *f = *state, *other = NULL;
    fixture_setup((void **)&other);
    put_all(f, 0, BULK, BULK);
    put_all(other, 0, BULK, 40);
    assert_same(f, other);
    assert_in_order(f);
    assert_string_equal(found_in(f, 499500, 3379500, 700), found_in(other, 499500, 3379500, 700));
    put_all(f, BULK, 2 * BULK, BULK); // into what is there
    put_all(other, BULK, 2 * BULK, 40);
    assert_same(f, other);
    assert_in_order(f);
    fixture_teardown((void **)&other);
}

// Some hundred into thousands go into the tree one by one.
static void test_sizes_of_trees(void **state) {
    enum { MANY = 5000 };
    fixture *f = *state;
    put_all(f, 0, MANY, MANY);
    assert_in_order(f);
    const int64_t high = number_of(f, "SELECT substr(hex(data),1,4) FROM idx_buildings_geom_node "
                                      "WHERE nodeno=1");
    assert_int_equal(high, 2);
    put_all(f, MANY, MANY + 200, 200);
    assert_in_order(f);
    assert_int_equal(number_of(f, "SELECT count(*) FROM idx_buildings_geom"),
                     number_of(f, "SELECT count(*) FROM buildings WHERE geom IS NOT NULL"));
}

static void test_bytes_repeat(void **state) {
    fixture *f = *state, *other = NULL;
    fixture_setup((void **)&other);
    put_all(f, 0, 3000, 3000);
    put_all(other, 0, 3000, 3000);
    static const char nodes[] = "SELECT nodeno,hex(data) FROM idx_buildings_geom_node";
    assert_string_equal(rows_of(f, nodes), rows_of(other, nodes));
    assert_same(f, other);
    fixture_teardown((void **)&other);
}

static void test_other_edits_between(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    put_all(f, 0, 10, 10); // the tree was written through SQLite before
    ok(ct_store_writer(&w, f->store, "test"));
    for (int64_t n = 10; n < 200; n++) {
        const ct_feature feature = feature_of(f, n);
        ok(ct_writer_add(w, &feature, NULL));
    }
    const ct_feature moved = square(f, "f-101", 600000, 3390000, 4);
    ok(ct_writer_replace(w, &moved));
    ok(ct_writer_remove(w, "f-103"));
    for (int64_t n = 200; n < 400; n++) {
        const ct_feature feature = feature_of(f, n);
        ok(ct_writer_add(w, &feature, NULL));
    }
    ok(ct_writer_remove(w, "f-301"));
    ok(ct_writer_commit(w, NULL));
    assert_in_order(f);
    // with those that have no place and belong to every box
    assert_string_equal(found_in(f, 599990, 3389990, 20), "f-7 f-57 f-101 f-107 f-157 f-257 f-357");
    assert_int_equal(number_of(f, "SELECT count(*) FROM ct_changes"), 404);
    assert_int_equal(number_of(f, "SELECT sum(features) FROM ct_classes"), 398);
    foreign_sql(f->path, "DELETE FROM buildings WHERE id='f-105';"
                         "UPDATE buildings SET geom=ST_Translate(geom,10,0,0) WHERE id='f-107'");
    assert_in_order(f);
}

static void test_used_id(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    ok(ct_store_writer(&w, f->store, "test"));
    for (int64_t n = 0; n < 150; n++) {
        const ct_feature feature = feature_of(f, n);
        ok(ct_writer_add(w, &feature, NULL));
    }
    const ct_feature again = square(f, "f-3", 500000, 3380000, 4);
    fails(ct_writer_add(w, &again, NULL), "EXISTS");
    assert_non_null(strstr(ct_err_message(), "\"f-3\" is used"));
    // an id that a later number would have been made to is passed over
    const int64_t next = 1 + (int64_t)150 * 7 / 9;
    const ct_feature taken =
        square(f, ct_arena_printf(f->arena, "building-%lld", (long long)next + 3), 0, 0, 4);
    int64_t fid = 0;
    ok(ct_writer_add(w, &taken, &fid));
    for (int64_t n = 0; n < 9; n++) {
        const ct_feature nameless = square(f, NULL, 500000, 3380000, 4);
        ok(ct_writer_add(w, &nameless, NULL));
    }
    ok(ct_writer_commit(w, NULL));
    assert_in_order(f);
}

static void test_foreign_trigger_is_asked(void **state) {
    fixture *f = *state;
    foreign_sql(f->path, "CREATE TABLE seen(id TEXT);"
                         "CREATE TRIGGER look AFTER INSERT ON Buildings BEGIN INSERT INTO seen "
                         "VALUES(NEW.id); END");
    put_all(f, 0, BULK, BULK);
    assert_int_equal(number_of(f, "SELECT count(*) FROM seen"),
                     number_of(f, "SELECT count(*) FROM buildings"));
    assert_in_order(f);
}

static void test_rollback(void **state) {
    fixture *f = *state;
    ct_writer *w = NULL;
    put_all(f, 0, 20, 20);
    ok(ct_store_writer(&w, f->store, "test"));
    for (int64_t n = 20; n < 300; n++) {
        const ct_feature feature = feature_of(f, n);
        ok(ct_writer_add(w, &feature, NULL));
    }
    ct_writer_rollback(w);
    assert_int_equal(number_of(f, "SELECT count(*) FROM ct_ids"), 20);
    put_all(f, 20, 30, 10); // by triggers, which work again
    assert_in_order(f);
    assert_int_equal(number_of(f, "SELECT count(*) FROM ct_changes"), 30);
}

// A feature whose body cannot be stored, which is noticed when the feature is in; after `before`
// others, added or in place of one of them.
static void refuse_half(fixture *f, int64_t before, bool replaces) {
    ct_writer *w = NULL;
    ok(ct_store_writer(&w, f->store, "test"));
    for (int64_t n = 0; n < before; n++) {
        const ct_feature feature = feature_of(f, n);
        ok(ct_writer_add(w, &feature, NULL));
    }
    ct_feature bad = square(f, "bad", 500000, 3380000, 4);
    if (replaces) ok(ct_writer_add(w, &bad, NULL));
    const ct_property nameless = {"set", "", {CT_VALUE_NULL, {0}}, ""};
    bad.properties = &nameless;
    bad.n_properties = 1;
    fails(replaces ? ct_writer_replace(w, &bad) : ct_writer_add(w, &bad, NULL), "ARG");
    fails(ct_writer_commit(w, NULL), "ARG");
    assert_int_equal(number_of(f, "SELECT count(*) FROM ct_ids"), 0);
}

static void test_half_a_feature_is_not_committed(void **state) {
    fixture *f = *state;
    refuse_half(f, 0, false);
    refuse_half(f, 150, false);
    refuse_half(f, 0, true);
    refuse_half(f, 150, true);
    put_all(f, 0, 10, 10);
    assert_in_order(f);
}

static void test_foreign_trigger_on_the_log_is_asked(void **state) {
    fixture *f = *state;
    foreign_sql(f->path, "CREATE TABLE seen(id TEXT);"
                         "CREATE TRIGGER hear AFTER INSERT ON CT_Changes BEGIN INSERT INTO seen "
                         "VALUES(NEW.id); END");
    put_all(f, 0, BULK, BULK);
    assert_int_equal(number_of(f, "SELECT count(*) FROM seen"), BULK);
    assert_in_order(f);
}

static char *edits_text(const fixture *f, int n, const char *last) {
    ct_buf text;
    ct_buf_init(&text, 1 << 20);
    ct_buf_putc(&text, '[');
    for (int i = 0; i < n; i++)
        ct_buf_printf(
            &text,
            "{\"op\":\"add\",\"class\":\"hydrant\",\"id\":\"h-%d\",\"geometry\":{\"type\":"
            "\"Point\",\"coordinates\":[114.0,30.%d]}},",
            i, 1000 + i);
    ct_buf_printf(&text, "%s]", last);
    ok(ct_buf_status(&text));
    char *copy = ct_arena_strdup(f->arena, text.data);
    ct_buf_fini(&text);
    return copy;
}

static ct_err apply(fixture *f, const char *text) {
    json_t *json = NULL;
    ct_changeset *set = NULL;
    ct_err err = ct_json_parse(&json, text, strlen(text), 1 << 20);
    if (err == CT_OK) err = ct_changeset_parse(&set, f->catalogue, json, "EPSG:4547");
    if (err == CT_OK) err = ct_store_apply(f->store, set, "edits", NULL);
    ct_changeset_free(set);
    json_decref(json);
    return err;
}

static void test_change_sets(void **state) {
    fixture *f = *state;
    fails(apply(f, edits_text(f, 200, "{\"op\":\"remove\",\"id\":\"nobody\"}")), "NOTFOUND");
    assert_int_equal(number_of(f, "SELECT count(*) FROM ct_ids"), 0);
    ok(apply(f, edits_text(f, 200, "{\"op\":\"remove\",\"id\":\"h-7\"}")));
    assert_int_equal(number_of(f, "SELECT count(*) FROM idx_hydrants_geom"), 199);
    assert_in_order(f);
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_same_as_triggers),
        T(test_sizes_of_trees),
        T(test_bytes_repeat),
        T(test_other_edits_between),
        T(test_used_id),
        T(test_rollback),
        T(test_foreign_trigger_is_asked),
        T(test_foreign_trigger_on_the_log_is_asked),
        T(test_change_sets),
        T(test_half_a_feature_is_not_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
