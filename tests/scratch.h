// A folder of its own for a test that writes files; removed with all inside.
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cmk.h"

// Makes the folder and puts its path (at most 127 bytes) into `path`.
static inline void scratch_make(char path[128]) {
    const char *tmp = getenv("TMPDIR");
    int n = snprintf(path, 128, "%s/cimtwin-test-XXXXXX", tmp && *tmp ? tmp : "/tmp");
    assert_in_range(n, 1, 127);
    assert_non_null(mkdtemp(path));
}

static inline void scratch_remove(const char *path) {
    assert_int_equal(ct_dir_remove(path), CT_OK);
}

#endif
