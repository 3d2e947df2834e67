// A small house of all that formats of export tell apart, exported over an old file: after a
// failure the old one is there, or the new one as a whole, and nothing else.
#ifndef TESTS_FAULT_EXPORTED_H
#define TESTS_FAULT_EXPORTED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/stage.h"
#include "cmk.h"
#include "export/export.h"
#include "geo/mesh_build.h"

static char folder[64], path[96];
static const char *name; // of the file
static ct_catalogue *catalogue;
static ct_arena *arena;
static ct_feature features[8];
enum { FEATURES = sizeof features / sizeof *features };

static inline void must(ct_err err) {
    if (err != CT_OK) fail_msg("%s: %s", ct_err_name(err), ct_err_message());
}

// A box of 2 m, one face of it bent by a millimetre and one with a hole.
static inline ct_mesh *make_mesh(void) {
    static const double corners[8][3] = {{0, 0, 0}, {2, 0, 0}, {2, 2, 0},     {0, 2, 0},
                                         {0, 0, 2}, {2, 0, 2}, {2, 2, 2.001}, {0, 2, 2}};
    static const int faces[6][4] = {{0, 3, 2, 1}, {4, 5, 6, 7}, {0, 1, 5, 4},
                                    {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}};
    static const double hole[4][3] = {{0.5, 0, 0.5}, {0.5, 0, 1.5}, {1.5, 0, 1.5}, {1.5, 0, 0.5}};
    ct_mesh_builder *b = ct_mesh_builder_new(CT_MESH_WELD_M, 0);
    ct_mesh *mesh = ct_arena_alloc(arena, sizeof *mesh);
    assert_true(b && mesh);
    for (int f = 0; f < 6; f++) {
        double xyz[8][3];
        const uint32_t ends[2] = {4, 8};
        for (int i = 0; i < 4; i++) memcpy(xyz[i], corners[faces[f][i]], sizeof xyz[i]);
        memcpy(xyz[4], hole, sizeof hole);
        must(ct_mesh_builder_polygon(b, xyz[0], ends, f == 2 ? 2 : 1,
                                     f ? CT_SURFACE_WALL : CT_SURFACE_GROUND));
    }
    must(ct_mesh_builder_finish(mesh, NULL, arena, b));
    ct_mesh_builder_free(b);
    return mesh;
}

static inline const ct_body *make_body(const ct_mesh *mesh, double east) {
    ct_body *body = ct_arena_alloc(arena, sizeof *body);
    ct_body_part *part = ct_arena_calloc(arena, 1, sizeof *part);
    assert_true(body && part);
    *part = (ct_body_part){.mesh = mesh,
                           .place = ct_affine_identity,
                           .material = {.name = "brick", .rgba = {0.5F, 0.2F, 0.1F, 1}},
                           .lod = 2};
    part->place.m[3] = 500000 + east;
    part->place.m[7] = 3380000;
    *body = (ct_body){.n_parts = 1, .parts = part};
    return body;
}

static inline ct_feature *make(size_t number, const char *cls, const char *id) {
    ct_feature *f = &features[number];
    must(ct_feature_new(f, arena, ct_catalogue_by_name(catalogue, cls)));
    f->id = id;
    return f;
}

// In the order of the classes: a building, a way between two spaces, and the spaces on a storey.
static inline int setup(void **state) {
    static const ct_property properties[] = {
        {"Pset_A", "b", {CT_VALUE_REAL, {.real = 0.5}}, "m"},
        {"Pset_B", "a", {CT_VALUE_TEXT, {.text = "x"}}, ""},
    };
    (void)state;
    // In memory where the system has such a folder: syncs of a real disk take their time.
    (void)snprintf(folder, sizeof folder, "/dev/shm/ct-fault-XXXXXX");
    if (!mkdtemp(folder)) {
        (void)snprintf(folder, sizeof folder, "/tmp/ct-fault-XXXXXX");
        assert_non_null(mkdtemp(folder));
    }
    must(ct_catalogue_load(&catalogue, NULL));
    arena = ct_arena_new(1 << 16, 0);
    assert_non_null(arena);
    const ct_mesh *mesh = make_mesh();
    ct_feature *f = make(0, "building", "b");
    f->body = make_body(mesh, 0);
    f->properties = properties;
    f->n_properties = 2;
    f = make(1, "connection", "c");
    must(ct_feature_set_text(f, "space_a", "s1"));
    must(ct_feature_set_text(f, "space_b", "s2"));
    f->body = make_body(mesh, 4);
    for (size_t i = 2; i < 4; i++) {
        f = make(i, "space", i == 2 ? "s1" : "s2");
        must(ct_feature_set_text(f, "storey", "st"));
        f->body = make_body(mesh, i == 2 ? 0 : 2);
    }
    f = make(4, "storey", "st");
    must(ct_feature_set_text(f, "building", "b"));
    f = make(5, "element", "w");
    must(ct_feature_set_text(f, "kind", "wall"));
    must(ct_feature_set_text(f, "storey", "st"));
    f->body = make_body(mesh, 0);
    f = make(6, "opening", "d");
    must(ct_feature_set_text(f, "kind", "door"));
    must(ct_feature_set_text(f, "storey", "st"));
    must(ct_feature_set_text(f, "host", "w"));
    must(ct_feature_set_text(f, "space_a", "s1"));
    must(ct_feature_set_text(f, "space_b", "s2"));
    f->body = make_body(mesh, 1);
    f = make(7, "device", "x");
    static double at[3] = {500000, 3380000, 2};
    static uint32_t end = 1;
    must(ct_feature_set_text(f, "kind", "smoke_detector"));
    must(ct_feature_set_text(f, "property", "smoke"));
    must(ct_feature_set_text(f, "space", "s1"));
    f->geom = (ct_geom){CT_GEOM_POINT, true, 1, 1, 1, at, &end, &end};
    return 0;
}

static inline int teardown(void **state) {
    (void)state;
    ct_catalogue_free(catalogue);
    ct_arena_free(arena);
    return ct_dir_remove(folder) == CT_OK ? 0 : -1;
}

// ---- exporting ----------------------------------------------------------------------------------

static inline ct_err put_class(ct_export *e, const ct_class *cls) {
    CT_TRY(ct_export_class(e, cls));
    for (size_t i = 0; i < FEATURES; i++)
        if (features[i].cls == cls) CT_TRY(ct_export_put(e, &features[i]));
    return CT_OK;
}

static inline ct_err export_once(void) {
    const ct_export_options options = {.twin_crs = "EPSG:4547", .replace = true};
    const ct_class *cls;
    ct_export *e = NULL;
    CT_TRY(ct_export_open(&e, path, &options));
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && (cls = ct_export_class_at(e, catalogue, i)); i++)
        err = put_class(e, cls);
    if (err == CT_OK) return ct_export_commit(e);
    ct_export_abort(e);
    return err;
}

// ---- what is there afterwards -------------------------------------------------------------------

static inline ct_err alone(void *context, const char *entry, bool is_dir) {
    (void)context;
    if (is_dir || strcmp(entry, name) != 0) fail_msg("%s is left behind", entry);
    return CT_OK;
}

static inline bool is_old(void) {
    char *text = NULL;
    size_t length = 0;
    must(ct_file_read(&text, &length, path, 1 << 24));
    const bool old = length == 3 && memcmp(text, "old", 3) == 0;
    if (!old && length < 500) fail_msg("%s: %zu bytes are no export", name, length);
    ct_free(text);
    return old;
}

// An export that failed after the step that decides is brought to its end by whoever comes next.
static inline void expect_whole(bool done) {
    char label[96], ready[192];
    (void)snprintf(label, sizeof label, "cimtwin-export-%s", name);
    (void)snprintf(ready, sizeof ready, "%s/" CT_READY "%s", folder, label);
    if (!done && ct_dir_exists(ready)) {
        must(ct_stage_finish(folder, label));
        done = true;
    }
    must(ct_dir_list(folder, alone, NULL));
    assert_int_equal(is_old(), !done);
}

static inline void put_old(const char *file) {
    name = file;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    must(ct_file_write(path, "old", 3));
}

// Once without a failure: what a thread keeps is made.
static inline void begin(const char *file) {
    put_old(file);
    must(export_once());
    expect_whole(true);
    put_old(file);
}

static inline void end(void) {
    must(ct_file_remove(path));
}

#endif
