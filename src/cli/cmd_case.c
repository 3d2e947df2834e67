// cimtwin case: one engine alone on a self-contained case.
#include <string.h>

#include "cli/command.h"
#include "cli/progress.h"
#include "sim/cases/flood_case.h"

static void progress(void *context, double share) {
    ct_bar_show(context, share, "flood");
}

static ct_err print(const ct_args *args, const ct_flood_case *flood_case) {
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

static ct_err carry_out(const ct_args *args, ct_flood_case *flood_case) {
    long threads;
    bool met = false;
    ct_bar bar = ct_bar_begin();
    CT_TRY(ct_args_int(&threads, args, "threads", 0, 0, 1024));
    const ct_flood_case_options options = {(int)threads, ct_args_value(args, "out", NULL),
                                           ct_cancel_flag(), progress, &bar};
    ct_catch_signals();
    const ct_err err = ct_flood_case_run(flood_case, &options, &met);
    ct_bar_end(&bar);
    CT_TRY(err);
    CT_TRY(print(args, flood_case));
    return met ? CT_OK : ct_fail(CT_DIVERGED, "%s: not what the case expects", ct_args_at(args, 1));
}

static ct_err run(const ct_args *args) {
    ct_flood_case *flood_case;
    if (strcmp(ct_args_at(args, 0), "flood") != 0)
        return ct_fail(CT_ARG, "there is no engine \"%.60s\": flood", ct_args_at(args, 0));
    CT_TRY(ct_flood_case_read(&flood_case, ct_args_at(args, 1)));
    const ct_err err = carry_out(args, flood_case);
    ct_flood_case_free(flood_case);
    return err;
}

static const ct_option k_options[] = {
    {"out", "DIR", "write points.csv and rasters (depth, maxima, arrival) there"},
    {"threads", "N", "threads to compute with (one per core); never changes a result"},
    {"json", NULL, "print one JSON object: ledger, state hash, points over time, checks"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_case = {
    "case",
    "run one engine alone on a self-contained case and compare with what the case expects",
    "ENGINE CASE.json",
    2,
    2,
    k_options,
    "  cimtwin case flood tests/verification/cases/ea4.json\n"
    "  cimtwin case flood dam.json --out dam --json >dam.txt\n",
    run,
    "A case names terrain (formula, raster), water, rain, boundaries, points and expected values;\n"
    "its form is data/schemas/case-flood.schema.json. Exit 1: a value is out of its bound, or the "
    "engine\n"
    "failed; the last line tells which.\n",
};
