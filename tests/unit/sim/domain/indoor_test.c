// Indoor models of a twin: which features they are derived from, when they are derived anew, and
// the arrays that engines take.
#include "../../model/indoor/house.h"

#include "fault.h"
#include "sim/domain/indoor_arrays.h"
#include "sim/domain/indoor_cache.h"
#include "store_twin.h"

// ---- arrays -------------------------------------------------------------------------------------

static void arrays_lead_back(void **state) {
    (void)state;
    house *h = two_storeys(true);
    add_room(h, "terrace", "s0", -6, 0, 0, -0.2, 4, 2.5);
    flag(named(h, "terrace"), "is_external", true);
    ct_indoor *in = derive(h);
    ct_indoor_arrays a;
    const double origin[2] = {100, 200};
    assert_int_equal(ct_indoor_arrays_make(&a, h->arena, in, origin), CT_OK);
    assert_int_equal(a.zones.n, 3); // the terrace is outside
    assert_int_equal(a.areas.n, 4);
    double volume = 0;
    for (size_t i = 0; i < a.zones.n; i++) volume += a.zones.volume_m3[i];
    assert_near(volume, 2 * 56 + 10.2 * 4 * 2.8, 1e-6);
    for (size_t i = 0; i < a.vents.n; i++) {
        assert_in_range(a.vents.zone_a[i], 0, 2);
        assert_true(a.vents.zone_b[i] >= CT_INDOOR_OUTSIDE && a.vents.zone_b[i] < 3);
        if (strcmp(a.vents.id[i], "front") == 0)
            assert_int_equal(a.vents.zone_b[i], CT_INDOOR_OUTSIDE);
    }
    assert_int_equal(a.vents.n, 4);
    assert_int_equal(a.areas.n_rings, 4);
    for (size_t i = 0; i < a.areas.n; i++) { // counter-clockwise, about the origin
        const uint32_t from = i ? a.areas.point_end[a.areas.ring_end[i - 1] - 1] : 0;
        const uint32_t to = a.areas.point_end[a.areas.ring_end[i] - 1];
        double twice = 0;
        for (uint32_t p = from; p + 1 < to; p++) {
            const double *xy = a.areas.xy + 2 * (size_t)p;
            twice += (xy[0] + origin[0]) * (xy[3] + origin[1]) -
                     (xy[2] + origin[0]) * (xy[1] + origin[1]);
        }
        assert_near(twice / 2, space(in, a.areas.id[i])->area_m2, 1e-6);
    }
    assert_int_equal(a.doors.n, 2); // the window is none
    assert_int_equal(a.stairs.n, 1);
    assert_string_equal(a.areas.id[a.stairs.area_foot[0]], "c");
    assert_string_equal(a.areas.id[a.stairs.area_head[0]], "u");
    assert_near(a.stairs.foot[0], 5.5 - 100, 1e-9);
    assert_near(a.stairs.head[2], 3, 1e-9);
    for (size_t i = 0; i < a.doors.n; i++)
        if (a.doors.exit[i]) {
            assert_string_equal(a.doors.id[i], "front");
            const uint32_t sides[2] = {(uint32_t)a.doors.area_a[i], (uint32_t)a.doors.area_b[i]};
            assert_true(joins(in, sides, "a", "terrace")); // areas stand in the order of spaces
            assert_near(a.doors.clear_width_m[i], 1, 1e-9);
        }
    ct_indoor_free(in);
    house_free(h);
}

static ct_err make_once(void *context) {
    const ct_indoor *in = context;
    ct_arena *arena = ct_arena_new(64, 0);
    ct_indoor_arrays a = {.zones = {.n = 99}};
    const double origin[2] = {0, 0};
    const ct_err err = arena ? ct_indoor_arrays_make(&a, arena, in, origin) : CT_NOMEM;
    if (err) assert_int_equal(a.zones.n, 99);
    ct_arena_free(arena);
    return err;
}

static void arrays_need_memory(void **state) {
    (void)state;
    house *h = two_storeys(true);
    ct_indoor *in = derive(h);
    assert_true(fault_every_allocation(make_once, in) > 3);
    ct_indoor_free(in);
    house_free(h);
}

// ---- of a twin ----------------------------------------------------------------------------------

static const ct_indoor *model(ct_indoor_ref **ref, const store_twin *t, ct_indoor_cache *cache,
                              const char *building) {
    ct_reader *reader;
    assert_int_equal(ct_store_reader(&reader, t->store), CT_OK);
    assert_int_equal(ct_indoor_cache_get(ref, cache, reader, building), CT_OK);
    ct_reader_release(reader);
    return ct_indoor_ref_model(*ref);
}

static uint64_t derived_after(const store_twin *t, ct_indoor_cache *cache) {
    ct_indoor_ref *ref;
    (void)model(&ref, t, cache, "b");
    ct_indoor_ref_release(ref);
    return ct_indoor_cache_derived(cache);
}

static void edit(const store_twin *t, const char *json) {
    json_t *edits;
    ct_changeset *set;
    int64_t version;
    assert_int_equal(ct_json_parse(&edits, json, strlen(json), 1 << 16), CT_OK);
    if (ct_changeset_parse(&set, t->house->catalogue, edits, STORE_TWIN_CRS) != CT_OK ||
        ct_store_apply(t->store, set, "edit", &version) != CT_OK)
        fail_msg("%s", ct_err_message());
    ct_changeset_free(set);
    json_decref(edits);
}

static void a_twin_holds_the_model(void **state) {
    const store_twin *t = *state;
    ct_indoor_cache *cache;
    ct_indoor_ref *ref;
    assert_int_equal(ct_indoor_cache_new(&cache, t->house->catalogue, 2), CT_OK);
    const ct_indoor *in = model(&ref, t, cache, "b");
    assert_int_equal(in->n_spaces, 3);
    assert_int_equal(in->n_findings, 0);
    assert_true(joins(in, opening(in, "door")->side, "a", "c"));
    ct_indoor_cache_free(cache);
    assert_int_equal(in->n_stairs, 1); // the reference outlives it
    ct_indoor_ref_release(ref);
}

static void only_its_own_changes_count(void **state) {
    const store_twin *t = *state;
    ct_indoor_cache *cache;
    ct_reader *reader;
    ct_indoor_ref *ref = NULL;
    assert_int_equal(ct_indoor_cache_new(&cache, t->house->catalogue, 2), CT_OK);
    assert_int_equal(derived_after(t, cache), 1);
    assert_int_equal(derived_after(t, cache), 1);
    edit(t,
         "[{\"op\":\"add\",\"class\":\"building\",\"id\":\"other\"},"
         "{\"op\":\"add\",\"class\":\"storey\",\"id\":\"so\",\"properties\":{\"building\":"
         "\"other\",\"level\":0}},"
         "{\"op\":\"add\",\"class\":\"space\",\"id\":\"po\",\"properties\":{\"storey\":\"so\"}}]");
    assert_int_equal(derived_after(t, cache), 1);
    edit(t, "[{\"op\":\"set\",\"id\":\"door\",\"properties\":{\"clear_width_m\":0.5}}]");
    assert_int_equal(derived_after(t, cache), 2);
    (void)model(&ref, t, cache, "b");
    assert_near(opening(ct_indoor_ref_model(ref), "door")->clear_width_m, 0.5, 0);
    ct_indoor_ref_release(ref);
    edit(
        t,
        "[{\"op\":\"add\",\"class\":\"space\",\"id\":\"new\",\"properties\":{\"storey\":\"s1\"}}]");
    assert_int_equal(derived_after(t, cache), 3);
    edit(t, "[{\"op\":\"remove\",\"id\":\"new\"}]");
    assert_int_equal(derived_after(t, cache), 4);
    edit(t, "[{\"op\":\"set\",\"id\":\"po\",\"properties\":{\"storey\":\"s1\"}}]"); // moves in
    assert_int_equal(derived_after(t, cache), 5);
    ref = NULL;
    assert_int_equal(ct_store_reader(&reader, t->store), CT_OK);
    assert_int_equal(ct_indoor_cache_get(&ref, cache, reader, "nobody"), CT_NOTFOUND);
    assert_null(ref);
    ct_reader_release(reader);
    ct_indoor_cache_free(cache);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_lead_back),
        cmocka_unit_test(arrays_need_memory),
        cmocka_unit_test_setup_teardown(a_twin_holds_the_model, store_twin_open, store_twin_close),
        cmocka_unit_test_setup_teardown(only_its_own_changes_count, store_twin_open,
                                        store_twin_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
