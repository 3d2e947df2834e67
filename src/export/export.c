// The frame around all formats: choice by name, the stage, the count.
#include "export/export.h"

#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stage.h"
#include "export/format.h"

static const ct_export__format *const formats[] = {&ct_export__gpkg, &ct_export__ifc,
                                                   &ct_export__cityjson, &ct_export__cityjsonseq,
                                                   &ct_export__indoorgml};

struct ct_export {
    const ct_export__format *format;
    void *state; // of the format; NULL once it has ended
    ct_stage *stage;
    char *file; // where it is made
    int64_t count;
};

static ct_err find_format(const ct_export__format **out, const char *path) {
    char known[256] = "";
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        const char *end = formats[i]->extension;
        const size_t used = strlen(known);
        if (ct_path_has_ending(path, end)) {
            *out = formats[i];
            return CT_OK;
        }
        (void)snprintf(known + used, sizeof known - used, "%s%s", i ? ", " : "", end);
    }
    return ct_fail(CT_UNSUPPORTED, "%s: no format of export ends so; there are: %s", path, known);
}

static ct_err check_place(const char *path, const char *folder, bool replace) {
    if (!ct_dir_exists(folder)) return ct_fail(CT_NOTFOUND, "%s: no such folder", folder);
    if (ct_dir_exists(path)) return ct_fail(CT_EXISTS, "%s is a folder", path);
    if (ct_file_exists(path) && !replace) return ct_fail(CT_EXISTS, "%s is there already", path);
    return CT_OK;
}

static ct_err open_file(ct_export *e, const char *path, const char *folder,
                        const ct_export_options *options) {
    char *label = ct_sprintf("cimtwin-export-%s", ct_path_name(path));
    ct_err err = label ? ct_stage_open(&e->stage, folder, label) : CT_NOMEM;
    ct_free(label);
    CT_TRY(err);
    e->file = ct_path_join(ct_stage_path(e->stage), ct_path_name(path));
    if (!e->file) return CT_NOMEM;
    return e->format->begin(&e->state, e->file, options);
}

ct_err ct_export_open(ct_export **out, const char *path, const ct_export_options *options) {
    const ct_export__format *format = NULL;
    CT_TRY(find_format(&format, path));
    char *folder = ct_path_folder(path);
    ct_export *e = ct_calloc(1, sizeof *e);
    ct_err err = folder && e ? check_place(path, folder, options->replace) : CT_NOMEM;
    if (err == CT_OK) {
        e->format = format;
        err = open_file(e, path, folder, options);
    }
    ct_free(folder);
    if (err == CT_OK) {
        *out = e;
    } else {
        ct_export_abort(e);
    }
    return err;
}

const ct_class *ct_export_class_at(const ct_export *e, const ct_catalogue *catalogue, size_t i) {
    const char *const *names = e->format->classes;
    if (!names) return i < ct_catalogue_count(catalogue) ? ct_catalogue_at(catalogue, i) : NULL;
    for (; *names; names++) {
        const ct_class *cls = ct_catalogue_by_name(catalogue, *names);
        if (cls && i-- == 0) return cls;
    }
    return NULL;
}

bool ct_export_takes(const ct_export *e, const ct_class *cls) {
    const char *const *names = e->format->classes;
    while (names && *names && strcmp(*names, cls->name) != 0) names++;
    return !names || *names;
}

bool ct_export_takes_properties(const ct_export *e) {
    return e->format->takes_properties;
}

bool ct_export_takes_bodies(const ct_export *e) {
    return e->format->takes_bodies;
}

ct_err ct_export_class(ct_export *e, const ct_class *cls) {
    return ct_context(e->format->begin_class(e->state, cls), "%s", cls->collection);
}

ct_err ct_export_put(ct_export *e, const ct_feature *feature) {
    CT_TRY(ct_context(e->format->put(e->state, feature), "%s %s", feature->cls->name,
                      feature->id ? feature->id : ""));
    e->count++;
    return CT_OK;
}

bool ct_export_takes_indoor(const ct_export *e) {
    return e->format->put_indoor != NULL;
}

ct_err ct_export_indoor(ct_export *e, const ct_indoor *model) {
    return ct_context(e->format->put_indoor(e->state, model), "%s", model->building);
}

int64_t ct_export_count(const ct_export *e) {
    return e->count;
}

ct_err ct_export_commit(ct_export *e) {
    void *state = e->state;
    e->state = NULL;
    ct_err err = e->format->end(state, true);
    if (err == CT_OK) {
        err = ct_stage_commit(e->stage);
        e->stage = NULL;
    }
    ct_export_abort(e);
    return err;
}

void ct_export_abort(ct_export *e) {
    if (!e) return;
    if (e->state) {
        const ct_err ignored = e->format->end(e->state, false); // it is thrown away
        (void)ignored;
    }
    ct_stage_abort(e->stage);
    ct_free(e->file);
    ct_free(e);
}
