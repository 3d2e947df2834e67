// Shared by the tests of city models: a sink that keeps what features say and measures their
// bodies.
#ifndef TESTS_INGEST_CITY_HARNESS_H
#define TESTS_INGEST_CITY_HARNESS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmk.h"
#include "ingest/ingest.h"

enum { SEEN_MOST = 4096 };

typedef struct seen {
    ct_feature f; // without body; properties are kept
    size_t n_parts, n_faces, tags[CT_SURFACE_COUNT];
    int lods[5];          // parts of each
    ct_material material; // of the first part; its name is:
    char material_name[32];
    const ct_mesh *mesh; // of the first part; the pointer alone
    ct_affine place;     // of the first part
    ct_box3 box;
    double volume_m3;
} seen;

static ct_catalogue *catalogue;
static ct_arena *arena;
static seen all[SEEN_MOST];
static size_t n_all;
static ct_ingest_report *report;
static char folder[64];
__attribute__((
    unused)) static const char *as_of; // of the next imports; NULL = the last version, now
__attribute__((unused)) static const char *as_class; // of the next imports; NULL = by their types
__attribute__((unused)) static size_t max_points;    // of the next imports; 0 = as ever

// Takes observations of the next imports; NULL = nobody does.
__attribute__((unused)) static ct_err (*observe)(void *context, const ct_ingest_observation *o);

static inline void keep_properties(seen *s, const ct_feature *f) {
    ct_property *kept = ct_arena_calloc(arena, f->n_properties + 1, sizeof *kept);
    assert_non_null(kept);
    for (size_t i = 0; i < f->n_properties; i++) {
        kept[i] = f->properties[i];
        kept[i].set = ct_arena_strdup(arena, kept[i].set);
        kept[i].name = ct_arena_strdup(arena, kept[i].name);
        kept[i].unit = ct_arena_strdup(arena, kept[i].unit);
        if (kept[i].value.kind == CT_VALUE_TEXT)
            kept[i].value.as.text = ct_arena_strdup(arena, kept[i].value.as.text);
    }
    s->f.properties = kept;
    s->f.n_properties = f->n_properties;
}

static inline void measure_body(seen *s, const ct_body *body) {
    s->n_parts = body->n_parts;
    s->volume_m3 = ct_body_volume_m3(body);
    s->material = body->parts[0].material;
    snprintf(s->material_name, sizeof s->material_name, "%s", s->material.name);
    s->material.name = s->material_name;
    s->mesh = body->parts[0].mesh;
    s->place = body->parts[0].place;
    assert_true(ct_body_box(&s->box, body));
    for (size_t i = 0; i < body->n_parts; i++) {
        const ct_body_part *p = &body->parts[i];
        assert_int_equal(ct_mesh_check(p->mesh), CT_OK);
        s->lods[p->lod]++;
        s->n_faces += p->mesh->n_faces;
        for (uint32_t k = 0; k < p->mesh->n_faces; k++)
            s->tags[p->mesh->face_tag ? p->mesh->face_tag[k] : 0]++;
    }
}

static inline ct_err keep(void *context, const ct_feature *f) {
    (void)context;
    assert_true(n_all < SEEN_MOST);
    seen *s = &all[n_all++];
    *s = (seen){0};
    assert_int_equal(ct_feature_copy(&s->f, arena, f), CT_OK);
    keep_properties(s, f);
    if (f->body) measure_body(s, f->body);
    return CT_OK;
}

static int setup(void **state) {
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/ct_city_XXXXXX");
    arena = ct_arena_new(1 << 16, 256 << 20);
    return arena && mkdtemp(folder) &&
                   ct_catalogue_load(&catalogue, CT_SOURCE_DIR "/data/catalogue") == CT_OK
               ? 0
               : -1;
}

static int teardown(void **state) {
    (void)state;
    ct_ingest_report_free(report);
    report = NULL;
    ct_catalogue_free(catalogue);
    ct_arena_free(arena);
    return ct_dir_remove(folder) == CT_OK ? 0 : -1;
}

// `crs` NULL: the file must tell it.
static inline ct_err import(const char *path, const char *twin, const char *crs) {
    const ct_sink sink = {.put = keep};
    const ct_ingest_options o = {.catalogue = catalogue,
                                 .twin_crs = twin,
                                 .source_crs = crs,
                                 .as_of = as_of,
                                 .class_name = as_class,
                                 .max_points = max_points,
                                 .observe = observe};
    ct_ingest_report_free(report);
    report = ct_ingest_report_new(catalogue);
    assert_non_null(report);
    n_all = 0;
    ct_arena_reset(arena);
    return ct_ingest_file(path, &o, &sink, report);
}

// The text as a file of that name.
static inline ct_err import_text(const char *name, const char *text, const char *twin,
                                 const char *crs) {
    char path[128];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(ct_file_write(path, text, strlen(text)), CT_OK);
    return import(path, twin, crs);
}

static inline void must(ct_err err) {
    if (err != CT_OK) fail_msg("%s: %s", ct_err_name(err), ct_err_message());
}

static inline void failed_with(ct_err err, ct_err expected, const char *part) {
    if (err != expected || !strstr(ct_err_message(), part))
        fail_msg("got %s: %s; expected %s with \"%s\"", ct_err_name(err), ct_err_message(),
                 ct_err_name(expected), part);
}

static inline const seen *of_id(const char *source_id) {
    for (size_t i = 0; i < n_all; i++)
        if (strcmp(all[i].f.source_id, source_id) == 0) return &all[i];
    fail_msg("no feature of %s among %zu", source_id, n_all);
    return NULL;
}

static inline size_t count_of(const char *cls) {
    size_t n = 0;
    for (size_t i = 0; i < n_all; i++) n += strcmp(all[i].f.cls->name, cls) == 0;
    return n;
}

static inline const ct_property *property(const seen *s, const char *set, const char *name) {
    for (size_t i = 0; i < s->f.n_properties; i++)
        if (strcmp(s->f.properties[i].name, name) == 0 && strcmp(s->f.properties[i].set, set) == 0)
            return &s->f.properties[i];
    return NULL;
}

static inline size_t findings(const char *rule) {
    const ct_diagnostics *d = ct_ingest_diagnostics(report);
    size_t n = 0;
    for (size_t i = 0; i < ct_diagnostics_kept(d); i++)
        n += strcmp(ct_diagnostics_at(d, i)->rule, rule) == 0;
    return n;
}

static inline void found(const char *rule, const char *where, const char *text) {
    const ct_diagnostics *d = ct_ingest_diagnostics(report);
    for (size_t i = 0; i < ct_diagnostics_kept(d); i++) {
        const ct_diagnostic *at = ct_diagnostics_at(d, i);
        if (strcmp(at->rule, rule) == 0 && strstr(at->where, where) && strstr(at->text, text))
            return;
    }
    for (size_t i = 0; i < ct_diagnostics_kept(d); i++)
        print_message("%s %s: %s\n", ct_diagnostics_at(d, i)->rule, ct_diagnostics_at(d, i)->where,
                      ct_diagnostics_at(d, i)->text);
    fail_msg("no %s at \"%s\" with \"%s\"", rule, where, text);
}

#endif
