// Every allocation of an export of a city model failing once: no crash, no block and no file left.
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "export/export.h"
#include "fault.h"
#include "geo/mesh_build.h"

static char folder[64], path[96];
static ct_catalogue *catalogue;
static ct_arena *arena;
static ct_feature features[5];
enum { FEATURES = sizeof features / sizeof *features };

static void must(ct_err err) {
    if (err != CT_OK) fail_msg("%s: %s", ct_err_name(err), ct_err_message());
}

// A box of 2 m, one face of it bent by a millimetre and one with a hole.
static ct_mesh *make_mesh(void) {
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

static const ct_body *make_body(const ct_mesh *mesh, double east) {
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

static ct_feature *make(size_t number, const char *cls, const char *id) {
    ct_feature *f = &features[number];
    must(ct_feature_new(f, arena, ct_catalogue_by_name(catalogue, cls)));
    f->id = id;
    return f;
}

// In the order of the classes: a building, a way between two spaces, and the spaces on a storey.
static int setup(void **state) {
    static const ct_property properties[] = {
        {"Pset_A", "b", {CT_VALUE_REAL, {.real = 0.5}}, "m"},
        {"Pset_B", "a", {CT_VALUE_TEXT, {.text = "x"}}, ""},
    };
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/ct-fault-XXXXXX");
    assert_non_null(mkdtemp(folder));
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
    return 0;
}

static int teardown(void **state) {
    (void)state;
    ct_catalogue_free(catalogue);
    ct_arena_free(arena);
    return ct_dir_remove(folder) == CT_OK ? 0 : -1;
}

static ct_err export_once(void *context) {
    (void)context;
    const ct_export_options options = {.twin_crs = "EPSG:4547", .replace = true};
    ct_export *e = NULL;
    CT_TRY(ct_export_open(&e, path, &options));
    ct_err err = CT_OK;
    for (size_t i = 0; i < FEATURES && err == CT_OK; i++) {
        err = ct_export_class(e, features[i].cls);
        if (err == CT_OK) err = ct_export_put(e, &features[i]);
    }
    if (err == CT_OK) return ct_export_commit(e);
    ct_export_abort(e);
    return err;
}

static ct_err count_entry(void *context, const char *name, bool is_dir) {
    (void)name;
    (void)is_dir;
    ++*(size_t *)context;
    return CT_OK;
}

static void sweep(const char *name) {
    size_t entries = 0;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    must(export_once(NULL)); // what the thread keeps is made
    must(ct_file_remove(path));
    assert_true(fault_every_allocation(export_once, NULL) > 20);
    assert_true(ct_file_exists(path)); // of the last time, when nothing failed
    must(ct_file_remove(path));
    must(ct_dir_list(folder, count_entry, &entries));
    assert_int_equal(entries, 0);
}

static void documents(void **state) {
    (void)state;
    sweep("a.city.json");
}

static void sequences(void **state) {
    (void)state;
    sweep("a.city.jsonl");
}

static void indoor_models(void **state) {
    (void)state;
    sweep("a.indoor.gml");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents),
        cmocka_unit_test(sequences),
        cmocka_unit_test(indoor_models),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
