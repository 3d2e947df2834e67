// Speed of the store. Data as in the published comparison: 200,000 building footprints of 5 to 13
// points with 10 attributes on 20 x 20 km; observations of 2,000 devices. Works in a folder that it
// makes (in $TMPDIR) and removes.
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "bench_store.h"

int main(void) {
    const char *place = getenv("TMPDIR");
    char *folder = ct_sprintf("%s/cimtwin-bench-%ld", place ? place : "/tmp", (long)getpid());
    ct_err err = folder ? ct_dir_make(folder) : CT_NOMEM;
    if (err == CT_OK) err = bench_observations(folder);
    if (err == CT_OK) err = bench_edits(folder);
    if (err == CT_OK) err = bench_pages(folder);
    if (err != CT_OK) (void)fprintf(stderr, "bench_store: %s\n", ct_err_message());
    if (folder && ct_dir_remove(folder) != CT_OK)
        (void)fprintf(stderr, "bench_store: %s stays behind\n", folder);
    ct_free(folder);
    return err == CT_OK ? 0 : 1;
}
