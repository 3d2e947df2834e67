// Speed of the store. Data as in the published comparison: 200,000 building footprints of 5 to 13
// points with 10 attributes on 20 x 20 km; observations of 2,000 devices. Works in a folder that it
// makes (in $TMPDIR) and removes.
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "bench_store.h"

void print_figure(const char *metric, double value, const char *unit, double goal, bool lower,
                  double peer) {
    ct_buf text;
    ct_jsonw w;
    ct_buf_init(&text, 4096);
    ct_jsonw_init(&w, &text);
    ct_jsonw_object(&w);
    ct_jsonw_kv_string(&w, "bench", "store");
    ct_jsonw_kv_string(&w, "metric", metric);
    ct_jsonw_key(&w, "value");
    ct_jsonw_fixed(&w, value, value < 10 ? 4 : 0);
    ct_jsonw_kv_string(&w, "unit", unit);
    ct_jsonw_kv_double(&w, "goal", goal);
    ct_jsonw_kv_double(&w, "peer", peer);
    ct_jsonw_kv_bool(&w, "ok", isnan(goal) || (lower ? value <= goal : value >= goal));
    ct_jsonw_end_object(&w);
    ct_buf_putc(&text, '\n');
    if (ct_buf_status(&text) == CT_OK) fputs(text.data, stdout);
    fflush(stdout);
    ct_buf_fini(&text);
}

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
