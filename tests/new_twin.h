// A new, empty twin for each test of a program. Making one costs half a second of processor time
// (many times that under a sanitizer), so a program makes its first one in earnest and copies that
// for the next ones that are alike.
#ifndef TESTS_NEW_TWIN_H
#define TESTS_NEW_TWIN_H

#include <string.h>
#include <unistd.h>

#include "scratch.h"
#include "store/folder.h"
#include "store/store.h"

// The folder of the first twin of this program; empty = none yet.
static char new_twin_folder[128];
static pid_t new_twin_maker; // a child of it leaves the folder alone

static void new_twin_forget(void) {
    if (getpid() != new_twin_maker) return;
    if (ct_dir_remove(new_twin_folder) != CT_OK) fprintf(stderr, "%s stays\n", new_twin_folder);
}

// Makes a twin of the program's own catalogue (ct_catalogue_load without a path) at `path`. All
// twins of one program have the same CRS and title.
static inline void new_twin(const char *path, const char *crs, const char *title,
                            const ct_catalogue *catalogue) {
    static char first_crs[32], first_title[64];
    char first[160], folder[256];
    if (!*new_twin_folder) {
        scratch_make(new_twin_folder);
        new_twin_maker = getpid();
        assert_int_equal(atexit(new_twin_forget), 0);
        (void)snprintf(first_crs, sizeof first_crs, "%s", crs);
        (void)snprintf(first_title, sizeof first_title, "%s", title);
        (void)snprintf(first, sizeof first, "%s/first.ct", new_twin_folder);
        if (ct_store_create(first, crs, title, catalogue) != CT_OK)
            fail_msg("%s", ct_err_message());
    }
    assert_string_equal(crs, first_crs);
    assert_string_equal(title, first_title);
    (void)snprintf(first, sizeof first, "%s/first.ct", new_twin_folder);
    assert_in_range(snprintf(folder, sizeof folder, "%s.d", path), 1, (int)sizeof folder - 1);
    if (ct_file_copy_unsynced(first, path) != CT_OK || ct_store__folder_make(folder) != CT_OK)
        fail_msg("%s", ct_err_message());
}

#endif
