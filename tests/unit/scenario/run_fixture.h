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

// A number of run.json: of one of its parts, or of an object within it (NULL = none).
static inline double part_of(const ct_run *run, const char *part, const char *inner,
                             const char *name) {
    const json_t *v = json_object_get(ct_run_json(run), part);
    if (inner) v = json_object_get(v, inner);
    v = json_object_get(v, name);
    if (!json_is_number(v)) fail_msg("%s has no %s", part, name);
    return json_number_value(v);
}

// The text of a table of the run, and how many lines it has; free with ct_free.
static inline char *table_of(size_t *lines, const flood_twin *t, const char *id, const char *name) {
    char *text;
    size_t length;
    char *folder = ct_store_file(t->store, "runs"), *run = ct_path_join(folder, id),
         *path = ct_path_join(run, name);
    ok(ct_file_read(&text, &length, path, 1 << 20));
    *lines = 0;
    for (size_t i = 0; i < length; i++) *lines += text[i] == '\n';
    ct_free(path);
    ct_free(run);
    ct_free(folder);
    return text;
}

static inline void remove_it(const flood_twin *t, const char *id) {
    char *folder = ct_store_file(t->store, "runs");
    ok(ct_run_remove(folder, id));
    ct_free(folder);
}

// One thread and two leave the same states behind.
static inline void assert_same_on_threads(const flood_twin *t, const char *scenario) {
    char id[CT_RUN_ID_MAX], *seen[2];
    // An equal run of an earlier test, on who knows how many threads, would be taken for the first.
    run_it(id, t, scenario, NULL, 1);
    remove_it(t, id);
    for (int k = 0; k < 2; k++) {
        assert_false(run_it(id, t, scenario, NULL, 1 + k));
        ct_run *run = open_it(t, id);
        seen[k] = ct_json_canonical(json_object_get(ct_run_json(run), "state_hashes"));
        assert_non_null(seen[k]);
        ct_run_unref(run);
        remove_it(t, id);
    }
    assert_string_equal(seen[0], seen[1]);
    ct_free(seen[0]);
    ct_free(seen[1]);
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
