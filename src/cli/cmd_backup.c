// cimtwin backup: a consistent copy of a twin, also while a server writes to it.
#include <unistd.h>

#include "cli/command.h"

static void progress(void *context, double part) {
    if (*(bool *)context) fprintf(stderr, "\r%3d%%", (int)(part * 100));
}

static void report(void *context, const char *line) {
    (void)context;
    printf("%s\n", line);
}

// The copy is opened as any twin is: what is found is what a restore would find.
static ct_err verify(const char *path) {
    ct_twin copy;
    ct_reader *reader = NULL;
    int problems = 0;
    CT_TRY(ct_twin_open(&copy, path));
    ct_err err = ct_store_check(copy.store, report, NULL, &problems);
    if (err == CT_OK && problems) err = ct_fail(CT_CORRUPT, "%s: %d problems", path, problems);
    if (err == CT_OK) err = ct_store_reader(&reader, copy.store);
    if (reader) {
        printf("%s: no problems, change %lld\n", path, (long long)ct_reader_version(reader));
        ct_reader_release(reader);
    }
    ct_twin_close(&copy);
    return err;
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    bool terminal = isatty(STDERR_FILENO) == 1;
    const ct_err err = ct_store_backup(twin.store, ct_args_at(args, 1), progress, &terminal);
    if (terminal) fprintf(stderr, "\n");
    ct_twin_close(&twin);
    CT_TRY(err);
    return ct_args_has(args, "verify") ? verify(ct_args_at(args, 1)) : CT_OK;
}

static const ct_option k_options[] = {
    {"verify", NULL, "check the copy afterwards and print its change number"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_backup = {
    "backup",
    "copy a twin while it is in use",
    "TWIN FILE",
    2,
    2,
    k_options,
    "  cimtwin backup riverside.ct /backup/riverside-2026-07-20.ct --verify\n"
    "  cimtwin backup /backup/riverside-2026-07-20.ct riverside.ct   # restore, the server "
    "stopped\n",
    run,
    "A backup is a twin: one version of the features, the observations at the end, the terrain "
    "and\n"
    "the finished runs. It may be made while a server and imports work on the twin. To restore, "
    "move\n"
    "the broken twin and its folder away and back the backup up to its place.\n",
};
