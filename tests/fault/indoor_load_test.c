// Indoor models of a twin while memory (ours, SQLite's) or the disk's reading fails: an error with
// a reason or the right model, nothing leaks, and the cache gives the right one the next time.
#include "../unit/sim/domain/store_twin.h"

#include "doors.h"
#include "sim/domain/indoor_cache.h"

typedef struct world {
    store_twin *twin;
    ct_indoor_cache *cache;
    double width_m; // of the door, as the last edit has it
    int round;
} world;

// ---- works --------------------------------------------------------------------------------------

static void expect_model(const world *w, const ct_indoor *in) {
    assert_int_equal(in->n_spaces, 3);
    assert_int_equal(in->n_stairs, 1);
    assert_near(opening(in, "door")->clear_width_m, w->width_m, 0);
}

static ct_err get_from(const world *w, ct_indoor_cache *cache) {
    ct_reader *reader = NULL;
    ct_indoor_ref *ref = NULL;
    CT_TRY(ct_store_reader(&reader, w->twin->store));
    const ct_err err = ct_indoor_cache_get(&ref, cache, reader, "b");
    ct_reader_release(reader);
    assert_int_equal(ref != NULL, err == CT_OK);
    if (err == CT_OK) expect_model(w, ct_indoor_ref_model(ref));
    ct_indoor_ref_release(ref);
    return err;
}

static ct_err load(const world *w) {
    ct_indoor_cache *cache = NULL;
    const ct_err made = ct_indoor_cache_new(&cache, w->twin->house->catalogue, 2);
    assert_int_equal(cache != NULL, made == CT_OK);
    CT_TRY(made);
    const ct_err err = get_from(w, cache);
    ct_indoor_cache_free(cache);
    return err;
}

static ct_err get(const world *w) {
    return get_from(w, w->cache);
}

static ct_err list(const world *w) {
    ct_reader *reader = NULL;
    ct_indoor_building *all = NULL;
    size_t n = 0;
    ct_arena *arena = ct_arena_new(64, 0);
    ct_err err = arena ? ct_store_reader(&reader, w->twin->store) : CT_NOMEM;
    if (err == CT_OK) err = ct_indoor_buildings(&all, &n, arena, reader, w->twin->house->catalogue);
    ct_reader_release(reader);
    if (err == CT_OK) {
        assert_int_equal(n, 1);
        assert_string_equal(all[0].id, "b");
        assert_int_equal(all[0].storeys, 2);
    }
    ct_arena_free(arena);
    return err;
}

// ---- faults -------------------------------------------------------------------------------------

// The kept model no longer holds: it is derived anew, over the door's own change.
static void edit(world *w) {
    char text[128];
    json_t *json = NULL;
    ct_changeset *set = NULL;
    w->width_m = 0.5 + (w->round++ % 400) / 1024.0;
    const int n = snprintf(
        text, sizeof text,
        "[{\"op\":\"set\",\"id\":\"door\",\"properties\":{\"clear_width_m\":%.10f}}]", w->width_m);
    assert_int_equal(ct_json_parse(&json, text, (size_t)n, sizeof text), CT_OK);
    if (ct_changeset_parse(&set, w->twin->house->catalogue, json, STORE_TWIN_CRS) != CT_OK ||
        ct_store_apply(w->twin->store, set, "edit", NULL) != CT_OK)
        fail_msg("%s", ct_err_message());
    ct_changeset_free(set);
    json_decref(json);
}

static bool try_once(world *w, ct_err (*work)(const world *w), door which, long n) {
    edit(w);
    if (work(w) != CT_OK) fail_msg("before %ld: %s", n, ct_err_message());
    const long live = ct_mem_live();
    edit(w);
    arm(which, n);
    const ct_err err = work(w);
    const bool failed = met(which);
    arm(which, 0);
    const bool kind = which == READS ? err == CT_IO || err == CT_CORRUPT : err == CT_NOMEM;
    if (err != CT_OK && (!failed || !kind || !*ct_err_message()))
        fail_msg("call %ld: %s: %s", n, ct_err_name(err), ct_err_message());
    if (work(w) != CT_OK) fail_msg("after %ld: %s", n, ct_err_message());
    if (ct_mem_live() != live) fail_msg("%ld: %ld blocks leaked", n, ct_mem_live() - live);
    return failed;
}

static void sweep(world *w, ct_err (*work)(const world *w)) {
    static const char *const names[] = {"our allocations", "SQLite's", "reads"};
    for (door which = OURS; which <= READS; ++which) {
        long n = 1, tries = 0;
        for (; try_once(w, work, which, n); n += n < 40 ? 1 : n / 4) ++tries;
        print_message("%-15s %3ld failed, up to %ld\n", names[which], tries, n - 1);
        assert_true(tries > 0 || which == READS);
    }
}

static void a_first_look(void **state) {
    sweep(*state, load);
}

static void a_look_after_an_edit(void **state) {
    sweep(*state, get);
}

static void the_list(void **state) {
    sweep(*state, list);
}

static int setup(void **state) {
    world *w = calloc(1, sizeof *w);
    void *twin = NULL;
    assert_non_null(w);
    store_twin_open(&twin);
    w->twin = twin;
    assert_int_equal(ct_indoor_cache_new(&w->cache, w->twin->house->catalogue, 2), CT_OK);
    *state = w;
    return 0;
}

static int teardown(void **state) {
    world *w = *state;
    void *twin = w->twin;
    for (door which = OURS; which <= READS; ++which) arm(which, 0);
    ct_indoor_cache_free(w->cache);
    store_twin_close(&twin);
    free(w);
    return 0;
}

int main(void) {
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {T(a_first_look), T(a_look_after_an_edit), T(the_list)};
    sqlite_memory_install();
    shim_install();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
