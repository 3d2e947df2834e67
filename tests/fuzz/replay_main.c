// Feeds a fuzzer every file of the given folders (or single files), for builds without libFuzzer.
// Fails where there is nothing to feed.
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "fuzz.h"

typedef struct replay {
    const char *folder;
    long files;
} replay;

static ct_err feed(replay *r, const char *path) {
    char *data = NULL;
    size_t length = 0;
    CT_TRY(ct_file_read(&data, &length, path, 64U << 20));
    // A copy of just its length: a read past the end is then seen by the sanitizer.
    uint8_t *exact = malloc(length ? length : 1);
    if (exact) {
        memcpy(exact, data, length);
        (void)LLVMFuzzerTestOneInput(exact, length);
        r->files++;
    }
    free(exact);
    ct_free(data);
    return exact ? CT_OK : CT_NOMEM;
}

static ct_err feed_entry(void *context, const char *name, bool is_dir) {
    replay *r = context;
    if (is_dir) return CT_OK;
    char *path = ct_path_join(r->folder, name);
    if (!path) return CT_NOMEM;
    const ct_err err = feed(r, path);
    ct_free(path);
    return err;
}

int main(int argc, char **argv) {
    replay r = {NULL, 0};
    for (int i = 1; i < argc; i++) {
        r.folder = argv[i];
        const ct_err err =
            ct_dir_exists(argv[i]) ? ct_dir_list(argv[i], feed_entry, &r) : feed(&r, argv[i]);
        if (err) {
            fprintf(stderr, "replay: %s\n", ct_err_message());
            return 1;
        }
    }
    printf("replay: %ld files\n", r.files);
    return r.files > 0 ? 0 : 1;
}
