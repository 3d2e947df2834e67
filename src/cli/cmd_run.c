// cimtwin run: carries out a scenario in this process, with a progress bar or, for programs, a line
// of JSON a step.
#include "base/clock.h"
#include "base/file.h"
#include "cli/command.h"
#include "cli/progress.h"
#include "scenario/run.h"

typedef struct words {
    bool json;
    ct_bar bar;
    int64_t last_us;
} words;

static void progress(void *context, double part, const char *message) {
    words *w = context;
    if (!w->json) {
        ct_bar_show(&w->bar, part, message);
        return;
    }
    const int64_t now = ct_clock_mono_us(ct_clock_real());
    if (now - w->last_us < 200000) return;
    w->last_us = now;
    printf("{\"progress\":%.4f,\"message\":\"%s\"}\n", part, message);
    fflush(stdout);
}

static ct_err carry_out(const ct_args *args, const ct_twin *twin) {
    const bool json = ct_args_has(args, "json");
    long threads;
    CT_TRY(ct_args_int(&threads, args, "threads", 0, 0, 1024));
    ct_scenario *scenario;
    CT_TRY(ct_scenario_read_file(&scenario, ct_args_at(args, 1), twin->catalogue,
                                 ct_store_crs(twin->store)->code));
    words w = {json, ct_bar_begin(), 0};
    const ct_run_options options = {(int)threads, progress, &w, ct_cancel_flag()};
    char id[CT_RUN_ID_MAX];
    bool reused;
    ct_catch_signals();
    ct_err err = ct_scenario_run(id, &reused, twin->store, scenario, &options);
    // What the document asks of this twin is told like what is wrong with the document itself.
    if (err == CT_NOTFOUND || err == CT_EXISTS || err == CT_PARSE || err == CT_RANGE ||
        err == CT_GEOM || err == CT_LIMIT)
        err = ct_context(err, "%s", ct_path_name(ct_args_at(args, 1)));
    ct_scenario_free(scenario);
    if (!json && err == CT_OK && !reused) ct_bar_show(&w.bar, 1, "done");
    if (!json) ct_bar_end(&w.bar);
    CT_TRY(err);
    if (json)
        printf("{\"run\":\"%s\",\"reused\":%s}\n", id, reused ? "true" : "false");
    else
        printf("%s%s\n", id, reused ? " (found: an equal run was there already)" : "");
    return fflush(stdout) == 0 ? CT_OK : ct_fail(CT_IO, "the output cannot be written");
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    const ct_err err = carry_out(args, &twin);
    ct_twin_close(&twin);
    return err;
}

static const ct_option k_options[] = {
    {"threads", "N",
     "compute on N threads (default: as many as there are cores); never changes results"},
    {"json", NULL, "print lines of JSON: progress, then the run's id"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_run = {
    "run",
    "simulate a scenario",
    "TWIN SCENARIO.json",
    2,
    2,
    k_options,
    "  cimtwin run riverside.ct scenes/riverside/scenarios/cloudburst.json\n"
    "  cimtwin run riverside.ct cloudburst.json --threads 2 --json\n",
    run,
    NULL,
};
