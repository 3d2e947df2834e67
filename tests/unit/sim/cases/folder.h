// A folder of its own for each test of cases.
#ifndef TESTS_SIM_CASES_FOLDER_H
#define TESTS_SIM_CASES_FOLDER_H

#include "cmk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "scratch.h"

typedef struct world {
    char folder[128], path[160]; // path: of the case in it
} world;

static inline int setup_named(void **state, const char *name) {
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    scratch_make(w->folder);
    (void)snprintf(w->path, sizeof w->path, "%s/%s", w->folder, name);
    *state = w;
    return 0;
}

static inline int teardown(void **state) {
    world *w = *state;
    scratch_remove(w->folder);
    free(w);
    return 0;
}

static inline void put(const world *w, const char *name, const char *text) {
    char path[200];
    (void)snprintf(path, sizeof path, "%s/%s", w->folder, name);
    assert_int_equal(ct_file_write(path, text, strlen(text)), CT_OK);
}

#endif
