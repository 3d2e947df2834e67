// cimtwin backup: a consistent copy of a twin, also while a server writes to it.
#include <unistd.h>

#include "cli/command.h"

static void progress(void *context, double part) {
    if (*(bool *)context) fprintf(stderr, "\r%3d%%", (int)(part * 100));
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    bool terminal = isatty(STDERR_FILENO) == 1;
    const ct_err err = ct_store_backup(twin.store, ct_args_at(args, 1), progress, &terminal);
    if (terminal) fprintf(stderr, "\n");
    ct_twin_close(&twin);
    return err;
}

static const ct_option k_options[] = {{NULL, NULL, NULL}};
const ct_command ct_cmd_backup = {
    "backup",
    "copy a twin while it is in use",
    "TWIN FILE",
    2,
    2,
    k_options,
    "  cimtwin backup riverside.ct /backup/riverside-2026-07-20.ct\n",
    run,
    NULL,
};
