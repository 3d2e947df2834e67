// The frame of a bench.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "bench_data/bench_data.h"

int bench_main(const char *bench,
               ct_err (*run)(const char *folder, const ct_catalogue *catalogue)) {
    const char *place = getenv("TMPDIR");
    char *folder = ct_sprintf("%s/cimtwin-bench-%ld", place ? place : "/tmp", (long)getpid());
    ct_catalogue *catalogue = NULL;
    ct_err err = folder ? ct_dir_make(folder) : CT_NOMEM;
    if (err == CT_OK) err = ct_catalogue_load(&catalogue, NULL);
    if (err == CT_OK) err = run(folder, catalogue);
    if (err != CT_OK) (void)fprintf(stderr, "%s: %s\n", bench, ct_err_message());
    if (folder && ct_dir_remove(folder) != CT_OK)
        (void)fprintf(stderr, "%s: %s stays behind\n", bench, folder);
    ct_catalogue_free(catalogue);
    ct_free(folder);
    return err == CT_OK ? 0 : 1;
}
