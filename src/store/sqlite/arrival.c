// Observations on their way in beside a transaction of features.
#include "store/arrival.h"

#include "base/mem.h"
#include "store/folder.h"
#include "store/sqlite/arrival_file.h"

struct ct_arrival {
    const ct_store *store;
    ct_stage *stage;
    const ct_observation *rows;
    size_t n_rows;
};

ct_err ct_arrival_open(ct_arrival **out, const ct_store *store, const ct_observation *rows,
                       size_t n_rows) {
    ct_arrival *a = ct_calloc(1, sizeof *a);
    char *folder = ct_store_file(store, CT_STORE__ARRIVING);
    ct_err err = a && folder ? CT_OK : CT_NOMEM;
    if (err == CT_OK) {
        *a = (ct_arrival){.store = store, .rows = rows, .n_rows = n_rows};
        err = ct_stage_open(&a->stage, folder, NULL);
    }
    if (err == CT_OK) err = ct_store__arrival_write(ct_stage_path(a->stage), rows, n_rows);
    ct_free(folder);
    if (err == CT_OK)
        *out = a;
    else
        ct_arrival_drop(a);
    return err;
}

ct_err ct_arrival_bring(ct_arrival *a, int64_t *n_new) {
    const ct_err err = ct_store__arrival_append(a->store, a->rows, a->n_rows, n_new);
    if (err == CT_OK)
        ct_stage_abort(a->stage);
    else
        ct_stage_leave(a->stage);
    ct_free(a);
    return err;
}

void ct_arrival_drop(ct_arrival *a) {
    if (!a) return;
    ct_stage_abort(a->stage);
    ct_free(a);
}
