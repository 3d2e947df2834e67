// cimtwin case: one engine alone on a self-contained case.
#include <string.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "sim/cases/drains_case.h"
#include "sim/cases/flood_case.h"

// ---- flood -------------------------------------------------------------------------------------

static void flood_progress(void *context, double share) {
    ct_bar_show(context, share, "flood");
}

static ct_err print_flood(const ct_args *args, const ct_flood_case *flood_case) {
    ct_buf out;
    ct_buf_init(&out, (size_t)1 << 32);
    if (ct_args_has(args, "json")) {
        ct_flood_case_json(&out, flood_case);
        ct_buf_putc(&out, '\n');
    } else {
        ct_flood_case_text(&out, flood_case);
    }
    const ct_err err = ct_print(&out);
    ct_buf_fini(&out);
    return err;
}

static ct_err carry_out_flood(const ct_args *args, ct_flood_case *flood_case) {
    long threads;
    bool met = false;
    ct_bar bar = ct_bar_begin();
    CT_TRY(ct_args_int(&threads, args, "threads", 0, 0, 1024));
    const ct_flood_case_options options = {(int)threads, ct_args_value(args, "out", NULL),
                                           ct_cancel_flag(), flood_progress, &bar};
    ct_catch_signals();
    const ct_err err = ct_flood_case_run(flood_case, &options, &met);
    ct_bar_end(&bar);
    CT_TRY(err);
    CT_TRY(print_flood(args, flood_case));
    return met ? CT_OK : ct_fail(CT_DIVERGED, "%s: not what the case expects", ct_args_at(args, 1));
}

static ct_err run_flood(const ct_args *args) {
    ct_flood_case *flood_case;
    CT_TRY(ct_flood_case_read(&flood_case, ct_args_at(args, 1)));
    const ct_err err = carry_out_flood(args, flood_case);
    ct_flood_case_free(flood_case);
    return err;
}

// ---- drains ------------------------------------------------------------------------------------

enum { ROWS = 40 }; // of nodes and of links, in the tables for people

static void drains_progress(void *context, double share) {
    ct_bar_show(context, share, "drains");
}

static ct_err print_drains(const ct_args *args, const ct_drains_case *drains_case) {
    ct_buf out;
    ct_buf_init(&out, (size_t)1 << 32);
    if (ct_args_has(args, "json")) {
        ct_drains_case_json(&out, drains_case);
        ct_buf_putc(&out, '\n');
    } else {
        ct_drains_case_text(&out, drains_case, ROWS);
    }
    const ct_err err = ct_print(&out);
    ct_buf_fini(&out);
    return err;
}

static ct_err carry_out_drains(const ct_args *args, ct_drains_case *drains_case) {
    bool closed = false;
    ct_bar bar = ct_bar_begin();
    const ct_drains_case_options options = {ct_args_value(args, "out", NULL), ct_cancel_flag(),
                                            drains_progress, &bar};
    ct_catch_signals();
    const ct_err err = ct_drains_case_run(drains_case, &options, &closed);
    ct_bar_end(&bar);
    CT_TRY(err);
    CT_TRY(print_drains(args, drains_case));
    return closed ? CT_OK
                  : ct_fail(CT_DIVERGED, "%s: the volume does not close", ct_args_at(args, 1));
}

static ct_err run_drains(const ct_args *args) {
    ct_drains_case *drains_case;
    CT_TRY(ct_drains_case_read(&drains_case, ct_args_at(args, 1)));
    const ct_err err = carry_out_drains(args, drains_case);
    ct_drains_case_free(drains_case);
    return err;
}

// ------------------------------------------------------------------------------------------------

static ct_err run(const ct_args *args) {
    const char *engine = ct_args_at(args, 0);
    if (strcmp(engine, "flood") == 0) return run_flood(args);
    if (strcmp(engine, "drains") == 0) return run_drains(args);
    return ct_fail(CT_ARG, "there is no engine \"%.60s\": flood, drains", engine);
}

static const ct_option k_options[] = {
    {"out", "DIR",
     "write there: flood: points, sections, rasters; drains: time series of nodes and links"},
    {"threads", "N", "flood: threads to compute with (one per core); never changes a result"},
    {"json", NULL, "print one JSON object: volumes, maxima, points, sections, checks, findings"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_case = {
    "case",
    "run one engine alone: flood on a self-contained case, drains on a SWMM 5 project file",
    "ENGINE FILE",
    2,
    2,
    k_options,
    "  cimtwin case flood tests/verification/cases/ea4.json\n"
    "  cimtwin case flood dam.json --out dam --json >dam.txt\n"
    "  cimtwin case drains network.inp\n"
    "  cimtwin case drains network.inp --out series --json >summary.json\n",
    run,
    "A case of flood names terrain (formula, raster), water, rain, boundaries, points and "
    "expected\n"
    "values; its form is data/schemas/case-flood.schema.json. Exit 1: a value is out of its bound, "
    "or\n"
    "the engine failed; the last line tells which.\n"
    "\n"
    "A case of drains is a project file of SWMM 5 (.inp, to version 5.2), run over its own times "
    "and\n"
    "steps with this program's own engine. What of the file is computed otherwise or not at all "
    "is\n"
    "told by line. Results are in SI units whatever the file's. Exit 1: the engine failed or lost\n"
    "water; exit 3: the file is wrong, and the message names line and section.\n",
};
