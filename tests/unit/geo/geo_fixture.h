// What the tests of geo share: geometries from text, random geometries, comparison.
#ifndef TESTS_GEO_FIXTURE_H
#define TESTS_GEO_FIXTURE_H

#include "cmk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/rng.h"
#include "geo/geom.h"

#define assert_ok(expression)                                                                      \
    do {                                                                                           \
        if ((expression) != CT_OK) fail_msg("%s: %s", #expression, ct_err_message());              \
    } while (0)

#define assert_message(part)                                                                       \
    do {                                                                                           \
        if (!strstr(ct_err_message(), part))                                                       \
            fail_msg("message \"%s\" lacks \"%s\"", ct_err_message(), part);                       \
    } while (0)

// A setup and a teardown: the state is an arena.
static inline int arena_setup(void **state) {
    *state = ct_arena_new(4096, 0);
    return *state ? 0 : -1;
}
static inline int arena_teardown(void **state) {
    ct_arena_free(*state);
    return 0;
}

static inline json_t *json_of(const char *text) {
    json_t *object = NULL;
    assert_ok(ct_json_parse(&object, text, strlen(text), 1U << 20));
    return object;
}

// `type` and its coordinates as JSON text.
static inline ct_geom geom_of(ct_arena *arena, const char *type, const char *coordinates) {
    char *text = ct_arena_printf(arena, "{\"type\":\"%s\",\"coordinates\":%s}", type, coordinates);
    assert_non_null(text);
    json_t *object = json_of(text);
    ct_geom g;
    assert_ok(ct_geom_from_geojson(&g, arena, object, 100000));
    json_decref(object);
    return g;
}

static inline void assert_same_geom(const ct_geom *a, const ct_geom *b) {
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->has_z, b->has_z);
    assert_int_equal(a->n_points, b->n_points);
    assert_int_equal(a->n_rings, b->n_rings);
    assert_int_equal(a->n_parts, b->n_parts);
    const size_t numbers = (size_t)a->n_points * (size_t)ct_geom_stride(a);
    assert_memory_equal(a->xyz, b->xyz, numbers * sizeof(double));
    assert_memory_equal(a->ring_end, b->ring_end, a->n_rings * sizeof(uint32_t));
    assert_memory_equal(a->part_end, b->part_end, a->n_parts * sizeof(uint32_t));
}

// A stream of random numbers for a property test; tests print the seed, which replays them.
typedef struct dice {
    uint64_t seed;
    uint32_t step;
} dice;

static inline double dice_range(dice *d, double low, double high) {
    return ct_rng_range(low, high, d->seed, 1, d->step++, 0);
}
static inline int dice_int(dice *d, int low, int high) {
    return (int)ct_rng_int(low, high, d->seed, 1, d->step++, 0);
}

// Any geometry of our types; coordinates from `coordinate`. Rings are closed and not necessarily
// simple.
static inline ct_geom random_geom(ct_arena *arena, dice *d, double (*coordinate)(dice *d)) {
    ct_geom g = {.type = (ct_geom_type)dice_int(d, CT_GEOM_POINT, CT_GEOM_MULTIPOLYGON)};
    g.has_z = dice_int(d, 0, 1);
    const bool polygonal = g.type == CT_GEOM_POLYGON || g.type == CT_GEOM_MULTIPOLYGON;
    const bool puntal = g.type == CT_GEOM_POINT || g.type == CT_GEOM_MULTIPOINT;
    const uint32_t members = g.type >= CT_GEOM_MULTIPOINT ? (uint32_t)dice_int(d, 1, 5) : 1;
    const size_t stride = (size_t)ct_geom_stride(&g);
    g.n_parts = polygonal ? members : 1;
    g.part_end = ct_arena_alloc(arena, g.n_parts * sizeof(uint32_t));
    g.ring_end = ct_arena_alloc(arena, 5 * 4 * sizeof(uint32_t));
    g.xyz = ct_arena_alloc(arena, 5 * 4 * 9 * 3 * sizeof(double));
    assert_non_null(g.part_end);
    assert_non_null(g.ring_end);
    assert_non_null(g.xyz);
    for (uint32_t m = 0; m < members; m++) {
        const int rings = polygonal ? dice_int(d, 1, 4) : 1;
        for (int r = 0; r < rings; r++) {
            const uint32_t n = puntal ? 1 : (uint32_t)dice_int(d, polygonal ? 4 : 2, 9);
            double *p = g.xyz + g.n_points * stride;
            for (size_t i = 0; i < n * stride; i++) p[i] = coordinate(d);
            if (polygonal) memcpy(p + (n - 1) * stride, p, stride * sizeof(double));
            g.n_points += n;
            g.ring_end[g.n_rings++] = g.n_points;
        }
        if (polygonal) g.part_end[m] = g.n_rings;
    }
    if (!polygonal) g.part_end[0] = g.n_rings;
    return g;
}

#endif
