// What the tests of runs share: scenarios from text, runs to their end, results by place.
#ifndef TESTS_SCENARIO_RUN_FIXTURE_H
#define TESTS_SCENARIO_RUN_FIXTURE_H

#include "flood_twin.h"

#include "scenario/run.h"

// The fields that every scenario needs; a small grid and no rain.
#define SCENARIO(more)                                                                             \
    "{\"start\":\"2026-07-20T20:00:00Z\",\"cell_m\":1,\"output_step_s\":60," more "}"

static inline ct_scenario *scenario_of(const flood_twin *t, const char *text, json_t *edits) {
    json_t *document = flood_twin_json(text);
    if (edits) json_object_set_new(document, "edits", edits);
    ct_scenario *s = NULL;
    if (ct_scenario_parse(&s, document, t->catalogue, FT_CRS) != CT_OK)
        fail_msg("%s", ct_err_message());
    json_decref(document);
    return s;
}

// Runs the scenario; takes the edits (NULL = none). Whether an equal run was there already.
static inline bool run_it(char id[CT_RUN_ID_MAX], const flood_twin *t, const char *text,
                          json_t *edits, int threads) {
    ct_scenario *s = scenario_of(t, text, edits);
    const ct_run_options options = {.threads = threads};
    bool reused = false;
    if (ct_scenario_run(id, &reused, t->store, s, &options) != CT_OK)
        fail_msg("%s", ct_err_message());
    ct_scenario_free(s);
    return reused;
}

static inline ct_run *open_it(const flood_twin *t, const char *id) {
    ct_run *run = NULL;
    char *folder = ct_store_file(t->store, "runs");
    ok(ct_run_open(&run, folder, id));
    ct_free(folder);
    return run;
}

// The value over the point (metres from the south-western corner); index -1 = an array without
// time.
static inline double value_at(ct_run *run, const char *array, long index, double x, double y) {
    const ct_run_slice *slice = NULL;
    ok(ct_run_slice_get(&slice, run, array, index));
    const double v = (double)ct_grid_nearest(ct_run_slice_grid(slice), FT_WEST + x, FT_SOUTH + y);
    ct_run_slice_unref(slice);
    return v;
}

static inline double indicator(const ct_run *run, const char *name) {
    const json_t *v = json_object_get(
        json_object_get(json_object_get(ct_run_json(run), "summary"), "indicators"), name);
    assert_true(json_is_number(v));
    return json_number_value(v);
}

static inline ct_err count_entry(void *context, const char *name, bool is_dir) {
    (void)name;
    (void)is_dir;
    ++*(int *)context;
    return CT_OK;
}

// Entries of the folder of runs, whatever they are called.
static inline int entries_of_runs(const flood_twin *t) {
    int n = 0;
    char *folder = ct_store_file(t->store, "runs");
    if (ct_dir_exists(folder)) ok(ct_dir_list(folder, count_entry, &n));
    ct_free(folder);
    return n;
}

#endif
