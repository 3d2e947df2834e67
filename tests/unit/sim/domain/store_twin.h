// The house of the tests of indoor models in a twin on disk.
#ifndef TESTS_STORE_TWIN_H
#define TESTS_STORE_TWIN_H

#include "../../model/indoor/house.h"

#include "base/mem.h"
#include "new_twin.h"
#include "scratch.h"
#include "store/store.h"

#define STORE_TWIN_CRS "EPSG:4547"

typedef struct store_twin {
    char folder[128];
    house *house;
    ct_store *store;
} store_twin;

static inline int store_twin_open(void **state) {
    store_twin *t = calloc(1, sizeof *t);
    ct_writer *writer;
    int64_t fid, version;
    assert_non_null(t);
    scratch_make(t->folder);
    t->house = two_storeys(true);
    char *path = ct_path_join(t->folder, "house.ct");
    new_twin(path, STORE_TWIN_CRS, "House", t->house->catalogue);
    assert_int_equal(ct_store_open(&t->store, path, t->house->catalogue), CT_OK);
    ct_free(path);
    assert_int_equal(ct_store_writer(&writer, t->store, "test"), CT_OK);
    for (size_t i = 0; i < t->house->n; i++)
        if (ct_writer_add(writer, &t->house->at[i], &fid) != CT_OK)
            fail_msg("%s", ct_err_message());
    assert_int_equal(ct_writer_commit(writer, &version), CT_OK);
    *state = t;
    return 0;
}

static inline int store_twin_close(void **state) {
    store_twin *t = *state;
    ct_store_close(t->store);
    house_free(t->house);
    scratch_remove(t->folder);
    free(t);
    return 0;
}

#endif
