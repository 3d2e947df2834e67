// A folder for readers that take paths: made once, removed when the program ends.
#ifndef TESTS_FUZZ_SCRATCH_FOLDER_H
#define TESTS_FUZZ_SCRATCH_FOLDER_H

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz.h"

static char scratch_folder[128];

static inline void scratch_gone(void) {
    if (ct_dir_remove(scratch_folder) != CT_OK) fprintf(stderr, "%s stays\n", scratch_folder);
}

// Its path; with `inside`, the path of a file or folder inside it (the last 8 stay valid).
static inline const char *scratch(const char *inside) {
    static char paths[8][256];
    static unsigned next;
    if (!*scratch_folder) {
        // In memory where there is such a place: a file system on disk makes a search slow.
        (void)snprintf(scratch_folder, sizeof scratch_folder, "/dev/shm/ct-fuzz-XXXXXX");
        if (!mkdtemp(scratch_folder)) {
            const char *tmp = getenv("TMPDIR");
            (void)snprintf(scratch_folder, sizeof scratch_folder, "%s/ct-fuzz-XXXXXX",
                           tmp && *tmp ? tmp : "/tmp");
            FUZZ_MUST(mkdtemp(scratch_folder));
        }
        FUZZ_MUST(atexit(scratch_gone) == 0);
    }
    char *path = paths[next++ % 8];
    (void)snprintf(path, sizeof paths[0], "%s/%s", scratch_folder, inside ? inside : "");
    return path;
}

// Replaces the file's bytes. Not synced, unlike ct_file_write: a search writes millions.
static inline void scratch_write(const char *path, const void *data, size_t size) {
    FILE *file = fopen(path, "wb");
    FUZZ_MUST(file && fwrite(data, 1, size, file) == size);
    FUZZ_MUST(fclose(file) == 0);
}

#endif
