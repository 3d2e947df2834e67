// What a query selects: boxes exactly, times, filters, pages; counts and extents agree with it.
#include "fixture.h"

static ct_reader *reader_of(fixture *f) {
    ct_reader *r = NULL;
    ok(ct_store_reader(&r, f->store));
    return r;
}

static ct_query query_of(const fixture *f, const char *cls) {
    ct_query q;
    ct_query_init(&q, class_of(f, cls));
    return q;
}

static ct_query boxed(const fixture *f, const char *cls, double x0, double y0, double x1,
                      double y1) {
    ct_query q = query_of(f, cls);
    q.has_bbox = true;
    q.bbox = (ct_bbox){x0, y0, x1, y1};
    return q;
}

static void assert_selects(fixture *f, const ct_query *q, const char *expected) {
    ct_reader *r = reader_of(f);
    const char *got = ids_of(f, r, q);
    assert_string_equal(got, expected);
    size_t n = *got ? 1 : 0;
    for (const char *p = got; *p; ++p) n += *p == ' ';
    if (q->limit == 0 && q->after_fid <= 0) assert_int_equal(count_of(r, q), n);
    ct_reader_release(r);
}

// An L of two squares' width around an empty corner: its box holds that corner, its ground does
// not.
static ct_feature ell(const fixture *f, const char *id) {
    ct_feature b = square(f, id, 0, 0, 1);
    const double corners[7][3] = {{0, 0, 0},   {20, 0, 0}, {20, 10, 0}, {10, 10, 0},
                                  {10, 20, 0}, {0, 20, 0}, {0, 0, 0}};
    double *xyz = ct_arena_alloc(f->arena, sizeof corners);
    assert_non_null(xyz);
    memcpy(xyz, corners, sizeof corners);
    b.geom.xyz = xyz;
    b.geom.n_points = b.geom.ring_end[0] = 7;
    return b;
}

static void test_box_is_exact(void **state) {
    fixture *f = *state;
    ct_feature all[3] = {ell(f, "ell"), square(f, "sq", 100, 100, 10), square(f, "none", 0, 0, 1)};
    all[2].geom = (ct_geom){0}; // without geometry it belongs to every box
    add_all(f, all, 3);
    ct_query q = boxed(f, "building", 12, 12, 18, 18); // inside the box of the L, off its ground
    assert_selects(f, &q, "none");
    q.bbox_envelopes = true;
    assert_selects(f, &q, "ell none");
    q = boxed(f, "building", 5, 5, 6, 6); // within the ground, no edge touched
    assert_selects(f, &q, "ell none");
    q = boxed(f, "building", -100, -100, 500, 500);
    assert_selects(f, &q, "ell sq none");
    q = boxed(f, "building", 110, 110, 120, 120); // a corner touches
    assert_selects(f, &q, "sq none");
    q = boxed(f, "building", 110.001, 110.001, 120,
              120); // less than a float tells apart at this size
    assert_selects(f, &q, "none");
    q.skip_geometry = true;
    assert_selects(f, &q, "none");
}

// Boxes of the R*Tree are floats: at coordinates of a real CRS they are half a metre wide at least.
static void test_box_is_exact_far_from_the_origin(void **state) {
    fixture *f = *state;
    ct_feature h = point(f, "hydrant", "h", 500000.3, 3380000.3);
    add_all(f, &h, 1);
    ct_query q = boxed(f, "hydrant", 500000.31, 3380000.0, 500001, 3380001);
    assert_selects(f, &q, "");
    q.bbox_envelopes = true;
    assert_selects(f, &q, "");
    q = boxed(f, "hydrant", 500000.3, 3380000.3, 500001, 3380001);
    assert_selects(f, &q, "h");
}

static void test_class_without_geometry(void **state) {
    fixture *f = *state;
    ct_feature h;
    ok(ct_feature_new(&h, f->arena, class_of(f, "household")));
    h.id = "hh-1";
    ok(ct_feature_set_text(&h, "building", "b-1"));
    add_all(f, &h, 1);
    ct_query q = boxed(f, "household", 0, 0, 1, 1);
    assert_selects(f, &q, "hh-1");
    ct_reader *r = reader_of(f);
    bool has = true;
    ct_bbox box;
    ok(ct_reader_extent(&has, &box, r, class_of(f, "household")));
    assert_false(has);
    ct_reader_release(r);
}

static void test_filters(void **state) {
    fixture *f = *state;
    ct_feature all[3] = {square(f, "a", 0, 0, 5), square(f, "b", 10, 0, 5),
                         square(f, "c", 20, 0, 5)};
    ok(ct_feature_set_text(&all[0], "use", "school"));
    ok(ct_feature_set_text(&all[2], "use", "school"));
    ok(ct_feature_set_number(&all[2], "storeys_above", 4));
    add_all(f, all, 3);
    ct_query q = query_of(f, "building");
    ok(ct_query_add_filter(&q, f->arena, "use", "school"));
    assert_selects(f, &q, "a c");
    q.has_bbox = true;
    q.bbox = (ct_bbox){-1, -1, 12, 12};
    assert_selects(f, &q, "a");
    q.has_bbox = false;
    ok(ct_query_add_filter(&q, f->arena, "storeys_above", "4"));
    assert_selects(f, &q, "c");
    q = query_of(f, "building");
    q.filters[0] = (ct_query_filter){ct_class_attr(q.cls, "use"), {.kind = CT_VALUE_NULL}};
    q.n_filters = 1;
    assert_selects(f, &q, "b");
    ok(ct_query_add_filter(&q, f->arena, "name", "'; DROP TABLE buildings; --"));
    assert_selects(f, &q, "");
    ct_cursor *c = NULL;
    ct_reader *r = reader_of(f);
    q.filters[0].attr = 999;
    fails(ct_cursor_open(&c, r, &q), "ARG");
    int64_t n = 0;
    fails(ct_reader_count(&n, r, &q), "ARG");
    ct_reader_release(r);
}

static void test_datetime(void **state) {
    fixture *f = *state;
    static const char *const times[] = {"2026-07-20T20:00:00Z", "2026-07-20T20:00:00.5Z",
                                        "2026-07-21T08:00:00Z", NULL};
    ct_feature all[4];
    char ids[4][4];
    for (int i = 0; i < 4; ++i) {
        (void)snprintf(ids[i], sizeof ids[i], "e%d", i);
        all[i] = point(f, "event", ids[i], 10.0 * i, 0);
        ok(ct_feature_set_text(&all[i], "start_time",
                               times[i] ? times[i] : "2026-01-01T00:00:00Z"));
    }
    add_all(f, all, 4);
    foreign_sql(
        f->path,
        "UPDATE events SET start_time=NULL WHERE id='e3'"); // not by our writer: it is required
    ct_query q = query_of(f, "event");
    ok(ct_query_set_datetime(&q, "2026-07-20T20:00:00Z"));
    assert_selects(f, &q, "e0 e3"); // without a time it belongs to every time
    ok(ct_query_set_datetime(&q, "2026-07-20T20:00:00.2Z/.."));
    assert_selects(f, &q, "e1 e2 e3");
    ok(ct_query_set_datetime(&q, "../2026-07-20T20:00:00.5Z"));
    assert_selects(f, &q, "e0 e1 e3");
    q.has_bbox = true;
    q.bbox = (ct_bbox){5, -5, 50, 5};
    assert_selects(f, &q, "e1 e3");
    q.has_bbox = false;
    ok(ct_query_set_datetime(&q, "2020-01-01T00:00:00Z/2021-01-01T00:00:00Z"));
    assert_selects(f, &q, "e3");
    q = query_of(f, "building"); // a class without a time attribute
    ok(ct_query_set_datetime(&q, "2020-01-01T00:00:00Z"));
    assert_selects(f, &q, "");
}

// All pages one after the other hold every feature once, in order, whichever way the store takes.
static size_t walk_pages(ct_reader *r, ct_query q) {
    size_t all = 0, pages = 0;
    for (;;) {
        ct_cursor *c = NULL;
        const ct_feature *row = NULL;
        size_t n = 0;
        ct_err err = CT_OK;
        ok(ct_cursor_open(&c, r, &q));
        while ((err = ct_cursor_next(c, &row)) == CT_OK) {
            assert_true(row->fid > q.after_fid);
            q.after_fid = row->fid;
            ++n;
        }
        fails(err, "NOTFOUND");
        ct_cursor_close(c);
        all += n;
        if (n < (size_t)q.limit) return all;
        assert_int_equal(n, q.limit);
        assert_true(++pages < 10000);
    }
}

static void test_pages(void **state) {
    fixture *f = *state;
    enum { SIDE = 100 };
    ct_writer *w = NULL;
    ok(ct_store_writer(&w, f->store, "grid"));
    for (int i = 0; i < SIDE * SIDE; ++i) {
        // scattered: neighbours on the ground are far apart in the table
        const int place = i * 7919 % (SIDE * SIDE);
        ct_feature b = square(f, NULL, 10.0 * (place % SIDE), 10.0 * (place / SIDE), 4);
        ok(ct_writer_add(w, &b, NULL));
        ct_arena_reset(f->arena);
    }
    ok(ct_writer_commit(w, NULL));
    ct_reader *r = reader_of(f);
    ct_query q = query_of(f, "building");
    assert_int_equal(count_of(r, &q), SIDE * SIDE);
    q.limit = 333;
    assert_int_equal(walk_pages(r, q), SIDE * SIDE);
    q = boxed(f, "building", 0, 0, 199, 199); // 400 candidates: taken from the R*Tree
    q.limit = 7;
    assert_int_equal(walk_pages(r, q), 400);
    q = boxed(f, "building", 0, 0, 899, 899); // 8,100 candidates: found by walking the table
    q.limit = 100;
    assert_int_equal(walk_pages(r, q), 8100);
    q.limit = 0;
    assert_int_equal(count_of(r, &q), 8100);
    q.bbox = (ct_bbox){-2000, -2000, -1000, -1000};
    assert_int_equal(count_of(r, &q), 0);
    bool has = false;
    ct_bbox box;
    ok(ct_reader_extent(&has, &box, r, q.cls));
    assert_true(has);
    assert_true(box.min_x == 0 && box.min_y == 0 && box.max_x == 994 && box.max_y == 994);
    ok(ct_reader_extent(&has, &box, r, class_of(f, "road")));
    assert_false(has);
    ct_reader_release(r);
}

static void test_two_cursors_at_once(void **state) {
    fixture *f = *state;
    ct_feature all[2] = {square(f, "a", 0, 0, 5), square(f, "b", 10, 0, 5)};
    add_all(f, all, 2);
    ct_reader *r = reader_of(f);
    ct_query q = boxed(f, "building", -1, -1, 100, 100);
    ct_cursor *one = NULL, *two = NULL;
    const ct_feature *row = NULL;
    ok(ct_cursor_open(&one, r, &q));
    ok(ct_cursor_next(one, &row));
    ok(ct_cursor_open(&two, r, &q));
    ok(ct_cursor_next(two, &row));
    assert_string_equal(row->id, "a");
    ok(ct_cursor_next(one, &row));
    assert_string_equal(row->id, "b");
    ok(ct_cursor_next(two, &row));
    assert_string_equal(row->id, "b");
    ct_cursor_close(one);
    ct_cursor_close(two);
    ct_cursor_close(NULL);
    ct_reader_release(r);
    ct_reader_release(NULL);
}

// Every allocation on the way of a page fails once: an error comes back, nothing leaks, the next
// try works.
static void test_out_of_memory(void **state) {
    fixture *f = *state;
    ct_feature all[2] = {ell(f, "a"), square(f, "b", 10, 0, 5)};
    add_all(f, all, 2);
    ct_query q = boxed(f, "building", 8, 8, 9, 9);
    const long live = ct_mem_live();
    for (long n = 1;; ++n) {
        assert_true(n < 1000);
        ct_reader *r = NULL;
        ct_cursor *c = NULL;
        const ct_feature *row = NULL;
        int64_t count = 0;
        ct_mem_fail_at(n, false);
        ct_err err = ct_store_reader(&r, f->store);
        if (err == CT_OK) err = ct_cursor_open(&c, r, &q);
        if (err == CT_OK) err = ct_cursor_next(c, &row);
        if (err == CT_OK) err = ct_reader_count(&count, r, &q);
        const bool failed = ct_mem_failed();
        ct_mem_fail_at(0, false);
        ct_cursor_close(c);
        ct_reader_release(r);
        if (!failed) {
            ok(err);
            assert_true(n > 5);
            break;
        }
        fails(err, "NOMEM");
    }
    assert_true(ct_mem_live() <= live + 1); // the pool keeps the connection
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        T(test_box_is_exact),
        T(test_box_is_exact_far_from_the_origin),
        T(test_class_without_geometry),
        T(test_filters),
        T(test_datetime),
        T(test_pages),
        T(test_two_cursors_at_once),
        T(test_out_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
