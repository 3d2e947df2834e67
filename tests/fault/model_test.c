// Every allocation of the model fails once: outputs stay as they were, the error is CT_NOMEM.
#include "model/changeset.h"

#include "fault.h"
#include "geo/crs.h"
#include "scratch.h"

#define CRS "EPSG:4547"

static ct_catalogue *catalogue;
static ct_arena *kept; // what the operations work on
static ct_feature base;
static json_t *edits;

#define WHOLE CT_SOURCE_DIR "/data/catalogue"

static ct_err load(void *folder) {
    ct_catalogue *made = NULL;
    const ct_err err = ct_catalogue_load(&made, folder);
    assert_int_equal(made != NULL, err == CT_OK);
    ct_catalogue_free(made);
    return err;
}

// Work with a small arena of its own and a feature that only success may touch.
static ct_err with_feature(ct_err (*work)(ct_feature *out, ct_arena *arena)) {
    ct_arena *arena = ct_arena_new(16, 0);
    if (!arena) return CT_NOMEM;
    const ct_feature before = {.fid = 99};
    ct_feature out = before;
    const ct_err err = work(&out, arena);
    if (err != CT_OK) assert_memory_equal(&out, &before, sizeof out);
    ct_arena_free(arena);
    return err;
}

static ct_err make(ct_feature *out, ct_arena *arena) {
    return ct_feature_new(out, arena, base.cls);
}
static ct_err copy(ct_feature *out, ct_arena *arena) {
    return ct_feature_copy(out, arena, &base);
}
static ct_err apply(ct_feature *out, ct_arena *arena) {
    ct_changeset *set = NULL;
    CT_TRY(ct_changeset_parse(&set, catalogue, edits, CRS));
    const ct_err err = ct_edit_apply(out, arena, ct_changeset_find(set, "b-1"), &base);
    ct_changeset_free(set);
    return err;
}
static ct_err run_make(void *context) {
    (void)context;
    return with_feature(make);
}
static ct_err run_copy(void *context) {
    (void)context;
    return with_feature(copy);
}
static ct_err run_apply(void *context) {
    (void)context;
    return with_feature(apply);
}

static ct_err parse(void *context) {
    (void)context;
    ct_changeset *set = NULL;
    const ct_err err = ct_changeset_parse(&set, catalogue, edits, CRS);
    assert_int_equal(set != NULL, err == CT_OK);
    if (set) assert_int_equal(ct_changeset_count(set), 3);
    ct_changeset_free(set);
    return err;
}

// A polygon that the check must widen to a multipolygon with heights, texts and times that it
// writes anew.
static ct_err check(void *context) {
    (void)context;
    ct_arena *arena = ct_arena_new(16, 0);
    if (!arena) return CT_NOMEM;
    double xyz[] = {0, 0, 1, 0, 1, 1, 0, 0};
    uint32_t ring_end = 4, part_end = 1;
    ct_value values[64] = {0};
    assert_true(base.cls->n_attrs <= 64);
    ct_feature f = {.cls = base.cls, .id = "b-2", .values = values};
    f.geom = (ct_geom){CT_GEOM_POLYGON, false, 4, 1, 1, xyz, &ring_end, &part_end};
    const ct_err err = ct_feature_check(&f, arena);
    if (err == CT_OK) assert_true(f.geom.has_z);
    ct_arena_free(arena);
    return err;
}

static ct_err values(void *context) {
    (void)context;
    static const char text[] = "a text that is longer than the arena's first block";
    const ct_class *event = ct_catalogue_by_name(catalogue, "event");
    const ct_attr *name = &base.cls->attrs[ct_class_attr(base.cls, "name")];
    const ct_attr *start = &event->attrs[ct_class_attr(event, "start_time")];
    ct_arena *arena = ct_arena_new(16, 0);
    json_t *json = arena ? json_string(text) : NULL;
    const ct_value before = {.kind = CT_VALUE_INTEGER, .as.integer = 7};
    ct_value a = before, b = before, c = before;
    ct_err err = json ? CT_OK : CT_NOMEM;
    if (err == CT_OK) err = ct_value_from_json(&a, arena, name, json);
    if (err == CT_OK) err = ct_value_from_text(&b, arena, name, text);
    if (err == CT_OK) err = ct_value_from_text(&c, arena, start, "2026-07-20T22:00:00+02:00");
    if (err == CT_OK) assert_string_equal(a.as.text, text);
    if (err == CT_OK) assert_string_equal(b.as.text, text);
    if (err != CT_OK) assert_memory_equal(&c, &before, sizeof c);
    json_decref(json);
    ct_arena_free(arena);
    return err;
}

#define TEST(name, work, most)                                                                     \
    static void name(void **state) {                                                               \
        (void)state;                                                                               \
        const ct_err first = work(NULL); /* makes the thread's transforms */                       \
        assert_int_equal(first, CT_OK);                                                            \
        assert_in_range(fault_every_allocation(work, NULL), 1, most);                              \
    }
TEST(test_make, run_make, 20)
TEST(test_copy, run_copy, 50)
TEST(test_parse, parse, 500)
TEST(test_apply, run_apply, 1000)
TEST(test_check, check, 50)
TEST(test_values, values, 50)

// Of a part with attributes of every kind each allocation fails, of the whole, which has the same a
// hundred times over, each thirteenth.
static void test_load(void **state) {
    (void)state;
    static const char *const files[] = {"common.json", "water.json", "network.json"};
    static char whole[] = WHOLE;
    char part[128], from[256], to[256];
    scratch_make(part);
    for (size_t i = 0; i < sizeof files / sizeof *files; ++i) {
        (void)snprintf(from, sizeof from, "%s/%s", whole, files[i]);
        (void)snprintf(to, sizeof to, "%s/%s", part, files[i]);
        assert_int_equal(ct_file_copy_unsynced(from, to), CT_OK);
    }
    assert_int_equal(load(part), CT_OK);
    const long allocations = fault_every_allocation(load, part);
    scratch_remove(part);
    assert_in_range(fault_each(load, whole, 13 * fault_step()), 2 * allocations, 20000);
}

static int setup(void **state) {
    (void)state;
    static const char text[] =
        "[{\"op\":\"add\",\"class\":\"barrier\",\"id\":\"wall-1\",\"geometry\":{\"type\":"
        "\"LineString\",\"coordinates\":[[114,30.5],[114.001,30.5]]},\"properties\":{\"kind\":"
        "\"wall\",\"height_m\":1.2}},"
        "{\"op\":\"set\",\"id\":\"b-1\",\"properties\":{\"name\":\"a longer name than before\"},"
        "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[114,30.5],[114.001,30.5],"
        "[114.001,30.501],[114,30.5]]]}},"
        "{\"op\":\"remove\",\"id\":\"gate-2\"}]";
    kept = ct_arena_new(4096, 0);
    if (!kept || ct_catalogue_load(&catalogue, WHOLE) != CT_OK) return -1;
    if (ct_feature_new(&base, kept, ct_catalogue_by_name(catalogue, "building")) != CT_OK)
        return -1;
    base.id = "b-1";
    base.source_id = "osm:42";
    edits = json_loads(text, 0, NULL);
    return edits && ct_feature_set_text(&base, "name", "Tower") == CT_OK ? 0 : -1;
}

static int teardown(void **state) {
    (void)state;
    json_decref(edits);
    ct_catalogue_free(catalogue);
    ct_arena_free(kept);
    ct_geo_thread_end();
    return ct_mem_live() == 0 ? 0 : -1;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load),   cmocka_unit_test(test_make),  cmocka_unit_test(test_copy),
        cmocka_unit_test(test_parse),  cmocka_unit_test(test_apply), cmocka_unit_test(test_check),
        cmocka_unit_test(test_values),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
