// cimtwin check: is the twin whole?
#include "base/mem.h"
#include "cli/command.h"
#include "results/run_store.h"

static void report(void *context, const char *line) {
    (void)context;
    printf("%s\n", line);
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    int problems = 0, of_runs = 0;
    ct_err err = ct_store_check(twin.store, report, NULL, &problems);
    char *runs = ct_store_file(twin.store, "runs");
    if (err == CT_OK) err = runs ? ct_run_check(runs, report, NULL, &of_runs) : CT_NOMEM;
    problems += of_runs;
    ct_free(runs);
    ct_twin_close(&twin);
    CT_TRY(err);
    if (problems) return ct_fail(CT_CORRUPT, "%s: %d problems", ct_args_at(args, 0), problems);
    printf("%s: no problems\n", ct_args_at(args, 0));
    return CT_OK;
}

static const ct_option k_options[] = {{NULL, NULL, NULL}};
const ct_command ct_cmd_check = {
    "check",
    "check a twin: file, indexes, references, and everything that its runs hold",
    "TWIN",
    1,
    1,
    k_options,
    "  cimtwin check riverside.ct\n",
    run,
    NULL,
};
