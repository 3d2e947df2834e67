// What the tests of indoor models share: features made by hand, with boxes for bodies.
#ifndef TESTS_HOUSE_H
#define TESTS_HOUSE_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmk.h"

#include "geo/mesh_build.h"
#include "model/indoor/json.h"

enum { HOUSE_MOST = 512 };

typedef struct house {
    ct_catalogue *catalogue;
    ct_indoor_defaults *defaults;
    ct_arena *arena;
    ct_feature at[HOUSE_MOST];
    size_t n;
} house;

static inline house *house_new(void) {
    house *h = calloc(1, sizeof *h);
    assert_non_null(h);
    assert_int_equal(ct_catalogue_load(&h->catalogue, CT_SOURCE_DIR "/data/catalogue"), CT_OK);
    assert_int_equal(ct_indoor_defaults_load(&h->defaults, CT_SOURCE_DIR "/data/indoor"), CT_OK);
    h->arena = ct_arena_new(1 << 16, 0);
    assert_non_null(h->arena);
    return h;
}

static inline void house_free(house *h) {
    ct_arena_free(h->arena);
    ct_indoor_defaults_free(h->defaults);
    ct_catalogue_free(h->catalogue);
    free(h);
}

static inline ct_feature *add(house *h, const char *cls, const char *id) {
    assert_true(h->n < HOUSE_MOST);
    ct_feature *f = &h->at[h->n++];
    const ct_class *c = ct_catalogue_by_name(h->catalogue, cls);
    assert_non_null(c);
    assert_int_equal(ct_feature_new(f, h->arena, c), CT_OK);
    f->id = id;
    return f;
}

static inline void text(ct_feature *f, const char *attr, const char *value) {
    assert_int_equal(ct_feature_set_text(f, attr, value), CT_OK);
}
static inline void number(ct_feature *f, const char *attr, double value) {
    assert_int_equal(ct_feature_set_number(f, attr, value), CT_OK);
}
static inline void flag(ct_feature *f, const char *attr, bool value) {
    assert_int_equal(ct_feature_set_bool(f, attr, value), CT_OK);
}

static inline ct_mesh *box_mesh(ct_arena *arena, const double a[3], const double b[3]) {
    const double p[8][3] = {{a[0], a[1], a[2]}, {b[0], a[1], a[2]}, {b[0], b[1], a[2]},
                            {a[0], b[1], a[2]}, {a[0], a[1], b[2]}, {b[0], a[1], b[2]},
                            {b[0], b[1], b[2]}, {a[0], b[1], b[2]}};
    static const uint8_t face[6][4] = {{0, 3, 2, 1}, {4, 5, 6, 7}, {0, 1, 5, 4},
                                       {1, 2, 6, 5}, {2, 3, 7, 6}, {3, 0, 4, 7}};
    ct_mesh *mesh = ct_arena_calloc(arena, 1, sizeof *mesh);
    ct_mesh_builder *builder = ct_mesh_builder_new(0, 0);
    assert_non_null(mesh);
    assert_non_null(builder);
    for (int f = 0; f < 6; f++) {
        double xyz[12];
        const uint32_t end = 4;
        for (int i = 0; i < 4; i++) memcpy(xyz + 3 * i, p[face[f][i]], sizeof p[0]);
        assert_int_equal(ct_mesh_builder_polygon(builder, xyz, &end, 1, 0), CT_OK);
    }
    assert_int_equal(ct_mesh_builder_finish(mesh, NULL, arena, builder), CT_OK);
    ct_mesh_builder_free(builder);
    return mesh;
}

// One more box of the feature's body.
static inline void box(house *h, ct_feature *f, double x0, double y0, double z0, double x1,
                       double y1, double z1) {
    const double a[3] = {x0, y0, z0}, b[3] = {x1, y1, z1};
    const size_t n = f->body ? f->body->n_parts : 0;
    ct_body_part *parts = ct_arena_calloc(h->arena, n + 1, sizeof *parts);
    ct_body *body = ct_arena_calloc(h->arena, 1, sizeof *body);
    assert_non_null(parts);
    assert_non_null(body);
    if (n) memcpy(parts, f->body->parts, n * sizeof *parts);
    parts[n] = (ct_body_part){.mesh = box_mesh(h->arena, a, b), .lod = 4};
    parts[n].place = ct_affine_identity;
    *body = (ct_body){n + 1, parts};
    f->body = body;
}

static inline ct_feature *add_box(house *h, const char *cls, const char *id, const char *kind,
                                  double x0, double y0, double z0, double x1, double y1,
                                  double z1) {
    ct_feature *f = add(h, cls, id);
    if (kind) text(f, "kind", kind);
    box(h, f, x0, y0, z0, x1, y1, z1);
    return f;
}

static inline ct_feature *add_storey(house *h, const char *id, int level, double z) {
    ct_feature *f = add(h, "storey", id);
    text(f, "building", "b");
    number(f, "level", level);
    number(f, "elevation_m", z);
    return f;
}

static inline ct_feature *add_room(house *h, const char *id, const char *storey, double x0,
                                   double y0, double z0, double x1, double y1, double z1) {
    ct_feature *f = add_box(h, "space", id, NULL, x0, y0, z0, x1, y1, z1);
    text(f, "storey", storey);
    return f;
}

// Steps as solid blocks along x from (x, y, z); the last one's top is at z + n * riser.
static inline void steps(house *h, ct_feature *f, double x, double y, double z, int n, double riser,
                         double tread, double width) {
    for (int i = 0; i < n; i++)
        box(h, f, x + i * tread, y, z, x + (i + 1) * tread, y + width, z + (i + 1) * riser);
}

static inline ct_feature *named(house *h, const char *id) {
    for (size_t i = 0; i < h->n; i++)
        if (strcmp(h->at[i].id, id) == 0) return &h->at[i];
    fail_msg("no feature %s", id);
    return NULL;
}

static inline ct_indoor *derive(const house *h) {
    ct_indoor *in = NULL;
    assert_int_equal(ct_indoor_derive(&in, "b", h->at, h->n, h->defaults), CT_OK);
    return in;
}

static inline const ct_indoor_space *space(const ct_indoor *in, const char *id) {
    for (uint32_t i = 0; i < in->n_spaces; i++)
        if (strcmp(in->spaces[i].id, id) == 0) return &in->spaces[i];
    fail_msg("no space %s", id);
    return NULL;
}
static inline const ct_indoor_opening *opening(const ct_indoor *in, const char *id) {
    for (uint32_t i = 0; i < in->n_openings; i++)
        if (strcmp(in->openings[i].id, id) == 0) return &in->openings[i];
    fail_msg("no opening %s", id);
    return NULL;
}
static inline const char *side(const ct_indoor *in, uint32_t s) {
    if (s == CT_INDOOR_OUTDOORS) return "outdoors";
    return s < in->n_spaces ? in->spaces[s].id : "none";
}
static inline bool joins(const ct_indoor *in, const uint32_t s[2], const char *a, const char *b) {
    return (strcmp(side(in, s[0]), a) == 0 && strcmp(side(in, s[1]), b) == 0) ||
           (strcmp(side(in, s[0]), b) == 0 && strcmp(side(in, s[1]), a) == 0);
}
static inline unsigned findings(const ct_indoor *in, ct_indoor_rule rule) {
    unsigned n = 0;
    for (uint32_t i = 0; i < in->n_findings; i++) n += in->findings[i].rule == rule;
    return n;
}

static inline void wall(house *h, const char *id, double x0, double y0, double x1, double y1,
                        double z) {
    add_box(h, "element", id, "wall", x0, y0, z, x1, y1, z + 2.8);
}

// Two rooms below, a and c, a door between them, a front door into a, a window; one room over both,
// u, and a stair in c that leads up to it.
static inline house *two_storeys(bool rooms) {
    house *h = house_new();
    add(h, "building", "b");
    add_storey(h, "s0", 0, 0);
    add_storey(h, "s1", 1, 3);
    if (rooms) {
        add_room(h, "a", "s0", 0, 0, 0, 5, 4, 2.8);
        add_room(h, "c", "s0", 5.2, 0, 0, 10.2, 4, 2.8);
        add_room(h, "u", "s1", 0, 0, 3, 10.2, 4, 5.8);
    }
    for (int k = 0; k < 2; k++) {
        const double z = 3 * k;
        static const char *const ids[2][4] = {{"w0", "w1", "w2", "w3"}, {"w4", "w5", "w6", "w7"}};
        wall(h, ids[k][0], -0.2, -0.2, 0, 4.2, z);
        wall(h, ids[k][1], 10.2, -0.2, 10.4, 4.2, z);
        wall(h, ids[k][2], 0, -0.2, 10.2, 0, z);
        wall(h, ids[k][3], 0, 4, 10.2, 4.2, z);
        add_box(h, "element", k ? "slab1" : "slab0", "slab", -0.2, -0.2, z - 0.2, 10.4, 4.2, z);
    }
    add_box(h, "element", "between", "wall", 5, 0, 0, 5.2, 1, 2.8);
    box(h, &h->at[h->n - 1], 5, 1.9, 0, 5.2, 4, 2.8);
    box(h, &h->at[h->n - 1], 5, 1, 2.1, 5.2, 1.9, 2.8);
    add_box(h, "opening", "door", "door", 5.05, 1, 0, 5.15, 1.9, 2.1);
    add_box(h, "opening", "front", "door", -0.15, 1, 0, -0.05, 2.1, 2.1);
    add_box(h, "opening", "pane", "window", 2, -0.15, 0.9, 3.2, -0.05, 2.1);
    ct_feature *stair = add(h, "transition", "stair");
    text(stair, "kind", "stair");
    ct_feature *flight = add(h, "element", "flight");
    text(flight, "kind", "stair");
    text(flight, "part_of", "stair");
    steps(h, flight, 5.5, 2.8, 0, 17, 3.0 / 17, 0.25, 1);
    for (size_t i = 0; i < h->n; i++)
        if (ct_class_attr(h->at[i].cls, "building") >= 0) text(&h->at[i], "building", "b");
    return h;
}

#endif
