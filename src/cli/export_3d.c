// cimtwin export --format 3dtiles: tilesets of buildings and ground into a folder, which is there
// when all of it is.
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/jsonw.h"
#include "base/mem.h"
#include "base/stage.h"
#include "cli/export_3d.h"
#include "tiles/three_d.h"

static const char ending[] = ".3dtiles";

bool ct_export_3d_meant(const ct_args *args, const char *path) {
    const char *format = ct_args_value(args, "format", NULL);
    const size_t n = strlen(path), last = sizeof ending - 1;
    if (format) return strcmp(format, "3dtiles") == 0;
    return (n > 1 && path[n - 1] == '/') || (n > last && strcmp(path + n - last, ending) == 0);
}

typedef struct progress {
    bool terminal;
} progress;

static bool tick(void *context, int64_t done) {
    const progress *p = context;
    if (p->terminal && done % 50 == 0) fprintf(stderr, "\r%lld files", (long long)done);
    return !atomic_load(ct_cancel_flag());
}

static ct_err print_done(const ct_tiles3d_figures *f, const char *path, bool json) {
    ct_buf out;
    ct_jsonw w;
    ct_buf_init(&out, 1U << 16);
    ct_jsonw_init(&w, &out);
    if (json) {
        ct_jsonw_object(&w);
        ct_jsonw_kv_string(&w, "folder", path);
        ct_jsonw_kv_int(&w, "files", f->files);
        ct_jsonw_kv_int(&w, "contents", f->contents);
        ct_jsonw_kv_int(&w, "triangles", f->triangles);
        ct_jsonw_kv_int(&w, "content_bytes", f->bytes);
        ct_jsonw_end_object(&w);
        ct_buf_putc(&out, '\n');
    } else {
        ct_buf_printf(&out, "%s: %lld files, %lld triangles\n", path, (long long)f->files,
                      (long long)f->triangles);
    }
    const ct_err err = ct_print(&out);
    ct_buf_fini(&out);
    return err;
}

static ct_err check(const ct_args *args, const char *path, const char *above) {
    if (ct_args_count(args) > 1)
        return ct_fail(CT_ARG, "3D Tiles hold buildings and ground: name no collections");
    if (ct_args_has(args, "bbox")) return ct_fail(CT_ARG, "--bbox does not go with 3D Tiles");
    if (!ct_dir_exists(above)) return ct_fail(CT_NOTFOUND, "%s: no such folder", above);
    if (ct_file_exists(path) && !ct_dir_exists(path))
        return ct_fail(CT_EXISTS, "%s is a file", path);
    if (ct_dir_exists(path) && !ct_args_has(args, "replace"))
        return ct_fail(CT_EXISTS, "%s is there already", path);
    return CT_OK;
}

static ct_err fill(ct_tiles3d_figures *figures, const ct_args *args, ct_store *store,
                   const char *folder) {
    progress p = {.terminal = isatty(STDERR_FILENO) == 1};
    const ct_tiles3d_options options = {
        .plain = ct_args_has(args, "plain"), .tick = tick, .context = &p};
    CT_TRY(ct_dir_make(folder));
    const ct_err err = ct_tiles3d_write(figures, store, folder, &options);
    if (p.terminal) fprintf(stderr, "\r                    \r");
    return err;
}

static ct_err export_into(const ct_args *args, ct_store *store, const char *path,
                          const char *above) {
    ct_tiles3d_figures figures;
    ct_stage *stage = NULL;
    char *label = ct_sprintf("cimtwin-export-%s", ct_path_name(path));
    ct_err err = label ? ct_stage_open(&stage, above, label) : CT_NOMEM;
    ct_free(label);
    CT_TRY(err);
    char *folder = ct_path_join(ct_stage_path(stage), ct_path_name(path));
    err = folder ? fill(&figures, args, store, folder) : CT_NOMEM;
    ct_free(folder);
    if (err != CT_OK) {
        ct_stage_abort(stage);
        return err;
    }
    CT_TRY(ct_stage_replace(stage, ct_path_name(path)));
    return print_done(&figures, path, ct_args_has(args, "json"));
}

ct_err ct_export_3d(const ct_args *args, ct_store *store, const char *to) {
    size_t n = strlen(to);
    while (n > 1 && to[n - 1] == '/') n--;
    char *path = ct_strndup(to, n);
    char *above = path ? ct_path_folder(path) : NULL;
    ct_err err = path && above ? check(args, path, above) : CT_NOMEM;
    if (err == CT_OK) err = export_into(args, store, path, above);
    ct_free(path);
    ct_free(above);
    return err;
}
