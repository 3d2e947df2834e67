// Observations of imported files.
#include "cli/import_observations.h"

#include <string.h>

#include "base/mem.h"

enum { MOST = 5000000, ARENA_BLOCK = 64 << 10 };

// What an importer lets through the store takes.
_Static_assert(CT_INGEST_OBSERVED_MOST <= CT_OBS_NAME_MAX, "names of observed properties");

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

ct_err ct_import_observations_stage(ct_import_observations *o, const ct_store *store) {
    return o->n ? ct_arrival_open(&o->arrival, store, o->rows, o->n) : CT_OK;
}

void ct_import_observations_tell(const ct_import_observations *o, ct_diagnostics *found,
                                 const char *file) {
    if (o->n)
        ct_diagnostics_add(found, CT_SEVERITY_INFO, "observations", file,
                           "%zu values over time of %zu series of devices", o->n, o->n_series);
}

void ct_import_observations_store(ct_import_observations *o, ct_diagnostics *found,
                                  const char *file) {
    int64_t n_new;
    if (!o->arrival) return;
    const ct_err err = ct_arrival_bring(o->arrival, &n_new);
    o->arrival = NULL;
    if (err != CT_OK) {
        ct_diagnostics_add(found, CT_SEVERITY_WARNING, "observations-wait", file,
                           "%zu values over time wait in the twin's folder, and come in when the "
                           "twin is opened next: %s",
                           o->n - (size_t)n_new, ct_err_message());
        return;
    }
    ct_import_observations_tell(o, found, file);
    if ((size_t)n_new < o->n)
        ct_diagnostics_add(found, CT_SEVERITY_WARNING, "observations-there", file,
                           "%zu of them are of a time at which the device has a value already, "
                           "which stays",
                           o->n - (size_t)n_new);
}

void ct_import_observations_fini(ct_import_observations *o) {
    ct_arrival_drop(o->arrival);
    ct_free(o->rows);
    ct_arena_free(o->arena);
}
