// Observations of imported files.
#include "cli/import_observations.h"

#include <string.h>

#include "base/clock.h"
#include "base/mem.h"

enum { MOST = 5000000, ARENA_BLOCK = 64 << 10 };

// Those of one device come in a row: its names are kept once.
static ct_err keep_names(ct_import_observations *o, ct_observation *row,
                         const ct_ingest_observation *from) {
    const ct_observation *before = o->n ? &o->rows[o->n - 1] : NULL;
    if (before && strcmp(before->device, from->device) == 0 &&
        strcmp(before->property, from->property) == 0) {
        row->device = before->device;
        row->property = before->property;
        return CT_OK;
    }
    if (!o->arena) o->arena = ct_arena_new(ARENA_BLOCK, 0);
    if (!o->arena) return CT_NOMEM;
    row->device = ct_arena_strdup(o->arena, from->device);
    row->property = ct_arena_strdup(o->arena, from->property);
    o->n_series++;
    return row->device && row->property ? CT_OK : CT_NOMEM;
}

ct_err ct_import_observe(void *context, const ct_ingest_observation *observation) {
    ct_import_observations *o = context;
    ct_observation row = {.time_us = observation->time_us, .value = observation->value};
    if (o->n == MOST) return ct_fail(CT_LIMIT, "more than %d observations in one import", MOST);
    CT_TRY(keep_names(o, &row, observation));
    if (o->n == o->room) {
        const size_t room = o->room ? 2 * o->room : 1024;
        ct_observation *rows = ct_realloc(o->rows, room * sizeof *rows);
        if (!rows) return CT_NOMEM;
        o->rows = rows;
        o->room = room;
    }
    o->rows[o->n++] = row;
    return CT_OK;
}

ct_err ct_import_observations_store(const ct_import_observations *o, const ct_store *store) {
    ct_obs *obs = NULL;
    if (!o->n) return CT_OK;
    char *path = ct_store_file(store, "obs.sqlite");
    ct_err err = path ? ct_obs_open(&obs, path) : CT_NOMEM;
    if (err == CT_OK)
        err = ct_obs_append_believed(obs, o->rows, o->n, ct_clock_now_us(ct_clock_real()), NULL, 0);
    ct_obs_close(obs);
    ct_free(path);
    return err;
}

void ct_import_observations_fini(ct_import_observations *o) {
    ct_free(o->rows);
    ct_arena_free(o->arena);
}
