// The fixture of the tests of observations: an empty file of them in a folder of its own.
#ifndef TESTS_STORE_OBS_FIXTURE_H
#define TESTS_STORE_OBS_FIXTURE_H

#include "cmk.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "store/obs.h"

#define ok(expression)          assert_string_equal(ct_err_name(expression), "OK")
#define fails(expression, name) assert_string_equal(ct_err_name(expression), name)

typedef struct fixture {
    char folder[64], path[96];
    ct_obs *obs;
} fixture;

static inline int setup(void **state) {
    fixture *f = calloc(1, sizeof *f);
    (void)snprintf(f->folder, sizeof f->folder, "/tmp/ct-obs-XXXXXX");
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->path, sizeof f->path, "%s/obs.sqlite", f->folder);
    ok(ct_obs_open(&f->obs, f->path));
    *state = f;
    return 0;
}

static inline int teardown(void **state) {
    fixture *f = *state;
    ct_obs_close(f->obs);
    ok(ct_dir_remove(f->folder));
    free(f);
    return 0;
}

#endif
