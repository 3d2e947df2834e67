// City models there and back: a file is read, its features are kept, written in another format and
// read again.
#ifndef TESTS_EXPORT_CITY_ROUND_H
#define TESTS_EXPORT_CITY_ROUND_H

#include "cmk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "export/export.h"
#include "ingest/ingest.h"

enum { KEPT_MOST = 4096 };

static inline void must(ct_err err) {
    if (err != CT_OK) fail_msg("%s: %s", ct_err_name(err), ct_err_message());
}

typedef struct kept { // features with all that they came with
    ct_arena *arena;
    ct_feature all[KEPT_MOST];
    size_t n;
} kept;

static ct_catalogue *catalogue;
static char folder[64];
static kept first, second;

static int setup(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/ct_cityout_XXXXXX");
    first.arena = ct_arena_new(1 << 16, 0);
    second.arena = ct_arena_new(1 << 16, 0);
    return first.arena && second.arena && mkdtemp(folder) &&
                   ct_catalogue_load(&catalogue, CT_SOURCE_DIR "/data/catalogue") == CT_OK
               ? 0
               : -1;
}

static int teardown(void **state) {
    (void)state;
    ct_catalogue_free(catalogue);
    ct_arena_free(first.arena);
    ct_arena_free(second.arena);
    return ct_dir_remove(folder) == CT_OK ? 0 : -1;
}

static inline const char *copy_text(kept *k, const char *text) {
    const char *copy = text ? ct_arena_strdup(k->arena, text) : NULL;
    assert_true(copy || !text);
    return copy;
}

// Those of a class go.
static inline void drop_class(kept *k, const char *cls) {
    size_t n = 0;
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(k->all[i].cls->name, cls) != 0) k->all[n++] = k->all[i];
    k->n = n;
}

static inline bool is_told(const ct_property *all, size_t n, const ct_property *p) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(all[i].set, p->set) == 0 && strcmp(all[i].name, p->name) == 0) return true;
    return false;
}

// A name once in a set, as a store has it.
static inline void keep_properties(kept *k, ct_feature *to, const ct_feature *f) {
    size_t n = 0;
    ct_property *all = ct_arena_calloc(k->arena, f->n_properties + 1, sizeof *all);
    assert_non_null(all);
    for (size_t i = 0; i < f->n_properties; i++) {
        if (is_told(all, n, &f->properties[i])) continue;
        ct_property *p = &all[n++];
        *p = f->properties[i];
        p->set = copy_text(k, p->set);
        p->name = copy_text(k, p->name);
        p->unit = copy_text(k, p->unit);
        if (p->value.kind == CT_VALUE_TEXT) p->value.as.text = copy_text(k, p->value.as.text);
    }
    to->properties = all;
    to->n_properties = n;
}

static inline void keep_body(kept *k, ct_feature *to, const ct_body *body) {
    ct_body *copy = ct_arena_alloc(k->arena, sizeof *copy);
    ct_body_part *parts = ct_arena_calloc(k->arena, body->n_parts, sizeof *parts);
    assert_true(copy && parts);
    for (size_t i = 0; i < body->n_parts; i++) {
        ct_mesh *mesh = ct_arena_alloc(k->arena, sizeof *mesh);
        assert_non_null(mesh);
        must(ct_mesh_copy(mesh, k->arena, body->parts[i].mesh));
        parts[i] = body->parts[i];
        parts[i].mesh = mesh;
        parts[i].material.name = copy_text(k, parts[i].material.name);
    }
    *copy = (ct_body){.n_parts = body->n_parts, .parts = parts};
    to->body = copy;
}

static inline ct_err keep(void *context, const ct_feature *f) {
    kept *k = context;
    assert_true(k->n < KEPT_MOST);
    ct_feature *to = &k->all[k->n++];
    must(ct_feature_copy(to, k->arena, f));
    keep_properties(k, to, f);
    if (f->body) keep_body(k, to, f->body);
    return CT_OK;
}

// `crs` NULL: the file tells it. Findings are left to the tests of the readers.
static inline ct_err read_file(kept *k, const char *path, const char *twin, const char *crs) {
    const ct_sink sink = {.put = keep, .context = k};
    const ct_ingest_options o = {.catalogue = catalogue, .twin_crs = twin, .source_crs = crs};
    ct_ingest_report *report = ct_ingest_report_new(catalogue);
    assert_non_null(report);
    k->n = 0;
    ct_arena_reset(k->arena);
    const ct_err err = ct_ingest_file(path, &o, &sink, report);
    ct_ingest_report_free(report);
    return err;
}

static inline int by_property(const void *left, const void *right) {
    const ct_property *a = left, *b = right;
    const int order = strcmp(a->set, b->set);
    return order ? order : strcmp(a->name, b->name);
}

// As a store hands them over: class by class, properties in order.
static inline ct_err write_file(const kept *k, const char *path, const char *twin) {
    const ct_export_options options = {.twin_crs = twin, .replace = true};
    ct_export *e;
    CT_TRY(ct_export_open(&e, path, &options));
    ct_err err = CT_OK;
    for (size_t c = 0; c < ct_catalogue_count(catalogue) && err == CT_OK; c++) {
        err = ct_export_class(e, ct_catalogue_at(catalogue, c));
        for (size_t i = 0; i < k->n && err == CT_OK; i++) {
            const ct_feature *f = &k->all[i];
            if (f->cls != ct_catalogue_at(catalogue, c)) continue;
            if (f->n_properties)
                qsort((void *)f->properties, f->n_properties, sizeof *f->properties, by_property);
            err = ct_export_put(e, f);
        }
    }
    if (err == CT_OK) return ct_export_commit(e);
    ct_export_abort(e);
    return err;
}

static inline char *in_folder(const char *name) {
    char *path = ct_path_join(folder, name);
    assert_non_null(path);
    return path;
}

static inline char *text_of(const char *path) {
    char *text;
    size_t n;
    must(ct_file_read(&text, &n, path, 1U << 30));
    return text;
}

static inline void write_text(const char *path, const char *text) {
    must(ct_file_write(path, text, strlen(text)));
}

static inline const ct_feature *with_id(const kept *k, const char *id) {
    for (size_t i = 0; i < k->n; i++)
        if (strcmp(k->all[i].id, id) == 0) return &k->all[i];
    fail_msg("no feature %s among %zu", id, k->n);
    return NULL;
}

#endif
