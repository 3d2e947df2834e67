// Durable change sets per second: alone every set waits for the disk, many callers share its syncs.
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/mem.h"
#include "bench_store.h"
#include "store/store.h"

enum { CALLERS = 16, SETS = 100 };

typedef struct caller {
    ct_store *store;
    const char *run;
    int number;
    ct_err err;
} caller;

static ct_err apply_one(const caller *c, int set) {
    char text[256];
    json_t *json = NULL;
    ct_changeset *edits = NULL;
    (void)snprintf(text, sizeof text,
                   "[{\"op\":\"add\",\"class\":\"hydrant\",\"id\":\"%s-%d-%d\",\"crs\":\"EPSG:"
                   "4548\",\"geometry\":"
                   "{\"type\":\"Point\",\"coordinates\":[%d,%d]},\"properties\":{}}]",
                   c->run, c->number, set, 440000 + set, 4400000 + c->number);
    CT_TRY(ct_json_parse(&json, text, strlen(text), sizeof text));
    ct_err err = ct_changeset_parse(&edits, ct_store_catalogue(c->store), json, "EPSG:4548");
    if (err == CT_OK) err = ct_store_apply(c->store, edits, "bench", NULL);
    ct_changeset_free(edits);
    json_decref(json);
    return err;
}

static void *call(void *context) {
    caller *c = context;
    for (int i = 0; i < SETS && c->err == CT_OK; ++i) c->err = apply_one(c, i);
    if (c->err != CT_OK) (void)fprintf(stderr, "bench_store: %s\n", ct_err_message());
    return NULL;
}

static ct_err measure(ct_store *store, int callers, const char *run, const char *metric) {
    caller parts[CALLERS];
    pthread_t threads[CALLERS];
    int started = 0;
    ct_err err = CT_OK;
    const int64_t start_us = ct_clock_mono_us(ct_clock_real());
    for (; started < callers && err == CT_OK; ++started) {
        parts[started] = (caller){.store = store, .run = run, .number = started};
        if (pthread_create(&threads[started], NULL, call, &parts[started]) != 0) {
            err = ct_fail(CT_NOMEM, "no thread");
            break;
        }
    }
    for (int i = 0; i < started; ++i) {
        pthread_join(threads[i], NULL);
        if (err == CT_OK && parts[i].err != CT_OK)
            err = ct_fail(parts[i].err, "a change set failed");
    }
    const double seconds = (double)(ct_clock_mono_us(ct_clock_real()) - start_us) * 1e-6;
    if (err == CT_OK)
        print_figure("store", metric, callers * SETS / seconds, "sets/s", NAN, false, NAN);
    return err;
}

ct_err bench_edits(const char *folder) {
    ct_catalogue *catalogue = NULL;
    ct_store *store = NULL;
    char *path = ct_path_join(folder, "edits.ct");
    ct_err err = path ? ct_catalogue_load(&catalogue, NULL) : CT_NOMEM;
    if (err == CT_OK) err = ct_store_create(path, "EPSG:4548", "Bench", catalogue);
    if (err == CT_OK) err = ct_store_open(&store, path, catalogue);
    if (err == CT_OK) err = measure(store, 1, "alone", "durable change sets, 1 caller");
    if (err == CT_OK) err = measure(store, CALLERS, "many", "durable change sets, 16 callers");
    ct_store_close(store);
    ct_catalogue_free(catalogue);
    ct_free(path);
    return err;
}
