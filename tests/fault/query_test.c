// Every allocation of a query fails once: the query stays as it was, the error is CT_NOMEM.
#include "query/query.h"

#include "fault.h"
#include "geo/crs.h"

static const ct_class *building;

static ct_query fresh(void) {
    ct_query q;
    ct_query_init(&q, building);
    return q;
}

static ct_err filter(void *context) {
    (void)context;
    ct_query q = fresh();
    const ct_query before = q;
    ct_arena *arena = ct_arena_new(16, 0);
    if (!arena) return CT_NOMEM;
    static const char name[] = "a name that is longer than the arena's first block of memory";
    ct_err err = ct_query_add_filter(&q, arena, "name", name);
    if (err == CT_OK) assert_string_equal(q.filters[0].value.as.text, name);
    if (err != CT_OK) assert_memory_equal(&q, &before, sizeof q);
    ct_arena_free(arena);
    return err;
}

static ct_err box(void *context) {
    (void)context;
    ct_query q = fresh();
    const ct_query before = q;
    ct_geo_thread_end(); // its transforms are made anew
    const ct_err err =
        ct_query_set_bbox(&q, "114.0,30.5,114.1,30.6", "OGC:CRS84", false, "EPSG:4547");
    ct_geo_thread_end();
    if (err == CT_OK) assert_true(q.has_bbox && q.bbox.max_x > q.bbox.min_x);
    if (err != CT_OK) assert_memory_equal(&q, &before, sizeof q);
    return err;
}

static ct_err time(void *context) {
    (void)context;
    ct_query q = fresh();
    return ct_query_set_datetime(&q, "2026-07-20T20:00:00Z/..");
}

static void test_filter(void **state) {
    (void)state;
    assert_in_range(fault_every_allocation(filter, NULL), 2, 20);
}

static void test_box(void **state) {
    (void)state;
    assert_in_range(fault_every_allocation(box, NULL), 1, 200);
}

static void test_time_takes_no_memory(void **state) {
    (void)state;
    assert_int_equal(fault_every_allocation(time, NULL), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_filter),
        cmocka_unit_test(test_box),
        cmocka_unit_test(test_time_takes_no_memory),
    };
    ct_catalogue *catalogue = NULL;
    if (ct_catalogue_load(&catalogue, CT_SOURCE_DIR "/data/catalogue") != CT_OK) return 1;
    building = ct_catalogue_by_name(catalogue, "building");
    const int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ct_catalogue_free(catalogue);
    return failed;
}
