// Attributes that no feature has are not read, and nobody notices: whoever writes the first value,
// the next reader has it, and one that began before has not.
#include "fixture.h"

#include "store/sqlite/internal.h"

enum { MANY = 40 };

static int with_many(void **state) {
    fixture_setup(state);
    fixture *f = *state;
    ct_feature all[MANY];
    for (int i = 0; i < MANY; ++i) {
        all[i] = square(f, ct_arena_printf(f->arena, "b-%d", i), 10.0 * i, 0, 5);
        ok(ct_feature_set_text(&all[i], "name", "a house"));
    }
    add_all(f, all, MANY);
    return 0;
}

static ct_reader *reader_of(fixture *f) {
    ct_reader *r = NULL;
    ok(ct_store_reader(&r, f->store));
    return r;
}

static uint64_t bit_of(const fixture *f, const char *attr) {
    return UINT64_C(1) << ct_class_attr(class_of(f, "building"), attr);
}

static uint64_t known_empty(fixture *f) {
    ct_reader *r = reader_of(f);
    uint64_t attrs = 0;
    ok(ct_store__empty_attrs(&attrs, f->store->empty, r->conn, class_of(f, "building"), MANY));
    ct_reader_release(r);
    return attrs;
}

// All buildings, of a box or not: each has its name and geometry; returns how many have a height.
static int heights_of(const fixture *f, ct_reader *r, bool boxed) {
    const ct_class *cls = class_of(f, "building");
    const int name = ct_class_attr(cls, "name"), height = ct_class_attr(cls, "height_m");
    ct_cursor *c = NULL;
    const ct_feature *row = NULL;
    ct_query q;
    int n = 0, high = 0;
    ct_query_init(&q, cls);
    q.has_bbox = boxed;
    q.bbox = (ct_bbox){-10, -10, 10.0 * MANY, 10};
    ok(ct_cursor_open(&c, r, &q));
    while (ct_cursor_next(c, &row) == CT_OK) {
        assert_int_equal(row->values[name].kind, CT_VALUE_TEXT);
        assert_string_equal(row->values[name].as.text, "a house");
        assert_int_equal(row->geom.n_points, 5);
        high += row->values[height].kind == CT_VALUE_REAL && row->values[height].as.real == 7.5;
        ++n;
    }
    ct_cursor_close(c);
    assert_int_equal(n, MANY);
    return high;
}

static int heights_now(fixture *f) {
    ct_reader *r = reader_of(f);
    const int high = heights_of(f, r, false);
    assert_int_equal(heights_of(f, r, true), high);
    ct_reader_release(r);
    return high;
}

static void what_nobody_has_is_learned(void **state) {
    fixture *f = *state;
    assert_int_equal(heights_now(f), 0);
    const uint64_t empty = known_empty(f);
    assert_true(empty & bit_of(f, "height_m"));
    assert_false(empty & bit_of(f, "name"));
    assert_int_equal(heights_now(f), 0);
}

static void a_foreign_value_is_seen(void **state) {
    fixture *f = *state;
    (void)heights_now(f);
    assert_true(known_empty(f) & bit_of(f, "height_m"));
    ct_reader *before = reader_of(f);
    foreign_sql(f->path, "UPDATE buildings SET height_m=7.5 WHERE id='b-39'");
    assert_int_equal(heights_now(f), 1);
    assert_false(known_empty(f) & bit_of(f, "height_m"));
    assert_int_equal(heights_of(f, before, true), 0); // it began before
    ct_reader_release(before);
    assert_int_equal(heights_now(f), 1);
    foreign_sql(f->path, "UPDATE buildings SET height_m=NULL");
    assert_int_equal(heights_now(f), 0);
    assert_true(known_empty(f) & bit_of(f, "height_m"));
}

// What a reader of an older state learned is not said of a newer one.
static void an_old_reader_teaches_nothing_new(void **state) {
    fixture *f = *state;
    ct_reader *before = reader_of(f);
    assert_int_equal(heights_of(f, before, false), 0);
    foreign_sql(f->path, "UPDATE buildings SET height_m=7.5 WHERE id='b-0'");
    assert_int_equal(heights_of(f, before, false), 0);
    assert_int_equal(heights_of(f, before, true), 0);
    assert_int_equal(heights_now(f), 1);
    ct_reader_release(before);
}

static void an_own_value_is_seen(void **state) {
    fixture *f = *state;
    (void)heights_now(f);
    assert_true(known_empty(f) & bit_of(f, "height_m"));
    ct_writer *w = NULL;
    ct_feature b = square(f, "b-7", 70, 0, 5);
    ok(ct_feature_set_text(&b, "name", "a house"));
    b.values[ct_class_attr(b.cls, "height_m")] = (ct_value){CT_VALUE_REAL, {.real = 7.5}};
    ok(ct_store_writer(&w, f->store, "test"));
    ok(ct_writer_remove(w, "b-7"));
    ok(ct_writer_add(w, &b, NULL));
    ok(ct_writer_commit(w, NULL));
    assert_int_equal(heights_now(f), 1);
}

// Rows are tested by their time, whatever columns are left out before it.
static void times_are_tested(void **state) {
    fixture *f = *state;
    ct_feature all[MANY];
    for (int i = 0; i < MANY; ++i) {
        all[i] = point(f, "event", ct_arena_printf(f->arena, "e-%d", i), i, 0);
        ok(ct_feature_set_text(&all[i], "start_time",
                               i < 2 ? "1970-01-01T00:00:00Z" : "2026-07-20T20:00:00Z"));
    }
    add_all(f, all, MANY);
    ct_query q;
    ct_query_init(&q, class_of(f, "event"));
    q.has_time = true;
    q.from_us = 0;
    q.to_us = 1000000;
    for (int i = 0; i < 3; ++i) {
        ct_reader *r = reader_of(f);
        assert_string_equal(ids_of(f, r, &q), "e-0 e-1");
        ct_reader_release(r);
    }
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, with_many, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(what_nobody_has_is_learned),
        T(a_foreign_value_is_seen),
        T(an_old_reader_teaches_nothing_new),
        T(an_own_value_is_seen),
        T(times_are_tested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
