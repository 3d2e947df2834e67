// A run: the scenario's arrays, the engine's steps, results and indicators into a run folder.
#include "scenario/run.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "scenario/indicators.h"
#include "scenario/water.h"
#include "sim/drains/engine.h"
#include "sim/flood/engine.h"

#define CHUNK_S       20.0   // simulated seconds between looks at `cancel` and words of progress
#define HASH_EVERY    3      // chunks between hashes of the state: one a simulated minute
#define LOOK_EVERY_US 100000 // where another process makes the same run
#define MAX_VALUES    ((double)(1ULL << 32)) // of one array over all times
#define MAX_ROWS      1e7                    // of drains.csv
#define MAX_CSV       ((size_t)2 << 30)      // bytes of it

static const ct_run_array k_arrays[] = {
    {"depth", "flood_water_thickness", "water depth", "m", true},
    {"velocity_x", NULL, "depth-averaged velocity towards the east", "m s-1", true},
    {"velocity_y", NULL, "depth-averaged velocity towards the north", "m s-1", true},
    {"initial_depth", NULL, "water depth at the start", "m", false},
    {"bed", NULL, "ground height of the grid", "m", false},
    {"max_depth", NULL, "largest water depth", "m", false},
    {"max_speed", NULL, "largest speed", "m s-1", false},
    {"max_hazard", NULL, "largest hazard rating h (v + 0.5), DEFRA FD2321", "m2 s-1", false},
    {"arrival", NULL, "time when the depth first exceeds 0.05 m, from the start", "s", false},
};

typedef struct job {
    ct_store *store;
    const ct_scenario *scenario;
    const ct_run_options *options;
    ct_flood_domain *domain;
    ct_scenario_water water;
    ct_run_writer *writer;
    float *values;            // one slice on its way out
    ct_buf rows, inside_rows; // of drains.csv and inside.csv, so far
    json_t *hashes;           // of the state at the start, at each simulated minute, and at the end
    ct_scenario_hashes ids;
    bool found; // an equal run that was there
    int64_t began_us, began_mono_us;
} job;

static void report(const job *j, double part, const char *message) {
    if (j->options->progress) j->options->progress(j->options->context, part, message);
}

static bool cancelled(const job *j) {
    return j->options->cancel && atomic_load(j->options->cancel);
}

// Blocked cells have no value; `sign` turns the engine's downward rows into north.
static ct_err put_slice(job *j, const char *name, const double *values, double sign) {
    const size_t n = (size_t)j->domain->shape.nx * j->domain->shape.ny;
    for (size_t i = 0; i < n; i++)
        j->values[i] = j->domain->blocked[i] ? NAN : (float)(sign * values[i]);
    return ct_run_writer_slice(j->writer, name, j->values);
}

static ct_err put_time(job *j) {
    const ct_flood *flood = j->water.surface;
    CT_TRY(ct_run_writer_time(j->writer, ct_flood_time_s(flood)));
    CT_TRY(put_slice(j, "depth", ct_flood_get(flood, CT_FLOOD_DEPTH), 1));
    CT_TRY(put_slice(j, "velocity_x", ct_flood_get(flood, CT_FLOOD_VELOCITY_X), 1));
    CT_TRY(put_slice(j, "velocity_y", ct_flood_get(flood, CT_FLOOD_VELOCITY_Y), -1));
    return ct_scenario__water_tell(&j->water, &j->rows, &j->inside_rows);
}

static ct_err keep_hash(const job *j) {
    uint64_t state[2];
    char hex[33];
    ct_scenario__water_hash(&j->water, state);
    ct_hash_hex(hex, (ct_hash128){state[0], state[1]});
    if (json_array_append_new(j->hashes, json_string(hex)) != 0)
        return ct_fail(CT_NOMEM, "out of memory");
    return CT_OK;
}

// Times are multiples of their steps rather than sums, so that they do not drift off the end.
static ct_err simulate(job *j) {
    const ct_scenario *s = j->scenario;
    uint64_t chunk = 1, output = 1;
    for (double until = 0; until < s->duration_s;) {
        if (cancelled(j)) return ct_fail(CT_CANCELLED, "the run was cancelled");
        const double chunk_s = (double)chunk * CHUNK_S,
                     output_s = (double)output * s->output_step_s;
        until = fmin(fmin(chunk_s, output_s), s->duration_s);
        const bool last = until > s->duration_s - 1e-6 * s->output_step_s;
        if (last) until = s->duration_s;
        CT_TRY(ct_scenario__water_advance(&j->water, until));
        if (last || (until == chunk_s && chunk % HASH_EVERY == 0)) CT_TRY(keep_hash(j));
        if (last || until == output_s) CT_TRY(put_time(j));
        if (until == chunk_s) chunk++;
        if (until == output_s) output++;
        report(j, 0.02 + 0.96 * until / s->duration_s, "simulating");
    }
    return CT_OK;
}

static ct_err put_maxima(job *j) {
    static const struct {
        ct_flood_array which;
        const char *array, *raster, *title, *unit;
    } k_maxima[] = {
        {CT_FLOOD_MAX_DEPTH, "max_depth", "flood_max_depth", "largest water depth", "m"},
        {CT_FLOOD_MAX_SPEED, "max_speed", "flood_max_speed", "largest speed", "m/s"},
        {CT_FLOOD_MAX_HAZARD, "max_hazard", "flood_max_hazard", "largest hazard rating", "m2/s"},
        {CT_FLOOD_ARRIVAL, "arrival", "flood_arrival", "time of arrival from the start", "s"},
    };
    for (size_t i = 0; i < sizeof k_maxima / sizeof *k_maxima; i++) {
        CT_TRY(
            put_slice(j, k_maxima[i].array, ct_flood_get(j->water.surface, k_maxima[i].which), 1));
        CT_TRY(ct_run_writer_raster(j->writer, k_maxima[i].raster, j->values, k_maxima[i].title,
                                    k_maxima[i].unit));
    }
    CT_TRY(put_slice(j, "initial_depth", j->domain->depth_m, 1));
    return put_slice(j, "bed", j->domain->bed_m, 1);
}

// When and how it came about: the one part of a run that differs from time to time.
static json_t *provenance_json(const job *j, int64_t twin_version) {
    char started[32], finished[32];
    ct_time_format(started, j->began_us);
    ct_time_format(finished, ct_clock_now_us(ct_clock_real()));
    const double seconds = 1e-6 * (double)(ct_clock_mono_us(ct_clock_real()) - j->began_mono_us);
    return json_pack("{s:s,s:s,s:f,s:I,s:I}", "started", started, "finished", finished, "elapsed_s",
                     seconds, "twin_version", (json_int_t)twin_version, "steps",
                     (json_int_t)ct_flood_steps(j->water.surface));
}

static json_t *versions_json(const ct_scenario *s) {
    return json_pack("{s:s,s:s,s:s,s:s*,s:s*,s:s,s:i}", "cimtwin", CT_VERSION, "engine",
                     ct_flood_engine()->name, "engine_version", ct_flood_engine()->version,
                     "drains_version", s->drains ? ct_drains_engine()->version : NULL,
                     "inside_version", s->inside ? CT_STORAGE_DOMAIN_VERSION : NULL,
                     "domain_version", CT_FLOOD_DOMAIN_VERSION, "format", CT_SCENARIO_RUN_FORMAT);
}

static json_t *hashes_json(const ct_scenario_hashes *h) {
    return json_pack("{s:s,s:s,s:s}", "features", h->features, "terrain", h->terrain, "document",
                     h->document);
}

static ct_err finish(job *j, int64_t twin_version) {
    report(j, 0.98, "writing");
    CT_TRY(put_maxima(j));
    json_t *summary = NULL;
    if (j->rows.len) CT_TRY(ct_run_writer_file(j->writer, "drains.csv", j->rows.data, j->rows.len));
    if (j->inside_rows.len)
        CT_TRY(
            ct_run_writer_file(j->writer, "inside.csv", j->inside_rows.data, j->inside_rows.len));
    CT_TRY(ct_scenario__summary(&summary, j->domain, &j->water, j->scenario));
    json_t *run = json_pack(
        "{s:o,s:O,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:{s:f,s:O}}", "summary", summary, "scenario",
        j->scenario->document, "ledger", ct_scenario__ledger_json(&j->water), "drains",
        ct_scenario__drains_json(&j->water), "inside", ct_scenario__inside_json(&j->water), "whole",
        ct_scenario__whole_json(&j->water), "warnings", ct_scenario__warnings(j->domain, &j->water),
        "versions", versions_json(j->scenario), "hashes", hashes_json(&j->ids), "provenance",
        provenance_json(j, twin_version), "state_hashes", "interval_s", CHUNK_S * HASH_EVERY,
        "values", j->hashes);
    if (!run) return ct_fail(CT_NOMEM, "out of memory");
    ct_run_writer *writer = j->writer;
    j->writer = NULL; // commit frees it whatever happens
    const ct_err err = ct_run_writer_commit(writer, run);
    json_decref(run);
    return err;
}

// The same run in the making elsewhere is waited for: then it is either there or ours to make.
static ct_err open_writer(job *j, const char *runs_folder) {
    ct_err err;
    while ((err = ct_run_writer_open(&j->writer, runs_folder, j->ids.run)) == CT_BUSY) {
        report(j, 0, "waiting for an equal run");
        if (cancelled(j)) return ct_fail(CT_CANCELLED, "the run was cancelled");
        ct_clock_sleep_us(ct_clock_real(), LOOK_EVERY_US);
    }
    return err;
}

// What the run's arrays will take on disk is known before the first one is written.
static ct_err check_values(const job *j) {
    const ct_scenario *s = j->scenario;
    const double cells = (double)j->domain->shape.nx * j->domain->shape.ny;
    const double times = ceil(s->duration_s / s->output_step_s) + 1;
    if (cells * times > MAX_VALUES)
        return ct_fail(CT_LIMIT,
                       "scenario.output_step_s: %.0f times of %.0f cells are too many to keep",
                       times, cells);
    const double rows = (double)ct_scenario__water_rows(&j->water);
    if (rows * times > MAX_ROWS)
        return ct_fail(
            CT_LIMIT,
            "scenario.output_step_s: %.0f times of %.0f drain nodes, links, pumps, storeys and "
            "ways in are too many to keep",
            times, rows);
    return CT_OK;
}

static ct_err carry_out(job *j, ct_reader *reader, const char *runs_folder) {
    const ct_scenario *s = j->scenario;
    const ct_flood_domain_options options = {s->cell_m,          s->manning,       s->infiltration,
                                             s->has_river_stage, s->river_stage_m, s->drains,
                                             s->inside};
    const int64_t version = ct_reader_version(reader);
    report(j, 0, "preparing");
    const ct_err opened = open_writer(j, runs_folder);
    j->found = opened == CT_EXISTS; // another process finished it meanwhile
    if (j->found) return CT_OK;
    CT_TRY(opened);
    CT_TRY(ct_flood_domain_make(&j->domain, j->store, reader, s->edits, &options));
    CT_TRY(ct_scenario__water_open(&j->water, s, j->domain, j->store, reader, j->options->threads));
    CT_TRY(check_values(j));
    const size_t n = (size_t)j->domain->shape.nx * j->domain->shape.ny;
    j->values = ct_alloc(n * sizeof *j->values);
    if (!j->values) return CT_NOMEM;
    if (!(j->hashes = json_array())) return ct_fail(CT_NOMEM, "out of memory");
    CT_TRY(ct_run_writer_grid(j->writer, &j->domain->shape, ct_store_crs(j->store)->code,
                              s->start_us, k_arrays, sizeof k_arrays / sizeof *k_arrays));
    CT_TRY(put_time(j));
    CT_TRY(keep_hash(j));
    CT_TRY(simulate(j));
    return finish(j, version);
}

ct_err ct_scenario_run(char id[CT_RUN_ID_MAX], bool *reused, ct_store *store,
                       const ct_scenario *scenario, const ct_run_options *options) {
    job j = {.store = store, .scenario = scenario, .options = options};
    ct_reader *reader = NULL;
    char *run_folder = NULL;
    ct_buf_init(&j.rows, MAX_CSV);
    ct_buf_init(&j.inside_rows, MAX_CSV);
    j.began_us = ct_clock_now_us(ct_clock_real());
    j.began_mono_us = ct_clock_mono_us(ct_clock_real());
    char *runs_folder = ct_store_file(store, "runs");
    ct_err err = runs_folder ? ct_store_reader(&reader, store) : CT_NOMEM;
    if (err == CT_OK) err = ct_scenario_hash(&j.ids, scenario, reader, store);
    if (err == CT_OK && !(run_folder = ct_path_join(runs_folder, j.ids.run))) err = CT_NOMEM;
    if (err == CT_OK && !(j.found = ct_dir_exists(run_folder)))
        err = carry_out(&j, reader, runs_folder);
    if (reader) ct_reader_release(reader);
    ct_run_writer_abort(j.writer);
    ct_scenario__water_close(&j.water);
    ct_buf_fini(&j.rows);
    ct_buf_fini(&j.inside_rows);
    ct_flood_domain_free(j.domain);
    json_decref(j.hashes);
    ct_free(j.values);
    ct_free(run_folder);
    ct_free(runs_folder);
    if (err == CT_OK) {
        memcpy(id, j.ids.run, CT_RUN_ID_MAX);
        *reused = j.found;
    }
    return err;
}
